import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import { type CarrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { db } from '#platform/db.ts'
import { asOnPaper, type PaperWay } from '../letters/data.ts'
import {
  inOrderOf,
  NO_ORDERS,
  type OrderFilter,
  type OrdersPage,
  type OrdersQuery,
  orderIds,
  walkOrders,
} from '../order-lists/data.ts'
import type { OrderGroup } from '../orders/rules.ts'

// A carrier's orders as it reads them itself: the content of its book, and nothing of a case.

const ROW = {
  id: true,
  carrier: { select: { way: true } },
  action: true,
  reason: true,
  state: true,
  issuedAt: true,
  dueAt: true,
  acknowledgedAt: true,
  settledAt: true,
  failureCode: true,
  entries: {
    orderBy: { seq: 'asc' },
    select: { seq: true, imei: true, outcome: true, outcomeCode: true, outcomeAt: true },
  },
} as const satisfies Prisma.CarrierOrderSelect
type StoredRow = Prisma.CarrierOrderGetPayload<{ select: typeof ROW }>

async function carrierOrdersOfGroup(
  group: OrderGroup,
  filter: OrderFilter & { readonly carrierId: string },
): Promise<StoredRow[]> {
  const ids = await orderIds(group, filter)
  return inOrderOf(ids, await db.carrierOrder.findMany({ where: { id: { in: ids } }, select: ROW }))
}

const DETAIL = { ...ROW, legalBasis: true, exemptReason: true, retryOfId: true } as const

type StoredDetail = Prisma.CarrierOrderGetPayload<{ select: typeof DETAIL }>

export const carrierOrder = (carrierId: string, id: string): Promise<StoredDetail | null> =>
  db.carrierOrder.findFirst({ where: { id, carrierId, drillId: null }, select: DETAIL })

export type CarrierOrderRow = StoredRow & { readonly paper: PaperWay | null }
/** Returns a page of a carrier's orders as it reads them itself, with nothing of a case; empty outside the scope. */
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

export async function carrierOrderDetail(
  scope: CarrierScope,
  carrierId: string,
  orderId: string,
): Promise<(StoredDetail & { readonly paper: PaperWay | null }) | null> {
  const order = reachesCarrier(scope, carrierId) ? await carrierOrder(carrierId, orderId) : null
  return order && ((await asOnPaper([order]))[0] ?? null)
}
