import { AGENCY_GROUPS, type Agency, type AgencyGroup, groupOf } from './agency.ts'
import { add, type Counts, type Share, topTwo, total } from './distribution.ts'
import { type Standing, standingOf } from './publication.ts'

/** The public figures of an agency, or of several added up. */
export interface Figures {
  /** How many public answers; 0 where they are suppressed. */
  readonly responses: number
  /** The share satisfied overall; null where it is suppressed. */
  readonly share: Share | null
  readonly standing: Standing
}

export interface AgencyFigures extends Figures {
  readonly agency: Agency
}

export interface CityResults {
  readonly city: Figures
  readonly groups: Readonly<Record<AgencyGroup, Figures>>
  readonly agencies: readonly AgencyFigures[]
}

const figures = (counts: Counts): Figures => {
  const responses = total(counts)
  return { responses, share: topTwo(counts), standing: standingOf(responses) }
}

/**
 * The tables of the city from the public counts of the headline question, by agency id. Totals are sums of what is
 * public below them (publication.ts), so that nothing suppressed is in any of them.
 */
export function cityResults(agencies: readonly Agency[], headline: ReadonlyMap<string, Counts>): CityResults {
  const countsOf = (agency: Agency): Counts => headline.get(agency.id) ?? {}
  const sum = (some: readonly Agency[]): Counts => some.map(countsOf).reduce(add, {})
  const group = (name: AgencyGroup) => agencies.filter(({ kind }) => groupOf(kind) === name)
  const [districts, departments] = AGENCY_GROUPS
  return {
    city: figures(sum(agencies)),
    groups: {
      [districts]: figures(sum(group(districts))),
      [departments]: figures(sum(group(departments))),
    },
    agencies: agencies.map((agency) => ({ agency, ...figures(countsOf(agency)) })),
  }
}
