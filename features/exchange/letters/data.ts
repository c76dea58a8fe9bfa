import '#server-only'
import { createHash } from 'node:crypto'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { db, sql, type Tx } from '#platform/db.ts'
import { linesAfter } from '../book/data.ts'
import { type DeliveryWay, wayOf } from '../delivery/rules.ts'
import type { OrderState } from '../orders/rules.ts'
import {
  annexOf,
  type LetterFacts,
  type LetterNumber,
  stateOnPaper,
  type WayOnPaper,
  wayOnPaper,
  writeLetterCursor,
} from './rules.ts'

/** Everything but the drawing. */
const WITHOUT_PDF = { pdf: true } as const satisfies Prisma.CarrierLetterOmit
const day = (date: Date | null): string | null => date?.toISOString().slice(0, 10) ?? null
export type Letter = ReturnType<typeof letterOf>
const letterOf = (row: Prisma.CarrierLetterGetPayload<{ omit: typeof WITHOUT_PDF }>) => ({
  ...row,
  after: Number(row.after),
  upTo: Number(row.upTo),
  facts: row.facts as unknown as LetterFacts,
  handedOn: day(row.handedOn),
  receivedOn: day(row.receivedOn),
})

export async function findLetter(id: string): Promise<Letter | null> {
  const row = await db.carrierLetter.findUnique({ where: { id }, omit: WITHOUT_PDF })
  return row && letterOf(row)
}

/** Returns one letter, locked until the transaction ends. */
export async function lockLetter(tx: Tx, id: string): Promise<Letter | null> {
  await tx.$queryRaw`SELECT 1 FROM carrier_letters WHERE id = ${id}::uuid FOR UPDATE`
  const row = await tx.carrierLetter.findUnique({ where: { id }, omit: WITHOUT_PDF })
  return row && letterOf(row)
}

/** Counts the unanswered lines of letters, with when the first of their orders that are open is due. */
const findOpen = (ids: readonly string[]) =>
  db.$queryRaw<{ id: string; unanswered: number; dueAt: Instant | null }[]>`
    SELECT letter.id, open.unanswered, open."dueAt" FROM carrier_letters letter, LATERAL (
      SELECT count(*) FILTER (WHERE line.outcome IS NULL)::int AS unanswered,
        min(o.due_at) FILTER (WHERE o.state IN ('queued', 'sent', 'acknowledged', 'failed')) AS "dueAt"
      FROM book_entries line JOIN carrier_orders o ON o.id = line.order_id
      WHERE line.carrier_id = letter.carrier_id AND line.seq > letter.after AND line.seq <= letter.up_to
    ) open
    WHERE letter.id = ANY(${[...ids]}::uuid[])`

interface OrderLetter {
  readonly orderId: string
  readonly letter: (LetterNumber & WayOnPaper & { readonly id: string }) | null
}

/**
 * Returns the letters that orders stand in, each once in the order of its lines; a null for lines that stand in none.
 */
export const findLettersOfOrders = async (
  orderIds: readonly string[],
  tx: Tx = db,
): Promise<OrderLetter[]> =>
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

type LetterSpan = Pick<Letter, 'carrierId' | 'after' | 'upTo'>

/** Returns a letter's lines with what the carrier said of each. */
export const letterLines = ({ carrierId, after, upTo }: LetterSpan, tx: Tx = db) =>
  tx.bookEntry.findMany({
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
export const findCarriersOnPaper = (): Promise<OnPaper[]> =>
  db.$queryRaw<OnPaper[]>`
    SELECT carrier.id AS "carrierId", carrier.name, (carrier.book_head - had.up_to)::int AS waiting,
      (SELECT issued_at FROM book_entries WHERE carrier_id = carrier.id AND seq = had.up_to + 1) AS since
    FROM carriers carrier, LATERAL (
      SELECT greatest(carrier.acked_seq, (SELECT max(up_to) FROM carrier_letters WHERE carrier_id = carrier.id)) AS up_to
    ) had
    WHERE carrier.way = 'letter' ORDER BY carrier.ordinal`

/** Returns up to 100 letters that are not drawn, the oldest first: a worker died before, or has not come to it. */
export async function findUndrawnLetters(): Promise<string[]> {
  const rows = await db.carrierLetter.findMany({
    where: { pdfSha256: null },
    orderBy: [{ madeAt: 'asc' }, { id: 'asc' }],
    take: 100,
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}

export type LetterLine = Awaited<ReturnType<typeof letterLines>>[number]

const LETTERS_A_PAGE = 30

/** Returns one letter, for the relay; or null. */
export const letterFor = async (actor: StaffActor, id: string): Promise<Letter | null> =>
  may(actor.role, 'order:read') ? findLetter(id) : null

/** Returns a page of letters, the newest first, each with its unanswered lines and the first due time. */
export async function listLetters(actor: StaffActor, before: LetterNumber | null) {
  if (!may(actor.role, 'order:read')) return { letters: [], next: null }
  const found = await db.carrierLetter.findMany({
    where: before
      ? {
          year: { lte: before.year },
          OR: [{ year: { lt: before.year } }, { year: before.year, ordinal: { lt: before.ordinal } }],
        }
      : {},
    orderBy: [{ year: 'desc' }, { ordinal: 'desc' }],
    take: LETTERS_A_PAGE + 1,
    omit: WITHOUT_PDF,
  })
  const shown = found.slice(0, LETTERS_A_PAGE)
  const open = new Map((await findOpen(shown.map(({ id }) => id))).map(({ id, ...rest }) => [id, rest]))
  const last = shown.at(-1)
  return {
    letters: shown.map((row) => ({
      ...letterOf(row),
      ...(open.get(row.id) ?? { unanswered: 0, dueAt: null }),
    })),
    next: found.length > LETTERS_A_PAGE && last ? writeLetterCursor(last) : null,
  }
}
export type ListedLetter = Awaited<ReturnType<typeof listLetters>>['letters'][number]

/** Returns each carrier on paper, and what stands in no letter of it yet, for the relay. */
export const carriersOnPaper = async (actor: StaffActor): Promise<OnPaper[]> =>
  may(actor.role, 'order:read') ? findCarriersOnPaper() : []

/** Tells whether lines of a letter that nobody has handed over may have reached the carrier another way. */
export const letterIsVoid = async (letter: Letter): Promise<boolean> =>
  letter.handedOn === null && (await cameOtherwise(letter))

/** Returns a letter as it was drawn; null until it is. */
export const letterPdf = async ({ id }: Letter): Promise<Uint8Array<ArrayBuffer> | null> =>
  (await db.carrierLetter.findUnique({ where: { id }, select: { pdf: true } }))?.pdf ?? null

/** Returns a letter's annex as CSV: made again from the book, and nothing else than what its printed checksum says. */
export async function letterAnnex(letter: Letter): Promise<string> {
  const annex = annexOf(await linesAfter(letter.carrierId, letter.after, letter.upTo, letter.rows))
  if (createHash('sha256').update(annex).digest('hex') !== letter.annexSha256)
    throw new Error('the book says something else than a letter of it')
  return annex
}

/** The way of an order on paper, with the letters that its lines stand in. */
export interface PaperWay extends WayOnPaper {
  readonly letters: readonly (LetterNumber & { readonly id: string })[]
}

/**
 * Returns orders as they stand in truth: what goes on paper is in the book from the start, and is sent when its letter
 * is. `paper` is null for what went another way.
 */
export async function asOnPaper<
  T extends {
    readonly id: string
    readonly state: OrderState
    readonly carrier: { readonly way: DeliveryWay }
  },
>(orders: readonly T[], tx?: Tx): Promise<(T & { readonly paper: PaperWay | null })[]> {
  const lines = Map.groupBy(
    await findLettersOfOrders(
      orders.map(({ id }) => id),
      tx,
    ),
    ({ orderId }) => orderId,
  )
  return orders.map((order) => {
    const stands = lines.get(order.id) ?? []
    const letters = stands.flatMap(({ letter }) => letter ?? [])
    const waits = order.state === 'sent' && wayOf(order.carrier.way).sentOnce === 'handed_over'
    if (letters.length === 0 && !waits) return { ...order, paper: null }
    const way = wayOnPaper(stands.map(({ letter }) => letter))
    return { ...order, state: waits ? stateOnPaper(way) : order.state, paper: { ...way, letters } }
  })
}

/**
 * Tells whether a letter's lines may have reached the carrier another way: it gets none by letter any more, or has
 * acknowledged some of them.
 */
export async function cameOtherwise({ carrierId, after }: LetterSpan, tx: Tx = db): Promise<boolean> {
  const carrier = await tx.carrier.findUniqueOrThrow({
    where: { id: carrierId },
    select: { way: true, ackedSeq: true },
  })
  return wayOf(carrier.way).sentBy !== 'relay' || Number(carrier.ackedSeq) > after
}
