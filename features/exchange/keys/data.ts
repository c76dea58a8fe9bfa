import '#server-only'
import { confirmedOf } from '#features/approvals/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { type CarrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { addMilliseconds, HOUR, type Instant, MINUTE } from '#lib/time.ts'
import { keyedHash, sealFor, unsealFor } from '#platform/crypto.ts'
import { db, type Tx, transaction } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import { resealAll } from '#platform/reseal.ts'
import { carrierSubject } from '../carriers/rules.ts'
import { wayStanding } from '../delivery/data.ts'
import type { DeliveryWay, WayStanding } from '../delivery/rules.ts'

interface LiveKey {
  readonly id: string
  readonly carrierId: string
  readonly lastUsedAt: Instant | null
  readonly way: DeliveryWay
}

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

/** Stores the hour in which a key was last used; of many simultaneous requests only one writes. */
export async function noteUse(keyId: string, hour: Instant): Promise<void> {
  await db.carrierKey.updateMany({
    where: { id: keyId, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: hour } }] },
    data: { lastUsedAt: hour },
  })
}

/** Adds calls to their ten-minute slot. */
export async function addCalls(
  { id, carrierId }: Pick<LiveKey, 'id' | 'carrierId'>,
  slot: Instant,
  calls: number,
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO carrier_calls (carrier_id, slot, key_id, calls) VALUES (${carrierId}, ${slot}, ${id}::uuid, ${calls})
    ON CONFLICT (carrier_id, slot, key_id) DO UPDATE SET calls = carrier_calls.calls + excluded.calls`
}

export async function callsSince(carrierId: string, since: Instant): Promise<ReadonlyMap<string, number>> {
  const rows = await db.carrierCall.groupBy({
    by: ['keyId'],
    where: { carrierId, slot: { gte: since } },
    _sum: { calls: true },
  })
  return new Map(rows.map(({ keyId, _sum }) => [keyId, _sum.calls ?? 0]))
}

interface KeyRow {
  readonly id: string
  readonly createdAt: Instant
  /** Rounded down to the hour. */
  readonly lastUsedAt: Instant | null
  readonly revokedAt: Instant | null
}

/** Returns a carrier's keys, live ones first, then the newest. The keys themselves are not stored. */
export const keysOf = (carrierId: string): Promise<KeyRow[]> =>
  db.carrierKey.findMany({
    where: { carrierId },
    orderBy: [{ revokedAt: { sort: 'desc', nulls: 'first' } }, { createdAt: 'desc' }],
    select: { id: true, createdAt: true, lastUsedAt: true, revokedAt: true },
  })

export const carrierExists = async (tx: Tx, carrierId: string): Promise<boolean> =>
  (await tx.carrier.findUnique({ where: { id: carrierId }, select: { id: true } })) !== null

export async function carrierOfKey(
  tx: Tx,
  keyId: string,
): Promise<{ readonly id: string; readonly name: string } | null> {
  const row = await tx.carrierKey.findUnique({
    where: { id: keyId },
    select: { carrier: { select: { id: true, name: true } } },
  })
  return row?.carrier ?? null
}

/** Revokes a key; returns whether it was live until now. */
export async function revokeKeyRow(tx: Tx, keyId: string, at: Instant): Promise<boolean> {
  const { count } = await tx.carrierKey.updateMany({
    where: { id: keyId, revokedAt: null },
    data: { revokedAt: at },
  })
  return count === 1
}

export const carrierKeyHash = (apiKey: string): Uint8Array<ArrayBuffer> => keyedHash('carrier-key', apiKey)

export const carrierKeys = async (scope: CarrierScope, carrierId: string): Promise<KeyRow[]> =>
  reachesCarrier(scope, carrierId) ? keysOf(carrierId) : []

/** The effects of revoking a key, for the person who may do so. */
export interface KeyEnd {
  readonly key: KeyRow
  /** The carrier's other live keys, with their calls in the last hour. */
  readonly others: readonly (KeyRow & { readonly calls: number })[]
  /** Calls with this key in the last hour. */
  readonly calls: number
  readonly standing: WayStanding
}

/** Returns the effects of revoking a carrier's live key; null for any other key or outside the scope. */
export async function keyEnd(
  scope: CarrierScope,
  carrierId: string,
  keyId: string,
  now: Instant,
): Promise<KeyEnd | null> {
  if (!reachesCarrier(scope, carrierId)) return null
  const [keys, calls, standing] = await Promise.all([
    keysOf(carrierId),
    callsSince(carrierId, addMilliseconds(now, -HOUR)),
    wayStanding(carrierId),
  ])
  const live = keys.filter(({ revokedAt }) => revokedAt === null)
  const key = live.find(({ id }) => id === keyId)
  const counted = (id: string) => calls.get(id) ?? 0
  return key
    ? {
        key,
        calls: counted(keyId),
        others: live.filter((one) => one !== key).map((one) => ({ ...one, calls: counted(one.id) })),
        standing,
      }
    : null
}

/** Returns a person's confirmed requests for a carrier's key that was not taken yet. */
export async function keysToTake(actor: StaffActor, carrierId: string, now: Instant): Promise<string[]> {
  const confirmed = await confirmedOf(actor, 'carrier.key', carrierSubject('carrier.key', carrierId), now)
  const made = confirmed.length === 0 ? [] : (await keysOf(carrierId)).map(({ id }) => id)
  return confirmed.filter((id) => !made.includes(id))
}

/**
 * Returns the carrier of an API key and the carrier's way; null if the key is wrong or revoked. Stores the hour of its last use
 * and its calls per ten minutes, so that people can see that a key is unused and revoke it. This is no act of a person, so it is
 * not audited.
 */
export async function authenticateCarrier(
  apiKey: string,
  now: Instant,
): Promise<{ readonly carrierId: string; readonly way: DeliveryWay } | null> {
  const key = await liveKey(carrierKeyHash(apiKey))
  if (!key) return null
  const hour = new Date(Math.floor(now.getTime() / HOUR) * HOUR)
  if (key.lastUsedAt === null || key.lastUsedAt < hour) await noteUse(key.id, hour)
  await countCall(key, now)
  return { carrierId: key.carrierId, way: key.way }
}

const SLOT = 10 * MINUTE
/** Calls not written yet, by key and slot, while an earlier write for the same key and slot runs. */
const uncounted = new Map<string, number>()

/**
 * Counts a call. Of simultaneous calls the first one writes, and then writes those that came meanwhile, so that none waits for a
 * lock.
 */
async function countCall(key: LiveKey, now: Instant): Promise<void> {
  const slot = new Date(Math.floor(now.getTime() / SLOT) * SLOT)
  const name = `${key.id} ${slot.getTime()}`
  const waiting = uncounted.get(name)
  uncounted.set(name, (waiting ?? 0) + 1)
  if (waiting === undefined) await writeCalls(key, slot, name)
}

async function writeCalls(key: LiveKey, slot: Instant, name: string): Promise<void> {
  const calls = uncounted.get(name) ?? 0
  uncounted.set(name, 0)
  try {
    await addCalls(key, slot, calls)
  } catch (error) {
    // A call that could not be counted is still answered.
    log().warn({ err: error, carrierId: key.carrierId }, 'calls of a carrier were not counted')
  }
  if (uncounted.get(name) === 0) uncounted.delete(name)
  // The request does not wait for the calls of others.
  else void writeCalls(key, slot, name)
}

/** Returns the context that binds a sealed secret to its row. */
export const webhookSecretContext = (secretId: string): string => `webhook-secret:${secretId}`

export const liveSecretRows = (tx: Tx, carrierId: string) =>
  tx.webhookSecret.findMany({
    where: { carrierId, revokedAt: null },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    select: { id: true, sealed: true },
  })

export const secretsAmong = async (ids: readonly string[], tx: Tx = db): Promise<string[]> =>
  (await tx.webhookSecret.findMany({ where: { id: { in: [...ids] } }, select: { id: true } })).map(
    ({ id }) => id,
  )

/** Returns a live secret; null for any other. */
export async function readWebhookSecret(id: string): Promise<Buffer | null> {
  const row = await db.webhookSecret.findFirst({ where: { id, revokedAt: null }, select: { sealed: true } })
  return row && unsealFor(webhookSecretContext(id), row.sealed)
}

export const liveWebhookSecrets = async (tx: Tx, carrierId: string): Promise<Buffer[]> =>
  (await liveSecretRows(tx, carrierId)).map(({ id, sealed }) => unsealFor(webhookSecretContext(id), sealed))

/** Reseals all secrets under the current wrapping key; returns true if none was left. */
export const rotateWebhookSecrets = (): Promise<boolean> =>
  transaction((tx) =>
    resealAll(tx.webhookSecret, (id, sealed) =>
      sealFor(webhookSecretContext(id), unsealFor(webhookSecretContext(id), sealed)),
    ),
  )

/** Returns a person's confirmed requests for a carrier's signing secret that was not taken yet. */
export async function secretsToTake(actor: StaffActor, carrierId: string, now: Instant): Promise<string[]> {
  const confirmed = await confirmedOf(
    actor,
    'carrier.secret',
    carrierSubject('carrier.secret', carrierId),
    now,
  )
  const made = await secretsAmong(confirmed)
  return confirmed.filter((id) => !made.includes(id))
}
