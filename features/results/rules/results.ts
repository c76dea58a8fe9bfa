import { AGENCY_GROUPS, type Agency, type AgencyGroup, groupOf } from '#features/agencies/rules/agency.ts'
import { atOneTime, type KnownAgency } from '#features/agencies/rules/lineage.ts'
import { type Standing, standingOf } from '#features/ratings/publication/rules.ts'
import { type Band, bands } from './comparison.ts'
import { add, type Counts, type Share, topTwo, total } from './distribution.ts'

/** The public figures of an agency, or of several added up. */
export interface Figures {
  /** The number of public answers; 0 where they are suppressed. */
  readonly responses: number
  /** The share satisfied overall; null where it is suppressed. */
  readonly share: Share | null
  readonly standing: Standing
}

export interface AgencyFigures extends Figures {
  readonly agency: Agency
  /** The band within its group and time; null where it is not compared. */
  readonly band: Band | null
}

/** The place of an agency beside its group: its band, or the reason why it has none. */
export type Place = Band | 'few' | 'alone' | 'suppressed'

export const placeOf = ({ band, standing }: Pick<AgencyFigures, 'band' | 'standing'>): Place =>
  band ?? (standing === 'full' ? 'alone' : standing)

export interface CityResults {
  readonly city: Figures
  readonly groups: Readonly<Record<AgencyGroup, Figures>>
  /** The agencies of today, in the catalogue's order. */
  readonly agencies: readonly AgencyFigures[]
  /**
   * Agencies that have ended and have public figures. They count in the totals, and are compared with agencies of their
   * time.
   */
  readonly former: readonly AgencyFigures[]
}

export const figures = (counts: Counts): Figures => {
  const responses = total(counts)
  return { responses, share: topTwo(counts), standing: standingOf(responses) }
}

/**
 * Returns the tables of the city from the public counts of the headline question, by agency id. Totals are sums of
 * public figures (publication/rules.ts), so that nothing suppressed is in them.
 *
 * @param known every agency of today, and every former one that may have public figures, in the catalogue's order
 */
export function cityResults(
  known: readonly KnownAgency[],
  today: string,
  headline: ReadonlyMap<string, Counts>,
): CityResults {
  const countsOf = (agency: Agency): Counts => headline.get(agency.id) ?? {}
  const sum = (some: readonly Agency[]): Figures => figures(some.map(countsOf).reduce(add, {}))
  const inGroup = (group: AgencyGroup) => (agency: Agency) => groupOf(agency.kind) === group
  const [districts, departments] = AGENCY_GROUPS
  const isOpen = ({ validTo }: KnownAgency) => validTo === null || validTo > today
  const open = known.filter(isOpen)
  const banded = AGENCY_GROUPS.flatMap((name) => {
    const group = known.filter(inGroup(name))
    const together = (a: number, b: number) => {
      const [one, other] = [group[a], group[b]]
      return one !== undefined && other !== undefined && atOneTime(one, other)
    }
    return bands(group.map(countsOf), together).map((band, at) => [group[at]?.id, band] as const)
  })
  const bandOf = new Map(banded)
  const row = (agency: Agency): AgencyFigures => ({
    agency,
    band: bandOf.get(agency.id) ?? null,
    ...figures(countsOf(agency)),
  })
  return {
    city: sum(known),
    groups: {
      [districts]: sum(known.filter(inGroup(districts))),
      [departments]: sum(known.filter(inGroup(departments))),
    },
    agencies: open.map(row),
    former: known
      .filter((agency) => !isOpen(agency))
      .map(row)
      .filter(({ responses }) => responses > 0),
  }
}
