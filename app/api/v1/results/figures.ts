import type { AgencyPast } from '#features/agencies/rules.ts'
import type { AgencyFigures, CityResults, Figures, Totals } from '#features/results/rules.ts'
import type { Share } from '#features/results/tally-rules.ts'
import type { TrendPoint, TrendSeries } from '#features/results/trend/rules.ts'
import { csvLine } from '#lib/csv.ts'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import type {
  AgencyFiguresAnswer,
  CityResultsAnswer,
  MonthFigures,
  SurveyFigures,
  Undated,
} from './schemas.ts'

export const shareJson = (share: Share | null) => ({
  satisfied: share && toTenThousandths(share.value),
  low: share && toTenThousandths(share.low),
  high: share && toTenThousandths(share.high),
})

/** Returns public figures as programs read them: null where they are suppressed. */
export const figuresJson = ({ responses, share, standing }: Figures): SurveyFigures => ({
  responses,
  suppressed: standing === 'suppressed',
  ...shareJson(share),
})

export const totalsJson = ({ sameNetwork, ...figures }: Totals) => ({ ...figuresJson(figures), sameNetwork })

/** Returns what became of an agency by its id. */
export type Pasts = (id: string) => AgencyPast

const pastJson = ({ formerNames, ...past }: AgencyPast) => ({
  ...past,
  formerNames: formerNames.map(({ nameVi, nameEn }) => ({ vi: nameVi, en: nameEn })),
})

/** The columns of what became of an agency, which every table of agencies has. */
export const PAST_COLUMNS = [
  'ended_on',
  'successors',
  'former_name_vi',
  'former_name_en',
  'name_since',
] as const

/** Returns the cells under `PAST_COLUMNS`; several former names stand in one, the latest first. */
export const pastCells = ({ endedOn, successors, formerNames, nameSince }: AgencyPast) => ({
  ended_on: endedOn,
  successors: successors?.join(' ') ?? null,
  former_name_vi: formerNames.map(({ nameVi }) => nameVi).join('; ') || null,
  former_name_en: formerNames.map(({ nameEn }) => nameEn).join('; ') || null,
  name_since: nameSince,
})

export const agencyJson = (
  { agency, band, ...figures }: AgencyFigures,
  pasts: Pasts,
): AgencyFiguresAnswer => ({
  agency: agency.id,
  name: { vi: agency.nameVi, en: agency.nameEn },
  kind: agency.kind,
  ...totalsJson(figures),
  band,
  ...pastJson(pasts(agency.id)),
})

export const cityJson = (
  { city, groups, agencies, former }: CityResults,
  pasts: Pasts,
): Undated<CityResultsAnswer> => ({
  city: totalsJson(city),
  groups: {
    districts: totalsJson(groups.districts),
    departments: totalsJson(groups.departments),
  },
  agencies: agencies.map((one) => agencyJson(one, pasts)),
  former: former.map((one) => agencyJson(one, pasts)),
})

export const CITY_COLUMNS = [
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
  ...PAST_COLUMNS,
  'as_of',
  'same_network',
] as const

/**
 * Returns CSV with a line for each agency: today's, then those that were reorganised away. There is no line with a sum.
 */
export function cityCsv({ agencies, former }: CityResults, pasts: Pasts, asOf: string): string {
  const lines = [...agencies, ...former]
    .map((one) => agencyJson(one, pasts))
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
      ...Object.values(pastCells(pasts(row.agency))),
      asOf,
      row.sameNetwork,
    ])
  return [[...CITY_COLUMNS], ...lines].map(csvLine).join('')
}

const monthJson = ({ month, responses, share, limits, outside }: TrendPoint): MonthFigures => ({
  month,
  responses,
  ...shareJson(share),
  lowerLimit: limits && toTenThousandths(limits.low),
  upperLimit: limits && toTenThousandths(limits.high),
  outside,
})

/** Returns a trend as one list of months, one series after the other. */
export const monthsJson = (trend: readonly TrendSeries[]): readonly MonthFigures[] =>
  trend.flatMap(({ points }) => points.map(monthJson))

export const MONTH_COLUMNS = [
  ...['month', 'responses', 'satisfied', 'low', 'high', 'lower_limit', 'upper_limit', 'outside'],
  'as_of',
] as const

export function monthsCsv(trend: readonly TrendSeries[], asOf: string): string {
  const lines = monthsJson(trend).map((row) => [
    row.month,
    row.responses,
    row.satisfied,
    row.low,
    row.high,
    row.lowerLimit,
    row.upperLimit,
    row.outside,
    asOf,
  ])
  return [[...MONTH_COLUMNS], ...lines].map(csvLine).join('')
}
