import '#server-only'
import { noteErased } from '#features/audit/commands/erasures.ts'
import { audit } from '#features/audit/commands.ts'
import type { AuditAct } from '#features/audit/rules/acts.ts'
import type { Actor, StaffActor } from '#lib/access/actor.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { HOUR, type Instant, MINUTE } from '#lib/time.ts'
import { randomBuffer } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce, actOnceWithSecret } from '#platform/idempotency/commands.ts'
import { log } from '#platform/log.ts'
import { carrierKeyHash } from '../queries/keys.ts'
import {
  addCalls,
  carrierExists,
  carrierOfKeyId,
  insertKey,
  type LiveKey,
  liveKey,
  lockLiveKeys,
  noteUse,
  revokeKeyRow,
} from '../repository/keys.ts'
import type { DeliveryWay } from '../rules/ways.ts'
import {
  type AskedOfCarrier,
  type AskedRefusal,
  askOfCarrier,
  lockForTaking,
  type TakeRefusal,
} from './approvals.ts'

export type KeyRefusal = 'forbidden' | 'not_found'

/** Asks for one more API key of a carrier beside those it has, so that it can change over without a gap. */
export async function askKey(
  actor: StaffActor,
  { carrierId, submitKey }: { readonly carrierId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<AskedOfCarrier, KeyRefusal | AskedRefusal>> {
  const scope = carrierScope(actor)
  if (!scope) return err('forbidden')
  if (!reachesCarrier(scope, carrierId)) return err('not_found')
  const act = `carrier.key_asked:${actor.id}`
  return actOnce<AskedOfCarrier, KeyRefusal | AskedRefusal>(submitKey, act, now, async (tx) =>
    (await carrierExists(tx, carrierId))
      ? askOfCarrier(tx, actor, 'carrier.key', { carrierId }, now)
      : err('not_found'),
  )
}

/**
 * Makes the key that was confirmed, for who asked for it, once. Only its hash is kept: this answer is the one time it can be
 * read; the same form sent again shows the same one.
 */
export async function takeKey(
  actor: StaffActor,
  { approvalId, submitKey }: { readonly approvalId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<string, TakeRefusal>> {
  const act = `carrier.key_issued:${actor.id}`
  const made = await actOnceWithSecret<TakeRefusal>(submitKey, act, now, async (tx, secret) => {
    const found = await lockForTaking(tx, actor, 'carrier.key', approvalId, now)
    if (!found.ok) return found
    // The key has the id of its request: there is one.
    if ((await carrierOfKeyId(tx, approvalId)) !== null) return err('not_confirmed')
    const key = { carrierId: found.value, apiKey: written(secret), id: approvalId }
    return ok(await keepKey(tx, key, actor, now))
  })
  return made.ok ? ok(written(made.value)) : made
}

/**
 * Ends a key at once. Ending it twice is harmless. The carrier's last key cuts its systems off: it is only ended by a person
 * who has typed the carrier's name.
 *
 * @returns the carrier's id
 */
export function revokeKey(
  actor: StaffActor,
  keyId: string,
  now: Instant,
  typedName: string | null = null,
): Promise<Result<string, KeyRefusal | 'last_key'>> {
  return transaction(async (tx) => {
    const scope = carrierScope(actor)
    if (!scope) return err('forbidden')
    const carrier = await carrierOfKeyId(tx, keyId)
    if (carrier === null || !reachesCarrier(scope, carrier.id)) return err('not_found')
    const { id: carrierId, name } = carrier
    const live = await lockLiveKeys(tx, carrierId)
    if (live.length === 1 && live[0] === keyId && !isName(typedName, name)) return err('last_key')
    const ended = await revokeKeyRow(tx, keyId, now)
    if (ended) await keyRevoked(tx, carrierId, keyId, actor, now)
    return ok(carrierId)
  })
}

async function keyRevoked(tx: Tx, carrierId: string, keyId: string, actor: Actor, now: Instant) {
  await noteErased(tx, 'carrier_key', [keyId], now)
  await auditKey(tx, 'carrier.key_revoked', carrierId, keyId, actor, now)
}

/** Revokes a key that a restored copy has in force again; it may be its carrier's last. Answers whether it did. */
export async function revokeKeyAgain(tx: Tx, keyId: string, now: Instant): Promise<boolean> {
  const carrier = await carrierOfKeyId(tx, keyId)
  if (carrier === null || !(await revokeKeyRow(tx, keyId, now))) return false
  await auditKey(tx, 'carrier.key_revoked', carrier.id, keyId, { kind: 'system' }, now)
  return true
}

const isName = (typed: string | null, name: string): boolean =>
  typed !== null && typed.normalize('NFC').trim().toLowerCase() === name.normalize('NFC').toLowerCase()

/**
 * Returns the carrier of an API key and how it gets its orders now; null where the key is wrong or revoked. Stores the
 * hour of the key's last use and its calls by ten minutes, so that people see when nothing uses it any more and revoke
 * it. This is no act of a person, and is not audited.
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
/** Calls not yet written, by key and slot, while an earlier write of the same is running. */
const uncounted = new Map<string, number>()

/**
 * Counts a call. Of calls at once the first one writes, and then writes those that came meanwhile: they wait for no
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
    // A call that could not be counted is answered all the same.
    log().warn({ err: error, carrierId: key.carrierId }, 'calls of a carrier were not counted')
  }
  if (uncounted.get(name) === 0) uncounted.delete(name)
  // Its own request does not wait for those of others.
  else void writeCalls(key, slot, name)
}

/** Issues a new key without people who ask and confirm: for the demonstration's accounts, which exist in the embedded default alone. */
export async function issueCarrierKey(
  tx: Tx,
  carrierId: string,
  actor: Actor,
  now: Instant,
): Promise<string> {
  const apiKey = written(randomBuffer(32))
  await keepKey(tx, { carrierId, apiKey }, actor, now)
  return apiKey
}

const written = (secret: Buffer): string => `antam_${secret.toString('base64url')}`

async function keepKey(
  tx: Tx,
  { carrierId, apiKey, id }: { readonly carrierId: string; readonly apiKey: string; readonly id?: string },
  actor: Actor,
  now: Instant,
): Promise<void> {
  const keyId = await insertKey(tx, { carrierId, keyHash: carrierKeyHash(apiKey), ...(id && { id }) }, now)
  await auditKey(tx, 'carrier.key_issued', carrierId, keyId, actor, now)
}

const auditKey = (tx: Tx, act: AuditAct, carrierId: string, keyId: string, actor: Actor, at: Instant) =>
  audit(tx, { actor, act, subject: { kind: 'carrier', id: carrierId }, facts: { keyId }, at })
