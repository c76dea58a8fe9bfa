import { CITY } from '#cities/city.ts'
import { readCharacters } from '#lib/crockford.ts'
import { type Cursor, readCursor, writeCursor } from '#lib/cursor.ts'
import { luhnDigit } from '#lib/imei/imei.ts'
import { compactCode } from '#lib/text-normalization.ts'
import { MINUTE } from '#lib/time.ts'
import { isUuid } from '#lib/uuid.ts'
import { isDone } from '../results/rules.ts'

/**
 * The actions that a carrier is told to take on an IMEI, and the codes for their reasons (docs/interface.md, "Interfaces for
 * programs").
 */
export const ORDER_ACTIONS = ['block', 'unblock', 'watch'] as const
export type OrderAction = (typeof ORDER_ACTIONS)[number]

export type Exempted = Readonly<Record<Exclude<OrderAction, 'watch'>, readonly string[]>>

export const BLOCK_REASONS = ['robbed', 'snatched', 'stolen', 'lost', 'hold'] as const
export const UNBLOCK_REASONS = [
  'recovered',
  'withdrawn',
  'wrong',
  'expired',
  'other_claim',
  'appeal',
] as const
export type BlockReason = (typeof BLOCK_REASONS)[number]
export type UnblockReason = (typeof UNBLOCK_REASONS)[number]
export type OrderReason = BlockReason | UnblockReason

export const ORDER_STATES = [
  'queued',
  'sent',
  'acknowledged',
  'applied',
  'failed',
  'exempt',
  'superseded',
  'cancelled',
] as const
export type OrderState = (typeof ORDER_STATES)[number]

export const ENTRY_OUTCOMES = ['applied', 'already', 'rejected', 'not_found'] as const
export type EntryOutcome = (typeof ENTRY_OUTCOMES)[number]

export const REJECTION_CODES = ['invalid_imei', 'shared_imei', 'not_supported', 'technical'] as const
export type RejectionCode = (typeof REJECTION_CODES)[number]

const FAILURE_CODES = [...REJECTION_CODES, 'not_found'] as const

/** Returns why an order failed; `rejected` if the carrier gave no code, or one of its own without words here. */
export const failureOf = (code: string | null | undefined): (typeof FAILURE_CODES)[number] | 'rejected' =>
  FAILURE_CODES.find((known) => known === code) ?? 'rejected'

/** The state of a carrier's order as the citizen sees it: an applied unblock reads `lifted`. */
export type CarrierState = Exclude<OrderState, 'superseded' | 'cancelled'> | 'lifted'

/** The relay's groups, the most urgent first. */
export const ORDER_GROUPS = ['failed', 'waiting', 'done'] as const
export type OrderGroup = (typeof ORDER_GROUPS)[number]
export const isOrderGroup = (text: string): text is OrderGroup => ORDER_GROUPS.some((group) => group === text)

/**
 * The relay's lists across the groups: exemptions that wait for a second person, and overdue orders of carriers. Both are short.
 */
export const ORDER_LISTS = ['exempt', 'late'] as const
export type OrderList = (typeof ORDER_LISTS)[number]
export const isOrderList = (text: string): text is OrderList => ORDER_LISTS.some((list) => list === text)

export const STATES_OF: Readonly<Record<OrderGroup, readonly OrderState[]>> = {
  failed: ['failed'],
  waiting: ['queued', 'sent', 'acknowledged'],
  done: ['applied', 'exempt', 'superseded', 'cancelled'],
}

/** Checks whether an order is not done yet, so that it can be exempted. */
export const isOrderOpen = (state: OrderState): boolean => !STATES_OF.done.includes(state)

/** Checks whether the carrier owes an answer. */
export const isAnswerable = (state: OrderState): boolean => isOrderOpen(state) && state !== 'queued'

/** The last order of a page; `at` is when it is due, or for the done group when it was issued. */
export interface OrderCursor extends Cursor {
  readonly group: OrderGroup
}

export const writeOrderCursor = ({ group, ...cursor }: OrderCursor): string =>
  `${group}.${writeCursor(cursor)}`

/** Reads a cursor from an address; null for anything that {@link writeOrderCursor} did not make. */
export function readOrderCursor(text: string | undefined): OrderCursor | null {
  const [, group = '', rest] = /^(\w+)\.(.+)$/.exec(text ?? '') ?? []
  const cursor = readCursor(rest)
  return cursor && isOrderGroup(group) ? { group, ...cursor } : null
}

export type OrderSearch =
  | { readonly by: 'order'; readonly id: string }
  /** 15 digits with a valid check digit, as orders have them. */
  | { readonly by: 'imei'; readonly imei: string }
  /** Consecutive characters of a case's number, without prefix and hyphens. */
  | { readonly by: 'number'; readonly part: string }
  | { readonly by: 'nothing' }

/** Counting stops here: no reader goes on to the thousandth. */
export const COUNTED_UP_TO = 999

/** Orders in each group, each counted up to {@link COUNTED_UP_TO} plus one. */
export type GroupCounts = Readonly<Record<OrderGroup, number>>

/** The fewest characters of a case's number for a search: fewer would find a tenth of all cases. */
const FEWEST_CHARACTERS = 4
/** The characters of a case's number without its prefix: eight and the check character. */
const NUMBER_LENGTH = 9
const PREFIX = CITY.number_prefix
const MAX_SEARCH_LENGTH = 100

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
const IMEI = /^\d{14,16}$/

/**
 * Parses a search: an order's id, an IMEI as networks write it (14 digits, 15 with any check digit, or 16), or a part of a case's
 * number. Null if it is empty.
 *
 * @param withNumbers false for a carrier's people, who do not know of cases
 */
export function readOrderSearch(typed: string, withNumbers: boolean): OrderSearch | null {
  const text = typed.trim().slice(0, MAX_SEARCH_LENGTH)
  if (text === '') return null
  const compact = compactCode(text)
  if (UUID.test(text)) {
    const hex = text.replaceAll('-', '').toLowerCase()
    const cuts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)]
    return { by: 'order', id: cuts.join('-') }
  }
  if (IMEI.test(compact)) {
    const key = compact.slice(0, 14)
    return { by: 'imei', imei: key + luhnDigit(key) }
  }
  const part = withNumbers ? partOf(text) : null
  return part === null ? { by: 'nothing' } : { by: 'number', part }
}

function partOf(text: string): string | null {
  const characters = readCharacters(text)
  // The prefix may itself be part of a number. It counts as the prefix if a hyphen or a whole part follows it.
  const prefixed =
    new RegExp(`^\\s*${PREFIX}[\\s.–-]`, 'i').test(text) ||
    (characters.startsWith(PREFIX) && characters.length >= PREFIX.length + FEWEST_CHARACTERS)
  const part = prefixed ? characters.slice(PREFIX.length) : characters
  return new RegExp(`^[0-9A-HJKMNP-TV-Z]{${FEWEST_CHARACTERS},${NUMBER_LENGTH}}$`).test(part) ? part : null
}

/** Returns all four-character substrings of a part, as the index has them. */
export const gramsOf = (part: string): string[] =>
  Array.from({ length: part.length - FEWEST_CHARACTERS + 1 }, (_, at) =>
    part.slice(at, at + FEWEST_CHARACTERS),
  )

export interface CaseOrder {
  readonly carrierId: string
  readonly action: OrderAction
  readonly state: OrderState
  readonly seq: number
  readonly outcomes: readonly (EntryOutcome | null)[]
  /** The numbers that it blocks or lifts, 15 digits each; empty if it was cancelled before it went out. */
  readonly imeis: readonly string[]
}

const CLOSED: readonly OrderState[] = ['applied', 'exempt', 'superseded']

/**
 * Checks whether every carrier has done its part of a case's block or unblock; true if there is nothing to do. The newest order
 * of a kind counts: a block replaces the temporary one before it. A block is done if every order is applied or exempt; a
 * cancelled one blocked nothing. An unblock is done if every carrier that had the phone on its list lifted it. A carrier that
 * refused the block also gets the unblock, so that its book is right, but the case does not wait for its answer.
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
 * Checks whether a block is in force at any carrier, or may yet be: it was not lifted, or lifting is not finished. For a case
 * that is over only its orders can tell. If another case has blocked the phone since, this case's block is over without being
 * lifted.
 *
 * @param lastWord the carriers whose book has this case's block as the last line on its phone
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

/** Checks whether a carrier applied a line of the block, or may yet: it has not answered and is not exempt. */
function mayHaveBlocked(orders: readonly CaseOrder[], carrierId: string): boolean {
  return orders.some(
    (order) =>
      order.carrierId === carrierId &&
      order.action !== 'unblock' &&
      (order.state === 'queued' ||
        order.outcomes.some((outcome) =>
          outcome === null ? order.state !== 'exempt' : isDone('block', outcome),
        )),
  )
}

/** Checks whether two people of the relay withheld the block that a case waits for: nothing went out, and nothing will. */
export const isWithheld = (orders: readonly CaseOrder[]): boolean =>
  orders.some(
    (order) => order.action === 'block' && order.state === 'cancelled' && !isRepeated(orders, order),
  )

/**
 * Checks whether a later order of its kind replaces an order. A block replaces another only if it has all of its numbers. When a
 * case gets phones from others, one may be blocked at once and another wait, and the case waits for both.
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
 * Returns the priority of settling a case; the greatest comes first. It is the time of its block or unblock order, in seconds
 * since the start of 2026, so the newest order comes first. After tens of thousands of orders at once, a case decided meanwhile
 * does not wait for all of them.
 */
export const settlePriority = (issuedAt: Date): number =>
  Math.max(0, Math.floor((issuedAt.getTime() - EPOCH) / 1000))

/** Exceeds every priority by time alone until 2057; until then the sum of both fits 31 bits. */
const OUTSIDE_CROWD = 1_000_000_000
/** A crowd: at least this many orders, issued within this many milliseconds of each other and answered together. */
const CROWD = { of: 10, within: 10 * MINUTE }

/**
 * Returns the priority of each order that a carrier answers together with others. An order outside a crowd comes before all
 * crowds, however old it is. By time alone, a case from before a flood of orders would wait until the flood is over.
 */
export const settlePriorities = (issued: readonly Date[]): number[] =>
  issued.map((at) => {
    const near = issued.filter((other) => Math.abs(other.getTime() - at.getTime()) <= CROWD.within)
    return settlePriority(at) + (near.length < CROWD.of ? OUTSIDE_CROWD : 0)
  })

/** The most orders that one form acts on: a page of the list. */
export const MOST_ORDERS_AT_ONCE = 50

/** Acts on several orders at once. Each order is checked by the rules for one. */
const BULK_ACTS = ['retry', 'exempt'] as const
export const isBulkAct = (text: string): text is (typeof BULK_ACTS)[number] =>
  BULK_ACTS.some((act) => act === text)

/** Reads chosen order ids from an address, without duplicates and up to the most that one form may act on. */
export const readChosen = (sent: string | readonly string[] | undefined): string[] =>
  [...new Set([sent ?? []].flat())].filter(isUuid).slice(0, MOST_ORDERS_AT_ONCE)
