import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { env } from '#platform/env.ts'
import type { CommentKey } from '../repository/comments.ts'
import {
  type ExclusionGroup,
  type ExclusionTotal,
  exclusionTotals,
  openGroup as findOpenGroup,
  openGroups,
  reversals,
} from '../repository/exclusions.ts'
import { EXCLUSION_REASONS, EXCLUSION_RULES } from '../rules/exclusion.ts'

export type { ExclusionGroup } from '../repository/exclusions.ts'

const REVERSALS_SHOWN = 50
const PAGE = 30

export interface Ledger {
  /** Every rule there is, also where it has kept out nothing; one that has ended only where it has. */
  readonly totals: readonly ExclusionTotal[]
  readonly reversals: readonly ExclusionGroup[]
}

/** Returns whom to write to about an exclusion, where a contact is set. */
export const surveyContact = (): string | undefined => env().SURVEY_CONTACT

/** Returns the public facts about the answers that are not counted. */
export async function ledger(): Promise<Ledger> {
  const [totals, reversed] = await Promise.all([exclusionTotals(), reversals(REVERSALS_SHOWN)])
  return {
    totals: EXCLUSION_REASONS.flatMap((reason) => {
      const found = totals.find((one) => one.reason === reason)
      if (found) return [found]
      return EXCLUSION_RULES.some((rule) => rule === reason) ? [{ reason, excluded: 0, reversed: 0 }] : []
    }),
    reversals: reversed,
  }
}

/**
 * Returns a page of the groups that are in force, and from where the next one goes on; empty for a person who may not
 * read them.
 */
export async function exclusionGroups(
  actor: StaffActor,
  after: CommentKey | null,
): Promise<{ readonly groups: readonly ExclusionGroup[]; readonly next: CommentKey | null }> {
  if (!may(actor.role, 'survey:read')) return { groups: [], next: null }
  const found = await openGroups(after, PAGE + 1)
  const groups = found.slice(0, PAGE)
  const last = groups.at(-1)
  return { groups, next: found.length > PAGE && last ? { month: last.month, id: last.id } : null }
}

/** Returns one group that is in force, for a person who may reverse it; or null. */
export const openGroup = async (actor: StaffActor, id: string): Promise<ExclusionGroup | null> =>
  may(actor.role, 'survey:manage') ? findOpenGroup(id) : null
