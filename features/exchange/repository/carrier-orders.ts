import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import { db } from '#platform/db.ts'
import type { OrderGroup } from '../rules/order-list.ts'
import { inOrderOf, type OrderFilter, orderIds } from './order-keys.ts'

// A carrier's orders as it reads them itself: what its book tells, and nothing of a case.

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
export type CarrierOrderRow = Prisma.CarrierOrderGetPayload<{ select: typeof ROW }>

export async function carrierOrdersOfGroup(
  group: OrderGroup,
  filter: OrderFilter & { readonly carrierId: string },
): Promise<CarrierOrderRow[]> {
  const ids = await orderIds(group, filter)
  return inOrderOf(ids, await db.carrierOrder.findMany({ where: { id: { in: ids } }, select: ROW }))
}

const DETAIL = { ...ROW, legalBasis: true, exemptReason: true, retryOfId: true } as const

export type CarrierOrderDetail = Prisma.CarrierOrderGetPayload<{ select: typeof DETAIL }>

/** Returns one order of a carrier; null for another's, as where there is none. */
export const carrierOrder = (carrierId: string, id: string): Promise<CarrierOrderDetail | null> =>
  db.carrierOrder.findFirst({ where: { id, carrierId, drillId: null }, select: DETAIL })
