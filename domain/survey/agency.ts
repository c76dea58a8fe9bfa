import { fold } from '#domain/writing.ts'

export const AGENCY_KINDS = ['district', 'rural_district', 'department'] as const
export type AgencyKind = (typeof AGENCY_KINDS)[number]

/** The two groups in which agencies are chosen and added up. */
export const AGENCY_GROUPS = ['districts', 'departments'] as const
export type AgencyGroup = (typeof AGENCY_GROUPS)[number]

export interface Agency {
  readonly id: string
  readonly nameVi: string
  readonly nameEn: string
  readonly kind: AgencyKind
  readonly abbreviation: string | null
}

export const groupOf = (kind: AgencyKind): AgencyGroup =>
  kind === 'department' ? 'departments' : 'districts'

const compact = (text: string): string => fold(text).replace(/[^\p{L}\p{N}]/gu, '')
const wordsOf = (text: string): string[] => fold(text).match(/[\p{L}\p{N}]+/gu) ?? []

/**
 * The agencies that a search means, without regard to diacritics: `q1`, `so y te`, `thu duc`. Whole names and
 * abbreviations win over parts of names: `q1` means District 1, and not District 10 too.
 */
export function searchAgencies<A extends Agency>(agencies: readonly A[], query: string): readonly A[] {
  const wanted = compact(query.slice(0, 200))
  if (wanted === '') return agencies
  const whole = agencies.filter((agency) =>
    [agency.nameVi, agency.nameEn, agency.abbreviation ?? ''].some((name) => compact(name) === wanted),
  )
  if (whole.length > 0) return whole
  const parts = wordsOf(query.slice(0, 200))
  return agencies.filter((agency) => {
    const words = wordsOf(`${agency.nameVi} ${agency.nameEn} ${agency.abbreviation ?? ''}`)
    return parts.every((part) => words.some((word) => word.startsWith(part)))
  })
}
