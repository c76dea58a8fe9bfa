import { fold } from '#domain/writing.ts'

export const AGENCY_KINDS = [
  'district',
  'rural_district',
  'ward',
  'commune',
  'special_zone',
  'department',
] as const
export type AgencyKind = (typeof AGENCY_KINDS)[number]

/** The two groups in which agencies are chosen and added up; wards stand where districts stood. */
export const AGENCY_GROUPS = ['districts', 'departments'] as const
export type AgencyGroup = (typeof AGENCY_GROUPS)[number]

export interface Agency {
  readonly id: string
  readonly nameVi: string
  readonly nameEn: string
  readonly kind: AgencyKind
  readonly abbreviation: string | null
  /** The districts of before 2025 that a ward was drawn from, by name; none for anything else. */
  readonly areas: readonly string[]
}

export const groupOf = (kind: AgencyKind): AgencyGroup =>
  kind === 'department' ? 'departments' : 'districts'

/** A place's own name: `Quận Bình Thạnh` is Bình Thạnh; `Quận 1` has no other. */
const bare = (name: string): string =>
  name.replace(/^(Quận(?! \d)|Huyện|Thành phố|Phường|Xã|Đặc khu) /, '').replace(/, .*$/, '')

/** The English form of a Vietnamese unit's name, by rule: `Phường Sài Gòn` → `Sài Gòn Ward`. */
export function englishName(nameVi: string): string {
  const [, word, rest, province = ''] =
    /^(Quận|Huyện|Thành phố|Phường|Xã|Đặc khu) ([^,]+)(, .*)?$/.exec(nameVi) ?? []
  if (word === undefined || rest === undefined) return nameVi
  if (word === 'Quận' && /^\d+$/.test(rest)) return `District ${rest}${province}`
  return `${rest} ${ENGLISH[word as keyof typeof ENGLISH]}${province}`
}

const ENGLISH = {
  Quận: 'District',
  Huyện: 'Rural District',
  'Thành phố': 'City',
  Phường: 'Ward',
  Xã: 'Commune',
  'Đặc khu': 'Special Zone',
} as const

const compact = (text: string): string => fold(text).replace(/[^\p{L}\p{N}]/gu, '')
/** `Quận 1` is also what people type as `Q1`, `Huyện Củ Chi` as `Củ Chi`. */
const waysToSay = (area: string): string[] => [area, area.replace(/^Quận (?=\d)/, 'Q'), bare(area)]

const wordsOf = (text: string): string[] => fold(text).match(/[\p{L}\p{N}]+/gu) ?? []

/**
 * The agencies that a search means, without regard to diacritics: `q1`, `so y te`, `thu duc`. Whole names and
 * abbreviations win over parts of names: `q1` means District 1, and not District 10 too. A ward is also found by the
 * district it was drawn from.
 */
export function searchAgencies<A extends Agency>(agencies: readonly A[], query: string): readonly A[] {
  const wanted = compact(query.slice(0, 200))
  if (wanted === '') return agencies
  const whole = agencies.filter(({ nameVi, nameEn, abbreviation, areas }) =>
    [nameVi, bare(nameVi), nameEn, abbreviation ?? '', ...areas.flatMap(waysToSay)].some(
      (name) => compact(name) === wanted,
    ),
  )
  if (whole.length > 0) return whole
  const parts = wordsOf(query.slice(0, 200))
  return agencies.filter(({ nameVi, nameEn, abbreviation, areas }) => {
    const words = wordsOf([nameVi, nameEn, abbreviation ?? '', ...areas.map(bare)].join(' '))
    return parts.every((part) => words.some((word) => word.startsWith(part)))
  })
}

/**
 * Wards by the district that they were drawn from, in the order given; one drawn from several stands under the first.
 */
export function byArea<A extends Agency>(
  agencies: readonly A[],
): {
  readonly areas: readonly { readonly area: string; readonly agencies: readonly A[] }[]
  readonly others: readonly A[]
} {
  const areas = Map.groupBy(
    agencies.filter((agency) => agency.areas.length > 0),
    (agency) => agency.areas[0] ?? '',
  )
  return {
    areas: [...areas].map(([area, some]) => ({ area, agencies: some })),
    others: agencies.filter((agency) => agency.areas.length === 0),
  }
}
