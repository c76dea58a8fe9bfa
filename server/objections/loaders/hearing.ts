import '#server-only'
import { workingDaysAfter } from '#domain/case/clocks.ts'
import type { CaseSnapshot } from '#domain/case/snapshot.ts'
import type { Instant } from '#domain/time.ts'
import type { Tx } from '#server/platform/db.ts'
import { env } from '#server/platform/env.ts'
import { holidays } from '#server/reference/loaders.ts'

type Heard = Pick<CaseSnapshot, 'objectedAt' | 'objectionAnsweredAt'>

/** Until when the case's reporter may answer before anybody decides; null where nobody objects. */
export const hearingUntil = async (
  { objectedAt }: Pick<Heard, 'objectedAt'>,
  tx?: Tx,
): Promise<Instant | null> =>
  objectedAt && workingDaysAfter(objectedAt, env().OBJECTION_HEARING_DAYS, await holidays(tx))

/** The reporter has answered, or has had the time to. */
export async function isHeard(c: Heard, now: Instant, tx?: Tx): Promise<boolean> {
  const until = await hearingUntil(c, tx)
  return c.objectionAnsweredAt !== null || until === null || until <= now
}
