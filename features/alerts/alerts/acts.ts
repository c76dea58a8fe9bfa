import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import { isTestImei } from '#lib/imei/imei.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant, localDate } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { signal, waitForNews } from '#platform/signals.ts'
import { type LiveConsent, lockConsents } from '../consents/data.ts'
import { areAlertsOn } from '../receivers/data.ts'
import { findAlertHead, type LockedAlert, openAlerts } from './data.ts'
import {
  ALERT_LIMITS,
  type AlertEvent,
  type AlertResult,
  type AlertResultAnswer,
  type Alerts,
  type AlertsQuery,
  eventsDue,
  isOwned,
  type Verified,
} from './rules.ts'

/** Writes the alerts that each chosen receiver has not been given yet. It may run at any time and any number of times. */
export const offerAlerts = (caseId: string, now: Instant): Promise<void> =>
  inScope(systemScope(), () => transaction((tx) => offer(tx, caseId, now)))

async function offer(tx: Tx, caseId: string, now: Instant): Promise<void> {
  if (!areAlertsOn()) return
  const consents = await lockConsents(tx, caseId)
  if (consents.length === 0) return
  const c = await tx.case.findFirst({
    where: { id: caseId },
    select: {
      state: true,
      contactKind: true,
      erasedAt: true,
      imeis: { select: { imei: true } },
    },
  })
  // Nobody outside is told of practice: these cases have test IMEIs.
  if (!c || c.erasedAt !== null || c.imeis.some(({ imei }) => isTestImei(imei))) return
  const contact = c.contactKind !== null
  for (const consent of consents) {
    const verified = { contact, number: consent.isOwnNumber, ownership: isOwned(c.state) }
    for (const event of eventsDue(c.state, verified, consent.lookedAt !== null, consent.told)) {
      const begins = consent.told.length === 0 || consent.told.at(-1) === 'cleared'
      if (!(await write(tx, consent, event, verified, begins && event === 'reported', now))) break
    }
  }
}

/** Appends one alert for its receiver; false if the receiver is stopped, or if another alert began today for the same number. */
async function write(
  tx: Tx,
  consent: LiveConsent,
  event: AlertEvent,
  verified: Verified,
  begins: boolean,
  now: Instant,
): Promise<boolean> {
  const { id: consentId, caseId, receiverId, numberHash } = consent
  const receiver = await tx.alertReceiver.update({
    where: { id: receiverId },
    data: { head: { increment: 1 } },
    select: { head: true, url: true, active: true },
  })
  const beginsOn = begins ? new Date(localDate(now)) : null
  const isRefused =
    !receiver.active ||
    (beginsOn !== null && (await tx.bankAlert.count({ where: { receiverId, numberHash, beginsOn } })) > 0)
  if (isRefused) {
    // The update above locked the row, so nobody has seen this sequence.
    await tx.alertReceiver.update({
      where: { id: receiverId },
      data: { head: { decrement: 1 } },
      select: { id: true },
    })
    return false
  }
  const id = randomUUID()
  await tx.bankAlert.create({
    data: {
      ...{ receiverId, seq: receiver.head, id, consentId, event, at: now, ...verified },
      ...(beginsOn !== null && { beginsOn, numberHash }),
    },
    select: { id: true },
  })
  await audit(tx, {
    ...{ actor: { kind: 'system' }, act: 'share.sent', subject: { kind: 'case', id: caseId }, caseId },
    facts: { receiver: receiverId, event, seq: Number(receiver.head), ...verified },
    at: now,
  })
  await signal(tx, 'alerts', receiverId)
  if (receiver.url !== null) await enqueue(tx, 'alert-push', { receiverId })
  return true
}

/**
 * Returns a receiver's alerts after a sequence. If there are none it waits for one. Reading discloses phone numbers, so alerts
 * given for the first time are marked and audited.
 */
export async function readAlerts(
  receiverId: string,
  query: AlertsQuery,
  hungUp: AbortSignal,
): Promise<Result<Alerts, 'beyond_head'>> {
  const { after } = query
  const head = await waitForNews('alerts', receiverId, query, hungUp, findAlertHead)
  if (after > head) return err('beyond_head')
  return ok(head > after ? await give(receiverId, query, head) : { after, next: after, head, entries: [] })
}

const give = (receiverId: string, { after, limit }: AlertsQuery, head: number): Promise<Alerts> =>
  inScope(systemScope(), () =>
    transaction(async (tx) => {
      const now = new Date()
      const rows = await openAlerts(tx, receiverId, { after, upTo: head, limit })
      const fresh = rows.filter(({ isNew }) => isNew)
      await noteGiven(tx, receiverId, fresh, now)
      const entries = rows.map(({ isNew: _, ...alert }) => alert)
      return { after, next: Number(entries.at(-1)?.sequence ?? after), head, entries }
    }),
  )

/** Marks and audits the alerts that reach their receiver for the first time. */
export async function noteGiven(
  tx: Tx,
  receiverId: string,
  fresh: readonly { readonly id: string; readonly sequence: string }[],
  now: Instant,
): Promise<void> {
  const [first, last] = [fresh.at(0), fresh.at(-1)]
  if (!first || !last) return
  await tx.bankAlert.updateMany({
    where: { id: { in: fresh.map(({ id }) => id) }, givenAt: null },
    data: { givenAt: now },
  })
  await audit(tx, {
    ...{ actor: { kind: 'receiver', id: receiverId }, act: 'receiver.read' },
    subject: { kind: 'receiver', id: receiverId },
    facts: { alerts: fresh.length, first: Number(first.sequence), last: Number(last.sequence) },
    at: now,
  })
}

type Verdict = Pick<AlertResultAnswer, 'status' | 'detail'>
const UNKNOWN: Verdict = { status: 'unknown', detail: 'no such alert of yours' }
const FUTURE: Verdict = { status: 'unknown', detail: 'at is in the future' }
const LATER: Verdict = { status: 'duplicate', detail: 'a later answer stands' }

/** Results recorded in one transaction: few enough to hold no lock for long. */
const ROWS_A_TRANSACTION = 50

/**
 * Records what a receiver did; returns one answer per row, in the rows' order. A repeated result is harmless; of two different
 * results the later one counts. `not_subscriber` ends all alerts for that consent and flags it for police.
 */
export async function recordAlertResults(
  receiverId: string,
  rows: readonly AlertResult[],
  now: Instant,
): Promise<AlertResultAnswer[]> {
  const answers: AlertResultAnswer[] = []
  for (let start = 0; start < rows.length; start += ROWS_A_TRANSACTION)
    answers.push(...(await recordSome(receiverId, rows.slice(start, start + ROWS_A_TRANSACTION), now)))
  const unknown = answers.filter(({ status }) => status === 'unknown').length
  if (unknown > 0)
    log().warn({ receiverId, rows: unknown }, 'a receiver of alerts sent results that were refused')
  return answers
}

const recordSome = (receiverId: string, rows: readonly AlertResult[], now: Instant) =>
  inScope(systemScope(), () =>
    transaction(async (tx) => {
      const ids = [...new Set(rows.map(({ alert }) => alert.toLowerCase()))]
      const known = new Map((await lockAlerts(tx, receiverId, ids)).map((one) => [one.id, one]))
      const answers: AlertResultAnswer[] = []
      for (const { alert, outcome, at } of rows) {
        const found = known.get(alert.toLowerCase())
        const outcomeAt = new Date(at)
        const verdict: Verdict = !found
          ? UNKNOWN
          : outcomeAt > addMilliseconds(now, ALERT_LIMITS.clockSkewMs)
            ? FUTURE
            : found.outcome === outcome
              ? { status: 'duplicate' }
              : found.outcomeAt !== null && outcomeAt < found.outcomeAt
                ? LATER
                : { status: 'recorded' }
        answers.push({ alert, ...verdict })
        if (!found || verdict.status !== 'recorded') continue
        known.set(found.id, { ...found, outcome, outcomeAt })
        await tx.bankAlert.update({
          where: { id: found.id },
          data: { outcome, outcomeAt, recordedAt: now },
          select: { id: true },
        })
        if (outcome === 'not_subscriber')
          await tx.alertConsent.updateMany({
            where: { id: found.consentId, notSubscriberAt: null },
            data: { notSubscriberAt: now },
          })
        await audit(tx, {
          ...{ actor: { kind: 'receiver', id: receiverId }, act: 'share.answered', caseId: found.caseId },
          subject: { kind: 'case', id: found.caseId },
          facts: { receiver: receiverId, outcome },
          at: now,
        })
      }
      return answers
    }),
  )

/** Locks a receiver's own alerts until the transaction ends, in order of id. */
const lockAlerts = (tx: Tx, receiverId: string, ids: readonly string[]): Promise<LockedAlert[]> =>
  tx.$queryRaw<LockedAlert[]>`
    SELECT a.id::text, a.consent_id::text AS "consentId", c.case_id::text AS "caseId", a.outcome::text,
      a.outcome_at AS "outcomeAt"
    FROM bank_alerts a JOIN alert_consents c ON c.id = a.consent_id
    WHERE a.id = ANY(${[...ids]}::uuid[]) AND a.receiver_id = ${receiverId}
    ORDER BY a.id FOR UPDATE OF a`
