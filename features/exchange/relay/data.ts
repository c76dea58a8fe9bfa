import '#server-only'
import { approvalsFor, approvalsOn, type ListedApproval } from '#features/approvals/data.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CarrierScope, reachesCarrier, systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { db, sql } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { type CarrierSummary, carrierNames } from '../carriers/data.ts'
import { wayOf } from '../delivery/rules.ts'
import { exemptedBy, exemptionSubject } from '../exemptions/rules.ts'
import { asOnPaper, type PaperWay, WITH_RELAY } from '../letters/data.ts'
import { imeiDigits } from '../lists/rules.ts'
import {
  countGroups,
  inOrderOf,
  NO_ORDERS,
  type OrderFilter,
  type OrdersPage,
  type OrdersQuery,
  orderIds,
  walkOrders,
} from '../order-lists/data.ts'
import type { OrderGroup, OrderList } from '../orders/rules.ts'
import { QUESTION_LATE } from '../questions/rules.ts'

const ROW = {
  id: true,
  case: { select: { number: true } },
  carrier: { select: { id: true, name: true, way: true } },
  action: true,
  reason: true,
  state: true,
  issuedAt: true,
  dueAt: true,
  failureCode: true,
  exemptReason: true,
} as const satisfies Prisma.CarrierOrderSelect
type WithCase<T> = Omit<T, 'case'> & { readonly case: { readonly number: string } }
type StoredRow = WithCase<Prisma.CarrierOrderGetPayload<{ select: typeof ROW }>>

function withCase<T extends { readonly case: { readonly number: string } | null }>(order: T): WithCase<T> {
  if (order.case === null) throw new Error('an order of no drill is of a case')
  return { ...order, case: order.case }
}

async function ordersOfGroup(group: OrderGroup, filter: OrderFilter): Promise<StoredRow[]> {
  const ids = await orderIds(group, filter)
  const rows = await inScope(systemScope(), () =>
    db.carrierOrder.findMany({ where: { id: { in: ids } }, select: ROW }),
  )
  return inOrderOf(ids, rows.map(withCase))
}

async function ordersByIds(ids: readonly string[]): Promise<StoredRow[]> {
  const rows = await inScope(systemScope(), () =>
    db.carrierOrder.findMany({ where: { id: { in: [...ids] }, drillId: null }, select: ROW }),
  )
  return inOrderOf(ids, rows.map(withCase))
}

const OPEN = sql`o.state IN ('queued', 'sent', 'acknowledged', 'failed') AND o.drill_id IS NULL`

/** Returns the first orders of a list, the earliest due first. Orders that wait with the relay are not late. */
async function ordersOfList(
  list: OrderList,
  {
    carrierId,
    now,
    limit,
    exempting,
  }: {
    readonly carrierId: string | null
    readonly now: Instant
    readonly limit: number
    readonly exempting: readonly string[]
  },
): Promise<StoredRow[]> {
  const listed = {
    exempt: sql`o.id = ANY(${[...exempting]}::uuid[])`,
    late: sql`o.due_at < ${now} AND NOT ${WITH_RELAY}`,
  }[list]
  const ids = await inScope(
    systemScope(),
    () => db.$queryRaw<{ id: string }[]>`SELECT o.id FROM carrier_orders o
      WHERE ${OPEN} AND ${listed} ${carrierId === null ? sql`` : sql`AND o.carrier_id = ${carrierId}`}
      ORDER BY o.due_at, o.id LIMIT ${limit}`,
  )
  return ordersByIds(ids.map(({ id }) => id))
}

const DETAIL = {
  ...ROW,
  legalBasis: true,
  acknowledgedAt: true,
  settledAt: true,
  retryOfId: true,
  queuedAt: true,
  releaseId: true,
  queued: { select: { imeis: true } },
  entries: {
    orderBy: { seq: 'asc' },
    select: { seq: true, imei: true, outcome: true, outcomeCode: true, outcomeAt: true },
  },
} as const satisfies Prisma.CarrierOrderSelect
type StoredDetail = WithCase<Prisma.CarrierOrderGetPayload<{ select: typeof DETAIL }>> & {
  readonly retriedById: string | null
}

async function findStoredOrder(id: string): Promise<StoredDetail | null> {
  const order = await inScope(systemScope(), () =>
    db.carrierOrder.findFirst({ where: { id, drillId: null }, select: DETAIL }),
  )
  if (!order) return null
  const retry = await db.carrierOrder.findFirst({ where: { retryOfId: id }, select: { id: true } })
  return { ...withCase(order), retriedById: retry?.id ?? null }
}

const VERY_LATE = 72 * HOUR

interface OpenCounts {
  readonly carrierId: string
  readonly waiting: number
  readonly failed: number
  /** Orders that are still with the relay: such a delay is not the carrier's. */
  readonly queued: number
  /** Orders not done 24 hours after they were issued, and 72 hours after. */
  readonly late: number
  readonly veryLate: number
  readonly oldest: Instant | null
}

/** Counts the open orders of each carrier; its cost grows with the open orders, not with all orders. */
const openCounts = (now: Instant): Promise<OpenCounts[]> =>
  db.$queryRaw<OpenCounts[]>`
    SELECT carrier_id AS "carrierId",
      count(*) FILTER (WHERE NOT waits AND state <> 'failed')::int AS waiting,
      count(*) FILTER (WHERE state = 'failed')::int AS failed,
      count(*) FILTER (WHERE waits)::int AS queued,
      count(*) FILTER (WHERE NOT waits AND due_at < ${now})::int AS late,
      count(*) FILTER (WHERE NOT waits AND issued_at < ${addMilliseconds(now, -VERY_LATE)})::int AS "veryLate",
      min(issued_at) FILTER (WHERE NOT waits) AS oldest
    FROM (
      SELECT carrier_id, state, due_at, issued_at, ${WITH_RELAY} AS waits FROM carrier_orders o
      WHERE state IN ('queued', 'sent', 'acknowledged', 'failed') AND drill_id IS NULL
    ) open
    GROUP BY carrier_id`

const lateQuestions = (now: Instant): Promise<{ carrierId: string; count: number }[]> =>
  inScope(
    systemScope(),
    () =>
      db.$queryRaw<{ carrierId: string; count: number }[]>`
    SELECT carrier_id AS "carrierId", count(*)::int AS count FROM carrier_questions
    WHERE open = true AND asked_at < ${addMilliseconds(now, -QUESTION_LATE)} AND expires_at > ${now}
    GROUP BY carrier_id`,
  )

export interface CarrierStanding extends CarrierSummary, Omit<OpenCounts, 'carrierId'> {
  /** Questions without an answer for 24 hours. */
  readonly questionsLate: number
}

export async function listCarrierStandings(now: Instant): Promise<CarrierStanding[]> {
  const [carriers, counts, questions] = await Promise.all([
    findCarrierSummaries(),
    openCounts(now),
    lateQuestions(now),
  ])
  const open = new Map(counts.map(({ carrierId, ...rest }) => [carrierId, rest]))
  return carriers.map((carrier) => ({
    ...carrier,
    ...(open.get(carrier.id) ?? { waiting: 0, failed: 0, queued: 0, late: 0, veryLate: 0, oldest: null }),
    questionsLate: questions.find(({ carrierId }) => carrierId === carrier.id)?.count ?? 0,
  }))
}

async function findCarrierSummaries(): Promise<CarrierSummary[]> {
  const rows = await db.carrier.findMany({
    orderBy: { ordinal: 'asc' },
    select: {
      id: true,
      name: true,
      active: true,
      bookHead: true,
      ackedSeq: true,
      ackedAt: true,
      imeiDigits: true,
      way: true,
      webhook: { select: { state: true } },
    },
  })
  return rows.map(({ bookHead: head, ackedSeq, imeiDigits: digits, webhook, ...row }) => ({
    ...row,
    digits: imeiDigits(digits),
    head: Number(head),
    acked: Number(ackedSeq),
    pushStopped: wayOf(row.way).stopped(webhook),
  }))
}

interface Standing {
  readonly paper: PaperWay | null
  readonly exemption: ListedApproval | null
}
export type OrderRow = StoredRow & Standing
export type OrderDetail = StoredDetail & Standing

/** Returns a carrier's name; the id for an unknown carrier. */
export const relayCarrierName = async (id: string): Promise<string> =>
  (await carrierNames()).find((one) => one.id === id)?.name ?? id

export async function orderDetail(actor: StaffActor, id: string): Promise<OrderDetail | null> {
  if (!may(actor.role, 'order:read')) return null
  const order = await findStoredOrder(id)
  return order && ((await standingOf(actor, [order]))[0] ?? null)
}

async function standingOf<T extends Parameters<typeof asOnPaper>[0][number] & { readonly id: string }>(
  actor: StaffActor,
  orders: readonly T[],
) {
  const subjects = orders.map(({ id }) => exemptionSubject(id))
  const [rows, open] = await Promise.all([asOnPaper(orders), approvalsOn(actor, subjects, new Date())])
  const exemptions = new Map(open.map((request) => [request.subject, request]))
  return rows.map((row) => ({ ...row, exemption: exemptions.get(exemptionSubject(row.id)) ?? null }))
}

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

const MOST_LISTED = 100

/** Returns one of the relay's lists across the groups; `more` if it has further orders than are shown. */
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

/** Returns chosen orders in the order of the given ids, for the relay; without orders of drills and unknown ids. */
export const chosenOrders = async (actor: StaffActor, ids: readonly string[]): Promise<OrderRow[]> =>
  may(actor.role, 'order:read') && ids.length > 0 ? standingOf(actor, await ordersByIds(ids)) : []

export const carrierStandings = async (actor: StaffActor, now: Instant): Promise<CarrierStanding[]> =>
  may(actor.role, 'carrier:manage') ? listCarrierStandings(now) : []

export async function carrierStanding(
  scope: CarrierScope,
  carrierId: string,
  now: Instant,
): Promise<CarrierStanding | null> {
  if (!reachesCarrier(scope, carrierId)) return null
  return (await listCarrierStandings(now)).find(({ id }) => id === carrierId) ?? null
}
