import '#server-only'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { audit } from '#features/audit/entries/acts.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { countSent } from '#platform/metrics.ts'
import { enqueue } from '#platform/queue.ts'
import { postSigned } from '#platform/signed-post.ts'
import { inSpan } from '#platform/tracing.ts'
import { acknowledgeIn } from '../book/acts.ts'
import { changesIn, waitsForProofs } from '../book/data.ts'
import { liveWebhookSecrets } from '../keys/data.ts'
import { tellRelay } from '../notices/acts.ts'
import {
  addTry,
  type LockedWebhook,
  listCarriersDue,
  type Message,
  releaseLease,
  type Try,
  webhookForUpdate,
} from './data.ts'
import { afterFailure, PUSH, type StoppedState } from './rules.ts'

interface Attempt {
  readonly carrierId: string
  readonly url: string
  readonly message: Message
  readonly secrets: readonly Buffer[]
  readonly leaseId: string
}

interface Sent {
  readonly outcome: Pick<Try, 'at' | 'fault' | 'status' | 'tookMs'>
  /** Until when the receiver asks to be left alone. */
  readonly asked: Instant | null
}

/** Later than a lease by what the clocks of two machines may differ. */
const AFTER_LEASE_MS = 1_000

/**
 * Sends a carrier what is new in its book, message after message, until nothing is left, one fails or `stopping`. Only
 * one at a time sends to a carrier; everything it has to know stands in the database, so that whenever it is killed the
 * next one sends the same message, under the same id, again.
 */
export async function pushBook(
  carrierId: string,
  clock: () => Instant,
  stopping: AbortSignal,
  proofSeconds = 0,
): Promise<void> {
  while (!stopping.aborted) {
    await waitForProofs(carrierId, proofSeconds, stopping)
    const attempt = await transaction((tx) => beginAttempt(tx, carrierId, clock()))
    if (!attempt) return
    const sent = await send(attempt, clock)
    const goOn = await transaction((tx) => settle(tx, attempt, sent, clock()))
    if (!goOn) return
  }
}

/** Milliseconds between two looks whether new lines are sealed. */
const PROOF_LOOK_MS = 250

/**
 * Waits until the next message's blocks are proven, or the time is over. Nothing is waited for where an unblock is among them, or
 * where they are older than that.
 */
async function waitForProofs(carrierId: string, seconds: number, stopping: AbortSignal): Promise<void> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end && !stopping.aborted; ) {
    if (!(await waitsForProofs(carrierId, PUSH.lines, seconds))) return
    await sleep(PROOF_LOOK_MS)
  }
}

async function beginAttempt(tx: Tx, carrierId: string, now: Instant): Promise<Attempt | null> {
  const webhook = await webhookForUpdate(tx, carrierId)
  if (!webhook?.pushes || webhook.state !== 'live') return null
  if ((webhook.leaseUntil ?? now) > now || (webhook.nextTryAt ?? now) > now) return null
  const secrets = await liveWebhookSecrets(tx, carrierId)
  if (secrets.length === 0) return null
  const message = messageOf(webhook)
  if (!message) return null
  const { id: messageId, ...range } = message
  const lease = { leaseId: randomUUID(), leaseUntil: addMilliseconds(now, PUSH.leaseMs) }
  const data = { messageId, ...range, ...lease }
  await tx.carrierWebhook.update({ where: { carrierId }, data, select: { carrierId: true } })
  // Should this process be killed, this job sends on; where the lease is still held it does nothing.
  await enqueue(tx, 'push', { carrierId }, { startAfter: addMilliseconds(lease.leaseUntil, AFTER_LEASE_MS) })
  return { carrierId, url: webhook.url, message, secrets, leaseId: lease.leaseId }
}

/**
 * Returns the message on its way, unless it was received another way meanwhile; else a new one with the next lines, or
 * null where there are none.
 */
function messageOf({ message, acked, bookHead: head }: LockedWebhook): Message | null {
  if (message && message.upTo > acked) return message
  if (head === acked) return null
  return { id: randomUUID(), after: acked, upTo: Math.min(head, acked + PUSH.lines), head }
}

/** Signs a message and posts it: the same content as `changes`, at the address it is for, once. */
const send = (attempt: Omit<Attempt, 'leaseId'>, clock: () => Instant): Promise<Sent> =>
  countSent(
    'push',
    () =>
      inSpan('push', { kind: 'client', attributes: { 'antam.carrier': attempt.carrierId } }, () =>
        sendOnce(attempt, clock),
      ),
    ({ outcome }) => outcome.fault === null,
  )

async function sendOnce(
  { carrierId, url, message, secrets }: Omit<Attempt, 'leaseId'>,
  clock: () => Instant,
): Promise<Sent> {
  const body = JSON.stringify(await changesIn(carrierId, message))
  const { asked, ...outcome } = await postSigned(
    { url, secrets, messageId: message.id, body, contentType: 'application/json' },
    clock,
  )
  return { outcome, asked }
}

/** Writes down what came of a try; answers whether to go on at once. */
async function settle(tx: Tx, attempt: Attempt, { outcome, asked }: Sent, now: Instant): Promise<boolean> {
  const { carrierId, message, leaseId } = attempt
  const { fault } = outcome
  // The carrier's row first, as everybody locks them.
  if (fault === null) await acknowledgeIn(tx, carrierId, message.upTo, now)
  const webhook = await webhookForUpdate(tx, carrierId)
  if (!webhook) return false
  const { id: messageId, after, upTo } = message
  await addTry(tx, { id: randomUUID(), carrierId, messageId, after, upTo, ...outcome })
  if (fault === null) {
    // Another one may be on its way by now, where the carrier received this one another way.
    const closed = { messageId: null, after: null, upTo: null, head: null }
    await tx.carrierWebhook.updateMany({ where: { carrierId, messageId }, data: closed })
    const well = { failures: 0, failingSince: null, nextTryAt: null, lastSuccessAt: now }
    await releaseLease(tx, carrierId, leaseId, well)
    return true
  }
  // The address has changed meanwhile: the failure is not the new one's.
  if (webhook.url !== attempt.url) return releaseLease(tx, carrierId, leaseId)
  const failed = afterFailure(webhook, fault, now, Math.random(), asked)
  if (!(await releaseLease(tx, carrierId, leaseId, failed))) return false
  if (failed.state === 'live') await enqueue(tx, 'push', { carrierId }, { startAfter: failed.nextTryAt })
  else await stopped(tx, webhook, failed.state, now)
  return false
}

/** Records that pushing has stopped, and asks the relay to look. */
async function stopped(
  tx: Tx,
  { carrierId, carrier }: LockedWebhook,
  why: StoppedState,
  now: Instant,
): Promise<void> {
  const subject = { kind: 'carrier', id: carrierId } as const
  await audit(tx, {
    actor: { kind: 'system' },
    act: 'carrier.push_stopped',
    subject,
    facts: { why },
    at: now,
  })
  await tellRelay(tx, { template: `push_${why}`, carrierId, values: { carrier } })
}

/** Queues the due pushes that no process works at, in case a job was lost. */
export async function pushWhatIsDue(now: Instant): Promise<void> {
  const due = await listCarriersDue(now)
  if (due.length === 0) return
  await transaction(async (tx) => {
    for (const carrierId of due) await enqueue(tx, 'push', { carrierId })
  })
}

/** Sends a test message, once, whether or not lines are pushed to that address just now. */
export async function sendTest(carrierId: string, messageId: string, clock: () => Instant): Promise<void> {
  const found = await transaction(async (tx) => {
    const webhook = await webhookForUpdate(tx, carrierId)
    return webhook && { webhook, secrets: await liveWebhookSecrets(tx, carrierId) }
  })
  if (!found || found.secrets.length === 0) return
  const { url, acked: place, bookHead: head } = found.webhook
  const range = { after: place, upTo: place }
  const message = { id: messageId, ...range, head }
  const { outcome } = await send({ carrierId, url, message, secrets: found.secrets }, clock)
  await transaction((tx) => addTry(tx, { id: randomUUID(), carrierId, messageId, ...range, ...outcome }))
}
