import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, sql } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import {
  COUNTED_UP_TO,
  type GroupCounts,
  gramsOf,
  ORDER_GROUPS,
  type OrderCursor,
  type OrderGroup,
  type OrderSearch,
  type OrderState,
  STATES_OF,
  writeOrderCursor,
} from '../orders/rules.ts'

export interface OrderFilter {
  readonly carrierId: string | null
  readonly found: FoundAmong | null
  readonly after: OrderCursor | null
  readonly limit: number
}

const amongFound = (found: FoundAmong | null): Prisma.CarrierOrderWhereInput => ({
  ...(found?.caseIds && { caseId: { in: [...found.caseIds] } }),
  ...(found?.orderIds && { id: { in: [...found.orderIds] } }),
})

/** The sort keys of a list of orders; each list also reads what its readers may see. */
interface OrderKey {
  readonly id: string
  readonly issuedAt: Instant
  readonly dueAt: Instant
}
const KEY = { id: true, issuedAt: true, dueAt: true } as const

/**
 * Returns a page of one group of orders: the earliest due first, or for done orders the newest first. Drills are excluded because
 * nobody waits for them.
 */
export async function orderIds(group: OrderGroup, filter: OrderFilter): Promise<string[]> {
  const keys = group === 'done' ? await newestDone(filter) : await dueFirst(group, filter)
  return keys.map(({ id }) => id)
}

async function dueFirst(group: OrderGroup, filter: OrderFilter): Promise<OrderKey[]> {
  // One query per state, each along its own part of the index of open orders.
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

export function inOrderOf<T extends { readonly id: string }>(
  ids: readonly string[],
  rows: readonly T[],
): T[] {
  const known = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => known.get(id) ?? [])
}

/** The orders that a search found, by case or by id. Both are few. */
interface FoundAmong {
  readonly caseIds?: readonly string[]
  readonly orderIds?: readonly string[]
}

/** Few cases share a part of a number. If more do, the newest are shown and the person is asked for more characters. */
export const MOST_CASES = 50
/** An IMEI is in each carrier's book a few times. */
const MOST_ORDERS = 500

export const casesByPart = (part: string): Prisma.Sql => sql`
  SELECT id FROM cases
  WHERE id IN (SELECT case_id FROM case_numbers WHERE grams @> ${gramsOf(part)}::text[])
    AND strpos(replace(substr(number, 5), '-', ''), ${part}) > 0
  ORDER BY submitted_at DESC LIMIT ${MOST_CASES + 1}`

/** Selects the orders with an IMEI in a carrier's book; null: in every carrier's book, and orders that wait to be sent. */
export const ordersByImei = (imei: string, carrierId: string | null): Prisma.Sql => sql`
  SELECT DISTINCT order_id AS id FROM carriers c CROSS JOIN LATERAL (
    SELECT order_id FROM book_entries e WHERE e.carrier_id = c.id AND e.imei = ${imei}::bpchar
  ) lines ${carrierId === null ? sql`` : sql`WHERE c.id = ${carrierId}`}
  ${
    carrierId === null
      ? sql`UNION SELECT order_id FROM queued_orders WHERE imeis @> ARRAY[${imei}]::bpchar[]`
      : sql``
  }
  LIMIT ${MOST_ORDERS}`

async function findAmong(
  search: OrderSearch,
  carrierId: string | null,
): Promise<FoundAmong & { readonly more: boolean }> {
  const ids = async (query: Prisma.Sql) =>
    (await inScope(systemScope(), () => db.$queryRaw<{ id: string }[]>(query))).map(({ id }) => id)
  switch (search.by) {
    case 'order':
      return { orderIds: [search.id], more: false }
    case 'imei':
      return { orderIds: await ids(ordersByImei(search.imei, carrierId)), more: false }
    case 'number': {
      const found = await ids(casesByPart(search.part))
      return { caseIds: found.slice(0, MOST_CASES), more: found.length > MOST_CASES }
    }
    case 'nothing':
      return { orderIds: [], more: false }
  }
}

/** Returns the condition of a group with its states as literals: with parameters PostgreSQL does not use the partial indexes. */
const inGroup = (group: OrderGroup): Prisma.Sql =>
  Prisma.raw(`state IN (${STATES_OF[group].map((state) => `'${state}'`).join(', ')})`)

interface CountedAmong {
  readonly carrierId: string | null
  readonly found: FoundAmong | null
}

/** Counts one group of orders, up to {@link COUNTED_UP_TO} plus one. */
export const groupCount = (group: OrderGroup, { carrierId, found }: CountedAmong): Prisma.Sql => sql`
  SELECT count(*)::int AS count FROM (
    SELECT 1 FROM carrier_orders WHERE drill_id IS NULL AND ${inGroup(group)}
      ${carrierId === null ? sql`` : sql`AND carrier_id = ${carrierId}`}
      ${found?.caseIds ? sql`AND case_id = ANY(${[...found.caseIds]}::uuid[])` : sql``}
      ${found?.orderIds ? sql`AND id = ANY(${[...found.orderIds]}::uuid[])` : sql``}
    LIMIT ${COUNTED_UP_TO + 1}
  ) counted`

/** Counts the orders in each group, each up to {@link COUNTED_UP_TO} plus one. */
export async function countGroups(among: CountedAmong): Promise<GroupCounts> {
  const counts = await Promise.all(
    ORDER_GROUPS.map(async (group) => {
      const [row] = await db.$queryRaw<{ count: number }[]>(groupCount(group, among))
      return [group, row?.count ?? 0] as const
    }),
  )
  return Object.fromEntries(counts) as Record<OrderGroup, number>
}

const ORDERS_A_PAGE = 50

export interface OrdersQuery {
  /** Null lists all groups, failed and waiting orders first. */
  readonly group: OrderGroup | null
  readonly after: OrderCursor | null
  /** Null lists all. */
  readonly search: OrderSearch | null
}

export interface OrdersPage<T> {
  readonly orders: readonly T[]
  /** Matching orders in each group, counted up to 999 plus one. */
  readonly counts: GroupCounts
  /** More cases match the part of a number than are shown. */
  readonly more: boolean
  /** Null on the last page. */
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
 * Returns a page of a list of orders: failed ones, then waiting ones with the earliest due first, then done ones.
 *
 * @param own the carrier itself reads: it does not know of orders that wait to be sent
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
