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

export async function findLetter(id: string, tx: Tx = db): Promise<Letter | null> {
  const row = await tx.carrierLetter.findUnique({ where: { id }, omit: WITHOUT_PDF })
  return row && letterOf(row)
}

/** Counts the unanswered lines of letters, and finds the earliest due time of their open orders. */
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

/** Returns the letters of orders, each once, in the order of their lines; null for lines in no letter. */
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
 * SQL condition for an order `o` that is with the relay: it is queued, or its carrier gets letters and one of its lines is in no
 * letter that was handed over. Such a delay is not the carrier's.
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
  /** Lines in no letter yet, and when the first of them was issued. */
  readonly waiting: number
  readonly since: Instant | null
}

export const findCarriersOnPaper = (): Promise<OnPaper[]> =>
  db.$queryRaw<OnPaper[]>`
    SELECT carrier.id AS "carrierId", carrier.name, (carrier.book_head - had.up_to)::int AS waiting,
      (SELECT issued_at FROM book_entries WHERE carrier_id = carrier.id AND seq = had.up_to + 1) AS since
    FROM carriers carrier, LATERAL (
      SELECT greatest(carrier.acked_seq, (SELECT max(up_to) FROM carrier_letters WHERE carrier_id = carrier.id)) AS up_to
    ) had
    WHERE carrier.way = 'letter' ORDER BY carrier.ordinal`

export type LetterLine = Awaited<ReturnType<typeof letterLines>>[number]

const LETTERS_A_PAGE = 30

export const letterFor = async (actor: StaffActor, id: string): Promise<Letter | null> =>
  may(actor.role, 'order:read') ? findLetter(id) : null

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

export const carriersOnPaper = async (actor: StaffActor): Promise<OnPaper[]> =>
  may(actor.role, 'order:read') ? findCarriersOnPaper() : []

/** Checks whether the carrier may have received the lines of a letter not handed over in another way. */
export const letterIsVoid = async (letter: Letter): Promise<boolean> =>
  letter.handedOn === null && (await cameOtherwise(letter))

/** Returns a letter's PDF; null until it is drawn. */
export const letterPdf = async ({ id }: Letter): Promise<Uint8Array<ArrayBuffer> | null> =>
  (await db.carrierLetter.findUnique({ where: { id }, select: { pdf: true } }))?.pdf ?? null

/** Returns a letter's annex as CSV, rebuilt from the book. Throws if it differs from the printed checksum. */
export async function letterAnnex(letter: Letter): Promise<string> {
  const annex = annexOf(await linesAfter(letter.carrierId, letter.after, letter.upTo, letter.rows))
  if (createHash('sha256').update(annex).digest('hex') !== letter.annexSha256)
    throw new Error('the book says something else than a letter of it')
  return annex
}

export interface PaperWay extends WayOnPaper {
  readonly letters: readonly (LetterNumber & { readonly id: string })[]
}

/**
 * Returns orders with their true state: an order on paper is in the book from the start, but counts as sent only with its letter.
 * `paper` is null for other orders.
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
 * Checks whether a letter's lines may have reached the carrier another way: it gets no letters any more, or has acknowledged some
 * of the lines.
 */
export async function cameOtherwise({ carrierId, after }: LetterSpan, tx: Tx = db): Promise<boolean> {
  const carrier = await tx.carrier.findUniqueOrThrow({
    where: { id: carrierId },
    select: { way: true, ackedSeq: true },
  })
  return wayOf(carrier.way).sentBy !== 'relay' || Number(carrier.ackedSeq) > after
}
