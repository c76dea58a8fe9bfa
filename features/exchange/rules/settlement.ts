import { MINUTE } from '#lib/time.ts'
import { isDone } from '../results/rules.ts'
import type { EntryOutcome, OrderAction, OrderState } from './order.ts'

/** The facts of one of a case's orders that decide whether the carriers are done. */
export interface CaseOrder {
  readonly carrierId: string
  readonly action: OrderAction
  readonly state: OrderState
  /** Its place among the case's orders, in the order in which they were given. */
  readonly seq: number
  readonly outcomes: readonly (EntryOutcome | null)[]
  /** The numbers that it blocks or lifts, 15 digits each; none where it was cancelled before it went out. */
  readonly imeis: readonly string[]
}

/** Nothing more is waited for. */
const CLOSED: readonly OrderState[] = ['applied', 'exempt', 'superseded']

/**
 * Tells whether every carrier has done its part of a case's block or unblock; true where there is nothing to do. The
 * newest order of its kind counts: a block takes the place of the temporary one before it. Blocked: every order is
 * applied or exempt; one that was cancelled blocked nothing. Unblocked: every carrier that had the phone on its list
 * lifted it. A carrier that refused the block is told of the unblock too, so that its book comes out right, but the
 * case does not wait for its answer.
 */
export function isSettled(orders: readonly CaseOrder[], action: OrderAction): boolean {
  return orders.every(
    (order) =>
      order.action !== action ||
      isRepeated(orders, order) ||
      CLOSED.includes(order.state) ||
      (action === 'unblock' && !mayHaveBlocked(orders, order.carrierId)),
  )
}

/**
 * Tells whether a block is in force at any carrier, or may yet be: it was not lifted, or lifting it is not finished.
 * For a case that is over only its orders can tell that. Where another case has had the phone blocked since, this
 * case's block is over without being lifted.
 *
 * @param lastWord the carriers whose book has this case's block as the newest line on its phone
 */
export const standsAnywhere = (orders: readonly CaseOrder[], lastWord: ReadonlySet<string>): boolean =>
  !isSettled(orders, 'unblock') ||
  orders.some(
    ({ carrierId, action, state, seq }) =>
      action === 'block' &&
      (state === 'queued' || lastWord.has(carrierId)) &&
      mayHaveBlocked(orders, carrierId) &&
      !orders.some((other) => other.action === 'unblock' && other.carrierId === carrierId && other.seq > seq),
  )

/** Tells whether a carrier applied a line of the block, or may yet: it has not answered and is not exempted. */
function mayHaveBlocked(orders: readonly CaseOrder[], carrierId: string): boolean {
  return orders.some(
    (order) =>
      order.carrierId === carrierId &&
      order.action === 'block' &&
      (order.state === 'queued' ||
        order.outcomes.some((outcome) =>
          outcome === null ? order.state !== 'exempt' : isDone('block', outcome),
        )),
  )
}

/** Tells whether two of the relay withheld the block that a case waits for: nothing went out, and nothing will. */
export const isWithheld = (orders: readonly CaseOrder[]): boolean =>
  orders.some(
    (order) => order.action === 'block' && order.state === 'cancelled' && !isRepeated(orders, order),
  )

/**
 * Tells whether a later order of its kind replaces an order. A block replaces another only where it names all of its
 * numbers: where a case gets phones from others, one may be blocked at once and another wait, and the case waits for
 * both.
 */
const isRepeated = (orders: readonly CaseOrder[], { carrierId, action, seq, imeis }: CaseOrder): boolean =>
  orders.some(
    (later) =>
      later.carrierId === carrierId &&
      later.action === action &&
      later.seq > seq &&
      (action === 'unblock' || imeis.every((imei) => later.imeis.includes(imei))),
  )

const EPOCH = Date.UTC(2026, 0, 1)

/**
 * Returns the priority of settling a case; the greatest comes first. It is the time of its block or unblock order, in
 * seconds since the start of 2026, so that the newest order comes first. Where tens of thousands were ordered at once,
 * a case that is decided meanwhile does not wait for all of them.
 */
export const settlePriority = (issuedAt: Date): number =>
  Math.max(0, Math.floor((issuedAt.getTime() - EPOCH) / 1000))

/** Above every priority by time alone until 2057; until then the sum of both is a whole number of 31 bits. */
const OUTSIDE_CROWD = 1_000_000_000
/** At least this many orders, given within this many milliseconds of each other and answered together, are a crowd. */
const CROWD = { of: 10, within: 10 * MINUTE }

/**
 * Returns the priority of each order that a carrier answers together with others. An order outside a crowd comes before
 * all crowds, however old it is. By time alone, a case from before a flood of orders would wait until the flood is
 * over.
 */
export const settlePriorities = (issued: readonly Date[]): number[] =>
  issued.map((at) => {
    const near = issued.filter((other) => Math.abs(other.getTime() - at.getTime()) <= CROWD.within)
    return settlePriority(at) + (near.length < CROWD.of ? OUTSIDE_CROWD : 0)
  })
