import { createHash, randomUUID } from 'node:crypto'
import type { AuditedAct } from '#features/audit/entries/acts.ts'
import { carrierDue } from '#features/cases/clocks/rules.ts'
import { CHAIN_START, caseText, lineText } from '#features/exchange/book/rules.ts'
import { rowText, stateAfter } from '#features/exchange/results/rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import type { GivenOrders } from './stage.ts'

export interface CarrierBook {
  readonly carrierId: string
  head: number
  chain: Buffer
  /** The blocks in force: reasons by IMEI. */
  readonly listed: Map<string, string>
  ackedAt: Instant | null
}

export interface OrderRows {
  readonly orders: Prisma.CarrierOrderCreateManyInput[]
  readonly lines: Prisma.BookEntryCreateManyInput[]
  readonly books: readonly CarrierBook[]
  readonly acts: AuditedAct[]
}

/** About how often a carrier asks for new lines. */
const HEARD_AFTER = MINUTE

/** Adds orders to every carrier's book, in the order in which they were given, with each answer. */
export function writeBooks(
  given: readonly GivenOrders[],
  carrierIds: readonly string[],
  legalBasis: string,
): OrderRows {
  const books = carrierIds.map(
    (carrierId): CarrierBook => ({
      carrierId,
      head: 0,
      chain: Buffer.from(CHAIN_START),
      listed: new Map(),
      ackedAt: null,
    }),
  )
  const rows: OrderRows = { orders: [], lines: [], books, acts: [] }
  for (const one of given.toSorted((a, b) => a.at.getTime() - b.at.getTime()))
    for (const book of books) addOrder(rows, book, one, legalBasis)
  return rows
}

function addOrder(
  { orders, lines, acts }: OrderRows,
  book: CarrierBook,
  { story, caseId, action, reason, at }: GivenOrders,
  legalBasis: string,
): void {
  const { carrierId } = book
  const answer = story.answers[action]?.[carrierId] ?? null
  const outcome = answer && (answer.failed ? 'rejected' : 'applied')
  const acknowledgedAt = addMilliseconds(at, HEARD_AFTER)
  const state = stateAfter(
    action,
    'acknowledged',
    story.imeis.map(() => outcome),
  )
  const id = randomUUID()
  const said = { carrierId, action, reason, legalBasis, issuedAt: at }
  orders.push({
    ...{ ...said, id, caseId, state, acknowledgedAt, dueAt: carrierDue(at) },
    ...{ settledAt: answer?.at ?? null, failureCode: answer?.failed ?? null },
  })
  const from = book.head
  for (const imei of story.imeis) {
    book.head += 1
    const line = { seq: book.head, order: id, imei, action, reason, legalBasis, issuedAt: at.toISOString() }
    const hash = sha256(lineText(line))
    book.chain = sha256(book.chain, hash)
    lines.push({
      ...{ ...said, seq: book.head, orderId: id, imei, outcome, outcomeCode: answer?.failed ?? null },
      ...{
        outcomeAt: answer?.at ?? null,
        recordedAt: answer?.at ?? null,
        chain: Uint8Array.from(book.chain),
      },
    })
    acts.push({
      ...{ actor: { kind: 'system' }, act: 'order.line', subject: { kind: 'order', id }, at },
      facts: {
        ...{ carrier: carrierId, seq: book.head, lineHash: hash.toString('hex') },
        caseHash: sha256(caseText(caseId, id)).toString('hex'),
      },
    })
    if (action === 'block') book.listed.set(imei, reason)
    else if (action === 'unblock') book.listed.delete(imei)
  }
  book.ackedAt = acknowledgedAt
  const actor = { kind: 'carrier', id: carrierId } as const
  acts.push({
    ...{ actor, act: 'carrier.acknowledge', subject: { kind: 'carrier', id: carrierId }, at: acknowledgedAt },
    facts: { from, upTo: book.head, orders: 1 },
  })
  if (answer)
    acts.push({
      ...{ actor, act: 'order.result', subject: { kind: 'order', id }, caseId, at: answer.at },
      facts: {
        ...{ from: 'acknowledged', to: state, lines: story.imeis.length },
        rowHashes: story.imeis.map((imei) => rowHash(id, imei, answer)).join(' '),
      },
    })
}

const rowHash = (
  order: string,
  imei: string,
  { failed = null, at }: { failed?: string | null; at: Instant },
) =>
  sha256(rowText(order, { imei, outcome: failed ? 'rejected' : 'applied', code: failed, at })).toString('hex')

const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
