import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import { systemScope } from '#lib/access/scope.ts'
import { db, sql } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { ORDER_GROUPS, type OrderGroup, STATES_OF } from '../rules/order-list.ts'
import { COUNTED_UP_TO, type GroupCounts, gramsOf, type OrderSearch } from '../rules/order-search.ts'

/** The orders that a search is about: of some cases, or by their ids. Both are few. */
export interface FoundAmong {
  readonly caseIds?: readonly string[]
  readonly orderIds?: readonly string[]
}

/** A part of a number is shared by few cases; where it is by more, the newest are shown and more characters asked for. */
export const MOST_CASES = 50
/** An IMEI is in each carrier's book a few times. */
const MOST_ORDERS = 500

/** Finds the cases whose number has a part, the newest first. */
export const casesByPart = (part: string): Prisma.Sql => sql`
  SELECT id FROM cases
  WHERE id IN (SELECT case_id FROM case_numbers WHERE grams @> ${gramsOf(part)}::text[])
    AND strpos(replace(substr(number, 5), '-', ''), ${part}) > 0
  ORDER BY submitted_at DESC LIMIT ${MOST_CASES + 1}`

/** Finds the orders with an IMEI in a carrier's book; `null`: in every carrier's, and those that wait to be sent. */
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

/** Returns what a search is about, and whether more was found than is shown. */
export async function findAmong(
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

/** Returns the condition of a group, its states as literals: with parameters the partial indexes are not used. */
const inGroup = (group: OrderGroup): Prisma.Sql =>
  Prisma.raw(`state IN (${STATES_OF[group].map((state) => `'${state}'`).join(', ')})`)

export interface CountedAmong {
  readonly carrierId: string | null
  readonly found: FoundAmong | null
}

/** Counts one group of orders, up to one more than {@link COUNTED_UP_TO}. */
export const groupCount = (group: OrderGroup, { carrierId, found }: CountedAmong): Prisma.Sql => sql`
  SELECT count(*)::int AS count FROM (
    SELECT 1 FROM carrier_orders WHERE drill_id IS NULL AND ${inGroup(group)}
      ${carrierId === null ? sql`` : sql`AND carrier_id = ${carrierId}`}
      ${found?.caseIds ? sql`AND case_id = ANY(${[...found.caseIds]}::uuid[])` : sql``}
      ${found?.orderIds ? sql`AND id = ANY(${[...found.orderIds]}::uuid[])` : sql``}
    LIMIT ${COUNTED_UP_TO + 1}
  ) counted`

/** Returns how many orders are in each group, none above one more than {@link COUNTED_UP_TO}. */
export async function countGroups(among: CountedAmong): Promise<GroupCounts> {
  const counts = await Promise.all(
    ORDER_GROUPS.map(async (group) => {
      const [row] = await db.$queryRaw<{ count: number }[]>(groupCount(group, among))
      return [group, row?.count ?? 0] as const
    }),
  )
  return Object.fromEntries(counts) as Record<OrderGroup, number>
}
