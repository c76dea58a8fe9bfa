import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { CarrierScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { DrillTimes } from '../rules/drill.ts'
import type { OrderAction, OrderState } from '../rules/order.ts'

export async function insertDrill(tx: Tx, drill: Prisma.DrillUncheckedCreateInput): Promise<void> {
  await tx.drill.create({ data: drill, select: { id: true } })
}

export const isDrilling = async (tx: Tx, carrierId: string): Promise<boolean> =>
  (await tx.drill.count({ where: { carrierId, endedAt: null } })) > 0

export const carrierOfDrill = async (tx: Tx, id: string): Promise<string | null> =>
  (await tx.drill.findUnique({ where: { id }, select: { carrierId: true } }))?.carrierId ?? null

export interface RunningDrill extends DrillTimes {
  readonly orders: readonly {
    readonly action: OrderAction
    readonly state: OrderState
    readonly imeis: readonly string[]
  }[]
}

/**
 * Returns a drill with its orders in the book's order, while its carrier's row is locked: that is what every step of a
 * drill waits for.
 */
export async function runningDrill(tx: Tx, id: string): Promise<RunningDrill> {
  const { orders, ...drill } = await tx.drill.findUniqueOrThrow({
    where: { id },
    include: {
      orders: {
        select: {
          action: true,
          state: true,
          entries: { orderBy: { seq: 'asc' }, select: { seq: true, imei: true } },
        },
      },
    },
  })
  return {
    ...drill,
    orders: inBookOrder(orders).map(({ entries, ...order }) => ({
      ...order,
      imeis: entries.map(({ imei }) => imei),
    })),
  }
}

/** Sorts orders as their lines stand in the book. */
const inBookOrder = <T extends { readonly entries: readonly { readonly seq: bigint }[] }>(
  orders: readonly T[],
): T[] => {
  const first = ({ entries }: T) => Number(entries[0]?.seq ?? 0)
  return orders.toSorted((a, b) => first(a) - first(b))
}

export async function saveDrill(
  tx: Tx,
  id: string,
  change:
    | { readonly turnedAt: Instant; readonly dueAt: Instant }
    | { readonly endedAt: Instant; readonly stoppedById?: string },
): Promise<void> {
  await tx.drill.update({ where: { id }, data: change, select: { id: true } })
}

/** Keeps a query for drills inside a person's scope over carriers. */
const within = (scope: CarrierScope): Prisma.DrillWhereInput =>
  scope.kind === 'carrier' ? { carrierId: scope.carrierId } : {}

const ROW = {
  id: true,
  carrierId: true,
  carrier: { select: { name: true } },
  phones: true,
  phaseMinutes: true,
  startedAt: true,
  turnedAt: true,
  dueAt: true,
  endedAt: true,
  stoppedById: true,
} as const satisfies Prisma.DrillSelect
export type DrillRow = Prisma.DrillGetPayload<{ select: typeof ROW }>

/** Returns the newest drills; after one of them where a page before has ended. */
export function newestDrills(
  scope: CarrierScope,
  after: { readonly at: Instant; readonly id: string } | null,
  limit: number,
): Promise<DrillRow[]> {
  return db.drill.findMany({
    where: {
      ...within(scope),
      ...(after && {
        startedAt: { lte: after.at },
        OR: [{ startedAt: { lt: after.at } }, { id: { lt: after.id } }],
      }),
    },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: limit,
    select: ROW,
  })
}

const ORDER = {
  id: true,
  action: true,
  state: true,
  issuedAt: true,
  acknowledgedAt: true,
  settledAt: true,
  failureCode: true,
  entries: { orderBy: { seq: 'asc' }, select: { seq: true, imei: true } },
} as const satisfies Prisma.CarrierOrderSelect

/** Returns a drill with its orders as they stand in the book. */
export async function drillWithOrders(scope: CarrierScope, id: string) {
  const drill = await db.drill.findFirst({
    where: { AND: [{ id }, within(scope)] },
    select: { ...ROW, orders: { select: ORDER } },
  })
  return drill && { ...drill, orders: inBookOrder(drill.orders) }
}
