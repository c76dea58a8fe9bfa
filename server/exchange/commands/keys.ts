import '#server-only'
import type { Actor, StaffActor } from '#domain/access/actor.ts'
import { may } from '#domain/access/roles.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import { random } from '#server/platform/crypto.ts'
import { type Tx, transaction } from '#server/platform/db.ts'
import { carrierKeyHash } from '../loaders/keys.ts'
import { carrierExists, insertKey, revokeKeyRow } from '../repository/keys.ts'

export type KeyRefusal = 'forbidden' | 'not_found'

/**
 * Gives a carrier one more API key beside those it has, so that it can change over without a gap. Only the key's
 * hash is kept: this answer is the one time it can be read.
 */
export function issueKey(
  actor: StaffActor,
  carrierId: string,
  now: Instant,
): Promise<Result<string, KeyRefusal>> {
  return transaction(async (tx) => {
    if (!may(actor.role, 'carrier:manage')) return err('forbidden')
    if (!(await carrierExists(tx, carrierId))) return err('not_found')
    return ok(await issueCarrierKey(tx, carrierId, actor, now))
  })
}

/** Ends a key at once. Ending it twice is harmless. */
export function revokeKey(
  actor: StaffActor,
  keyId: string,
  now: Instant,
): Promise<Result<string, KeyRefusal>> {
  return transaction(async (tx) => {
    if (!may(actor.role, 'carrier:manage')) return err('forbidden')
    const key = await revokeKeyRow(tx, keyId, now)
    if (!key) return err('not_found')
    if (key.revoked) await auditKey(tx, 'carrier.key_revoked', key.carrierId, keyId, actor, now)
    return ok(key.carrierId)
  })
}

/** The same without a person who asks: for the demonstration's accounts. */
export async function issueCarrierKey(
  tx: Tx,
  carrierId: string,
  actor: Actor,
  now: Instant,
): Promise<string> {
  const apiKey = `antam_${random(32).toString('base64url')}`
  const keyId = await insertKey(tx, carrierId, carrierKeyHash(apiKey), now)
  await auditKey(tx, 'carrier.key_issued', carrierId, keyId, actor, now)
  return apiKey
}

const auditKey = (tx: Tx, act: string, carrierId: string, keyId: string, actor: Actor, at: Instant) =>
  audit(tx, { actor, act, subject: { kind: 'carrier', id: carrierId }, facts: { keyId }, at })
