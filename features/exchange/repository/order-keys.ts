import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import type { OrderState } from '../rules/order.ts'
import { type OrderCursor, type OrderGroup, STATES_OF } from '../rules/order-list.ts'
import type { FoundAmong } from './order-search.ts'

export interface OrderFilter {
  readonly carrierId: string | null
  /** The orders that a search found; null for a list without a search. */
  readonly found: FoundAmong | null
  /** Continue after this one, where it is of the same group. */
  readonly after: OrderCursor | null
  readonly limit: number
}

const amongFound = (found: FoundAmong | null): Prisma.CarrierOrderWhereInput => ({
  ...(found?.caseIds && { caseId: { in: [...found.caseIds] } }),
  ...(found?.orderIds && { id: { in: [...found.orderIds] } }),
})

/** The key by which a list of orders is walked; each list reads beside it what its readers may see. */
interface OrderKey {
  readonly id: string
  readonly issuedAt: Instant
  readonly dueAt: Instant
}
const KEY = { id: true, issuedAt: true, dueAt: true } as const

/**
 * Returns a page of one group of orders: those due first, or, of what is done, the newest first. Drills are nothing
 * that anybody waits for: lists are of cases alone.
 */
export async function orderIds(group: OrderGroup, filter: OrderFilter): Promise<string[]> {
  const keys = group === 'done' ? await newestDone(filter) : await dueFirst(group, filter)
  return keys.map(({ id }) => id)
}

async function dueFirst(group: OrderGroup, filter: OrderFilter): Promise<OrderKey[]> {
  // One query a state, each along its own part of the index of open orders.
  const pages = await Promise.all(STATES_OF[group].map((state) => dueOfState(state, filter)))
  return pages
    .flat()
    .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || (a.id < b.id ? -1 : 1))
    .slice(0, filter.limit)
}

const dueOfState = (
  state: OrderState,
  { carrierId, found, after, limit }: OrderFilter,
): Promise<OrderKey[]> =>
  db.carrierOrder.findMany({
    where: {
      drillId: null,
      state,
      ...(carrierId !== null && { carrierId }),
      ...amongFound(found),
      ...(after && {
        dueAt: { gte: after.at },
        OR: [{ dueAt: { gt: after.at } }, { id: { gt: after.id } }],
      }),
    },
    orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    take: limit,
    select: KEY,
  })

const newestDone = ({ carrierId, found, after, limit }: OrderFilter): Promise<OrderKey[]> =>
  db.carrierOrder.findMany({
    where: {
      drillId: null,
      state: { in: [...STATES_OF.done] },
      ...(carrierId !== null && { carrierId }),
      ...amongFound(found),
      ...(after && {
        issuedAt: { lte: after.at },
        OR: [{ issuedAt: { lt: after.at } }, { id: { lt: after.id } }],
      }),
    },
    orderBy: [{ issuedAt: 'desc' }, { id: 'desc' }],
    take: limit,
    select: KEY,
  })

/** Sorts rows in the order of the page that they were read for. */
export function inOrderOf<T extends { readonly id: string }>(
  ids: readonly string[],
  rows: readonly T[],
): T[] {
  const known = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => known.get(id) ?? [])
}
