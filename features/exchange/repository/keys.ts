import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { DeliveryWay } from '../rules/ways.ts'

export interface LiveKey {
  readonly id: string
  readonly carrierId: string
  readonly lastUsedAt: Instant | null
  /** The way in which the carrier gets its orders now. */
  readonly way: DeliveryWay
}

/** Returns the key of this hash, unless there is none or it was revoked. */
export async function liveKey(keyHash: Uint8Array<ArrayBuffer>): Promise<LiveKey | null> {
  const row = await db.carrierKey.findUnique({
    where: { keyHash },
    select: {
      id: true,
      carrierId: true,
      lastUsedAt: true,
      revokedAt: true,
      carrier: { select: { way: true } },
    },
  })
  return row?.revokedAt === null ? { ...row, way: row.carrier.way } : null
}

/** Notes the hour in which a key was last used; of many requests at once one writes. */
export async function noteUse(keyId: string, hour: Instant): Promise<void> {
  await db.carrierKey.updateMany({
    where: { id: keyId, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: hour } }] },
    data: { lastUsedAt: hour },
  })
}

/** Adds calls to the ten minutes in which they came. */
export async function addCalls(
  { id, carrierId }: Pick<LiveKey, 'id' | 'carrierId'>,
  slot: Instant,
  calls: number,
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO carrier_calls (carrier_id, slot, key_id, calls) VALUES (${carrierId}, ${slot}, ${id}::uuid, ${calls})
    ON CONFLICT (carrier_id, slot, key_id) DO UPDATE SET calls = carrier_calls.calls + excluded.calls`
}

/** Counts how often each of a carrier's keys was shown since an instant. */
export async function callsSince(carrierId: string, since: Instant): Promise<ReadonlyMap<string, number>> {
  const rows = await db.carrierCall.groupBy({
    by: ['keyId'],
    where: { carrierId, slot: { gte: since } },
    _sum: { calls: true },
  })
  return new Map(rows.map(({ keyId, _sum }) => [keyId, _sum.calls ?? 0]))
}

export async function insertKey(
  tx: Tx,
  key: { readonly id?: string; readonly carrierId: string; readonly keyHash: Uint8Array<ArrayBuffer> },
  at: Instant,
): Promise<string> {
  const row = await tx.carrierKey.create({
    data: { ...key, createdAt: at },
    select: { id: true },
  })
  return row.id
}

export interface KeyRow {
  readonly id: string
  readonly createdAt: Instant
  /** Rounded down to the hour. */
  readonly lastUsedAt: Instant | null
  readonly revokedAt: Instant | null
}

/** Returns a carrier's keys, live ones first, then the newest; without the keys themselves, which are not stored. */
export const keysOf = (carrierId: string): Promise<KeyRow[]> =>
  db.carrierKey.findMany({
    where: { carrierId },
    orderBy: [{ revokedAt: { sort: 'desc', nulls: 'first' } }, { createdAt: 'desc' }],
    select: { id: true, createdAt: true, lastUsedAt: true, revokedAt: true },
  })

export const carrierExists = async (tx: Tx, carrierId: string): Promise<boolean> =>
  (await tx.carrier.findUnique({ where: { id: carrierId }, select: { id: true } })) !== null

export async function carrierOfKeyId(
  tx: Tx,
  keyId: string,
): Promise<{ readonly id: string; readonly name: string } | null> {
  const row = await tx.carrierKey.findUnique({
    where: { id: keyId },
    select: { carrier: { select: { id: true, name: true } } },
  })
  return row?.carrier ?? null
}

/** Locks a carrier's live keys, so that none of them is revoked meanwhile, and returns their ids. */
export async function lockLiveKeys(tx: Tx, carrierId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM carrier_keys WHERE carrier_id = ${carrierId} AND revoked_at IS NULL ORDER BY id FOR UPDATE`
  return rows.map(({ id }) => id)
}

/** Revokes a key; answers whether it was live until now. */
export async function revokeKeyRow(tx: Tx, keyId: string, at: Instant): Promise<boolean> {
  const { count } = await tx.carrierKey.updateMany({
    where: { id: keyId, revokedAt: null },
    data: { revokedAt: at },
  })
  return count === 1
}
