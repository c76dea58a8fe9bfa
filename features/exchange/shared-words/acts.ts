import '#server-only'
import { z } from 'zod'
import { type Approvable, askApproval } from '#features/approvals/acts.ts'
import { lockOpen } from '#features/approvals/data.ts'
import { act, logged, refuse } from '#features/audit/act.ts'
import type { Actor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope, widenScope } from '#platform/scope.ts'
import { raiseCarrierFlag, resolveFlag } from '../flags/acts.ts'
import { settlePriority } from '../orders/rules.ts'
import { countWaiting, lockWords, saveWord } from './data.ts'
import { isOverShared, SHARED_VERDICTS, type SharedLoad, sharedWordsSubject } from './rules.ts'

/**
 * Records a carrier's reports of shared IMEIs. If it reports more than is likely, further reports wait for the relay, which is
 * told together with the carrier. The caller holds `lockWords`.
 */
export async function recordWords(
  tx: Tx,
  carrierId: string,
  /** The IMEIs that an order's lines now report in several phones, or no longer report so. */
  news: readonly {
    readonly orderId: string
    readonly said: readonly string[]
    readonly takenBack: readonly string[]
  }[],
  by: Actor,
  now: Instant,
): Promise<void> {
  await widenScope(tx, systemScope())
  for (const { orderId, said, takenBack } of news) {
    // The carrier has given another answer for these since.
    await tx.sharedWord.updateMany({
      where: { orderId, imei: { in: [...takenBack] }, state: { in: ['open', 'waiting', 'kept'] } },
      data: { state: 'taken_back' },
    })
    if (said.length === 0) continue
    const load = await countLoad(tx, carrierId, {
      day: addMilliseconds(now, -DAY),
      month: addMilliseconds(now, -30 * DAY),
    })
    const waits = isOverShared({ ...load, day: load.day + 1, month: load.month + 1 })
    const own = by.kind === 'carrier'
    for (const imei of said) await saveWord(tx, { orderId, imei, carrierId, own, waits, saidAt: now })
  }
  const waiting = await countWaiting(tx, carrierId)
  if (waiting > 0)
    await raiseCarrierFlag(tx, { carrierId, kind: 'shared_many', facts: { words: waiting }, at: now })
}

async function countLoad(
  tx: Tx,
  carrierId: string,
  { day, month }: { readonly day: Instant; readonly month: Instant },
): Promise<SharedLoad> {
  const [row] = await tx.$queryRaw<SharedLoad[]>`
    SELECT count(DISTINCT order_id) FILTER (WHERE said_at > ${day}::timestamptz)::int AS day,
      count(DISTINCT order_id)::int AS month,
      (SELECT count(*)::int FROM carrier_orders WHERE carrier_id = ${carrierId} AND action = 'block'
        AND drill_id IS NULL AND issued_at > ${month}::timestamptz) AS orders
    FROM shared_words WHERE carrier_id = ${carrierId} AND said_at > ${month}::timestamptz`
  if (!row) throw new Error('a SELECT of counts has one row')
  return row
}

/** Asks that a carrier's waiting reports count or be dismissed. Nothing changes until another person confirms. */
export const askSharedWords = act({
  name: 'carrier.shared_words_asked',
  permission: 'order:exempt',
  faults: 'shared_words',
  page: ({ carrierId }) => ({ pathname: '/admin/carriers/[carrier]', params: { carrier: carrierId } }),
  input: z.object({
    carrierId: z.string().max(40),
    verdict: z.enum(SHARED_VERDICTS, 'shared_words.verdict_missing'),
    note: z
      .string('shared_words.note_missing')
      .trim()
      .min(1, 'shared_words.note_missing')
      .max(500, 'carrier_flag.note_too_long'),
  }),
  async run({ tx, actor, input: { carrierId, verdict, note }, now }) {
    await widenScope(tx, systemScope())
    const subject = sharedWordsSubject(carrierId)
    await lockOpen(tx, subject)
    await lockWords(tx, carrierId)
    const words = await countWaiting(tx, carrierId)
    if (words === 0) return refuse('none')
    const content = { carrierId, verdict, note, words }
    const asked = await askApproval(tx, actor, judging, { subject, content }, now)
    return asked.ok ? logged(carrierId) : refuse(asked.error)
  },
})

/** Counts or dismisses the reports that waited at the time of the request; if they count, their cases are settled again. */
export const judging: Approvable<'order.shared_words', 'none' | 'changed'> = {
  kind: 'order.shared_words',
  within: (work) => inScope(systemScope(), work),
  async carryOut({ tx, request, actor, now }) {
    const { carrierId, verdict, note, words: seen } = request.content
    await lockWords(tx, carrierId)
    const words = await lockWaiting(tx, carrierId, request.askedAt)
    if (words.length === 0) return err('none')
    // A carrier may take a report back meanwhile, but none that the two people have not seen is decided.
    if (words.length > seen) return err('changed')
    const decided = { verdict, note, askedById: request.askedById, decidedById: actor.id }
    await tx.sharedWord.updateMany({
      where: { carrierId, state: 'waiting', saidAt: { lte: request.askedAt } },
      data: { ...decided, state: verdict === 'count' ? 'open' : 'dismissed' },
    })
    if (verdict === 'count')
      for (const caseId of new Set(words.flatMap((word) => word.caseId ?? [])))
        await enqueue(tx, 'case-settle', { caseId }, { priority: settlePriority(now) })
    if ((await countWaiting(tx, carrierId)) === 0) await resolveFlag(tx, carrierId, 'shared_many', now)
    return ok({ facts: { words: words.length } })
  },
  logs: ({ content: { carrierId, verdict, words } }) => ({
    acts: {
      ask: 'carrier.shared_words_asked',
      confirm: 'carrier.shared_words_confirmed',
      refuse: 'carrier.shared_words_dropped',
      withdraw: 'carrier.shared_words_dropped',
    },
    subject: { kind: 'carrier', id: carrierId },
    facts: { words, verdict },
  }),
}

/** Locks the reports of a carrier that waited at an instant and still wait, until the transaction ends. */
const lockWaiting = (tx: Tx, carrierId: string, saidBy: Instant) =>
  tx.$queryRaw<{ orderId: string; imei: string; caseId: string | null }[]>`
    SELECT w.order_id AS "orderId", w.imei, o.case_id AS "caseId"
    FROM shared_words w JOIN carrier_orders o ON o.id = w.order_id
    WHERE w.carrier_id = ${carrierId} AND w.state = 'waiting' AND w.said_at <= ${saidBy}::timestamptz
    ORDER BY w.order_id, w.imei FOR UPDATE OF w`
