import '#server-only'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import type { SharedLoad, SharedVerdict, SharedWord } from '../rules/shared-word.ts'

/** Lets one transaction at a time add words of a carrier, so that each sees how many there were. */
export async function lockWords(tx: Tx, carrierId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('shared_words:' || ${carrierId}, 0))`
}

/** Returns what carriers have said of the IMEIs of a case's block. */
export const wordsOfCase = (tx: Tx, caseId: string): Promise<SharedWord[]> =>
  tx.sharedWord.findMany({
    where: { order: { caseId, action: 'block' } },
    select: { carrierId: true, imei: true, own: true, state: true },
  })

export async function sharedLoad(
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

interface NewWord {
  readonly orderId: string
  readonly imei: string
  readonly carrierId: string
  readonly own: boolean
  readonly waits: boolean
  readonly saidAt: Instant
}

/**
 * Writes a carrier's word down. A word that city police have answered already is not asked about again when the carrier
 * repeats it on a newer order of the case; one that the carrier took back and says again counts anew.
 */
export async function saveWord(tx: Tx, word: NewWord): Promise<void> {
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

/** Marks what a carrier said of one IMEI of an order as taken back: it has answered otherwise since. */
export async function takeBackWord(tx: Tx, orderId: string, imei: string): Promise<void> {
  await tx.sharedWord.updateMany({
    where: { orderId, imei, state: { in: ['open', 'waiting', 'kept'] } },
    data: { state: 'taken_back' },
  })
}

/** Marks the words on a case as answered: two of city police keep the block. */
export async function keepDespiteWords(tx: Tx, caseId: string): Promise<void> {
  await tx.sharedWord.updateMany({
    where: { order: { caseId }, state: 'open' },
    data: { state: 'kept' },
  })
}

/** What waits of one carrier, and what one person of the relay asked for. */
export interface WaitingWords {
  readonly count: number
  /** The numbers of some of the cases. */
  readonly cases: readonly string[]
  readonly asked: {
    readonly count: number
    readonly verdict: SharedVerdict
    readonly note: string
    readonly byId: string
  } | null
}

const SHOWN = 20

export async function waitingWords(carrierId: string): Promise<WaitingWords> {
  // The relay sees the public numbers of the cases alone.
  const words = await inScope(systemScope(), () =>
    db.sharedWord.findMany({
      where: { carrierId, state: 'waiting' },
      orderBy: [{ saidAt: 'asc' }, { orderId: 'asc' }],
      select: {
        verdict: true,
        note: true,
        askedById: true,
        order: { select: { case: { select: { number: true } } } },
      },
    }),
  )
  const asked = words.filter(({ askedById }) => askedById !== null)
  const [first] = asked
  return {
    count: words.length,
    cases: [...new Set(words.flatMap(({ order }) => order.case?.number ?? []))].slice(0, SHOWN),
    asked:
      first?.verdict && first.askedById
        ? { count: asked.length, verdict: first.verdict, note: first.note ?? '', byId: first.askedById }
        : null,
  }
}

/** Notes what one person of the relay wants of all words of a carrier that wait; returns how many there are. */
export async function askOfWords(
  tx: Tx,
  carrierId: string,
  asked: { readonly verdict: SharedVerdict; readonly note: string; readonly askedById: string },
): Promise<number> {
  const { count } = await tx.sharedWord.updateMany({ where: { carrierId, state: 'waiting' }, data: asked })
  return count
}

/** Returns the words of a carrier that one person has asked about, locked until the transaction ends. */
export const askedWordsForUpdate = (tx: Tx, carrierId: string) =>
  tx.$queryRaw<
    { orderId: string; imei: string; caseId: string | null; verdict: SharedVerdict; askedById: string }[]
  >`
    SELECT w.order_id AS "orderId", w.imei, o.case_id AS "caseId", w.verdict::text, w.asked_by_id AS "askedById"
    FROM shared_words w JOIN carrier_orders o ON o.id = w.order_id
    WHERE w.carrier_id = ${carrierId} AND w.state = 'waiting' AND w.asked_by_id IS NOT NULL
    ORDER BY w.order_id, w.imei FOR UPDATE OF w`

export async function decideWords(
  tx: Tx,
  words: readonly { readonly orderId: string; readonly imei: string }[],
  decided: { readonly state: 'open' | 'dismissed'; readonly decidedById: string },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE shared_words w SET state = ${decided.state}::shared_word_state, decided_by_id = ${decided.decidedById}::uuid
    FROM unnest(${words.map(({ orderId }) => orderId)}::uuid[], ${words.map(({ imei }) => imei)}::bpchar[])
      AS d (order_id, imei)
    WHERE w.order_id = d.order_id AND w.imei = d.imei`
}

export const countWaiting = (tx: Tx, carrierId: string): Promise<number> =>
  tx.sharedWord.count({ where: { carrierId, state: 'waiting' } })
