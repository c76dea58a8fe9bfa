import '#server-only'
import { z } from 'zod'
import type { Approvable } from '#features/approvals/acts.ts'
import { lockConfirmed } from '#features/approvals/data.ts'
import { act, answer, logged, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import type { Actor, StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { randomBuffer, sealFor } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { makeSeed, secretOf } from '#platform/idempotency/commands.ts'
import { WEBHOOK_SECRET_BYTES } from '#platform/webhook.ts'
import { allow, askOfCarrier, refuseOutside } from '../carriers/acts.ts'
import { LIVE_SECRETS } from '../delivery/rules.ts'
import {
  carrierExists,
  carrierKeyHash,
  carrierOfKey,
  liveSecretRows,
  readWebhookSecret,
  revokeKeyRow,
  secretsAmong,
  webhookSecretContext,
} from './data.ts'

// A key or secret is asked for, confirmed by another person, and then made and shown once to the person who asked for it.

const ofCarrier = z.object({ carrierId: z.string().max(40) })
const entryOf = ({ carrierId }: { readonly carrierId: string }) =>
  ({ subject: { kind: 'carrier', id: carrierId } }) as const
const carrierPage = (carrier: string, done?: string) =>
  ({ pathname: '/admin/carriers/[carrier]', params: { carrier }, query: { done } }) as const

const onKeys = { permission: 'carrier:attend', stepUp: 'always', faults: 'exchange' } as const
const onSecrets = { permission: 'carrier:attend', stepUp: 'always', faults: 'delivery' } as const

/** Asks for one more API key, so that a carrier can change over without a gap. */
export const askKey = act({
  ...onKeys,
  name: 'approval.ask',
  once: (actorId) => `carrier.key_asked:${actorId}`,
  page: ({ carrierId }) => carrierPage(carrierId, 'requested'),
  input: ofCarrier,
  async run({ tx, actor, input: { carrierId }, now }) {
    const outside = refuseOutside(actor, carrierId)
    if (outside) return outside
    if (!(await carrierExists(tx, carrierId))) return refuse('not_found')
    const asked = await askOfCarrier(tx, actor, 'carrier.key', { carrierId }, now)
    return asked.ok ? logged('requested') : refuse(asked.error)
  },
})

/** Confirming makes no key: it is made when the asker takes it, so that nobody can read it before. */
export const newKey: Approvable<'carrier.key'> = { kind: 'carrier.key', carryOut: allow }
export const newSecret: Approvable<'carrier.secret'> = { kind: 'carrier.secret', carryOut: allow }

/** Locks a confirmed request for its asker, who can take it within three days. */
const lockForTaking =
  (kind: 'carrier.key' | 'carrier.secret') =>
  async (tx: Tx, { approvalId }: { readonly approvalId: string }, actor: StaffActor, now: Instant) => {
    const content = await lockConfirmed(tx, actor, kind, approvalId, now)
    if (!content) return refuse('not_confirmed')
    return refuseOutside(actor, content.carrierId) ?? content
  }
const ofRequest = z.object({ approvalId: z.uuid('general.invalid') })

/** Makes the confirmed key, once. Only its hash is stored, so it can be read only now. */
export const takeKey = act({
  ...onKeys,
  name: 'carrier.key_issued',
  input: ofRequest,
  reveal: (seed) => writtenKey(secretOf(seed)),
  subject: { lock: lockForTaking('carrier.key'), entry: entryOf },
  async run({ tx, subject: { carrierId }, input: { approvalId: id }, now }) {
    // The key's id is the request's id: a request makes one key.
    if ((await carrierOfKey(tx, id)) !== null) return refuse('not_confirmed')
    const seed = makeSeed()
    const keyHash = carrierKeyHash(writtenKey(secretOf(seed)))
    await tx.carrierKey.create({ data: { id, carrierId, keyHash, createdAt: now }, select: { id: true } })
    return answer(seed, { keyId: id })
  },
})

/**
 * Makes a key without a request and a confirmation: only for the demonstration's accounts, which exist in the embedded default
 * alone.
 */
export async function issueCarrierKey(
  tx: Tx,
  carrierId: string,
  actor: Actor,
  now: Instant,
): Promise<string> {
  const apiKey = writtenKey(randomBuffer(32))
  const data = { carrierId, keyHash: carrierKeyHash(apiKey), createdAt: now }
  const { id: keyId } = await tx.carrierKey.create({ data, select: { id: true } })
  await audit(tx, { actor, act: 'carrier.key_issued', ...entryOf({ carrierId }), facts: { keyId }, at: now })
  return apiKey
}

const writtenKey = (secret: Buffer): string => `antam_${secret.toString('base64url')}`

/**
 * Revokes a key at once; revoking twice is harmless. The last key cuts the carrier's systems off, so it needs the carrier's name
 * typed. Returns the carrier's id.
 */
export const revokeKey = act({
  ...onKeys,
  name: 'carrier.key_revoked',
  page: (_, carrierId) => carrierPage(carrierId),
  input: z.object({ keyId: z.uuid('general.invalid'), carrierName: z.string().max(100).default('') }),
  subject: {
    async lock(tx: Tx, { keyId }: { readonly keyId: string }, actor: StaffActor) {
      const carrier = await carrierOfKey(tx, keyId)
      if (!carrier) return refuse('not_found')
      const outside = refuseOutside(actor, carrier.id)
      if (outside) return outside
      return { carrierId: carrier.id, name: carrier.name, live: await lockLiveKeys(tx, carrier.id) }
    },
    entry: entryOf,
  },
  async run({ tx, subject: { carrierId, name, live }, input: { keyId, carrierName }, now }) {
    if (live.length === 1 && live[0] === keyId && !isName(carrierName, name))
      return refuse('last_key', 'carrierName')
    if (!(await revokeKeyRow(tx, keyId, now))) return logged(carrierId)
    await noteErased(tx, 'carrier_key', [keyId], now)
    return answer(carrierId, { keyId })
  },
})

/** Locks a carrier's live keys, so that none is revoked meanwhile, and returns their ids. */
async function lockLiveKeys(tx: Tx, carrierId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM carrier_keys WHERE carrier_id = ${carrierId} AND revoked_at IS NULL ORDER BY id FOR UPDATE`
  return rows.map(({ id }) => id)
}

const isName = (typed: string, name: string): boolean =>
  typed.normalize('NFC').trim().toLowerCase() === name.normalize('NFC').toLowerCase()

/** Revokes a key again that a restored copy made live; it may be the carrier's last. Returns whether it was live. */
export async function revokeKeyAgain(tx: Tx, keyId: string, now: Instant): Promise<boolean> {
  const carrier = await carrierOfKey(tx, keyId)
  if (carrier === null || !(await revokeKeyRow(tx, keyId, now))) return false
  const entry = { actor: { kind: 'system' }, ...entryOf({ carrierId: carrier.id }) } as const
  await audit(tx, { ...entry, act: 'carrier.key_revoked', facts: { keyId }, at: now })
  return true
}

/** Asks for one more signing secret, so that a carrier can change over without a gap. */
export const askSecret = act({
  ...onSecrets,
  name: 'approval.ask',
  once: (actorId) => `carrier.secret_asked:${actorId}`,
  page: ({ carrierId }) => carrierPage(carrierId, 'requested'),
  input: ofCarrier,
  async run({ tx, actor, input: { carrierId }, now }) {
    const refusal = refuseOutside(actor, carrierId) ?? (await refuseSecret(tx, carrierId))
    if (refusal) return refusal
    const asked = await askOfCarrier(tx, actor, 'carrier.secret', { carrierId }, now)
    return asked.ok ? logged('requested') : refuse(asked.error)
  },
})

/** Locks a carrier's secrets until the transaction ends; returns a refusal if no more can be added. */
async function refuseSecret(tx: Tx, carrierId: string) {
  if (!(await lockWebhook(tx, carrierId))) return refuse('not_found')
  return (await liveSecretRows(tx, carrierId)).length < LIVE_SECRETS ? null : refuse('two_live')
}

/** Locks a carrier's secrets until the transaction ends; false without a push address. */
async function lockWebhook(tx: Tx, carrierId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM carrier_webhooks WHERE carrier_id = ${carrierId} FOR UPDATE`
  return rows.length > 0
}

/** Makes the confirmed secret, once; it is stored sealed. */
export const takeSecret = act({
  ...onSecrets,
  name: 'carrier.secret_made',
  input: ofRequest,
  reveal: async (id) => {
    const secret = await readWebhookSecret(id)
    return secret && `whsec_${secret.toString('base64')}`
  },
  subject: { lock: lockForTaking('carrier.secret'), entry: entryOf },
  async run({ tx, subject: { carrierId }, input: { approvalId: id }, now }) {
    // The secret's id is the request's id: a request makes one secret.
    if ((await secretsAmong([id], tx)).length > 0) return refuse('not_confirmed')
    const refusal = await refuseSecret(tx, carrierId)
    if (refusal) return refusal
    const sealed = sealFor(webhookSecretContext(id), randomBuffer(WEBHOOK_SECRET_BYTES))
    await tx.webhookSecret.create({ data: { id, carrierId, sealed, createdAt: now }, select: { id: true } })
    return answer(id, { secretId: id })
  },
})

/** Ends a secret at once: it signs nothing any more. Ending twice is harmless. */
export const endSecret = act({
  ...onSecrets,
  name: 'carrier.secret_ended',
  page: ({ carrierId }) => carrierPage(carrierId, 'secret_ended'),
  input: ofCarrier.extend({ secretId: z.uuid('general.invalid') }),
  subject: {
    lock: async (_: Tx, { carrierId }: { readonly carrierId: string }, actor: StaffActor) =>
      refuseOutside(actor, carrierId) ?? { carrierId },
    entry: entryOf,
  },
  async run({ tx, input: { carrierId, secretId }, now }) {
    const where = { id: secretId, carrierId }
    if ((await tx.webhookSecret.count({ where })) === 0) return refuse('not_found')
    const data = { revokedAt: now }
    const { count } = await tx.webhookSecret.updateMany({ where: { ...where, revokedAt: null }, data })
    return count === 1 ? { secretId } : logged()
  },
})
