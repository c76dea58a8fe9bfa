import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { keyFor } from '#platform/idempotency/commands.ts'
import { type DecisionRefusal, decideCase } from './acts.ts'

/** Lists what may be done with many cases at once: nothing that rests on a look at each. */
export const BULK_DECISIONS = ['take', 'reassign'] as const
export type BulkDecision = (typeof BULK_DECISIONS)[number]

/** The most cases of one act: a page, or a search's. */
export const MOST_AT_ONCE = 50

/** A ticked row: the case, and the version that its reader saw. */
export interface ChosenCase {
  readonly number: string
  readonly version: number
}

/** Says what became of one of them. */
export interface BulkResult {
  readonly number: string
  readonly outcome: 'done' | DecisionRefusal
}

/**
 * Makes one decision on several cases, each in a transaction of its own and at most once for a `submitKey`: what was done
 * stays done where a later one is refused, and the same form sent again answers the same.
 */
export async function decideMany(
  actor: StaffActor,
  {
    decision,
    chosen,
    submitKey,
    assigneeId,
    note,
  }: {
    readonly decision: BulkDecision
    readonly chosen: readonly ChosenCase[]
    readonly submitKey: string
    /** For `reassign`: the colleague's account. */
    readonly assigneeId?: string | undefined
    /** For `reassign`: what that colleague reads on each. */
    readonly note?: string | undefined
  },
  now: Instant,
): Promise<readonly BulkResult[]> {
  const results: BulkResult[] = []
  for (const { number, version } of chosen.slice(0, MOST_AT_ONCE)) {
    const key = keyFor(submitKey, decision, number, String(version), assigneeId ?? '')
    const done = await decideCase(
      actor,
      {
        number,
        version,
        submitKey: key,
        decision,
        ...(assigneeId && { assigneeId, note, givenBy: submitKey }),
      },
      now,
    )
    results.push({ number, outcome: done.ok ? 'done' : done.error })
  }
  return results
}
