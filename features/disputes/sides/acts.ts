import '#server-only'
import { lockCase } from '#features/cases/claims/acts.ts'
import { appealUntil, reopenUntil } from '#features/cases/clocks/rules.ts'
import { moveCase } from '#features/cases/moves/acts.ts'
import { readCaseSnapshot } from '#features/cases/record/page-data.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { appealBegins, appealOpen, reopenOpen } from '#features/cases/remedies/rules.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { moveObjection } from '../objections/acts.ts'
import { findAgainst } from '../objections/data.ts'
import type { ObjectionMove } from '../objections/moves-rules.ts'
import { settleRefused } from '../objections/settle-acts.ts'
import { lockLosers } from './data.ts'
import { type Hearing, isReviewed } from './rules.ts'

/**
 * Opens or closes the holders' side of a review: tells each holder for whom the block was lifted that it begins and until when
 * they are heard, and how it ended. Running it twice is harmless.
 */
export async function settleReview(caseId: string, now: Instant): Promise<void> {
  const settled = await inScope(systemScope(), () =>
    runInTransaction<null, string>(async (tx) => {
      await lockCase(tx, caseId)
      const c = await readCaseSnapshot(systemScope(), caseId, tx)
      if (c === null) return ok(null)
      for (const o of await findAgainst(tx, caseId, { state: 'granted' })) {
        const move = nextMove(c, o)
        const request = move && { move, refusedById: c.verifiedById }
        const moved = request && (await moveObjection(tx, o, { kind: 'system' }, request, now))
        if (moved && !moved.ok) return err(moved.error)
      }
      return ok(null)
    }),
  )
  // A holder answered at the same moment: the job runs again and reads the objection anew.
  if (!settled.ok) throw new Error(`the review of case ${caseId} was not settled: ${settled.error}`)
}

function nextMove(c: CaseSnapshot, { hearingUntil }: Hearing): ObjectionMove | null {
  if (isReviewed(c)) return hearingUntil === null ? 'review' : null
  if (hearingUntil === null) return null
  return c.approvedAt === null ? 'keep' : 'block_again'
}

/** Returns until when the person of a closed case can appeal or reopen it; null if they cannot. */
function canReturnUntil(c: CaseSnapshot, now: Instant): Instant | null {
  const begins = appealOpen(c, now) ? appealBegins(c) : null
  if (begins) return appealUntil(begins)
  return c.closedAt !== null && reopenOpen(c, now) ? reopenUntil(c.closedAt) : null
}

/**
 * Tells the losers of a conflict, and those who left it, what happened to the block that passed from them; tells holders with a
 * refused objection that the block is over. The message depends on the phone's present state, so running it twice is harmless.
 */
export async function settleBlock(caseId: string, now: Instant): Promise<void> {
  const settled = await inScope(systemScope(), () =>
    runInTransaction<null, string>(async (tx) => {
      await settleRefused(tx, caseId, now)
      for (const { id, told, approved } of await lockLosers(tx, caseId)) {
        const move = approved === null ? 'other_block_lifted' : approved ? 'other_block_final' : null
        const c = move === null || move === told ? null : await readCaseSnapshot(systemScope(), id, tx)
        if (move === null || c === null) continue
        const until = canReturnUntil(c, now)
        const says = until ? { says: { until: until.toISOString() } } : {}
        const by = { kind: 'system' } as const
        const moved = await moveCase(tx, systemScope(), by, { caseId: id, version: null, move, ...says }, now)
        if (!moved.ok) return err(moved.error)
      }
      return ok(null)
    }),
  )
  if (!settled.ok) throw new Error(`the block of case ${caseId} was not told of: ${settled.error}`)
}
