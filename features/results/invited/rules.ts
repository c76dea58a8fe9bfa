import { HEADLINE } from '#features/questionnaires/questions/rules.ts'
import type { InvitedCell, InvitedRelease } from '#features/ratings/invitations/weights-rules.ts'
import { MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import { scoreInterval } from '#lib/statistics/wilson.ts'
import type { Share } from '../tally-rules.ts'

/** One release of invited people's answers, with the share satisfied weighted by procedure. */
export interface InvitedResult extends InvitedRelease {
  /** Null where the headline question applied to fewer than ten people. */
  readonly share: Share | null
  readonly cells: readonly InvitedCell[]
}

/** Returns the top-two share with each procedure weighted by its cases; null below ten people to whom it applied. */
function weighProcedures({ counts, weighted, respondents, effective }: InvitedCell): Share | null {
  const base = respondents - (counts.na ?? 0)
  const applied = 1 - (weighted.na ?? 0)
  if (base < MIN_PUBLIC_GROUP) return null
  const value = Math.min(1, ((weighted['4'] ?? 0) + (weighted['5'] ?? 0)) / applied)
  return { value, base, ...scoreInterval(value, (effective * base) / respondents) }
}

/** Returns one agency's releases, the newest first, each with the share of the version with the most answers. */
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
