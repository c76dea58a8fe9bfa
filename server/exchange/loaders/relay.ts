import '#server-only'
import { type CarrierScope, reachesCarrier } from '#domain/access/scope.ts'
import type { Instant } from '#domain/time.ts'
import { type CarrierSummary, carrierNames, carrierSummaries } from '../repository/carriers.ts'
import {
  type OpenCounts,
  type OrderRow,
  openCounts,
  orderDetail,
  ordersOfGroup,
} from '../repository/relay.ts'
import { type OrdersQuery, walkOrders } from './walk-orders.ts'

export type { OrderDetail, OrderRow } from '../repository/relay.ts'
export { carrierNames, orderDetail }

/** A page of the relay's list. */
export const ordersPage = ({ carrierId, ...query }: OrdersQuery & { readonly carrierId: string | null }) =>
  walkOrders<OrderRow>(query, (group, page) => ordersOfGroup(group, { carrierId, ...page }))

export type CarrierStanding = CarrierSummary & Omit<OpenCounts, 'carrierId'>

/** Every carrier: how far it has read its book, and what is open, failed and late. */
export async function carrierStandings(now: Instant): Promise<CarrierStanding[]> {
  const [carriers, counts] = await Promise.all([carrierSummaries(), openCounts(now)])
  const open = new Map(counts.map(({ carrierId, ...rest }) => [carrierId, rest]))
  return carriers.map((carrier) => ({
    ...carrier,
    ...(open.get(carrier.id) ?? { waiting: 0, failed: 0, queued: 0, late: 0, veryLate: 0, oldest: null }),
  }))
}

/** How one carrier stands, or null outside the scope. */
export async function carrierStanding(
  scope: CarrierScope,
  carrierId: string,
  now: Instant,
): Promise<CarrierStanding | null> {
  if (!reachesCarrier(scope, carrierId)) return null
  return (await carrierStandings(now)).find(({ id }) => id === carrierId) ?? null
}
