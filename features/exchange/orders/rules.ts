import { CITY } from '#cities/city.ts'
import { readCharacters } from '#lib/crockford.ts'
import { type Cursor, readCursor, writeCursor } from '#lib/cursor.ts'
import { luhnDigit } from '#lib/imei/imei.ts'
import { compactCode } from '#lib/text-normalization.ts'
import { MINUTE } from '#lib/time.ts'
import { isUuid } from '#lib/uuid.ts'
import { isDone } from '../results/rules.ts'

/**
 * The actions that a carrier is told to take with an IMEI, and the codes that say why (docs/interface.md, "Interfaces
 * for programs").
 */
export const ORDER_ACTIONS = ['block', 'unblock', 'watch'] as const
export type OrderAction = (typeof ORDER_ACTIONS)[number]

/** The names of the carriers that were exempted, from a case's block and from its end. */
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

/** Returns why an order failed; `rejected` where the carrier gave no code, or one of its own without words here. */
export const failureOf = (code: string | null | undefined): (typeof FAILURE_CODES)[number] | 'rejected' =>
  FAILURE_CODES.find((known) => known === code) ?? 'rejected'

/** The state of one carrier's order as the citizen sees it: an unblock order that was applied reads `lifted`. */
export type CarrierState = Exclude<OrderState, 'superseded' | 'cancelled'> | 'lifted'

/** The relay's list in the order in which it asks for attention. */
export const ORDER_GROUPS = ['failed', 'waiting', 'done'] as const
export type OrderGroup = (typeof ORDER_GROUPS)[number]
export const isOrderGroup = (text: string): text is OrderGroup => ORDER_GROUPS.some((group) => group === text)

/**
 * The relay's lists across the groups: exemptions that wait for a second person, and what carriers are late with. Both are
 * short.
 */
export const ORDER_LISTS = ['exempt', 'late'] as const
export type OrderList = (typeof ORDER_LISTS)[number]
export const isOrderList = (text: string): text is OrderList => ORDER_LISTS.some((list) => list === text)

export const STATES_OF: Readonly<Record<OrderGroup, readonly OrderState[]>> = {
  failed: ['failed'],
  waiting: ['queued', 'sent', 'acknowledged'],
  done: ['applied', 'exempt', 'superseded', 'cancelled'],
}

/** Tells whether nothing has come of an order yet: it can be exempted. */
export const isOrderOpen = (state: OrderState): boolean => !STATES_OF.done.includes(state)

/** Tells whether the carrier owes an answer. */
export const isAnswerable = (state: OrderState): boolean => isOrderOpen(state) && state !== 'queued'

/** The last order of a page; `at` is when it is due, and for a group that is done, when it was issued. */
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

/** The text typed into the search of a list of orders, once read. */
export type OrderSearch =
  | { readonly by: 'order'; readonly id: string }
  /** 15 digits with the right check digit, as orders have them. */
  | { readonly by: 'imei'; readonly imei: string }
  /** Characters of a case's number that stand together, without its prefix and hyphens. */
  | { readonly by: 'number'; readonly part: string }
  /** Nothing that an order can be found by. */
  | { readonly by: 'nothing' }

/** Counting stops here: no reader goes on to the thousandth. */
export const COUNTED_UP_TO = 999

/** Counts the orders in each group, none above one more than {@link COUNTED_UP_TO}. */
export type GroupCounts = Readonly<Record<OrderGroup, number>>

/** The fewest characters of a case's number that are looked for: fewer would find a tenth of all cases. */
const FEWEST_CHARACTERS = 4
/** The characters of a case's number without its prefix: eight and the check character. */
const NUMBER_LENGTH = 9
const PREFIX = CITY.number_prefix
const MAX_SEARCH_LENGTH = 100

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
const IMEI = /^\d{14,16}$/

/**
 * Reads what a person looks for: the id of an order, an IMEI as networks write it (14 digits, 15 with any check digit, or 16), or a
 * part of a case's number. Null where nothing was typed.
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
  // The prefix may itself be a part of a number: it is one where a hyphen or more than a part follows it.
  const prefixed =
    new RegExp(`^\\s*${PREFIX}[\\s.–-]`, 'i').test(text) ||
    (characters.startsWith(PREFIX) && characters.length >= PREFIX.length + FEWEST_CHARACTERS)
  const part = prefixed ? characters.slice(PREFIX.length) : characters
  return new RegExp(`^[0-9A-HJKMNP-TV-Z]{${FEWEST_CHARACTERS},${NUMBER_LENGTH}}$`).test(part) ? part : null
}

/** Returns every four characters of a part that stand together, as the index has them. */
export const gramsOf = (part: string): string[] =>
  Array.from({ length: part.length - FEWEST_CHARACTERS + 1 }, (_, at) =>
    part.slice(at, at + FEWEST_CHARACTERS),
  )

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
      order.action !== 'unblock' &&
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

/** The most orders that one press acts on: a page of the list. */
export const MOST_ORDERS_AT_ONCE = 50

/** Lists the acts on several orders at once. Each order is checked by the rules for one. */
const BULK_ACTS = ['retry', 'exempt'] as const
export const isBulkAct = (text: string): text is (typeof BULK_ACTS)[number] =>
  BULK_ACTS.some((act) => act === text)

/** Reads the ids of chosen orders from an address: each once, and no more than one press may act on. */
export const readChosen = (sent: string | readonly string[] | undefined): string[] =>
  [...new Set([sent ?? []].flat())].filter(isUuid).slice(0, MOST_ORDERS_AT_ONCE)
