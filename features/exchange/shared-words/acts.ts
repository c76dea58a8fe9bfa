import '#server-only'
import { z } from 'zod'
import { type Approvable, askApproval } from '#features/approvals/acts.ts'
import { lockOpen } from '#features/approvals/data.ts'
import { act, logged, refuse } from '#features/audit/act.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope, widenScope } from '#platform/scope.ts'
import { resolveFlag } from '../flags/acts.ts'
import { settlePriority } from '../orders/rules.ts'
import { countWaiting, lockWords } from './data.ts'
import { SHARED_VERDICTS, sharedWordsSubject } from './rules.ts'

/** Asks that the waiting words of a carrier count, or be dismissed. Nothing changes until another person confirms it. */
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
    if (words === 0) return refuse('none_waiting')
    const content = { carrierId, verdict, note, words }
    const asked = await askApproval(tx, actor, judging, { subject, content }, now)
    return asked.ok ? logged(carrierId) : refuse(asked.error)
  },
})

/** The words count, and their cases are looked at, or they are dismissed: those that waited when it was asked. */
export const judging: Approvable<'order.shared_words', 'none_waiting' | 'changed'> = {
  kind: 'order.shared_words',
  within: (work) => inScope(systemScope(), work),
  async carryOut({ tx, request, actor, now }) {
    const { carrierId, verdict, note, words: seen } = request.content
    await lockWords(tx, carrierId)
    const words = await lockWaiting(tx, carrierId, request.askedAt)
    if (words.length === 0) return err('none_waiting')
    // A carrier may take a word back meanwhile; none that both people have not seen is decided.
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

/** Returns the words of a carrier that waited at an instant and wait now, locked until the transaction ends. */
const lockWaiting = (tx: Tx, carrierId: string, saidBy: Instant) =>
  tx.$queryRaw<{ orderId: string; imei: string; caseId: string | null }[]>`
    SELECT w.order_id AS "orderId", w.imei, o.case_id AS "caseId"
    FROM shared_words w JOIN carrier_orders o ON o.id = w.order_id
    WHERE w.carrier_id = ${carrierId} AND w.state = 'waiting' AND w.said_at <= ${saidBy}::timestamptz
    ORDER BY w.order_id, w.imei FOR UPDATE OF w`
