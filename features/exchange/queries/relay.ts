import '#server-only'
import { approvalsFor, approvalsOn, type ListedApproval } from '#features/approvals/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CarrierScope, reachesCarrier } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { carrierNames } from '../carriers/data.ts'
import { exemptedBy, exemptionSubject } from '../exemptions/rules.ts'
import { asOnPaper, type Paper } from '../letters/data.ts'
import { countGroups } from '../repository/order-search.ts'
import {
  type CarrierStanding,
  orderDetail as findOrder,
  listCarrierStandings,
  ordersByIds,
  ordersOfGroup,
  ordersOfList,
  type OrderDetail as StoredDetail,
  type OrderRow as StoredRow,
} from '../repository/relay.ts'
import type { OrderList } from '../rules/order-list.ts'
import { NO_ORDERS, type OrdersPage, type OrdersQuery, walkOrders } from './walk-orders.ts'

interface Standing {
  readonly paper: Paper | null
  /** An exemption that waits for a second person. */
  readonly exemption: ListedApproval | null
}
export type OrderRow = StoredRow & Standing
export type OrderDetail = StoredDetail & Standing
export type { CarrierStanding }
export { carrierNames }

/** Returns what a carrier is called; its id where there is no such carrier. */
export const carrierName = async (id: string): Promise<string> =>
  (await carrierNames()).find((one) => one.id === id)?.name ?? id

/** Returns one order with its lines, for the relay; or null. */
export async function orderDetail(actor: StaffActor, id: string): Promise<OrderDetail | null> {
  if (!may(actor.role, 'order:read')) return null
  const order = await findOrder(id)
  return order && ((await standingOf(actor, [order]))[0] ?? null)
}

/** Adds to orders what is known of their paper, and their exemptions that wait for a second person. */
async function standingOf<T extends Parameters<typeof asOnPaper>[0][number] & { readonly id: string }>(
  actor: StaffActor,
  orders: readonly T[],
) {
  const subjects = orders.map(({ id }) => exemptionSubject(id))
  const [rows, open] = await Promise.all([asOnPaper(orders), approvalsOn(actor, subjects, new Date())])
  const exemptions = new Map(open.map((request) => [request.subject, request]))
  return rows.map((row) => ({ ...row, exemption: exemptions.get(exemptionSubject(row.id)) ?? null }))
}

/** Returns a page of the relay's list. */
export async function ordersPage(
  actor: StaffActor,
  { carrierId, ...query }: OrdersQuery & { readonly carrierId: string | null },
): Promise<OrdersPage<OrderRow>> {
  if (!may(actor.role, 'order:read')) return NO_ORDERS
  const page = await walkOrders<StoredRow>(query, { carrierId, own: false }, (group, part) =>
    ordersOfGroup(group, { carrierId, ...part }),
  )
  return { ...page, orders: await standingOf(actor, page.orders) }
}

/** The most orders of a list that are shown. */
const MOST_LISTED = 100

/** Returns a list of the relay across the groups; `more` where it has further orders than are shown. */
export async function orderList(
  actor: StaffActor,
  list: OrderList,
  carrierId: string | null,
  now: Instant,
): Promise<OrdersPage<OrderRow>> {
  if (!may(actor.role, 'order:read')) return NO_ORDERS
  const asked = list === 'exempt' ? ((await approvalsFor(actor, now)) ?? []) : []
  const exempting = asked.flatMap(({ subject }) => exemptedBy(subject) ?? [])
  const [orders, counts] = await Promise.all([
    ordersOfList(list, { carrierId, now, limit: MOST_LISTED + 1, exempting }),
    countGroups({ carrierId, found: null }),
  ])
  const shown = await standingOf(actor, orders.slice(0, MOST_LISTED))
  return { orders: shown, counts, more: orders.length > MOST_LISTED, next: null }
}

/** Returns chosen orders in the order of their ids, for the relay; orders of drills and unknown ids are left out. */
export const chosenOrders = async (actor: StaffActor, ids: readonly string[]): Promise<OrderRow[]> =>
  may(actor.role, 'order:read') && ids.length > 0 ? standingOf(actor, await ordersByIds(ids)) : []

/** Returns how every carrier stands, for the relay; nothing for anybody else. */
export const carrierStandings = async (actor: StaffActor, now: Instant): Promise<CarrierStanding[]> =>
  may(actor.role, 'carrier:manage') ? listCarrierStandings(now) : []

/** Returns how one carrier stands, or null outside the scope. */
export async function carrierStanding(
  scope: CarrierScope,
  carrierId: string,
  now: Instant,
): Promise<CarrierStanding | null> {
  if (!reachesCarrier(scope, carrierId)) return null
  return (await listCarrierStandings(now)).find(({ id }) => id === carrierId) ?? null
}
