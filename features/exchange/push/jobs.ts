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
  readonly asked: Instant | null
}

/**
 * Sends a carrier the new lines of its book, message after message, until none is left, one fails or `stopping`. Only one process
 * at a time sends to a carrier. All state is in the database, so if it is killed the next one sends the same message again under
 * the same id.
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

const PROOF_LOOK_MS = 250

/**
 * Waits until the next message's blocks are proven, or the time is over. Does not wait if an unblock is among them, or if one is
 * older than that time.
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
  // If this process is killed, this job sends on; while the lease is still held it does nothing.
  await enqueue(
    tx,
    'push',
    { carrierId },
    { startAfter: addMilliseconds(lease.leaseUntil, PUSH.afterLeaseMs) },
  )
  return { carrierId, url: webhook.url, message, secrets, leaseId: lease.leaseId }
}

/**
 * Returns the message under way, unless it was received another way meanwhile. Otherwise returns a new one with the next lines,
 * or null without any.
 */
function messageOf({ message, acked, bookHead: head }: LockedWebhook): Message | null {
  if (message && message.upTo > acked) return message
  if (head === acked) return null
  return { id: randomUUID(), after: acked, upTo: Math.min(head, acked + PUSH.lines), head }
}

/** Signs a message and posts it once to its address; it has the same content as `changes`. */
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

/** Records the outcome of a try; returns whether to go on at once. */
async function settle(tx: Tx, attempt: Attempt, { outcome, asked }: Sent, now: Instant): Promise<boolean> {
  const { carrierId, message, leaseId } = attempt
  const { fault } = outcome
  // The carrier's row first, which is the order of locks everywhere.
  if (fault === null) await acknowledgeIn(tx, carrierId, message.upTo, now)
  const webhook = await webhookForUpdate(tx, carrierId)
  if (!webhook) return false
  const { id: messageId, after, upTo } = message
  await addTry(tx, { id: randomUUID(), carrierId, messageId, after, upTo, ...outcome })
  if (fault === null) {
    // Another message may be under way by now, if the carrier received this one another way.
    const closed = { messageId: null, after: null, upTo: null, head: null }
    await tx.carrierWebhook.updateMany({ where: { carrierId, messageId }, data: closed })
    const well = { failures: 0, failingSince: null, nextTryAt: null, lastSuccessAt: now }
    await releaseLease(tx, carrierId, leaseId, well)
    return true
  }
  // The address has changed meanwhile: the failure does not count for the new one.
  if (webhook.url !== attempt.url) return releaseLease(tx, carrierId, leaseId)
  const failed = afterFailure(webhook, fault, now, Math.random(), asked)
  if (!(await releaseLease(tx, carrierId, leaseId, failed))) return false
  if (failed.state === 'live') await enqueue(tx, 'push', { carrierId }, { startAfter: failed.nextTryAt })
  else await stopped(tx, webhook, failed.state, now)
  return false
}

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

/** Queues due pushes that no process works on, in case a job was lost. */
export async function pushWhatIsDue(now: Instant): Promise<void> {
  const due = await listCarriersDue(now)
  if (due.length === 0) return
  await transaction(async (tx) => {
    for (const carrierId of due) await enqueue(tx, 'push', { carrierId })
  })
}

/** Sends one test message, whether or not lines are pushed to that address just now. */
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
