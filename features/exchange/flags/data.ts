import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { WITH_RELAY } from '../letters/data.ts'
import type { FlagKind } from './rules.ts'

export type FlagFacts = Readonly<Record<string, number>>

export interface Flag {
  readonly id: string
  readonly carrierId: string
  readonly kind: FlagKind
  readonly facts: FlagFacts
  readonly raisedAt: Instant
  readonly endedAt: Instant | null
  readonly note: string | null
}

const FLAG = {
  id: true,
  carrierId: true,
  kind: true,
  facts: true,
  raisedAt: true,
  endedAt: true,
  note: true,
} as const

/** Counts the orders past their due time that a carrier has not answered although it answered later ones. */
export async function countSkippedOrders(tx: Tx, carrierId: string, now: Instant): Promise<number> {
  const [row] = await tx.$queryRaw<{ skipped: number }[]>`
    SELECT count(*)::int AS skipped FROM carrier_orders o
    WHERE o.carrier_id = ${carrierId} AND o.drill_id IS NULL AND o.state IN ('sent', 'acknowledged') AND o.due_at < ${now}
      AND NOT ${WITH_RELAY}
      AND NOT EXISTS (SELECT 1 FROM book_entries line WHERE line.order_id = o.id AND line.outcome IS NOT NULL)
      AND EXISTS (
        SELECT 1 FROM carrier_orders later
        WHERE later.carrier_id = o.carrier_id AND later.issued_at > o.issued_at AND later.drill_id IS NULL
          AND later.state IN ('applied', 'failed')
      )`
  return row?.skipped ?? 0
}

const SHOWN = 10

export async function carrierFlags(actor: StaffActor, carrierId: string): Promise<Flag[]> {
  const scope = carrierScope(actor)
  if (!scope || !reachesCarrier(scope, carrierId)) return []
  const rows = await db.carrierFlag.findMany({
    where: { carrierId },
    orderBy: [{ raisedAt: 'desc' }, { id: 'asc' }],
    take: SHOWN,
    select: FLAG,
  })
  return rows as Flag[]
}

export async function raisedFlags(actor: StaffActor): Promise<ReadonlyMap<string, readonly Flag[]>> {
  const scope = carrierScope(actor)
  if (!scope) return new Map()
  const rows = await db.carrierFlag.findMany({
    where: { endedAt: null },
    orderBy: [{ carrierId: 'asc' }, { kind: 'asc' }],
    select: FLAG,
  })
  const flags = (rows as Flag[]).filter(({ carrierId }) => reachesCarrier(scope, carrierId))
  return Map.groupBy(flags, ({ carrierId }) => carrierId)
}
