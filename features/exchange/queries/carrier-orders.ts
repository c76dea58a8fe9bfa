import '#server-only'
import { type CarrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { asOnPaper, type Paper } from '../letters/data.ts'
import {
  carrierOrder,
  carrierOrdersOfGroup,
  type CarrierOrderDetail as StoredDetail,
  type CarrierOrderRow as StoredRow,
} from '../repository/carrier-orders.ts'
import { NO_ORDERS, type OrdersPage, type OrdersQuery, walkOrders } from './walk-orders.ts'

export type CarrierOrderRow = StoredRow & { readonly paper: Paper | null }
export type CarrierOrderDetail = StoredDetail & { readonly paper: Paper | null }

/** Returns a page of a carrier's orders as it reads them itself, with nothing of a case; none outside the scope. */
export async function carrierOrdersPage(
  scope: CarrierScope,
  carrierId: string,
  query: OrdersQuery,
): Promise<OrdersPage<CarrierOrderRow>> {
  if (!reachesCarrier(scope, carrierId)) return NO_ORDERS
  const page = await walkOrders(query, { carrierId, own: true }, (group, part) =>
    carrierOrdersOfGroup(group, { carrierId, ...part }),
  )
  return { ...page, orders: await asOnPaper(page.orders) }
}

/** Returns one order of a carrier, or null: outside the scope, of another carrier, or of a drill. */
export async function carrierOrderDetail(
  scope: CarrierScope,
  carrierId: string,
  orderId: string,
): Promise<CarrierOrderDetail | null> {
  const order = reachesCarrier(scope, carrierId) ? await carrierOrder(carrierId, orderId) : null
  return order && ((await asOnPaper([order]))[0] ?? null)
}
