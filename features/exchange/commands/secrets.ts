import '#server-only'
import { audit } from '#features/audit/commands.ts'
import type { AuditAct } from '#features/audit/rules/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { randomBuffer, sealFor, sealVersion, unsealFor } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { keyWrapper } from '#platform/key-wrapper.ts'
import {
  insertSecret,
  liveSecretRows,
  lockWebhook,
  resealSecrets,
  revokeSecret,
  sealedSecret,
  secretsAmong,
} from '../repository/secrets.ts'
import { LIVE_SECRETS } from '../rules/delivery.ts'
import {
  type AskedOfCarrier,
  type AskedRefusal,
  askOfCarrier,
  lockForTaking,
  type TakeRefusal,
} from './approvals.ts'

export type SecretRefusal = 'forbidden' | 'not_found' | 'two_live'

const contextOf = (secretId: string): string => `webhook-secret:${secretId}`
/** Bytes of a secret, within the bounds of Standard Webhooks. */
const BYTES = 32
const written = (bytes: Buffer): string => `whsec_${bytes.toString('base64')}`

/** Asks for one more secret beside the one that messages are signed with, so that a carrier changes over without a gap. */
export async function askSecret(
  actor: StaffActor,
  { carrierId, submitKey }: { readonly carrierId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<AskedOfCarrier, SecretRefusal | AskedRefusal>> {
  const scope = carrierScope(actor)
  if (!scope) return err('forbidden')
  if (!reachesCarrier(scope, carrierId)) return err('not_found')
  const act = `carrier.secret_asked:${actor.id}`
  return actOnce<AskedOfCarrier, SecretRefusal | AskedRefusal>(submitKey, act, now, async (tx) => {
    const room = await lockRoom(tx, carrierId)
    return room.ok ? askOfCarrier(tx, actor, 'carrier.secret', { carrierId }, now) : room
  })
}

/** Keeps a carrier's secrets as they are until the transaction ends, and tells whether one more can be there. */
async function lockRoom(tx: Tx, carrierId: string): Promise<Result<null, 'not_found' | 'two_live'>> {
  if (!(await lockWebhook(tx, carrierId))) return err('not_found')
  return (await liveSecretRows(tx, carrierId)).length < LIVE_SECRETS ? ok(null) : err('two_live')
}

/**
 * Makes the secret that was confirmed, for who asked for it, once. The answer is the one time that it is shown; the same form
 * sent again shows the same one.
 */
export async function takeSecret(
  actor: StaffActor,
  { approvalId: id, submitKey }: { readonly approvalId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<string, SecretRefusal | TakeRefusal>> {
  const act = `carrier.secret_made:${actor.id}`
  const made = await actOnce<string, SecretRefusal | TakeRefusal>(submitKey, act, now, async (tx) => {
    const found = await lockForTaking(tx, actor, 'carrier.secret', id, now)
    if (!found.ok) return found
    const carrierId = found.value
    // The secret has the id of its request: there is one.
    if ((await secretsAmong([id], tx)).length > 0) return err('not_confirmed')
    const room = await lockRoom(tx, carrierId)
    if (!room.ok) return room
    await insertSecret(tx, {
      id,
      carrierId,
      sealed: sealFor(contextOf(id), randomBuffer(BYTES)),
      createdAt: now,
    })
    await auditSecret(tx, 'carrier.secret_made', carrierId, id, actor, now)
    return ok(id)
  })
  if (!made.ok) return made
  const sealed = await sealedSecret(made.value)
  return sealed ? ok(written(unsealFor(contextOf(made.value), sealed))) : err('not_found')
}

/** Ends a secret at once: nothing is signed with it any more. Ending it twice is harmless. */
export async function endSecret(
  actor: StaffActor,
  { carrierId, secretId }: { readonly carrierId: string; readonly secretId: string },
  now: Instant,
): Promise<Result<null, SecretRefusal>> {
  const scope = carrierScope(actor)
  if (!scope) return err('forbidden')
  if (!reachesCarrier(scope, carrierId)) return err('not_found')
  return transaction(async (tx) => {
    const ended = await revokeSecret(tx, carrierId, secretId, now)
    if (ended === null) return err('not_found')
    if (ended) await auditSecret(tx, 'carrier.secret_ended', carrierId, secretId, actor, now)
    return ok(null)
  })
}

/** Returns the secrets that messages to a carrier are signed with now, the newest first. */
export async function liveSecrets(tx: Tx, carrierId: string): Promise<Buffer[]> {
  return (await liveSecretRows(tx, carrierId)).map(({ id, sealed }) => unsealFor(contextOf(id), sealed))
}

/** Brings every secret under the wrapping key of today; answers whether there was none to bring. */
export function rotateWebhookSecrets(): Promise<boolean> {
  return transaction(async (tx) => {
    let done = true
    await resealSecrets(tx, (id, sealed) => {
      if (sealVersion(sealed) === keyWrapper.version()) return null
      done = false
      return sealFor(contextOf(id), unsealFor(contextOf(id), sealed))
    })
    return done
  })
}

const auditSecret = (
  tx: Tx,
  act: AuditAct,
  carrierId: string,
  secretId: string,
  actor: StaffActor,
  at: Instant,
) => audit(tx, { actor, act, subject: { kind: 'carrier', id: carrierId }, facts: { secretId }, at })
