import '#server-only'
import { blocksAnswered, ordersSettled, withheldReason } from '#features/exchange/case-orders/data.ts'
import { findWordsOfCase } from '#features/exchange/shared-words/data.ts'
import { carriersAgree, isSaid } from '#features/exchange/shared-words/rules.ts'
import { systemScope } from '#lib/access/scope.ts'
import { ok } from '#lib/result.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { log } from '#platform/log.ts'
import { inScope } from '#platform/scope.ts'
import { listWaitingSince } from '../clocks/data.ts'
import { moveCase } from '../moves/acts.ts'
import { movesOpenTo } from '../moves/lifecycle-rules.ts'
import { type Move, movesThat, ruleOf } from '../moves/rules.ts'
import type { CaseRefusal } from '../moves/transition-rules.ts'
import type { QueueKey } from '../queue/rules.ts'
import { findCase } from '../record/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'

const WHEN_SETTLED = movesThat((rule) => rule.completes !== undefined)

/** The carriers of one case often answer at the same moment, and each answer asks for this. */
const TRIES = 5

/**
 * Moves a case on once every carrier has done its part, or when a carrier sees its IMEI in several phones. Does nothing if there
 * is nothing to do.
 */
export async function settleCase(caseId: string, now: Instant): Promise<void> {
  for (let tried = 1; ; tried++) {
    const settled = await trySettle(caseId, now)
    if (settled.ok) return
    // The case changed meanwhile: it is read and settled again, up to `TRIES` times in all.
    if (settled.error !== 'changed' || tried === TRIES) {
      throw new Error(`case ${caseId} could not be settled: ${settled.error}`)
    }
  }
}

const trySettle = (caseId: string, now: Instant) =>
  inScope(systemScope(), () =>
    runInTransaction<null, CaseRefusal>(async (tx) => {
      const c = await findCase(systemScope(), { id: caseId }, tx)
      const next = c && (await nextMove(tx, c, now))
      if (!c || !next) return ok(null)
      const input = { caseId, version: c.version, ...next }
      const moved = await moveCase(tx, systemScope(), { kind: 'system' }, input, now)
      return moved.ok ? ok(null) : moved
    }),
  )

async function nextMove(
  tx: Tx,
  c: CaseSnapshot,
  now: Instant,
): Promise<{ readonly move: Move; readonly text?: string } | null> {
  const mayBe = movesOpenTo(c, { kind: 'system' }, now, ['shared', 'shared_said', 'withheld'])
  // Only if something is blocked for the case, and the block was not lifted for this reason before.
  const words =
    mayBe.includes('shared') || mayBe.includes('shared_said') ? await findWordsOfCase(tx, c.id) : []
  if (mayBe.includes('shared') && carriersAgree(words)) return { move: 'shared' }
  if (mayBe.includes('shared_said') && isSaid(words)) return { move: 'shared_said' }
  const text = mayBe.includes('withheld') ? await withheldReason(tx, c.id) : null
  if (text !== null) return { move: 'withheld', text }
  const move = WHEN_SETTLED.find((one) => ruleOf(one).from.includes(c.state))
  const action = move && ruleOf(move).completes
  return move && action && (await ordersSettled(tx, c.id, action)) ? { move } : null
}

/** After this time the job that settles a case has run, unless a process ended before it queued the job. */
const FORGOTTEN_AFTER = 5 * MINUTE
/** The most cases that one run settles, because other clocks wait for it. */
const MOST = 100
/** The most cases that one statement looks at. */
const PAGE = 500
const BLOCKING = WHEN_SETTLED.filter((move) => ruleOf(move).completes === 'block').flatMap(
  (move) => ruleOf(move).from,
)

/**
 * Settles cases whose carriers have all answered but whose job was never queued, because a process ended in between.
 * Returns how many.
 */
export const settleForgotten = (now: Instant, signal?: AbortSignal): Promise<number> =>
  inScope(systemScope(), async () => {
    let settled = 0
    for await (const id of forgotten(addMilliseconds(now, -FORGOTTEN_AFTER), signal)) {
      try {
        await settleCase(id, now)
        settled++
      } catch (err) {
        log().error({ err, caseId: id }, 'a case could not be settled')
      }
      if (settled === MOST || signal?.aborted) break
    }
    return settled
  })

/** Yields the cases that have waited for carriers since before an instant although every carrier has answered. */
async function* forgotten(before: Instant, signal?: AbortSignal): AsyncGenerator<string> {
  for (const state of BLOCKING) {
    for (let after: QueueKey | null = null; !signal?.aborted; ) {
      const page: QueueKey[] = await listWaitingSince(state, before, after, PAGE)
      after = page.at(-1) ?? null
      if (after === null) break
      yield* await blocksAnswered(page.map(({ id }) => id))
    }
  }
}
