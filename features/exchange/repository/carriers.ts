import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { CarrierLoad, GuardBounds, ReleaseMode } from '../releases/rules.ts'
import { type ImeiDigits, imeiDigits } from '../rules/list-files.ts'
import { DELIVERY_WAYS, type DeliveryWay, wayOf } from '../rules/ways.ts'

const ids = (rows: readonly { id: string }[]): string[] => rows.map((row) => row.id)

export const activeCarriers = async (tx: Tx): Promise<string[]> =>
  ids(await tx.carrier.findMany({ where: { active: true }, orderBy: { id: 'asc' }, select: { id: true } }))

/** Keeps a query to carriers that can be asked: questions are read and answered by the interface alone. */
const ASKABLE = {
  active: true,
  way: { in: DELIVERY_WAYS.filter((way) => wayOf(way).answers === 'interface') },
}

export const isAskable = async (tx: Tx, carrierId: string): Promise<boolean> =>
  (await tx.carrier.count({ where: { id: carrierId, ...ASKABLE } })) > 0

/** Returns the carriers that were ever told of a case. */
export const carriersOfCase = async (tx: Tx, caseId: string): Promise<string[]> =>
  ids(
    await tx.carrier.findMany({
      where: { orders: { some: { caseId } } },
      orderBy: { id: 'asc' },
      select: { id: true },
    }),
  )

/**
 * Locks carriers' rows in the order of their ids, so that no transactions deadlock: their books cannot grow until this
 * one ends. Call before any lock on a release or an order.
 */
export async function lockCarriers(tx: Tx, carrierIds: readonly string[]): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM carriers WHERE id = ANY(${[...carrierIds]}) ORDER BY id FOR UPDATE`
}

export const lockCarrier = (tx: Tx, carrierId: string): Promise<void> => lockCarriers(tx, [carrierId])

export interface LoadedCarrier extends CarrierLoad {
  readonly id: string
  readonly releaseMode: ReleaseMode
}

/**
 * Returns the load of locked carriers: the blocks since an instant and the size of the list. Blocks that two people
 * have released are not counted again, or they would hold up those of the next hour. Counting stops where the guard
 * does: while thousands wait, each new block would otherwise count them all. ORDER BY makes PostgreSQL use the index:
 * it reads the whole table where it expects most orders to be of this hour.
 */
export const loadsOf = (
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

/** Returns how blocks go out to each carrier, locked until the transaction ends. */
export async function lockModes(tx: Tx): Promise<ReadonlyMap<string, ReleaseMode>> {
  const rows = await tx.$queryRaw<{ id: string; mode: ReleaseMode }[]>`
    SELECT id, release_mode::text AS mode FROM carriers ORDER BY id FOR UPDATE`
  return new Map(rows.map(({ id, mode }) => [id, mode]))
}

/** Says how blocks go out to a carrier, or to every one; answers to whom. */
export async function saveReleaseMode(
  tx: Tx,
  carrierId: string | null,
  data: { readonly releaseMode: ReleaseMode; readonly releaseTimes: string[] },
): Promise<string[]> {
  return ids(
    await tx.carrier.updateManyAndReturn({
      ...(carrierId !== null && { where: { id: carrierId } }),
      data,
      select: { id: true },
    }),
  )
}

/** Returns the last sequence in a carrier's book. */
export async function bookHead(carrierId: string): Promise<number> {
  const row = await db.carrier.findUniqueOrThrow({
    where: { id: carrierId },
    select: { bookHead: true },
  })
  return Number(row.bookHead)
}

/** Returns how many digits of an IMEI a carrier wants in its files. */
export async function digitsOf(carrierId: string): Promise<ImeiDigits> {
  const row = await db.carrier.findUniqueOrThrow({
    where: { id: carrierId },
    select: { imeiDigits: true },
  })
  return imeiDigits(row.imeiDigits)
}

/** Returns the same number, the carrier locked until the transaction ends; null where there is no such carrier. */
export async function digitsForUpdate(tx: Tx, carrierId: string): Promise<ImeiDigits | null> {
  await lockCarrier(tx, carrierId)
  const row = await tx.carrier.findUnique({ where: { id: carrierId }, select: { imeiDigits: true } })
  return row && imeiDigits(row.imeiDigits)
}

export async function saveDigits(tx: Tx, carrierId: string, digits: ImeiDigits): Promise<void> {
  await tx.carrier.update({
    where: { id: carrierId },
    data: { imeiDigits: digits },
    select: { id: true },
  })
}

export const carrierName = async (tx: Tx, carrierId: string): Promise<string> =>
  (await tx.carrier.findUniqueOrThrow({ where: { id: carrierId }, select: { name: true } })).name

export interface Acknowledgement {
  readonly head: number
  readonly acked: number
  readonly ackedAt: Instant | null
}

/** Returns a carrier's book and how much of it was acknowledged, locked until the transaction ends. */
export async function acknowledgementForUpdate(tx: Tx, carrierId: string): Promise<Acknowledgement> {
  await lockCarrier(tx, carrierId)
  const row = await tx.carrier.findUniqueOrThrow({
    where: { id: carrierId },
    select: { bookHead: true, ackedSeq: true, ackedAt: true },
  })
  return { head: Number(row.bookHead), acked: Number(row.ackedSeq), ackedAt: row.ackedAt }
}

export async function saveAcknowledgement(tx: Tx, carrierId: string, upTo: number, at: Instant) {
  await tx.carrier.update({
    where: { id: carrierId },
    data: { ackedSeq: upTo, ackedAt: at },
    select: { id: true },
  })
}

export interface CarrierSummary {
  readonly id: string
  readonly name: string
  readonly active: boolean
  readonly head: number
  readonly acked: number
  readonly ackedAt: Instant | null
  /** How many digits an IMEI has in its files. */
  readonly digits: ImeiDigits
  readonly way: DeliveryWay
  /** Lines are pushed to it, and that has stopped: somebody has to look. */
  readonly pushStopped: boolean
}

/** Returns every carrier, as its list shows it. */
export async function carrierSummaries(): Promise<CarrierSummary[]> {
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

export interface CarrierRelease {
  readonly id: string
  readonly name: string
  readonly releaseMode: ReleaseMode
  readonly releaseTimes: readonly string[]
}

/** Returns how blocks go out to each carrier, in the carriers' order. */
export const releaseModes = (): Promise<CarrierRelease[]> =>
  db.carrier.findMany({
    orderBy: { ordinal: 'asc' },
    select: { id: true, name: true, releaseMode: true, releaseTimes: true },
  })

export const carrierNames = (): Promise<{ id: string; name: string }[]> =>
  db.carrier.findMany({ orderBy: { ordinal: 'asc' }, select: { id: true, name: true } })

export const askableCarrierNames = (): Promise<{ id: string; name: string }[]> =>
  db.carrier.findMany({
    where: ASKABLE,
    orderBy: { ordinal: 'asc' },
    select: { id: true, name: true },
  })
