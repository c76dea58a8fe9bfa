import '#server-only'
import type { Instant } from '#lib/time.ts'
import type { OrderFilter } from '../repository/order-keys.ts'
import { countGroups, findAmong } from '../repository/order-search.ts'
import { ORDER_GROUPS, type OrderCursor, type OrderGroup, writeOrderCursor } from '../rules/order-list.ts'
import type { GroupCounts, OrderSearch } from '../rules/order-search.ts'

const ORDERS_A_PAGE = 50

export interface OrdersQuery {
  /** The group to list; null lists all of them, failed and waiting orders first. */
  readonly group: OrderGroup | null
  readonly after: OrderCursor | null
  /** Filters the list by the search; null lists all. */
  readonly search: OrderSearch | null
}

export interface OrdersPage<T> {
  readonly orders: readonly T[]
  /** The number of matching orders in each group, counted up to 999 and one more. */
  readonly counts: GroupCounts
  /** More cases have the part of a number than are shown. */
  readonly more: boolean
  /** The cursor of the next page; null on the last. */
  readonly next: string | null
}

export const NO_ORDERS = {
  orders: [],
  counts: { failed: 0, waiting: 0, done: 0 },
  more: false,
  next: null,
} as const satisfies OrdersPage<never>

interface Walked {
  readonly id: string
  readonly issuedAt: Instant
  readonly dueAt: Instant
}

/**
 * Returns a page of a list of orders: what failed, then what is waiting with the longest due first, then what is done.
 *
 * @param own the carrier itself reads: what waits to be sent is not known to it
 */
export async function walkOrders<T extends Walked>(
  { group, after, search }: OrdersQuery,
  { carrierId, own }: { readonly carrierId: string | null; readonly own: boolean },
  read: (group: OrderGroup, page: Omit<OrderFilter, 'carrierId'>) => Promise<T[]>,
): Promise<OrdersPage<T>> {
  const among = search && (await findAmong(search, own ? carrierId : null))
  const groups = ORDER_GROUPS.filter((one) => group === null || one === group)
  const from = after ? groups.indexOf(after.group) : 0
  const found: { group: OrderGroup; order: T }[] = []
  for (const one of groups.slice(Math.max(from, 0))) {
    const limit = ORDERS_A_PAGE + 1 - found.length
    if (limit <= 0) break
    const rest = await read(one, { found: among, after: after?.group === one ? after : null, limit })
    found.push(...rest.map((order) => ({ group: one, order })))
  }
  const shown = found.slice(0, ORDERS_A_PAGE)
  const last = shown.at(-1)
  return {
    orders: shown.map(({ order }) => order),
    counts: await countGroups({ carrierId, found: among }),
    more: among?.more ?? false,
    next: found.length > ORDERS_A_PAGE && last ? writeOrderCursor(cursorOf(last.group, last.order)) : null,
  }
}

const cursorOf = (group: OrderGroup, order: Walked): OrderCursor => ({
  group,
  at: group === 'done' ? order.issuedAt : order.dueAt,
  id: order.id,
})
