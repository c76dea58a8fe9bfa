import { type Cursor, readCursor, writeCursor } from '#lib/cursor.ts'
import type { OrderState } from './order.ts'

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
export const isOpen = (state: OrderState): boolean => !STATES_OF.done.includes(state)

/** Tells whether the carrier owes an answer. */
export const isAnswerable = (state: OrderState): boolean => isOpen(state) && state !== 'queued'

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
