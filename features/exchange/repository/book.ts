import '#server-only'
import { isTestImei } from '#lib/imei/imei.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { SentLine } from '../rules/interface.ts'
import type { EntryOutcome, OrderAction, OrderReason } from '../rules/order.ts'
import type { DeliveryWay } from '../rules/ways.ts'

interface NewLines {
  /** The order. */
  readonly id: string
  readonly carrierId: string
  readonly reason: OrderReason
  readonly legalBasis: string
  readonly issuedAt: Instant
  readonly expiresAt: Instant | null
  readonly imeis: readonly string[]
}

/**
 * Adds the lines of orders, either all blocks or all unblocks, to their carriers' books. The caller has locked the
 * carriers' rows, so that sequences are gapless and in the order of commits. Also keeps the number of phones on each
 * list in force, which takes too long to count on demand; numbers of drills are on no list. Returns how lines reach
 * each carrier.
 */
export async function appendToBook(
  tx: Tx,
  action: OrderAction,
  orders: readonly NewLines[],
): Promise<ReadonlyMap<string, DeliveryWay>> {
  const lines = orders.flatMap(({ id: orderId, imeis, carrierId, reason, legalBasis, issuedAt, expiresAt }) =>
    imeis.map((imei) => ({ orderId, imei, carrierId, action, reason, legalBasis, issuedAt, expiresAt })),
  )
  const [sign, wasListed] = action === 'block' ? [1, false] : [-1, true]
  const books = await tx.$queryRaw<{ carrierId: string; next: bigint; way: DeliveryWay }[]>`
    UPDATE carriers SET book_head = book_head + told.lines, blocklist_size = blocklist_size + ${sign}::int * told.changed
    FROM (
      SELECT line.carrier_id, count(*)::int AS lines,
        count(DISTINCT line.imei) FILTER (
          WHERE line.imei NOT LIKE '00%' AND ${wasListed} = coalesce(last.action = 'block', false)
        )::int AS changed
      FROM unnest(
        ${lines.map(({ carrierId }) => carrierId)}::text[], ${lines.map(({ imei }) => imei)}::bpchar[]
      ) AS line (carrier_id, imei)
      LEFT JOIN LATERAL (
        SELECT e.action FROM book_entries e WHERE e.carrier_id = line.carrier_id AND e.imei = line.imei
        ORDER BY e.seq DESC LIMIT 1
      ) last ON true
      GROUP BY line.carrier_id
    ) told
    WHERE id = told.carrier_id
    RETURNING id AS "carrierId", book_head - told.lines + 1 AS next, way::text`
  const next = new Map(books.map((book) => [book.carrierId, book.next]))
  const data = lines.map((line) => {
    const seq = next.get(line.carrierId)
    if (seq === undefined) throw new Error(`there is no carrier ${line.carrierId}`)
    next.set(line.carrierId, seq + 1n)
    return { ...line, seq }
  })
  await tx.bookEntry.createMany({ data })
  return new Map(books.map(({ carrierId, way }) => [carrierId, way]))
}

/**
 * Returns the IMEIs of a case whose last word in a carrier's book is this case's block, by carrier. Another case may
 * have blocked the phone since, where this one was rejected with its temporary block still in force: then that block
 * stands.
 */
export async function blockedInBooks(
  tx: Tx | undefined,
  carrierIds: readonly string[],
  caseId: string,
): Promise<ReadonlyMap<string, string[]>> {
  if (carrierIds.length === 0) return new Map()
  const rows = await (tx ?? db).$queryRaw<{ carrierId: string; imei: string }[]>`
    SELECT mine.carrier_id AS "carrierId", mine.imei
    FROM book_entries mine JOIN carrier_orders o ON o.id = mine.order_id
    WHERE o.case_id = ${caseId}::uuid AND o.carrier_id = ANY(${[...carrierIds]}) AND mine.action = 'block'
      AND NOT EXISTS (
        SELECT 1 FROM book_entries later
        WHERE later.carrier_id = mine.carrier_id AND later.imei = mine.imei AND later.seq > mine.seq
      )
    ORDER BY mine.seq`
  const byCarrier = new Map<string, string[]>()
  for (const { carrierId, imei } of rows)
    byCarrier.set(carrierId, [...(byCarrier.get(carrierId) ?? []), imei])
  return byCarrier
}

/**
 * Tells whether a later line of the same book is about one of this order's IMEIs: the order is then no longer in force.
 */
export async function isOvertaken(tx: Tx, orderId: string): Promise<boolean> {
  const later = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM book_entries mine
    JOIN book_entries theirs ON theirs.carrier_id = mine.carrier_id AND theirs.imei = mine.imei
      AND theirs.seq > mine.seq AND theirs.order_id <> mine.order_id
    WHERE mine.order_id = ${orderId}::uuid LIMIT 1`
  return later.length > 0
}

/** Returns the lines after a sequence and up to another, as the carrier reads them. */
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
  readonly expiresAt: Instant | null
  readonly outcome: EntryOutcome | null
  readonly outcomeCode: string | null
}

/** Returns the lines of locked orders, with their known outcomes. */
export const linesOf = (tx: Tx, orderIds: readonly string[]): Promise<LineState[]> =>
  tx.bookEntry.findMany({
    where: { orderId: { in: [...orderIds] } },
    orderBy: { seq: 'asc' },
    select: {
      orderId: true,
      seq: true,
      imei: true,
      action: true,
      expiresAt: true,
      outcome: true,
      outcomeCode: true,
    },
  })

export interface LineOutcome {
  readonly seq: bigint
  readonly outcome: EntryOutcome
  readonly code: string | null
  /** When the carrier says it acted. */
  readonly at: Instant
}

/** Writes lines' outcomes, those of one carrier's book. */
export async function saveOutcomes(
  tx: Tx,
  carrierId: string,
  lines: readonly LineOutcome[],
  now: Instant,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE book_entries line SET outcome = told.outcome::entry_outcome, outcome_code = told.code,
      outcome_at = told.at::timestamptz, recorded_at = ${now}::timestamptz
    FROM unnest(
      ${lines.map(({ seq }) => seq)}::bigint[], ${lines.map(({ outcome }) => outcome)}::text[],
      ${lines.map(({ code }) => code)}::text[], ${lines.map(({ at }) => at.toISOString())}::text[]
    ) AS told (seq, outcome, code, at)
    WHERE line.carrier_id = ${carrierId} AND line.seq = told.seq`
}
