import type { Wanted } from '#features/agencies/changes/data.ts'
import { MANUAL_KINDS } from '#features/agencies/changes/form-rules.ts'
import { dayOf } from '#lib/written-day.ts'

/** Fields for a merger's agencies, one each. No merger has ever had more than twelve. */
export const MERGED = [
  ...(['from1', 'from2', 'from3', 'from4', 'from5', 'from6'] as const),
  ...(['from7', 'from8', 'from9', 'from10', 'from11', 'from12'] as const),
] as const

const FIELDS = [
  'kind',
  'edition',
  'agency',
  ...MERGED,
  'how',
  'into',
  'agencyKind',
  'nameVi',
  'nameEn',
  'abbreviation',
  'parts',
  'keeps',
  'on',
  'basis',
] as const

type Field = (typeof FIELDS)[number]
export type ChangeFields = Readonly<Partial<Record<Field, string>>>

/** Returns the fields of a change, from a form or an address; others are ignored. */
export function changeFields(
  sent: Readonly<Record<string, string | readonly string[] | undefined>>,
): ChangeFields {
  const fields: Partial<Record<Field, string>> = {}
  for (const field of FIELDS) {
    const value = sent[field]
    const text = typeof value === 'string' ? value : value?.at(-1)
    if (text) fields[field] = (field === 'on' && dayOf(text)) || text.slice(0, 6_000)
  }
  return fields
}

/** Returns the change that the fields describe; null if they do not describe one. */
export function wantedBy(fields: ChangeFields): Wanted | null {
  const { edition, on = '' } = fields
  if (edition) return { edition, on }
  const kind = MANUAL_KINDS.find((one) => one === fields.kind)
  if (kind === undefined) return null
  const text = Object.fromEntries(FIELDS.map((field) => [field, fields[field] ?? ''])) as Record<
    Field,
    string
  >
  return { typed: { ...text, kind, from: MERGED.map((field) => text[field]) } }
}
