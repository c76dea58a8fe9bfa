import '#server-only'
import type { BookLine } from '#domain/exchange/book.ts'
import type { DeliveryWay } from '#domain/exchange/delivery.ts'
import type { EntryOutcome, OrderAction, OrderReason } from '#domain/exchange/order.ts'
import { isTestImei } from '#domain/imei/imei.ts'
import type { Instant } from '#domain/time.ts'
import { db, type Tx } from '#server/platform/db.ts'

interface NewLines {
  readonly id: string
  readonly reason: OrderReason
  readonly legalBasis: string
  readonly issuedAt: Instant
  readonly expiresAt: Instant | null
  readonly imeis: readonly string[]
}

/**
 * Adds the lines of orders, all blocks or all unblocks, to a carrier's book, whose row the caller has locked until the
 * transaction ends: so sequences appear in the order of commits and without a gap. Beside the head goes the number of
 * phones that are on the list in force, which is too long to be counted when it is asked for; a drill's numbers are on none.
 * Answers how lines reach the carrier.
 */
export async function appendToBook(
  tx: Tx,
  { carrierId, action }: { readonly carrierId: string; readonly action: OrderAction },
  orders: readonly NewLines[],
): Promise<DeliveryWay> {
  const lines = orders.flatMap(({ id: orderId, imeis, ...line }) =>
    imeis.map((imei) => ({ ...line, carrierId, action, orderId, imei })),
  )
  const [sign, wasListed] = action === 'block' ? [1, false] : [-1, true]
  const [appended] = await tx.$queryRaw<{ first: bigint; way: DeliveryWay }[]>`
    UPDATE carriers SET book_head = book_head + ${lines.length}, listed = listed + ${sign}::int * (
      SELECT count(*)::int FROM (SELECT DISTINCT unnest(${lines.map(({ imei }) => imei)}::bpchar[]) AS imei) told
      WHERE told.imei NOT LIKE '00%' AND ${wasListed} = coalesce((
        SELECT last.action = 'block' FROM book_entries last
        WHERE last.carrier_id = ${carrierId} AND last.imei = told.imei ORDER BY last.seq DESC LIMIT 1
      ), false)
    )
    WHERE id = ${carrierId} RETURNING book_head - ${lines.length} + 1 AS first, way::text`
  if (!appended) throw new Error(`there is no carrier ${carrierId}`)
  const { first, way } = appended
  await tx.bookEntry.createMany({
    data: lines.map((line, index) => ({ ...line, seq: first + BigInt(index) })),
  })
  return way
}

/**
 * The IMEIs of a case whose last word in a carrier's book is this case's block. Another case may have blocked the phone
 * since, where this one was rejected with its temporary block still in force: then that block stands.
 */
export async function blockedInBook(tx: Tx, carrierId: string, caseId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ imei: string }[]>`
    SELECT mine.imei FROM book_entries mine JOIN carrier_orders o ON o.id = mine.order_id
    WHERE o.case_id = ${caseId}::uuid AND o.carrier_id = ${carrierId} AND mine.action = 'block' AND NOT EXISTS (
      SELECT 1 FROM book_entries later
      WHERE later.carrier_id = mine.carrier_id AND later.imei = mine.imei AND later.seq > mine.seq
    )
    ORDER BY mine.seq`
  return rows.map(({ imei }) => imei)
}

/** A later line of the same book speaks of one of this order's IMEIs: the order is no longer the last word. */
export async function isOvertaken(tx: Tx, orderId: string): Promise<boolean> {
  const later = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM book_entries mine
    JOIN book_entries theirs ON theirs.carrier_id = mine.carrier_id AND theirs.imei = mine.imei
      AND theirs.seq > mine.seq AND theirs.order_id <> mine.order_id
    WHERE mine.order_id = ${orderId}::uuid LIMIT 1`
  return later.length > 0
}

export interface SentLine extends BookLine {
  readonly legalBasis: string
  readonly expiresAt?: string
  /** It is practice, on a number that no phone has. */
  readonly drill?: true
}

/** The lines after a sequence and up to another, as the carrier reads them. */
export async function linesAfter(
  carrierId: string,
  after: number,
  upTo: number,
  limit: number,
  tx?: Tx,
): Promise<SentLine[]> {
  const rows = await (tx ?? db).bookEntry.findMany({
    where: { carrierId, seq: { gt: after, lte: upTo } },
    orderBy: { seq: 'asc' },
    take: limit,
  })
  return rows.map((row) => ({
    seq: Number(row.seq),
    order: row.orderId,
    imei: row.imei,
    action: row.action,
    reason: row.reason,
    legalBasis: row.legalBasis,
    issuedAt: row.issuedAt.toISOString(),
    ...(row.expiresAt && { expiresAt: row.expiresAt.toISOString() }),
    ...(isTestImei(row.imei) && { drill: true as const }),
  }))
}

export interface LineState {
  readonly orderId: string
  readonly seq: bigint
  readonly imei: string
  readonly action: OrderAction
  readonly outcome: EntryOutcome | null
  readonly outcomeCode: string | null
}

/** The lines of locked orders, with what is known of them. */
export const linesOf = (tx: Tx, orderIds: readonly string[]): Promise<LineState[]> =>
  tx.bookEntry.findMany({
    where: { orderId: { in: [...orderIds] } },
    orderBy: { seq: 'asc' },
    select: { orderId: true, seq: true, imei: true, action: true, outcome: true, outcomeCode: true },
  })

export interface LineOutcome {
  readonly seq: bigint
  readonly outcome: EntryOutcome
  readonly code: string | null
  /** When the carrier says it acted. */
  readonly at: Instant
}

export async function saveOutcome(tx: Tx, carrierId: string, line: LineOutcome, now: Instant): Promise<void> {
  await tx.bookEntry.update({
    where: { carrierId_seq: { carrierId, seq: line.seq } },
    data: { outcome: line.outcome, outcomeCode: line.code, outcomeAt: line.at, recordedAt: now },
    select: { seq: true },
  })
}
