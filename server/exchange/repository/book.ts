import '#server-only'
import type { BookLine } from '#domain/exchange/book.ts'
import type { DeliveryWay } from '#domain/exchange/delivery.ts'
import type { EntryOutcome, OrderAction, OrderReason } from '#domain/exchange/order.ts'
import { isTestImei } from '#domain/imei/imei.ts'
import type { Instant } from '#domain/time.ts'
import { db, type Tx } from '#server/platform/db.ts'

interface NewLines {
  readonly id: string
  readonly carrierId: string
  readonly action: OrderAction
  readonly reason: OrderReason
  readonly legalBasis: string
  readonly issuedAt: Instant
  readonly expiresAt: Instant | null
}

/**
 * Adds an order's lines to its carrier's book, and answers how lines reach that carrier. Raising the head locks the carrier's row until the transaction
 * ends, so sequences appear in the order of commits and without a gap.
 */
export async function appendToBook(tx: Tx, order: NewLines, imeis: readonly string[]): Promise<DeliveryWay> {
  const { bookHead, way } = await tx.carrier.update({
    where: { id: order.carrierId },
    data: { bookHead: { increment: imeis.length } },
    select: { bookHead: true, way: true },
  })
  const { id, ...line } = order
  const first = bookHead - BigInt(imeis.length) + 1n
  await tx.bookEntry.createMany({
    data: imeis.map((imei, index) => ({ ...line, orderId: id, imei, seq: first + BigInt(index) })),
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
