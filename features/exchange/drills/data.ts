import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { CarrierScope } from '#lib/access/scope.ts'
import { db, type Tx } from '#platform/db.ts'
import type { OrderAction, OrderState } from '../orders/rules.ts'
import type { DrillTimes } from './rules.ts'

export const findCarrierOfDrill = async (tx: Tx, id: string): Promise<string | null> =>
  (await tx.drill.findUnique({ where: { id }, select: { carrierId: true } }))?.carrierId ?? null

export interface RunningDrill extends DrillTimes {
  readonly orders: readonly {
    readonly action: OrderAction
    readonly state: OrderState
    readonly imeis: readonly string[]
  }[]
}

/**
 * Returns a drill with its orders in book order. The caller holds the lock on the carrier's row, for which every step of a drill
 * waits.
 */
export async function findRunningDrill(tx: Tx, id: string): Promise<RunningDrill> {
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

const inBookOrder = <T extends { readonly entries: readonly { readonly seq: bigint }[] }>(
  orders: readonly T[],
): T[] => {
  const first = ({ entries }: T) => Number(entries[0]?.seq ?? 0)
  return orders.toSorted((a, b) => first(a) - first(b))
}

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

export async function findDrill(scope: CarrierScope, id: string) {
  const drill = await db.drill.findFirst({
    where: { AND: [{ id }, within(scope)] },
    select: { ...ROW, orders: { select: ORDER } },
  })
  return drill && { ...drill, orders: inBookOrder(drill.orders) }
}

export type DrillReport = NonNullable<Awaited<ReturnType<typeof findDrill>>>

const DRILLS_A_PAGE = 20

/** Cursor in the address: the last drill of a page, after which the next page begins. */
const CURSOR = /^(\d{1,14})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** Returns a page of drills, the newest first, and the next cursor. An invalid cursor starts at the first page. */
export async function listDrills(scope: CarrierScope, cursor = '') {
  const [, at, id] = CURSOR.exec(cursor) ?? []
  const startedAt = new Date(Number(at))
  const after = id
    ? { startedAt: { lte: startedAt }, OR: [{ startedAt: { lt: startedAt } }, { id: { lt: id } }] }
    : {}
  const found = await db.drill.findMany({
    where: { ...within(scope), ...after },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: DRILLS_A_PAGE + 1,
    select: ROW,
  })
  const drills = found.slice(0, DRILLS_A_PAGE)
  const last = drills.at(-1)
  return {
    drills,
    next: found.length > DRILLS_A_PAGE && last ? `${last.startedAt.getTime()}.${last.id}` : null,
  }
}
