import { csvLine } from '#domain/csv.ts'
import type { Share } from '#domain/survey/distribution.ts'
import type { AgencyFigures, CityResults, Figures } from '#domain/survey/results.ts'
import type { TrendPoint, TrendSeries } from '#domain/survey/trend.ts'

/** In ten-thousandths: the same figures as the marks of the page. */
export const plain = (share: number): number => Math.round(share * 10_000) / 10_000

export const shareJson = (share: Share | null) => ({
  satisfied: share && plain(share.satisfied),
  low: share && plain(share.low),
  high: share && plain(share.high),
})

/** Public figures as programs read them: null where they are suppressed. */
export const figuresJson = ({ responses, share, standing }: Figures) => ({
  responses,
  suppressed: standing === 'suppressed',
  ...shareJson(share),
})

export const agencyJson = ({ agency, band, ...figures }: AgencyFigures) => ({
  agency: agency.id,
  name: { vi: agency.nameVi, en: agency.nameEn },
  kind: agency.kind,
  ...figuresJson(figures),
  band,
})

export const cityJson = ({ city, groups, agencies, former }: CityResults) => ({
  city: figuresJson(city),
  groups: {
    districts: figuresJson(groups.districts),
    departments: figuresJson(groups.departments),
  },
  agencies: agencies.map(agencyJson),
  former: former.map(agencyJson),
})

const CITY_COLUMNS = [
  'agency',
  'kind',
  'name_vi',
  'name_en',
  'responses',
  'satisfied',
  'low',
  'high',
  'suppressed',
  'band',
]

/** One line an agency: those of today, then those that were reorganised away. No line adds others up. */
export function cityCsv({ agencies, former }: CityResults): string {
  const lines = [...agencies, ...former]
    .map(agencyJson)
    .map((row) => [
      row.agency,
      row.kind,
      row.name.vi,
      row.name.en,
      row.responses,
      row.satisfied,
      row.low,
      row.high,
      row.suppressed,
      row.band,
    ])
  return [CITY_COLUMNS, ...lines].map(csvLine).join('')
}

const monthJson = ({ month, responses, share, limits, outside }: TrendPoint) => ({
  month,
  responses,
  ...shareJson(share),
  lowerLimit: limits && plain(limits.low),
  upperLimit: limits && plain(limits.high),
  outside,
})

/** A trend as one list of months, its series one after the other. */
export const monthsJson = (trend: readonly TrendSeries[]) =>
  trend.flatMap(({ points }) => points.map(monthJson))

/** One line a month. */
export function monthsCsv(trend: readonly TrendSeries[]): string {
  const head = ['month', 'responses', 'satisfied', 'low', 'high', 'lower_limit', 'upper_limit', 'outside']
  const lines = monthsJson(trend).map((row) => [
    row.month,
    row.responses,
    row.satisfied,
    row.low,
    row.high,
    row.lowerLimit,
    row.upperLimit,
    row.outside,
  ])
  return [head, ...lines].map(csvLine).join('')
}
