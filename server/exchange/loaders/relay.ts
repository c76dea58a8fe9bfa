import '#server-only'
import { ORDER_GROUPS, type OrderCursor, type OrderGroup, writeCursor } from '#domain/exchange/order-list.ts'
import type { Instant } from '#domain/time.ts'
import { type CarrierSummary, carrierNames, carrierSummaries } from '../repository/carriers.ts'
import {
  type OpenCounts,
  type OrderRow,
  openCounts,
  orderDetail,
  ordersOfGroup,
} from '../repository/relay.ts'

export type { OrderDetail, OrderRow } from '../repository/relay.ts'
export { carrierNames, orderDetail }

const ORDERS_A_PAGE = 50

export interface OrdersQuery {
  /** One group alone; all of them, failed and waiting first, without it. */
  readonly group: OrderGroup | null
  readonly carrierId: string | null
  readonly after: OrderCursor | null
}

export interface OrdersPage {
  readonly orders: readonly OrderRow[]
  /** The cursor of the next page; null on the last. */
  readonly next: string | null
}

/** A page of the relay's list: what failed, then what is waiting with the longest due first, then what is done. */
export async function ordersPage({ group, carrierId, after }: OrdersQuery): Promise<OrdersPage> {
  const groups = ORDER_GROUPS.filter((one) => group === null || one === group)
  const from = after ? groups.indexOf(after.group) : 0
  const found: { group: OrderGroup; order: OrderRow }[] = []
  for (const one of groups.slice(Math.max(from, 0))) {
    const limit = ORDERS_A_PAGE + 1 - found.length
    if (limit <= 0) break
    const rest = await ordersOfGroup(one, { carrierId, after: after?.group === one ? after : null, limit })
    found.push(...rest.map((order) => ({ group: one, order })))
  }
  const shown = found.slice(0, ORDERS_A_PAGE)
  const last = shown.at(-1)
  return {
    orders: shown.map(({ order }) => order),
    next: found.length > ORDERS_A_PAGE && last ? writeCursor(cursorOf(last.group, last.order)) : null,
  }
}

const cursorOf = (group: OrderGroup, order: OrderRow): OrderCursor => ({
  group,
  at: group === 'done' ? order.issuedAt : order.dueAt,
  id: order.id,
})

export type CarrierStanding = CarrierSummary & Omit<OpenCounts, 'carrierId'>

/** Every carrier: how far it has read its book, and what is open, failed and late. */
export async function carrierStandings(now: Instant): Promise<CarrierStanding[]> {
  const [carriers, counts] = await Promise.all([carrierSummaries(), openCounts(now)])
  const open = new Map(counts.map(({ carrierId, ...rest }) => [carrierId, rest]))
  return carriers.map((carrier) => ({
    ...carrier,
    ...(open.get(carrier.id) ?? { waiting: 0, failed: 0, late: 0, veryLate: 0, oldest: null }),
  }))
}
