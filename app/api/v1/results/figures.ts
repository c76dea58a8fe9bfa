import type { AgencyPast } from '#features/agencies/rules.ts'
import { writtenRate } from '#features/ratings/volumes/rules.ts'
import type { Dispersion } from '#features/results/dispersion-rules.ts'
import {
  type AgencyFigures,
  type CityResults,
  type Figures,
  ruleCuts,
  SMALLEST_DIFFERENCE,
  type Totals,
} from '#features/results/rules.ts'
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

/** Returns public figures for programs; suppressed ones are null. */
export const figuresJson = ({ responses, share, standing }: Figures): SurveyFigures => ({
  responses,
  suppressed: standing === 'suppressed',
  ...shareJson(share),
})

/** Returns how much more answers vary than independent ones would. Every interval comes with it. */
export const dispersionJson = ({ factor, compared, values, from, to }: Dispersion) => ({
  ...{ factor, compared, values, from, to },
  smallestDifference: SMALLEST_DIFFERENCE,
})

export const totalsJson = ({ sameNetwork, ...figures }: Totals) => ({ ...figuresJson(figures), sameNetwork })

export type Pasts = (id: string) => AgencyPast

const pastJson = ({ formerNames, ...past }: AgencyPast) => ({
  ...past,
  formerNames: formerNames.map(({ nameVi, nameEn }) => ({ vi: nameVi, en: nameEn })),
})

/** The columns for an agency's reorganisation and former names, in every table of agencies. */
export const PAST_COLUMNS = [
  'ended_on',
  'successors',
  'former_name_vi',
  'former_name_en',
  'name_since',
] as const

/** Returns the cells of `PAST_COLUMNS`; several former names share a cell, the latest first. */
export const pastCells = ({ endedOn, successors, formerNames, nameSince }: AgencyPast) => ({
  ended_on: endedOn,
  successors: successors?.join(' ') ?? null,
  former_name_vi: formerNames.map(({ nameVi }) => nameVi).join('; ') || null,
  former_name_en: formerNames.map(({ nameEn }) => nameEn).join('; ') || null,
  name_since: nameSince,
})

export const agencyJson = (
  { agency, band, visible, coverage, ...figures }: AgencyFigures,
  pasts: Pasts,
): AgencyFiguresAnswer => ({
  agency: agency.id,
  name: { vi: agency.nameVi, en: agency.nameEn },
  kind: agency.kind,
  ...totalsJson(figures),
  band,
  visible: visible && toTenThousandths(visible),
  cases: coverage?.cases ?? null,
  perThousand: writtenRate(coverage),
  ...pastJson(pasts(agency.id)),
})

export const cityJson = (
  { city, groups, agencies, former, dispersion, weighted }: CityResults,
  pasts: Pasts,
): Undated<CityResultsAnswer> => ({
  dispersion: dispersionJson(dispersion),
  weighted: weighted && {
    ...{ agencies: weighted.agencies, cases: weighted.cases },
    satisfied: toTenThousandths(weighted.value),
    low: toTenThousandths(weighted.low),
    high: toTenThousandths(weighted.high),
  },
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
  'visible',
  'cases',
  'per_thousand',
] as const

/** Returns CSV with a line for each agency: today's, then the dissolved ones. There is no total line. */
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
      row.visible,
      row.cases,
      row.perThousand,
    ])
  return [[...CITY_COLUMNS], ...lines].map(csvLine).join('')
}

const monthJson = ({ month, responses, share, limits, outside }: TrendPoint, since: string | null) => ({
  month,
  responses,
  ...shareJson(share),
  lowerLimit: limits && toTenThousandths(limits.low),
  upperLimit: limits && toTenThousandths(limits.high),
  outside,
  rule: ruleCuts(since).some((cut) => month < cut) ? ('all' as const) : ('one_network' as const),
})

export const monthsJson = (trend: readonly TrendSeries[], since: string | null): readonly MonthFigures[] =>
  trend.flatMap(({ points }) => points.map((point) => monthJson(point, since)))

export const MONTH_COLUMNS = [
  ...['month', 'responses', 'satisfied', 'low', 'high', 'lower_limit', 'upper_limit', 'outside'],
  'as_of',
  'rule',
] as const

export function monthsCsv(trend: readonly TrendSeries[], since: string | null, asOf: string): string {
  const lines = monthsJson(trend, since).map((row) => [
    row.month,
    row.responses,
    row.satisfied,
    row.low,
    row.high,
    row.lowerLimit,
    row.upperLimit,
    row.outside,
    asOf,
    row.rule,
  ])
  return [[...MONTH_COLUMNS], ...lines].map(csvLine).join('')
}
