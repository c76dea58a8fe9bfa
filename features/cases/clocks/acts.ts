import '#server-only'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { log } from '#platform/log.ts'
import { inScope } from '#platform/scope.ts'
import { listBlockedKeys } from '../claims/data.ts'
import { moveCase } from '../moves/acts.ts'
import { listPhoneKeys } from '../record/data.ts'
import { type ClockMove, type DueCase, dropReceipts, listDue } from './data.ts'

/**
 * Ends what is due: temporary blocks (one that waits for the end of a conflict goes on for another decision's time), requests for
 * a temporary block that nobody confirmed in a day, watches after their days (the block follows), withdrawals after the 24 hours
 * in which they can be undone, questions without an answer for 15 days, and secrets on receipts after 24 hours. Sends the
 * reminders of questions before that. Each case is a transaction of its own, so that a run may stop anywhere and several may run
 * at once. A case that was moved meanwhile stays as it is.
 */
export const runClocks = (now: Instant, signal?: AbortSignal) =>
  inScope(systemScope(), async () => ({
    // First, so that no phone stays blocked because there is much else to do.
    holdsEnded: await moveEach('end_hold', now, signal),
    holdsKept: await moveEach('keep_block', now, signal),
    holdRequestsLapsed: await moveEach('lapse_hold', now, signal),
    watchesEnded: await moveEach('end_watch', now, signal),
    withdrawn: await moveEach('finish_withdrawal', now, signal),
    reminded: await moveEach('remind_reply', now, signal),
    expired: await moveEach('expire', now, signal),
    receipts: await dropReceipts(now),
  }))

async function moveEach(move: ClockMove, now: Instant, signal?: AbortSignal): Promise<number> {
  let moved = 0
  let after: string | null = null
  for (;;) {
    // Pages by id, so that a case that cannot be moved is skipped and tried again by the next run.
    const page: readonly DueCase[] = await listDue(move, now, after)
    for (const one of page) {
      if (signal?.aborted) return moved
      if (await moveOne(one, move, now)) moved++
    }
    after = page.at(-1)?.id ?? null
    if (after === null) return moved
  }
}

async function moveOne({ id: caseId, version }: DueCase, move: ClockMove, now: Instant): Promise<boolean> {
  try {
    // The clock keeps the case's own block, on the numbers that are blocked.
    const kept = async (tx: Tx) =>
      move === 'keep_block'
        ? {
            blockFrom: [caseId],
            phones: await listBlockedKeys(tx, [caseId], await listPhoneKeys(caseId, tx)),
          }
        : {}
    const result = await runInTransaction(async (tx) =>
      moveCase(tx, systemScope(), { kind: 'system' }, { caseId, version, move, ...(await kept(tx)) }, now),
    )
    // `changed`: it was moved meanwhile. Any other refusal comes again each minute, until a person looks at the case.
    if (!result.ok && result.error !== 'changed')
      log().error({ caseId, move, refusal: result.error }, 'a clock was refused')
    return result.ok
  } catch (err) {
    log().error({ err, caseId, move }, 'a clock could not move a case')
    return false
  }
}
