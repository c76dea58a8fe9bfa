import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import { type CarrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { type Instant, TIME_ZONE } from '#lib/time.ts'
import { db, sql, type Tx } from '#platform/db.ts'
import { DELIVERY_WAYS, type DeliveryWay, wayOf } from '../delivery/rules.ts'
import type { ImeiDigits } from '../lists/rules.ts'
import type { CarrierLoad, GuardBounds, ReleaseMode } from '../releases/rules.ts'
import {
  type AnsweredDay,
  type ContactDay,
  type Health,
  type HealthSpan,
  healthOf,
  type RefusalCount,
  spanStart,
} from './rules.ts'

const ids = (rows: readonly { id: string }[]): string[] => rows.map((row) => row.id)

export const findActiveCarriers = async (tx: Tx): Promise<string[]> =>
  ids(await tx.carrier.findMany({ where: { active: true }, orderBy: { id: 'asc' }, select: { id: true } }))

/** Matches carriers that can be asked questions, which goes by the interface alone. */
export const ASKABLE_CARRIER = {
  active: true,
  way: { in: DELIVERY_WAYS.filter((way) => wayOf(way).answers === 'interface') },
}

export const findCarriersOfCase = async (tx: Tx, caseId: string): Promise<string[]> =>
  ids(
    await tx.carrier.findMany({
      where: { orders: { some: { caseId } } },
      orderBy: { id: 'asc' },
      select: { id: true },
    }),
  )

/**
 * Locks carriers' rows in order of id, to avoid deadlocks. Their books cannot grow until the transaction ends. Call before any
 * lock on a release or an order.
 */
export async function lockCarriers(tx: Tx, carrierIds: readonly string[]): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM carriers WHERE id = ANY(${[...carrierIds]}) ORDER BY id FOR UPDATE`
}

export const lockCarrier = (tx: Tx, carrierId: string): Promise<void> => lockCarriers(tx, [carrierId])

interface LoadedCarrier extends CarrierLoad {
  readonly id: string
  readonly releaseMode: ReleaseMode
}

/**
 * Returns the load of locked carriers: blocks since an instant and size of the list. Blocks that two people have released do not
 * count, or they would hold up those of the next hour. Counting stops at the guard's bound: while thousands wait, each new block
 * would otherwise count them all. ORDER BY makes PostgreSQL use the index; without it, it scans the table if it expects most
 * orders to be recent.
 */
export const findLoads = (
  tx: Tx,
  carrierIds: readonly string[],
  since: Instant,
  { orders, percent }: GuardBounds,
): Promise<LoadedCarrier[]> =>
  tx.$queryRaw<LoadedCarrier[]>`
    SELECT id, blocklist_size AS "blocklistSize", release_mode::text AS "releaseMode", (
      SELECT count(*)::int FROM (
        SELECT 1 FROM carrier_orders o
        WHERE o.carrier_id = c.id AND o.issued_at > ${since} AND o.action = 'block'
          AND o.drill_id IS NULL AND (o.queued_at IS NULL OR o.state = 'queued')
        ORDER BY o.issued_at DESC
        LIMIT (
          SELECT greatest(${orders}, ceil(max(blocklist_size) * ${percent} / 100.0))::bigint
          FROM carriers WHERE id = ANY(${[...carrierIds]})
        )
      ) counted
    ) AS recent
    FROM carriers c WHERE id = ANY(${[...carrierIds]}) ORDER BY id`

export async function findBookHead(carrierId: string): Promise<number> {
  const row = await db.carrier.findUniqueOrThrow({
    where: { id: carrierId },
    select: { bookHead: true },
  })
  return Number(row.bookHead)
}

export const carrierName = async (tx: Tx, carrierId: string): Promise<string> =>
  (await tx.carrier.findUniqueOrThrow({ where: { id: carrierId }, select: { name: true } })).name

/** Locks a carrier's book until the transaction ends; returns its head and the acknowledged part. */
export async function lockAcknowledgement(
  tx: Tx,
  carrierId: string,
): Promise<{
  readonly head: number
  readonly acked: number
  readonly ackedAt: Instant | null
}> {
  await lockCarrier(tx, carrierId)
  const row = await tx.carrier.findUniqueOrThrow({
    where: { id: carrierId },
    select: { bookHead: true, ackedSeq: true, ackedAt: true },
  })
  return { head: Number(row.bookHead), acked: Number(row.ackedSeq), ackedAt: row.ackedAt }
}

export interface CarrierSummary {
  readonly id: string
  readonly name: string
  readonly active: boolean
  readonly head: number
  readonly acked: number
  readonly ackedAt: Instant | null
  readonly digits: ImeiDigits
  readonly way: DeliveryWay
  /** Pushing to the carrier has stopped: somebody has to look. */
  readonly pushStopped: boolean
}

export const carrierNames = (): Promise<{ id: string; name: string }[]> =>
  db.carrier.findMany({ orderBy: { ordinal: 'asc' }, select: { id: true, name: true } })

const dayOf = (column: Prisma.Sql) => sql`((${column} AT TIME ZONE ${TIME_ZONE})::date)::text`
const ANSWERED = sql`settled_at IS NOT NULL AND drill_id IS NULL AND state IN ('applied', 'failed', 'superseded')`

/** Counts a carrier's answers by the day they came. A retried order counts as refused. */
export const answeredDays = (carrierId: string, since: Instant): Prisma.Sql => sql`
  SELECT ${dayOf(sql`settled_at`)} AS day,
    count(*) FILTER (WHERE state = 'applied')::int AS applied,
    count(*) FILTER (WHERE state <> 'applied')::int AS refused,
    (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM settled_at - issued_at))
      FILTER (WHERE state = 'applied'))::float AS "medianSeconds",
    (percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM settled_at - issued_at))
      FILTER (WHERE state = 'applied'))::float AS "p90Seconds"
  FROM carrier_orders WHERE carrier_id = ${carrierId} AND settled_at >= ${since} AND ${ANSWERED}
  GROUP BY 1 ORDER BY 1`

export const refusalCounts = (carrierId: string, since: Instant): Prisma.Sql => sql`
  SELECT coalesce(failure_code, 'rejected') AS code, count(*)::int AS count
  FROM carrier_orders WHERE carrier_id = ${carrierId} AND settled_at >= ${since} AND ${ANSWERED} AND state <> 'applied'
  GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20`

/** Counts, by day, the hours in which a key was used or a pushed message came through. */
export const contactDays = (carrierId: string, since: Instant): Prisma.Sql => sql`
  SELECT ${dayOf(sql`hour`)} AS day, count(*)::int AS hours FROM (
    SELECT date_trunc('hour', slot) AS hour FROM carrier_calls WHERE carrier_id = ${carrierId} AND slot >= ${since}
    UNION
    SELECT date_trunc('hour', at) FROM push_tries
    WHERE carrier_id = ${carrierId} AND at >= ${since} AND fault IS NULL
  ) contact GROUP BY 1 ORDER BY 1`

/** Selects when contact was first recorded (records are kept for a limited time), and when the first order was answered. */
export const firstSeen = (carrierId: string): Prisma.Sql => sql`
  SELECT least(
    (SELECT slot FROM carrier_calls WHERE carrier_id = ${carrierId} ORDER BY slot LIMIT 1),
    (SELECT at FROM push_tries WHERE carrier_id = ${carrierId} AND fault IS NULL ORDER BY at LIMIT 1)
  ) AS "notedSince", (
    SELECT settled_at FROM carrier_orders WHERE carrier_id = ${carrierId} AND settled_at IS NOT NULL AND drill_id IS NULL
    ORDER BY settled_at LIMIT 1
  ) AS "firstAnswer"`

export async function carrierHealth(
  scope: CarrierScope,
  carrierId: string,
  span: HealthSpan,
  now: Instant,
): Promise<Health | null> {
  if (!reachesCarrier(scope, carrierId)) return null
  const since = spanStart(span, now)
  const [answered, refusals, contact, [seen]] = await Promise.all([
    db.$queryRaw<AnsweredDay[]>(answeredDays(carrierId, since)),
    db.$queryRaw<RefusalCount[]>(refusalCounts(carrierId, since)),
    db.$queryRaw<ContactDay[]>(contactDays(carrierId, since)),
    db.$queryRaw<{ notedSince: Instant | null; firstAnswer: Instant | null }[]>(firstSeen(carrierId)),
  ])
  return healthOf(span, now, { answered, refusals, contact, notedSince: null, firstAnswer: null, ...seen })
}
