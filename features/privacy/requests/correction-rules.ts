import type { Particulars } from '#features/cases/particulars/rules.ts'
import { parseIncidentAt } from '#features/cases/submission/incident-rules.ts'
import type { OpenTexts } from '#features/reporting/fields/columns-rules.ts'
import {
  type CorrectableText,
  FIELDS,
  type FieldName,
  fieldsOfStep,
  OPEN_TEXTS,
  type OpenText,
} from '#features/reporting/fields/rules.ts'
import { type KnownDevice, tacMismatch } from '#lib/imei/device.ts'
import { parseNationalId } from '#lib/person/national-id.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant, MINUTE, UTC_OFFSET_MINUTES } from '#lib/time.ts'

export type CorrectableField = CorrectableText | 'nationalId' | 'incidentAt'

const isReadable = (name: FieldName): name is CorrectableText | 'nationalId' => {
  const field = FIELDS[name]
  return name === 'nationalId' || (field.kind === 'text' && field.correct !== null)
}

export const CORRECTABLE: readonly CorrectableField[] = [
  ...(['person', 'phone', 'incident'] as const).flatMap(fieldsOfStep).filter(isReadable),
  'incidentAt',
]

/** Fields that are changed elsewhere: a contact must be confirmed by its person, and an IMEI identifies the case. */
const FALLS_ELSEWHERE = ['contact', 'imei'] as const

/** Fields that a person can ask to correct; `other` is described only in words. */
export type AskableField = CorrectableField | (typeof FALLS_ELSEWHERE)[number] | 'other'
export const ASKABLE: readonly AskableField[] = [...CORRECTABLE, ...FALLS_ELSEWHERE, 'other']

export const isCorrectable = (field: string): field is CorrectableField =>
  CORRECTABLE.some((one) => one === field)

/** `before`: the old value; `at`: an ISO instant. */
export interface Correction {
  readonly field: CorrectableField
  readonly before: string
  readonly at: string
}

/** `before` and `value`: the old and the requested value; for `incidentAt` as ISO instants. */
export interface AskedCorrection {
  readonly field: Exclude<AskableField, 'other'>
  readonly before: string
  readonly value: string
}

export interface Stated extends OpenTexts {
  readonly particulars: Particulars
  readonly incidentAt: Instant
  /** The TAC table's entry for the phone; null if it has none. */
  readonly known: KnownDevice | null
}

export type StatedChanges = Partial<OpenTexts & Pick<Stated, 'incidentAt'>> & {
  readonly tacMismatch?: boolean
}

const statedAs = (s: Stated, field: CorrectableField): string => {
  if (field === 'incidentAt') return s.incidentAt.toISOString()
  if (isOpen(field)) return s[field]
  return s.particulars[field]
}

export function correct(
  s: Stated,
  { field, value }: { readonly field: CorrectableField; readonly value: string },
  now: Instant,
): Result<
  {
    readonly particulars: Particulars
    readonly changes: StatedChanges
    readonly correction: AskedCorrection
  },
  'correction_invalid' | 'correction_same'
> {
  const read = parse(s.particulars, field, value, now)
  if (read === null || read === '') return err('correction_invalid')
  const before = statedAs(s, field)
  if (read === before) return err('correction_same')
  const { incidentDayOnly, ...p } = s.particulars
  const kept = field === 'incidentAt' || !incidentDayOnly ? p : { ...p, incidentDayOnly }
  const corrected = [...(p.corrected ?? []), { field, before, at: now.toISOString() }]
  return ok({
    particulars: { ...kept, ...(isPersonal(field) && { [field]: read }), corrected },
    changes: changesOf(s, field, read),
    correction: { field, before, value: read },
  })
}

const isOpen = (field: CorrectableField): field is OpenText => OPEN_TEXTS.some((one) => one === field)
const isPersonal = (field: CorrectableField) => field !== 'incidentAt' && !isOpen(field)

function changesOf(s: Stated, field: CorrectableField, read: string): StatedChanges {
  if (field === 'incidentAt') return { incidentAt: new Date(read) }
  if (!isOpen(field)) return {}
  const typed = { brand: s.brand, model: s.model, [field]: read }
  return { [field]: read, ...(s.known && { tacMismatch: tacMismatch(typed, s.known) }) }
}

function parse(p: Particulars, field: CorrectableField, value: string, now: Instant): string | null {
  if (field === 'nationalId') return textOf(parseNationalId(p.idKind ?? 'cccd', value, now))
  if (field === 'incidentAt') {
    // A granted value was parsed before, and is an ISO instant.
    const at = parseIncidentAt(ISO.test(value) ? localOf(value) : value, now)
    return at.ok ? at.value.toISOString() : null
  }
  return textOf(FIELDS[field].correct(value.trim()))
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const localOf = (iso: string): string =>
  addMilliseconds(new Date(iso), UTC_OFFSET_MINUTES * MINUTE)
    .toISOString()
    .slice(0, 16)

const textOf = (read: Result<string, unknown>): string | null => (read.ok ? read.value : null)
