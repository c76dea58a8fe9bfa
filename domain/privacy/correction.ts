import type { Particulars } from '../case/particulars.ts'
import { parseName } from '../person/name.ts'
import { parseNationalId } from '../person/national-id.ts'
import { cleanText } from '../person/text.ts'
import { err, ok, type Result } from '../result.ts'
import type { Instant } from '../time.ts'

/** What a granted correction may change. A contact is not among them: it has to be confirmed by its person. */
export const CORRECTABLE = ['fullName', 'nationalId', 'address', 'place', 'story', 'serialNumber'] as const
export type CorrectableField = (typeof CORRECTABLE)[number]

/** One change that was made: the field and what it said before, with the day in ISO. */
export interface Correction {
  readonly field: CorrectableField
  readonly before: string
  readonly at: string
}

const LONGEST: Readonly<Record<Exclude<CorrectableField, 'fullName' | 'nationalId'>, number>> = {
  address: 300,
  place: 300,
  story: 4_000,
  serialNumber: 40,
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
  if (field === 'fullName') return textOf(parseName(value))
  if (field === 'nationalId') return textOf(parseNationalId(p.idKind ?? 'cccd', value, now))
  return textOf(cleanText(value.trim(), LONGEST[field]))
}

const textOf = (read: Result<string, unknown>): string | null => (read.ok ? read.value : null)
