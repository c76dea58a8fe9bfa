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

/** The last order of a page: the next page begins after it. */
export interface OrderCursor {
  readonly group: OrderGroup
  /** When it is due; for a group that is done, when it was issued. */
  readonly at: Date
  readonly id: string
}

export const writeCursor = ({ group, at, id }: OrderCursor): string => `${group}.${at.getTime()}.${id}`

/** Reads a cursor from an address; null for anything that {@link writeCursor} did not make. */
export function readCursor(text: string | undefined): OrderCursor | null {
  const [, group = '', at = '', id = ''] = /^(\w+)\.(\d{1,14})\.([0-9a-f-]{36})$/.exec(text ?? '') ?? []
  return isOrderGroup(group) && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
    ? { group, at: new Date(Number(at)), id }
    : null
}
