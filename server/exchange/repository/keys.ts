import '#server-only'
import type { Instant } from '#domain/time.ts'
import { db, type Tx } from '#server/platform/db.ts'

/** The carrier to which a live key belongs. */
export async function carrierOfKeyHash(keyHash: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const row = await db.carrierKey.findUnique({
    where: { keyHash },
    select: { carrierId: true, revokedAt: true },
  })
  return row && row.revokedAt === null ? row.carrierId : null
}

export async function insertKey(
  tx: Tx,
  carrierId: string,
  keyHash: Uint8Array<ArrayBuffer>,
  at: Instant,
): Promise<string> {
  const row = await tx.carrierKey.create({
    data: { carrierId, keyHash, createdAt: at },
    select: { id: true },
  })
  return row.id
}

export interface KeyRow {
  readonly id: string
  readonly createdAt: Instant
  readonly revokedAt: Instant | null
}

/** A carrier's keys, live ones first, then the newest; without the keys themselves, which nobody has. */
export const keysOf = (carrierId: string): Promise<KeyRow[]> =>
  db.carrierKey.findMany({
    where: { carrierId },
    orderBy: [{ revokedAt: { sort: 'desc', nulls: 'first' } }, { createdAt: 'desc' }],
    select: { id: true, createdAt: true, revokedAt: true },
  })

export const carrierExists = async (tx: Tx, carrierId: string): Promise<boolean> =>
  (await tx.carrier.findUnique({ where: { id: carrierId }, select: { id: true } })) !== null

/** Revokes a key; `revoked` tells whether it was live until now. Null when there is no such key. */
export async function revokeKeyRow(
  tx: Tx,
  keyId: string,
  at: Instant,
): Promise<{ carrierId: string; revoked: boolean } | null> {
  const key = await tx.carrierKey.findUnique({ where: { id: keyId }, select: { carrierId: true } })
  if (!key) return null
  const { count } = await tx.carrierKey.updateMany({
    where: { id: keyId, revokedAt: null },
    data: { revokedAt: at },
  })
  return { carrierId: key.carrierId, revoked: count === 1 }
}
