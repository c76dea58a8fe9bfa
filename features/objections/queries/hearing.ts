import '#server-only'
import { workingDaysAfter } from '#features/cases/rules/clocks.ts'
import type { CaseSnapshot } from '#features/cases/rules/snapshot.ts'
import { holidays } from '#features/lookup-tables/queries.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'

type Heard = Pick<CaseSnapshot, 'objectedAt' | 'objectionAnsweredAt'>

/** Returns until when the case's reporter may answer before police decide; null where nobody objects. */
export const hearingUntil = async (
  { objectedAt }: Pick<Heard, 'objectedAt'>,
  tx?: Tx,
): Promise<Instant | null> =>
  objectedAt && workingDaysAfter(objectedAt, env().OBJECTION_HEARING_DAYS, await holidays(tx))

/** Tells whether the reporter has answered or the time for it is over; also true where nobody objects. */
export async function isHeard(c: Heard, now: Instant, tx?: Tx): Promise<boolean> {
  const until = await hearingUntil(c, tx)
  return c.objectionAnsweredAt !== null || until === null || until <= now
}
