import '#server-only'
import type { KioskDates } from '#features/ratings/rules/kiosk.ts'
import type { Instant } from '#lib/time.ts'
import { db, rawQuery, sql, type Tx } from '#platform/db.ts'

export interface KioskRow extends KioskDates {
  readonly id: string
  readonly agencyId: string
  readonly counter: string
  readonly createdAt: Instant
  /** The last day on which its page was opened or sent an answer; null where it never was. */
  readonly seenOn: Date | null
  /** The most answers that it takes in an hour. */
  readonly ceiling: number
  /** The public key of its device (SPKI); null while it is paired with none. */
  readonly publicKey: Uint8Array | null
  /** Seeds its code for pairing; null once it is used. */
  readonly pairingNonce: Uint8Array | null
  readonly pairingUntil: Instant | null
}

const select = {
  id: true,
  agencyId: true,
  counter: true,
  createdAt: true,
  expiresAt: true,
  revokedAt: true,
  seenOn: true,
  ceiling: true,
  publicKey: true,
  pairingNonce: true,
  pairingUntil: true,
} as const

export const kioskById = (id: string): Promise<KioskRow | null> =>
  db.kiosk.findUnique({ where: { id }, select })

/** Counts the kiosks of each agency that could take an answer, by their links. */
export async function kiosksAt(agencies: readonly string[], now: Instant): Promise<Map<string, number>> {
  const rows = await db.kiosk.groupBy({
    by: ['agencyId'],
    where: { agencyId: { in: [...agencies] }, revokedAt: null, expiresAt: { gt: now } },
    _count: true,
  })
  return new Map(rows.map(({ agencyId, _count }) => [agencyId, _count]))
}

/** Returns the newest kiosks first, from behind one of them on. */
export const kiosksAfter = (after: string | null, take: number): Promise<KioskRow[]> =>
  db.kiosk.findMany({
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    ...(after !== null && { cursor: { id: after }, skip: 1 }),
    take,
    select,
  })

/** Seeds a new code for pairing. */
export interface Pairing {
  readonly pairingNonce: Uint8Array<ArrayBuffer>
  readonly pairingUntil: Instant
}

export async function insertKiosk(
  tx: Tx,
  kiosk: Omit<KioskRow, 'revokedAt' | 'seenOn' | 'publicKey' | keyof Pairing> & Pairing,
): Promise<void> {
  await tx.kiosk.create({ data: kiosk, select: { id: true } })
}

/** Revokes a kiosk and returns its agency; null where there is none, or it was revoked before. */
export async function revokeKioskRow(tx: Tx, id: string, at: Instant): Promise<string | null> {
  const [row] = await tx.kiosk.updateManyAndReturn({
    where: { id, revokedAt: null },
    data: { revokedAt: at },
    select: { agencyId: true },
  })
  return row?.agencyId ?? null
}

/**
 * Has a kiosk wait for a device, with a new code. The device that it was paired with can send nothing more. Returns the
 * kiosk's agency, and whether it had a device; null where there is no such kiosk in force.
 */
export async function awaitDevice(
  tx: Tx,
  id: string,
  pairing: Pairing,
): Promise<{ readonly agencyId: string; readonly had: boolean } | null> {
  const [row] = await rawQuery<{ agencyId: string; had: boolean }>(
    tx,
    sql`
    WITH before AS (SELECT id, public_key IS NOT NULL AS had FROM survey_kiosks
      WHERE id = ${id}::uuid AND revoked_at IS NULL FOR UPDATE)
    UPDATE survey_kiosks k SET public_key = NULL, pairing_nonce = ${pairing.pairingNonce},
      pairing_until = ${pairing.pairingUntil}
    FROM before WHERE k.id = before.id RETURNING k.agency_id AS "agencyId", before.had`,
  )
  return row ?? null
}

/** Pairs a kiosk with a device's key, where its code is still the one that was typed. Returns its agency, or null. */
export async function pairKiosk(
  tx: Tx,
  { id, pairingNonce }: Pick<KioskRow, 'id' | 'pairingNonce'>,
  publicKey: Uint8Array<ArrayBuffer>,
): Promise<string | null> {
  if (pairingNonce === null) return null
  const [row] = await tx.kiosk.updateManyAndReturn({
    where: { id, publicKey: null, revokedAt: null, pairingNonce: Buffer.from(pairingNonce) },
    data: { publicKey, pairingNonce: null, pairingUntil: null },
    select: { agencyId: true },
  })
  return row?.agencyId ?? null
}

/** Writes that a kiosk was seen on a local date; most often it is written already, and nothing is. */
export async function markSeen(id: string, day: string): Promise<void> {
  await db.kiosk.updateMany({
    where: { id, OR: [{ seenOn: null }, { seenOn: { lt: new Date(day) } }] },
    data: { seenOn: new Date(day) },
  })
}

/** Returns the kiosks of some agencies that could take an answer and were not seen since a local date, the longest silent first. */
export const silentSince = (
  agencies: readonly string[],
  day: string,
  now: Instant,
  take: number,
): Promise<KioskRow[]> => {
  const before = new Date(day)
  return db.kiosk.findMany({
    where: {
      ...{ agencyId: { in: [...agencies] }, revokedAt: null, expiresAt: { gt: now } },
      OR: [{ seenOn: { lt: before } }, { seenOn: null, createdAt: { lt: before } }],
    },
    orderBy: [{ seenOn: { sort: 'asc', nulls: 'first' } }, { id: 'asc' }],
    take,
    select,
  })
}
