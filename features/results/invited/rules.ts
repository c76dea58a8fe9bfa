import { HEADLINE } from '#features/questionnaires/questions/rules.ts'
import type { InvitedCell, InvitedRelease } from '#features/ratings/invitations/weights-rules.ts'
import { MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import { scoreInterval } from '#lib/statistics/wilson.ts'
import type { Share } from '../tally-rules.ts'

/** Holds what became public at once of people who were drawn and invited, with the share satisfied of the cases of which they were. */
export interface InvitedResult extends InvitedRelease {
  /** Null where fewer than ten people told it, or it did not apply. */
  readonly share: Share | null
  readonly cells: readonly InvitedCell[]
}

/**
 * Returns the share of the two best, each procedure weighing as much as its cases, with the interval of as many people as the
 * weights leave; null below ten people to whom the question applied.
 */
function weighProcedures({ counts, weighted, respondents, effective }: InvitedCell): Share | null {
  const base = respondents - (counts.na ?? 0)
  const applied = 1 - (weighted.na ?? 0)
  if (base < MIN_PUBLIC_GROUP) return null
  const value = Math.min(1, ((weighted['4'] ?? 0) + (weighted['5'] ?? 0)) / applied)
  return { value, base, ...scoreInterval(value, (effective * base) / respondents) }
}

/** Returns the releases of one agency, the newest first; where several versions were asked, with the share of the one that most answered. */
export const invitedResults = ({
  cells,
  releases,
}: {
  readonly cells: readonly InvitedCell[]
  readonly releases: readonly InvitedRelease[]
}): InvitedResult[] =>
  releases
    .map((release) => {
      const own = cells.filter(
        ({ agencyId, month }) => agencyId === release.agencyId && month === release.month,
      )
      const [headline] = own
        .filter(({ question }) => question === HEADLINE)
        .toSorted((a, b) => b.respondents - a.respondents)
      return { ...release, cells: own, share: headline ? weighProcedures(headline) : null }
    })
    .toReversed()
