import '#server-only'
import type { Instant } from '#lib/time.ts'
import { ORDER_GROUPS, type OrderCursor, type OrderGroup, writeCursor } from '../rules/order-list.ts'

const ORDERS_A_PAGE = 50

export interface OrdersQuery {
  /** One group alone; all of them, failed and waiting first, without it. */
  readonly group: OrderGroup | null
  readonly after: OrderCursor | null
}

export interface OrdersPage<T> {
  readonly orders: readonly T[]
  /** The cursor of the next page; null on the last. */
  readonly next: string | null
}

interface Walked {
  readonly id: string
  readonly issuedAt: Instant
  readonly dueAt: Instant
}

/**
 * Returns a page of a list of orders: what failed, then what is waiting with the longest due first, then what is done.
 */
export async function walkOrders<T extends Walked>(
  { group, after }: OrdersQuery,
  read: (group: OrderGroup, page: { after: OrderCursor | null; limit: number }) => Promise<T[]>,
): Promise<OrdersPage<T>> {
  const groups = ORDER_GROUPS.filter((one) => group === null || one === group)
  const from = after ? groups.indexOf(after.group) : 0
  const found: { group: OrderGroup; order: T }[] = []
  for (const one of groups.slice(Math.max(from, 0))) {
    const limit = ORDERS_A_PAGE + 1 - found.length
    if (limit <= 0) break
    const rest = await read(one, { after: after?.group === one ? after : null, limit })
    found.push(...rest.map((order) => ({ group: one, order })))
  }
  const shown = found.slice(0, ORDERS_A_PAGE)
  const last = shown.at(-1)
  return {
    orders: shown.map(({ order }) => order),
    next: found.length > ORDERS_A_PAGE && last ? writeCursor(cursorOf(last.group, last.order)) : null,
  }
}

const cursorOf = (group: OrderGroup, order: Walked): OrderCursor => ({
  group,
  at: group === 'done' ? order.issuedAt : order.dueAt,
  id: order.id,
})
