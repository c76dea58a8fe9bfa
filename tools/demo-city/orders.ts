import { randomUUID } from 'node:crypto'
import type { AuditedAct } from '#features/audit/entries/acts.ts'
import { carrierDue } from '#features/cases/clocks/rules.ts'
import { stateAfter } from '#features/exchange/results/rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import type { GivenOrders } from './stage.ts'

export interface CarrierBook {
  readonly carrierId: string
  head: number
  /** Reasons by IMEI: the list in force. */
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

/** Writes orders into every carrier's book, in the order in which they were given, with each answer. */
export function writeBooks(
  given: readonly GivenOrders[],
  carrierIds: readonly string[],
  legalBasis: string,
): OrderRows {
  const books = carrierIds.map(
    (carrierId): CarrierBook => ({ carrierId, head: 0, listed: new Map(), ackedAt: null }),
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
  const answer = story.answers[action][carrierId] ?? null
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
    lines.push({
      ...{ ...said, seq: book.head, orderId: id, imei, outcome, outcomeCode: answer?.failed ?? null },
      ...{ outcomeAt: answer?.at ?? null, recordedAt: answer?.at ?? null },
    })
    if (action === 'block') book.listed.set(imei, reason)
    else book.listed.delete(imei)
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
      facts: { from: 'acknowledged', to: state, lines: story.imeis.length },
    })
}
