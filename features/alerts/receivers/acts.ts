import '#server-only'
import { z } from 'zod'
import { type Approvable, askApproval } from '#features/approvals/acts.ts'
import { lockConfirmed } from '#features/approvals/data.ts'
import type { ContentOf } from '#features/approvals/rules.ts'
import { act, answer, logged, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { LIVE_SECRETS, urlFault } from '#features/exchange/delivery/rules.ts'
import { bankHotlines } from '#features/lookup-tables/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { randomBuffer, sealFor } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { makeSeed, secretOf } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { WEBHOOK_SECRET_BYTES } from '#platform/webhook.ts'
import { lockReceiver, readSecret, receiverKeyHash, secretContext } from './data.ts'
import { receiverSubject } from './rules.ts'

// Keys, secrets and addresses of receivers are asked for by one person of the relay and confirmed by another, as those of
// carriers are (ADR 138).

const ofReceiver = z.object({ receiverId: z.string().max(60) })
const ofRequest = z.object({ approvalId: z.uuid('general.invalid') })
const pageOf = ({ receiverId }: z.output<typeof ofReceiver>, done: string) =>
  ({ pathname: '/admin/receivers/[receiver]', params: { receiver: receiverId }, query: { done } }) as const
const entryOf = ({ receiverId }: { readonly receiverId: string }) =>
  ({ subject: { kind: 'receiver', id: receiverId } }) as const

const onReceiver = {
  permission: 'carrier:manage',
  faults: 'alerts',
  input: ofReceiver,
  page: pageOf,
  subject: {
    async lock(tx: Tx, { receiverId }: z.output<typeof ofReceiver>) {
      const row = await lockReceiver(tx, receiverId)
      return row ? { ...row, receiverId } : refuse('not_found')
    },
    entry: entryOf,
  },
} as const

/** Makes a bank or wallet of the hotline table a receiver. It can be chosen once it has a key, which takes two people. */
export const addReceiver = act({
  name: 'receiver.added',
  permission: 'carrier:manage',
  faults: 'alerts',
  input: z.object({
    receiverId: z.string('alerts.receiver_missing').min(1, 'alerts.receiver_missing').max(60),
  }),
  page: (_, receiver) => ({ pathname: '/admin/receivers/[receiver]', params: { receiver } }),
  subject: {
    lock: async (_: Tx, { receiverId }: { readonly receiverId: string }) =>
      (await bankHotlines()).some(({ id }) => id === receiverId)
        ? { receiverId }
        : refuse('receiver_missing', 'receiverId'),
    entry: entryOf,
  },
  async run({ tx, input: { receiverId: id }, now }) {
    const { count } = await tx.alertReceiver.createMany({
      data: [{ id, addedAt: now }],
      skipDuplicates: true,
    })
    return count === 1 ? answer(id) : logged(id)
  },
})

/** Stops or resumes a receiver. While it is stopped no alert is written for it, and nobody can choose it. */
export const setReceiverActive = act({
  ...onReceiver,
  name: 'receiver.active',
  page: ({ receiverId }) => pageOf({ receiverId }, 'changed'),
  input: ofReceiver.extend({ active: z.enum(['on', 'off'], 'general.invalid') }),
  async run({ tx, subject: { id, active: before }, input }) {
    const active = input.active === 'on'
    if (before === active) return logged()
    await tx.alertReceiver.update({ where: { id }, data: { active }, select: { id: true } })
    return { active }
  },
})

const ask = <K extends 'receiver.key' | 'receiver.secret' | 'receiver.address'>(
  tx: Tx,
  actor: StaffActor,
  kind: K,
  content: ContentOf<K>,
  now: Instant,
) => askApproval(tx, actor, { kind }, { subject: receiverSubject(kind, content.receiverId), content }, now)

const asking = {
  ...onReceiver,
  permission: 'carrier:manage',
  name: 'approval.ask',
  stepUp: 'always',
  page: (input: z.output<typeof ofReceiver>) => pageOf(input, 'requested'),
} as const

/** Asks for one more API key, so that a receiver can change over without a gap. */
export const askReceiverKey = act({
  ...asking,
  once: (actorId) => `receiver.key_asked:${actorId}`,
  async run({ tx, actor, subject: { receiverId }, now }) {
    const asked = await ask(tx, actor, 'receiver.key', { receiverId }, now)
    return asked.ok ? logged('requested') : refuse(asked.error)
  },
})

export const askReceiverSecret = act({
  ...asking,
  faults: 'delivery',
  once: (actorId) => `receiver.secret_asked:${actorId}`,
  async run({ tx, actor, subject: { receiverId }, now }) {
    if ((await countLive(tx, receiverId)) >= LIVE_SECRETS) return refuse('two_live')
    const asked = await ask(tx, actor, 'receiver.secret', { receiverId }, now)
    return asked.ok ? logged('requested') : refuse(asked.error)
  },
})

/** Asks that alerts be pushed to an address; an empty address means that the receiver reads them. */
export const askReceiverAddress = act({
  ...asking,
  faults: 'delivery',
  once: (actorId) => `receiver.address_asked:${actorId}`,
  input: ofReceiver.extend({
    url: z.string().trim().max(2100, 'general.invalid').default(''),
    /** The version that the editor saw: it prevents overwriting an address that changed meanwhile. */
    version: z.coerce.number<string | number>('general.invalid').int().min(0),
  }),
  async run({ tx, actor, subject, input: { receiverId, url, version }, now }) {
    if (subject.version !== version) return refuse('changed')
    const fault = url === '' ? null : urlFault(url, env().PUSH_ALLOW)
    if (fault) return refuse(fault, 'url')
    const asked = await ask(tx, actor, 'receiver.address', { receiverId, url, version }, now)
    return asked.ok ? logged('requested') : refuse(asked.error)
  },
})

const countLive = (tx: Tx, receiverId: string): Promise<number> =>
  tx.receiverSecret.count({ where: { receiverId, revokedAt: null } })

// Confirming makes nothing: the key or secret is made when the asker takes it, so that nobody can read it before.
const allow = async () => ok({})
export const newReceiverKey: Approvable<'receiver.key'> = { kind: 'receiver.key', carryOut: allow }
export const newReceiverSecret: Approvable<'receiver.secret'> = { kind: 'receiver.secret', carryOut: allow }

/** Changes the push address. Alerts that have not come through go to the new one. */
export const newReceiverAddress: Approvable<'receiver.address', 'not_found'> = {
  kind: 'receiver.address',
  holds: async (tx, { receiverId, version }) => (await lockReceiver(tx, receiverId))?.version === version,
  async carryOut({ tx, request: { content, askedById }, now }) {
    const { receiverId, url } = content
    const before = await lockReceiver(tx, receiverId)
    if (!before) return err('not_found')
    await tx.alertReceiver.update({
      where: { id: receiverId },
      data: {
        url: url === '' ? null : url,
        version: { increment: 1 },
        ...ANEW,
        // Alerts that the receiver has read by itself are not pushed again.
        ...(before.url === null && { pushedSeq: await lastGiven(tx, receiverId) }),
      },
      select: { id: true },
    })
    if (url !== '') await enqueue(tx, 'alert-push', { receiverId })
    await audit(tx, {
      actor: { kind: 'staff', id: askedById },
      ...entryOf({ receiverId }),
      act: 'receiver.address',
      // An address may hold a token, so only its host is logged.
      facts: { host: url === '' ? null : new URL(url).host },
      at: now,
    })
    return ok({})
  },
}

const ANEW = { state: 'live', failures: 0, failingSince: null, nextTryAt: null, lastFault: null } as const

/** Returns the sequence before the first alert that was not given out yet. */
async function lastGiven(tx: Tx, receiverId: string): Promise<bigint> {
  const [row] = await tx.$queryRaw<{ seq: bigint }[]>`
    SELECT coalesce((SELECT min(seq) - 1 FROM bank_alerts WHERE receiver_id = r.id AND given_at IS NULL), r.head) AS seq
    FROM alert_receivers r WHERE r.id = ${receiverId}`
  return row?.seq ?? 0n
}

/** Locks a confirmed request for its asker, who can take it within three days. */
const lockForTaking =
  (kind: 'receiver.key' | 'receiver.secret') =>
  async (tx: Tx, { approvalId }: { readonly approvalId: string }, actor: StaffActor, now: Instant) =>
    (await lockConfirmed(tx, actor, kind, approvalId, now)) ?? refuse('not_confirmed')

const taking = {
  permission: 'carrier:manage',
  stepUp: 'always',
  faults: 'alerts',
  input: ofRequest,
} as const

const writtenKey = (secret: Buffer): string => `antam_alerts_${secret.toString('base64url')}`

/** Makes the confirmed key, once. Only its hash is stored, so it can be read only now. */
export const takeReceiverKey = act({
  ...taking,
  name: 'receiver.key_issued',
  reveal: (seed) => writtenKey(secretOf(seed)),
  subject: { lock: lockForTaking('receiver.key'), entry: entryOf },
  async run({ tx, subject: { receiverId }, input: { approvalId: id }, now }) {
    // The key's id is the request's id: a request makes one key.
    if ((await tx.receiverKey.count({ where: { id } })) > 0) return refuse('not_confirmed')
    const seed = makeSeed()
    const keyHash = receiverKeyHash(writtenKey(secretOf(seed)))
    await tx.receiverKey.create({ data: { id, receiverId, keyHash, createdAt: now }, select: { id: true } })
    return answer(seed, { keyId: id })
  },
})

/** Makes the confirmed secret, once; it is stored sealed. */
export const takeReceiverSecret = act({
  ...taking,
  faults: 'delivery',
  name: 'receiver.secret_made',
  reveal: async (id) => {
    const secret = await readSecret(id)
    return secret && `whsec_${secret.toString('base64')}`
  },
  subject: { lock: lockForTaking('receiver.secret'), entry: entryOf },
  async run({ tx, subject: { receiverId }, input: { approvalId: id }, now }) {
    if ((await tx.receiverSecret.count({ where: { id } })) > 0) return refuse('not_confirmed')
    await lockReceiver(tx, receiverId)
    if ((await countLive(tx, receiverId)) >= LIVE_SECRETS) return refuse('two_live')
    const sealed = sealFor(secretContext(id), randomBuffer(WEBHOOK_SECRET_BYTES))
    await tx.receiverSecret.create({ data: { id, receiverId, sealed, createdAt: now }, select: { id: true } })
    await enqueue(tx, 'alert-push', { receiverId })
    return answer(id, { secretId: id })
  },
})

const ending = { ...onReceiver, permission: 'carrier:manage', stepUp: 'always' } as const

/** Revokes a key at once: a stolen one opens nothing from the next request on. Revoking twice is harmless. */
export const revokeReceiverKey = act({
  ...ending,
  name: 'receiver.key_revoked',
  page: (input) => pageOf(input, 'key_revoked'),
  input: ofReceiver.extend({ keyId: z.uuid('general.invalid') }),
  async run({ tx, input: { receiverId, keyId: id }, now: revokedAt }) {
    const { count } = await tx.receiverKey.updateMany({
      where: { id, receiverId, revokedAt: null },
      data: { revokedAt },
    })
    return count === 1 ? { keyId: id } : logged()
  },
})

export const endReceiverSecret = act({
  ...ending,
  name: 'receiver.secret_ended',
  page: (input) => pageOf(input, 'secret_ended'),
  input: ofReceiver.extend({ secretId: z.uuid('general.invalid') }),
  async run({ tx, input: { receiverId, secretId: id }, now: revokedAt }) {
    const { count } = await tx.receiverSecret.updateMany({
      where: { id, receiverId, revokedAt: null },
      data: { revokedAt },
    })
    return count === 1 ? { secretId: id } : logged()
  },
})

/** Resumes pushing after an address was found dead or nothing came through for days. */
export const resumeReceiver = act({
  ...onReceiver,
  name: 'receiver.push_resumed',
  page: (input) => pageOf(input, 'resumed'),
  async run({ tx, subject: { receiverId, url } }) {
    if (url === null) return refuse('not_found')
    await tx.alertReceiver.update({ where: { id: receiverId }, data: ANEW, select: { id: true } })
    await enqueue(tx, 'alert-push', { receiverId })
  },
})

/** Asks the worker to send a test message to a receiver's address. It is signed like any alert and names nobody. */
export const askReceiverTest = act({
  ...onReceiver,
  faults: 'delivery',
  name: 'receiver.push_tested',
  // The form's own key names the message: a form that is sent twice asks for one message.
  async run({ tx, subject: { receiverId, url }, input: { submitKey: messageId }, now }) {
    if (url === null) return refuse('url_missing')
    if ((await countLive(tx, receiverId)) === 0) return refuse('no_secret')
    await tx.alertReceiver.update({
      where: { id: receiverId },
      data: { testAskedAt: now },
      select: { id: true },
    })
    await enqueue(tx, 'alert-test', { receiverId, messageId })
    return { messageId }
  },
})
