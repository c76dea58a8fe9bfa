import '#server-only'
import { EXCLUSION_REASONS } from '#domain/survey/exclusion.ts'
import { env } from '#server/platform/env.ts'
import {
  type ExclusionGroup,
  type ExclusionTotal,
  exclusionTotals,
  openGroups,
  reversals,
} from '../repository/exclusions.ts'

export type { ExclusionGroup } from '../repository/exclusions.ts'
export { openGroup } from '../repository/exclusions.ts'

const REVERSALS_SHOWN = 50
const PAGE = 30

export interface Ledger {
  /** Every rule there is, also where it has kept out nothing. */
  readonly totals: readonly ExclusionTotal[]
  readonly reversals: readonly ExclusionGroup[]
}

/** Whom to write to about an exclusion, where somebody is set. */
export const surveyContact = (): string | undefined => env().SURVEY_CONTACT

/** What everybody may know of what is not counted. */
export async function ledger(): Promise<Ledger> {
  const [totals, reversed] = await Promise.all([exclusionTotals(), reversals(REVERSALS_SHOWN)])
  return {
    totals: EXCLUSION_REASONS.map(
      (reason) => totals.find((one) => one.reason === reason) ?? { reason, excluded: 0, reversed: 0 },
    ),
    reversals: reversed,
  }
}

/** A page of the groups that are in force, and from where the next one goes on. */
export async function exclusionGroups(
  after: string | null,
): Promise<{ readonly groups: readonly ExclusionGroup[]; readonly next: string | null }> {
  const found = await openGroups(after, PAGE + 1)
  const groups = found.slice(0, PAGE)
  return { groups, next: found.length > PAGE ? (groups.at(-1)?.id ?? null) : null }
}
