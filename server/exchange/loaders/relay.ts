import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { may } from '#domain/access/roles.ts'
import { type CarrierScope, reachesCarrier } from '#domain/access/scope.ts'
import type { Instant } from '#domain/time.ts'
import { type CarrierSummary, carrierNames, carrierSummaries } from '../repository/carriers.ts'
import {
  orderDetail as findOrder,
  type OpenCounts,
  openCounts,
  ordersOfGroup,
  type OrderDetail as StoredDetail,
  type OrderRow as StoredRow,
} from '../repository/relay.ts'
import { asOnPaper, type Paper } from './paper.ts'
import { type OrdersPage, type OrdersQuery, walkOrders } from './walk-orders.ts'

export type OrderRow = StoredRow & { readonly paper: Paper | null }
export type OrderDetail = StoredDetail & { readonly paper: Paper | null }
export { carrierNames }

/** One order with its lines, for the relay; or null. */
export async function orderDetail(actor: StaffActor, id: string): Promise<OrderDetail | null> {
  if (!may(actor.role, 'order:read')) return null
  const order = await findOrder(id)
  return order && ((await asOnPaper([order]))[0] ?? null)
}

/** A page of the relay's list. */
export async function ordersPage(
  actor: StaffActor,
  { carrierId, ...query }: OrdersQuery & { readonly carrierId: string | null },
): Promise<OrdersPage<OrderRow>> {
  if (!may(actor.role, 'order:read')) return { orders: [], next: null }
  const page = await walkOrders<StoredRow>(query, (group, part) =>
    ordersOfGroup(group, { carrierId, ...part }),
  )
  return { ...page, orders: await asOnPaper(page.orders) }
}

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
