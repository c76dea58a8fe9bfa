import '#server-only'
import { type Hearing, hearingEnd, isHeard, isReviewed } from '#features/disputes/sides/rules.ts'
import { holidays } from '#features/lookup-tables/queries.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { conflictSides } from '../claims/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { holdersHearings } from './objections-data.ts'

/** Returns until when a side that is told or asked now may answer before police decide; null where no time is given. */
export const hearingUntil = async (asked: Instant, tx?: Tx): Promise<Instant | null> =>
  hearingEnd(asked, env().OBJECTION_HEARING_DAYS, await holidays(tx))

/** Returns the time of a case's reporter to answer the holder of the phone, who objects to its block. */
export const reporterHearing = async (
  c: Pick<CaseSnapshot, 'objectedAt' | 'objectionAnsweredAt'>,
  tx?: Tx,
): Promise<Hearing> => ({
  hearingUntil: c.objectedAt && (await hearingUntil(c.objectedAt, tx)),
  answeredAt: c.objectionAnsweredAt,
})

/**
 * Tells whether every side of the dispute that a case waits for was heard: each claim of a conflict, the holder where the
 * lifted block is reviewed, the reporter of a block that its holder objects to.
 */
export async function everySideHeard(
  c: CaseSnapshot,
  keys: readonly string[],
  now: Instant,
  tx?: Tx,
): Promise<boolean> {
  const heard = (side: Hearing) => isHeard(side, now)
  if (c.held === 'conflict') return [c, ...(await conflictSides(c.id, keys, tx))].every(heard)
  if (!isReviewed(c)) return heard(await reporterHearing(c, tx))
  // A holder who has not been told yet was not heard.
  const holders = await holdersHearings(c.id, tx)
  return holders.every((side) => side.hearingUntil !== null && heard(side))
}
