import '#server-only'
import { type CarrierScope, reachesCarrier } from '#domain/access/scope.ts'
import {
  type CarrierOrderDetail,
  type CarrierOrderRow,
  carrierOrder,
  carrierOrdersOfGroup,
} from '../repository/carrier-orders.ts'
import { type OrdersPage, type OrdersQuery, walkOrders } from './walk-orders.ts'

export type { CarrierOrderDetail, CarrierOrderRow } from '../repository/carrier-orders.ts'

/** A page of a carrier's orders as it reads them itself, with nothing of a case; none outside the scope. */
export async function carrierOrdersPage(
  scope: CarrierScope,
  carrierId: string,
  query: OrdersQuery,
): Promise<OrdersPage<CarrierOrderRow>> {
  if (!reachesCarrier(scope, carrierId)) return { orders: [], next: null }
  return walkOrders(query, (group, page) => carrierOrdersOfGroup(group, { carrierId, ...page }))
}

/** One order of a carrier, or null: outside the scope, of another carrier, or of a drill. */
export async function carrierOrderDetail(
  scope: CarrierScope,
  carrierId: string,
  orderId: string,
): Promise<CarrierOrderDetail | null> {
  return reachesCarrier(scope, carrierId) ? carrierOrder(carrierId, orderId) : null
}
