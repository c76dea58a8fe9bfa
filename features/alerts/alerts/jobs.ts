import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import { tellRelay } from '#features/exchange/notices/acts.ts'
import { afterFailure, PUSH, type StoppedState } from '#features/exchange/push/rules.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import { enqueue, type Job } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { type PostOutcome, postSigned } from '#platform/signed-post.ts'
import { inSpan } from '#platform/tracing.ts'
import { liveSecrets, lockReceiver, receiverName } from '../receivers/data.ts'
import { noteGiven, offerAlerts } from './acts.ts'
import { casesUnsent, duePushes, openAlerts, source } from './data.ts'

const CONTENT_TYPE = 'application/cloudevents+json; charset=utf-8'

interface Attempt {
  readonly receiverId: string
  readonly leaseId: string
  readonly url: string
  readonly secrets: readonly Buffer[]
  readonly alert: { readonly id: string; readonly sequence: string; readonly isNew: boolean }
  readonly body: string
}

/**
 * Sends a receiver its alerts, one event a message and in order, until none is left, one fails or `stopping`. One process at a
 * time sends to a receiver. If it is killed, the next one sends the same event again under the same id.
 */
export async function pushAlerts(
  receiverId: string,
  clock: () => Instant,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    const attempt = await inScope(systemScope(), () =>
      transaction((tx) => beginAttempt(tx, receiverId, clock())),
    )
    if (!attempt) return
    const { url, secrets, alert, body } = attempt
    const sent = await inSpan('push', { kind: 'client', attributes: { 'antam.receiver': receiverId } }, () =>
      postSigned({ url, secrets, messageId: alert.id, body, contentType: CONTENT_TYPE }, clock),
    )
    if (!(await transaction((tx) => settle(tx, attempt, sent, clock())))) return
  }
}

async function beginAttempt(tx: Tx, receiverId: string, now: Instant): Promise<Attempt | null> {
  const row = await lockReceiver(tx, receiverId)
  if (!row || row.url === null || row.state !== 'live' || row.head === row.pushedSeq) return null
  if ((row.leaseUntil ?? now) > now || (row.nextTryAt ?? now) > now) return null
  const secrets = await liveSecrets(tx, receiverId)
  if (secrets.length === 0) return null
  const after = Number(row.pushedSeq)
  const [next] = await openAlerts(tx, receiverId, { after, upTo: Number(row.head), limit: 1 })
  if (!next) return null
  const { isNew, ...event } = next
  const lease = { leaseId: randomUUID(), leaseUntil: addMilliseconds(now, PUSH.leaseMs) }
  await tx.alertReceiver.update({ where: { id: receiverId }, data: lease, select: { id: true } })
  // If this process is killed, this job sends on; while the lease is still held it does nothing.
  await enqueue(
    tx,
    'alert-push',
    { receiverId },
    { startAfter: addMilliseconds(lease.leaseUntil, PUSH.afterLeaseMs) },
  )
  const alert = { id: event.id, sequence: event.sequence, isNew }
  return { receiverId, leaseId: lease.leaseId, url: row.url, secrets, alert, body: JSON.stringify(event) }
}

/** Records the outcome of a try; returns whether to go on at once. */
async function settle(tx: Tx, attempt: Attempt, sent: PostOutcome, now: Instant): Promise<boolean> {
  const { receiverId: id, leaseId, alert } = attempt
  const row = await lockReceiver(tx, id)
  if (!row) return false
  const free = { leaseId: null, leaseUntil: null }
  const isHeld = row.leaseId === leaseId
  const save = (data: Parameters<Tx['alertReceiver']['update']>[0]['data']) =>
    tx.alertReceiver.update({ where: { id }, data, select: { id: true } })
  if (sent.fault === null) {
    if (alert.isNew) await inScope(systemScope(), () => noteGiven(tx, id, [alert], now))
    const pushedSeq = BigInt(alert.sequence)
    await save({
      ...(row.pushedSeq < pushedSeq && { pushedSeq }),
      ...(isHeld && free),
      ...{ failures: 0, failingSince: null, nextTryAt: null, lastFault: null, lastSuccessAt: now },
    })
    return isHeld
  }
  if (!isHeld) return false
  // The address has changed meanwhile: the failure does not count for the new one.
  if (row.url !== attempt.url) {
    await save(free)
    return true
  }
  const failed = afterFailure(row, sent.fault, now, Math.random(), sent.asked)
  await save({ ...free, ...failed, lastFault: sent.fault })
  if (failed.state === 'live')
    await enqueue(tx, 'alert-push', { receiverId: id }, { startAfter: failed.nextTryAt })
  else await stopped(tx, id, failed.state, now)
  return false
}

/** Sends a receiver one test message, whether or not alerts are pushed there just now, and stores the answer. */
export async function sendTest(receiverId: string, messageId: string, clock: () => Instant): Promise<void> {
  const found = await transaction(async (tx) => {
    const row = await lockReceiver(tx, receiverId)
    return row && { url: row.url, secrets: await liveSecrets(tx, receiverId) }
  })
  if (found === null) return
  const event = {
    ...{ specversion: '1.0', id: messageId, source: source(), type: 'device.test' },
    ...{ time: clock().toISOString(), datacontenttype: 'application/json', data: {} },
  }
  const { url, secrets } = found
  const sends = { secrets, messageId, body: JSON.stringify(event), contentType: CONTENT_TYPE }
  // If the address or secrets have ended since the test was asked for, that is stored as the fault; else the page would wait for
  // ever.
  const { at, fault, status } =
    url !== null && secrets.length > 0
      ? await postSigned({ ...sends, url }, clock)
      : { at: clock(), fault: url === null ? 'url' : 'no_secret', status: null }
  await transaction((tx) =>
    tx.alertReceiver.update({
      where: { id: receiverId },
      data: { testedAt: at, testFault: fault, testStatus: status },
      select: { id: true },
    }),
  )
}

async function stopped(tx: Tx, id: string, why: StoppedState, now: Instant): Promise<void> {
  const entry = {
    actor: { kind: 'system' },
    act: 'receiver.push_stopped',
    subject: { kind: 'receiver', id },
  } as const
  await audit(tx, { ...entry, facts: { why }, at: now })
  await tellRelay(tx, {
    template: `receiver_${why}`,
    carrierId: null,
    values: { receiver: await receiverName(id) },
  })
}

/** How long after a consent its unsent alert is retried. */
const PATIENCE = 30 * DAY
const CASES_A_RUN = 500

const clock = (): Instant => new Date()

export const jobs: readonly Job[] = [
  {
    queue: 'alert-due',
    // Retries alerts that were held back by another one for the same number that day, or by a stopped receiver.
    schedule: '5 * * * *',
    run: async (_, now, stopping) => {
      const cases = await casesUnsent(addMilliseconds(now, -PATIENCE), CASES_A_RUN)
      for (const caseId of cases) {
        if (stopping.aborted) return
        await offerAlerts(caseId, now)
      }
      if (cases.length > 0) log().info({ cases: cases.length }, 'cases whose alerts wait')
    },
  },
  {
    queue: 'alert-push',
    apart: 5,
    run: ({ receiverId }, _now, stopping) => pushAlerts(receiverId, clock, stopping),
  },
  {
    queue: 'alert-test',
    apart: 5,
    run: ({ receiverId, messageId }) => sendTest(receiverId, messageId, clock),
  },
  {
    queue: 'alert-push-due',
    schedule: '* * * * *',
    run: async (_, now) => {
      const due = await duePushes(now)
      if (due.length === 0) return
      await transaction(async (tx) => {
        for (const receiverId of due) await enqueue(tx, 'alert-push', { receiverId })
      })
    },
  },
]
