import type { Particulars } from '../case/particulars.ts'
import { parseNationalId } from '../person/national-id.ts'
import { type CorrectableText, FIELDS, type FieldName, fieldsOf } from '../report/fields.ts'
import { err, ok, type Result } from '../result.ts'
import type { Instant } from '../time.ts'

/** What a granted correction may change. A contact is not among them: it has to be confirmed by its person. */
export type CorrectableField = CorrectableText | 'nationalId'

const isCorrectable = (name: FieldName): name is CorrectableField => {
  const field = FIELDS[name]
  return name === 'nationalId' || (field.kind === 'text' && field.correct !== null)
}

export const CORRECTABLE: readonly CorrectableField[] = (['person', 'incident', 'phone'] as const)
  .flatMap(fieldsOf)
  .filter(isCorrectable)

/** One change that was made: the field and what it said before, with the day in ISO. */
export interface Correction {
  readonly field: CorrectableField
  readonly before: string
  readonly at: string
}

/** Returns the particulars with one field changed and what it said before kept; an error where the value is none. */
export function correct(
  p: Particulars,
  { field, value }: { readonly field: CorrectableField; readonly value: string },
  now: Instant,
): Result<Particulars, 'correction_invalid' | 'correction_same'> {
  const read = parse(p, field, value, now)
  if (read === null || read === '') return err('correction_invalid')
  if (read === p[field]) return err('correction_same')
  const corrected = [...(p.corrected ?? []), { field, before: p[field], at: now.toISOString() }]
  return ok({ ...p, [field]: read, corrected })
}

function parse(p: Particulars, field: CorrectableField, value: string, now: Instant): string | null {
  if (field === 'nationalId') return textOf(parseNationalId(p.idKind ?? 'cccd', value, now))
  return textOf(FIELDS[field].correct(value.trim()))
}

const textOf = (read: Result<string, unknown>): string | null => (read.ok ? read.value : null)
