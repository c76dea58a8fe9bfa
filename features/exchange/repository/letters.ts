import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { db, sql, type Tx } from '#platform/db.ts'
import type { Handover, LetterFacts, LetterNumber, WayOnPaper } from '../rules/letter.ts'
import { wayOf } from '../rules/ways.ts'

/** Returns up to where a carrier has its book, on paper or otherwise: the next letter begins after it. */
export async function letteredUpTo(tx: Tx, carrierId: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ upTo: bigint }[]>`
    SELECT greatest(acked_seq, (SELECT max(up_to) FROM carrier_letters WHERE carrier_id = carrier.id)) AS "upTo"
    FROM carriers carrier WHERE id = ${carrierId}`
  return Number(row?.upTo ?? 0)
}

/**
 * Returns up to where a carrier has every letter: a letter that arrived says nothing of an earlier one that has not. Null
 * where the first is still on its way. Call with the carrier locked.
 */
export async function receivedUpTo(tx: Tx, carrierId: string): Promise<number | null> {
  const [row] = await tx.$queryRaw<{ upTo: bigint | null }[]>`
    SELECT max(letter.up_to) AS "upTo" FROM carrier_letters letter JOIN carriers c ON c.id = letter.carrier_id
    WHERE letter.carrier_id = ${carrierId} AND letter.received_on IS NOT NULL AND NOT EXISTS (
      SELECT FROM carrier_letters missing
      WHERE missing.carrier_id = letter.carrier_id AND missing.received_on IS NULL
        AND missing.up_to > c.acked_seq AND missing.up_to < letter.up_to
    )`
  return row?.upTo == null ? null : Number(row.upTo)
}

/** Takes the next number of a year, with the letter or not at all: nobody else takes one meanwhile. */
export async function nextLetterNumber(tx: Tx, year: number): Promise<LetterNumber> {
  const [row] = await tx.$queryRaw<{ last: number }[]>`
    INSERT INTO letter_counters (year, last) VALUES (${year}, 1)
    ON CONFLICT (year) DO UPDATE SET last = letter_counters.last + 1 RETURNING last`
  return { year, ordinal: row?.last ?? 0 }
}

export interface NewLetter extends LetterNumber {
  readonly id: string
  readonly carrierId: string
  readonly after: number
  readonly upTo: number
  readonly rows: number
  readonly facts: LetterFacts
  readonly annexSha256: string
  readonly madeAt: Instant
  readonly madeById: string | null
}

export async function insertLetter(tx: Tx, letter: NewLetter): Promise<void> {
  await tx.carrierLetter.create({
    data: { ...letter, facts: { ...letter.facts } as object },
    select: { id: true },
  })
}

export interface Letter extends NewLetter {
  /** Null until it is drawn. */
  readonly pdfSha256: string | null
  readonly handedOn: string | null
  readonly handedBy: Handover | null
  readonly receivedOn: string | null
  readonly receivedAs: string | null
}

/** Everything but the drawing. */
const FIELDS = {
  id: true,
  carrierId: true,
  year: true,
  ordinal: true,
  after: true,
  upTo: true,
  rows: true,
  facts: true,
  annexSha256: true,
  madeAt: true,
  madeById: true,
  pdfSha256: true,
  handedOn: true,
  handedBy: true,
  receivedOn: true,
  receivedAs: true,
} as const satisfies Prisma.CarrierLetterSelect

type Row = Prisma.CarrierLetterGetPayload<{ select: typeof FIELDS }>

const day = (date: Date | null): string | null => date?.toISOString().slice(0, 10) ?? null
const letterOf = (row: Row): Letter => ({
  ...row,
  after: Number(row.after),
  upTo: Number(row.upTo),
  facts: row.facts as unknown as LetterFacts,
  handedOn: day(row.handedOn),
  receivedOn: day(row.receivedOn),
})

export async function letterById(id: string): Promise<Letter | null> {
  const row = await db.carrierLetter.findUnique({ where: { id }, select: FIELDS })
  return row && letterOf(row)
}

/** Returns the same letter as {@link letterById}, locked until the transaction ends. */
export async function letterForUpdate(tx: Tx, id: string): Promise<Letter | null> {
  await tx.$queryRaw`SELECT 1 FROM carrier_letters WHERE id = ${id}::uuid FOR UPDATE`
  const row = await tx.carrierLetter.findUnique({ where: { id }, select: FIELDS })
  return row && letterOf(row)
}

export async function letterPdf(id: string): Promise<Uint8Array<ArrayBuffer> | null> {
  return (await db.carrierLetter.findUnique({ where: { id }, select: { pdf: true } }))?.pdf ?? null
}

/** Keeps a letter's drawing; false where another run was first. */
export async function saveDrawing(tx: Tx, id: string, pdf: Uint8Array, sha256: string): Promise<boolean> {
  const data = { pdf: new Uint8Array(pdf), pdfSha256: sha256 }
  return (await tx.carrierLetter.updateMany({ where: { id, pdfSha256: null }, data })).count === 1
}

export async function saveHandover(tx: Tx, id: string, on: string, by: Handover): Promise<void> {
  const data = { handedOn: new Date(on), handedBy: by }
  await tx.carrierLetter.update({ where: { id }, data, select: { id: true } })
}

export async function saveReceipt(tx: Tx, id: string, on: string, as: string | null): Promise<void> {
  const data = { receivedOn: new Date(on), receivedAs: as }
  await tx.carrierLetter.update({ where: { id }, data, select: { id: true } })
}

export interface ListedLetter extends Letter {
  readonly unanswered: number
  /** When the first of its orders that are open is due. */
  readonly dueAt: Instant | null
}

/** Returns a page of letters, the newest first, each with its unanswered lines and the first due time. */
export async function lettersPage(before: LetterNumber | null, limit: number): Promise<ListedLetter[]> {
  const rows = await db.carrierLetter.findMany({
    where: before
      ? {
          year: { lte: before.year },
          OR: [{ year: { lt: before.year } }, { year: before.year, ordinal: { lt: before.ordinal } }],
        }
      : {},
    orderBy: [{ year: 'desc' }, { ordinal: 'desc' }],
    take: limit,
    select: FIELDS,
  })
  const open = new Map((await openOf(rows.map(({ id }) => id))).map(({ id, ...rest }) => [id, rest]))
  return rows.map((row) => ({ ...letterOf(row), ...(open.get(row.id) ?? { unanswered: 0, dueAt: null }) }))
}

const openOf = (ids: readonly string[]) =>
  db.$queryRaw<{ id: string; unanswered: number; dueAt: Instant | null }[]>`
    SELECT letter.id, open.unanswered, open."dueAt" FROM carrier_letters letter, LATERAL (
      SELECT count(*) FILTER (WHERE line.outcome IS NULL)::int AS unanswered,
        min(o.due_at) FILTER (WHERE o.state IN ('queued', 'sent', 'acknowledged', 'failed')) AS "dueAt"
      FROM book_entries line JOIN carrier_orders o ON o.id = line.order_id
      WHERE line.carrier_id = letter.carrier_id AND line.seq > letter.after AND line.seq <= letter.up_to
    ) open
    WHERE letter.id = ANY(${[...ids]}::uuid[])`

export interface OrderLetter {
  readonly orderId: string
  readonly letter: (LetterNumber & WayOnPaper & { readonly id: string }) | null
}

/**
 * Returns the letters that orders stand in, each once in the order of its lines; a null for lines that stand in none.
 */
export const lettersOfOrders = async (orderIds: readonly string[], tx: Tx = db): Promise<OrderLetter[]> =>
  orderIds.length === 0
    ? []
    : tx.$queryRaw<OrderLetter[]>`
    SELECT line.order_id AS "orderId", letter.facts AS letter
    FROM book_entries line LEFT JOIN LATERAL (
      SELECT up_to, jsonb_build_object('id', id, 'year', year, 'ordinal', ordinal,
        'handedOn', handed_on, 'receivedOn', received_on) AS facts
      FROM carrier_letters WHERE carrier_id = line.carrier_id AND after < line.seq
      ORDER BY after DESC LIMIT 1
    ) letter ON letter.up_to >= line.seq
    WHERE line.order_id = ANY(${[...orderIds]}::uuid[])
    GROUP BY line.order_id, letter.facts ORDER BY line.order_id, min(line.seq)`

/**
 * Condition for an order `o` that is with the relay: it is queued, or its carrier gets letters and one of its lines is
 * in no letter that was handed over. Such a delay is not the carrier's.
 */
export const WITH_RELAY = sql`(o.state = 'queued' OR o.state = 'sent'
  AND o.carrier_id IN (SELECT id FROM carriers WHERE way = 'letter')
  AND EXISTS (
    SELECT 1 FROM book_entries line
    WHERE line.order_id = o.id AND NOT coalesce((
      SELECT up_to >= line.seq AND handed_on IS NOT NULL FROM carrier_letters
      WHERE carrier_id = line.carrier_id AND after < line.seq ORDER BY after DESC LIMIT 1
    ), false)
  ))`

export type LetterSpan = Pick<Letter, 'carrierId' | 'after' | 'upTo'>

/** Returns a letter's lines with what the carrier said of each. */
export const letterLines = ({ carrierId, after, upTo }: LetterSpan, tx?: Tx) =>
  (tx ?? db).bookEntry.findMany({
    where: { carrierId, seq: { gt: after, lte: upTo } },
    orderBy: { seq: 'asc' },
    select: {
      seq: true,
      orderId: true,
      imei: true,
      action: true,
      reason: true,
      issuedAt: true,
      outcome: true,
      outcomeCode: true,
      outcomeAt: true,
    },
  })

export interface OnPaper {
  readonly carrierId: string
  readonly name: string
  /** Lines that stand in no letter, and since when the first does. */
  readonly waiting: number
  readonly since: Instant | null
}

/** Returns the carriers that get letters, with what waits for one. */
export const carriersOnPaper = (): Promise<OnPaper[]> =>
  db.$queryRaw<OnPaper[]>`
    SELECT carrier.id AS "carrierId", carrier.name, (carrier.book_head - had.up_to)::int AS waiting,
      (SELECT issued_at FROM book_entries WHERE carrier_id = carrier.id AND seq = had.up_to + 1) AS since
    FROM carriers carrier, LATERAL (
      SELECT greatest(carrier.acked_seq, (SELECT max(up_to) FROM carrier_letters WHERE carrier_id = carrier.id)) AS up_to
    ) had
    WHERE carrier.way = 'letter' ORDER BY carrier.ordinal`

/** Returns the carrier's name; null unless it gets its orders by letter. */
export async function nameOnPaper(tx: Tx, carrierId: string): Promise<string | null> {
  const row = await tx.carrier.findUnique({ where: { id: carrierId }, select: { name: true, way: true } })
  return row && wayOf(row.way).sentBy === 'relay' ? row.name : null
}

/** Returns up to 100 letters that are not drawn, the oldest first: a worker died before, or has not come to it. */
export async function undrawnLetters(): Promise<string[]> {
  const rows = await db.carrierLetter.findMany({
    where: { pdfSha256: null },
    orderBy: [{ madeAt: 'asc' }, { id: 'asc' }],
    take: 100,
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}
