import '#server-only'
import { approvalFor } from '#features/approvals/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { carriersAgree, type SharedWord, sharedWordsSubject } from './rules.ts'

/** Lets one transaction at a time add reports of a carrier, so that each sees the right count. */
export async function lockWords(tx: Tx, carrierId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('shared_words:' || ${carrierId}, 0))`
}

export const findWordsOfCase = (tx: Tx, caseId: string): Promise<SharedWord[]> =>
  tx.sharedWord.findMany({
    where: { order: { caseId, action: 'block' } },
    select: { carrierId: true, imei: true, own: true, state: true },
  })

/**
 * Stores a carrier's report. If city police have answered one already, repeating it on a newer order of the case raises no new
 * question. A report that the carrier took back and makes again counts anew.
 */
export async function saveWord(
  tx: Tx,
  word: {
    readonly orderId: string
    readonly imei: string
    readonly carrierId: string
    readonly own: boolean
    readonly waits: boolean
    readonly saidAt: Instant
  },
): Promise<void> {
  const state = word.waits ? 'waiting' : 'open'
  await tx.$executeRaw`
    INSERT INTO shared_words (order_id, imei, carrier_id, own, state, said_at)
    SELECT o.id, ${word.imei}, ${word.carrierId}, ${word.own}, CASE WHEN EXISTS (
        SELECT FROM shared_words w JOIN carrier_orders before ON before.id = w.order_id
        WHERE before.case_id = o.case_id AND w.carrier_id = o.carrier_id AND w.imei = ${word.imei} AND w.state = 'kept'
      ) THEN 'kept' ELSE ${state} END::shared_word_state, ${word.saidAt}::timestamptz
    FROM carrier_orders o WHERE o.id = ${word.orderId}::uuid
    ON CONFLICT (order_id, imei) DO UPDATE SET state = excluded.state, own = excluded.own, said_at = excluded.said_at
      WHERE shared_words.state = 'taken_back'`
}

/**
 * Marks the reports on a case as answered: two people of city police keep the block. Returns false if two carriers agree by now:
 * then the block is lifted, which the job that settles the case has not done yet.
 */
export async function keepDespiteWords(tx: Tx, caseId: string): Promise<boolean> {
  const kept = await tx.sharedWord.updateManyAndReturn({
    where: { order: { caseId }, state: 'open' },
    data: { state: 'kept' },
    select: { carrierId: true, imei: true, own: true },
  })
  const open = kept.map((word) => ({ ...word, state: 'open' as const }))
  return !carriersAgree([...open, ...(await findWordsOfCase(tx, caseId))])
}

const SHOWN = 20

/** Returns a carrier's reports of shared IMEIs that wait for the relay; null if there are none or for other readers. */
export async function waitingWords(actor: StaffActor, carrierId: string, now: Instant) {
  if (!may(actor.role, 'order:exempt')) return null
  // The relay sees only the public numbers of the cases.
  const words = await inScope(systemScope(), () =>
    db.sharedWord.findMany({
      where: { carrierId, state: 'waiting' },
      orderBy: [{ saidAt: 'asc' }, { orderId: 'asc' }],
      select: { order: { select: { case: { select: { number: true } } } } },
    }),
  )
  if (words.length === 0) return null
  return {
    count: words.length,
    cases: [...new Set(words.flatMap(({ order }) => order.case?.number ?? []))].slice(0, SHOWN),
    asked: await approvalFor(actor, sharedWordsSubject(carrierId), now),
  }
}

export const countWaiting = (tx: Tx, carrierId: string): Promise<number> =>
  tx.sharedWord.count({ where: { carrierId, state: 'waiting' } })
