import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { lockBlockingCase } from '#features/cases/commands/lock.ts'
import { moveCase } from '#features/cases/commands/move.ts'
import { newCaseSecret } from '#features/cases/rules/secret.ts'
import { lockEvidence } from '#features/evidence/commands.ts'
import { notify } from '#features/notices/acts.ts'
import type { Faults } from '#features/reporting/rules/draft-fields.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { keyedHash, randomBuffer } from '#platform/crypto.ts'
import { type Tx, uniqueViolation } from '#platform/db.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { addEvent, objectionCalendar } from '../data.ts'
import {
  insertConsents,
  lockDraft,
  markSent,
  type ObjectionDraft,
  progressOf,
  sentObjection,
  sentSince,
} from '../drafts/data.ts'
import { HOLDER_CONSENTS, type HolderConsent } from '../rules/consents.ts'
import { firstMissing, type ObjectionStep } from '../rules/holder.ts'
import { objectionDue } from '../rules/lifecycle.ts'

export interface ObjectionSending {
  /** The key of the browser's draft, or of the objection that it has sent. */
  readonly cookie: string
  readonly consents: readonly HolderConsent[]
  readonly locale: 'vi' | 'en'
  readonly now: Instant
}

export interface SentObjection {
  readonly id: string
  readonly number: string
}

export type SendRefusal =
  | { readonly kind: 'gone' }
  | { readonly kind: 'incomplete'; readonly step: ObjectionStep }
  | { readonly kind: 'faults'; readonly faults: Faults }
  | { readonly kind: 'stale' }

/**
 * The most objections of one contact in 30 days, to all blocks together: each takes time of police and of a reporter.
 */
const MOST_BY_CONTACT = 3
/** Attempts, because a carrier's answer may change the case while the objection is being sent. */
const TRIES = 3

/**
 * Sends an objection: once, however often and however much at once it is asked to. The case that blocks the phone learns
 * of it in the same transaction; its holder learns nothing of the case.
 */
export async function sendObjection(sending: ObjectionSending): Promise<Result<SentObjection, SendRefusal>> {
  for (let tried = 1; ; tried++) {
    const sent = await trySending(sending)
    if (sent.ok || sent.error.kind !== 'stale' || tried === TRIES) return sent
  }
}

async function trySending(sending: ObjectionSending): Promise<Result<SentObjection, SendRefusal>> {
  try {
    return await inScope(systemScope(), () => runInTransaction((tx) => send(tx, sending)))
  } catch (error) {
    if (uniqueViolation(error) === null) throw error
    return faulty({ form: 'objection.open_already' })
  }
}

const faulty = (faults: Faults) => err({ kind: 'faults', faults } as const)

async function send(tx: Tx, s: ObjectionSending): Promise<Result<SentObjection, SendRefusal>> {
  const draft = await lockDraft(tx, s.cookie, s.now)
  if (draft === null) {
    const before = await sentObjection(s.cookie, s.now, tx)
    return before ? ok({ id: before.id, number: before.number }) : err({ kind: 'gone' })
  }
  await lockEvidence(tx, draft.id)
  const progress = await progressOf(draft, s.now, tx)
  const missing = firstMissing(progress)
  if (progress.holder === null || draft.contactHash === null || missing !== 'review')
    return err({ kind: 'incomplete', step: missing })
  const unticked = HOLDER_CONSENTS.filter(({ field }) => !s.consents.includes(field))
  if (unticked.length > 0)
    return faulty(Object.fromEntries(unticked.map(({ field }) => [field, `objection.${field}`])))
  if ((await sentSince(tx, draft.contactHash, addMilliseconds(s.now, -30 * DAY))) >= MOST_BY_CONTACT)
    return faulty({ form: 'objection.too_many' })
  const against = await lockBlockingCase(tx, draft.key14)
  if (against === null) return faulty({ form: 'objection.not_blocked' })
  if (against.objectedAt === null) {
    const input = { caseId: against.id, version: against.version, move: 'objected' } as const
    const moved = await moveCase(tx, systemScope(), { kind: 'system' }, input, s.now)
    if (!moved.ok)
      return moved.error === 'stale' ? err({ kind: 'stale' }) : faulty({ form: 'objection.not_blocked' })
  }
  await write(tx, draft, progress.holder, against, s)
  return ok({ id: draft.id, number: draft.number })
}

async function write(
  tx: Tx,
  draft: ObjectionDraft,
  holder: Parameters<typeof markSent>[2]['holder'],
  against: { readonly id: string; readonly unitId: string },
  { cookie, locale, now }: ObjectionSending,
): Promise<void> {
  const { key, number, id } = draft
  const secret = newCaseSecret(randomBuffer)
  await markSent(tx, draft, {
    cookie,
    holder,
    against,
    locale,
    secret,
    secretHash: keyedHash('objection-secret', secret),
    dueAt: objectionDue(await objectionCalendar(now, tx)),
    now,
  })
  const consents = HOLDER_CONSENTS.map(({ purpose, version }) => ({ caseId: id, purpose, version, at: now }))
  await insertConsents(tx, consents)
  await addEvent(tx, key, {
    seq: 1,
    at: now,
    move: 'submitted',
    actorKind: 'citizen',
    actorId: null,
    actorRole: null,
    actorUnitId: null,
    reasonCode: null,
    words: {},
  })
  const subject = { kind: 'objection', id } as const
  await audit(tx, {
    actor: { kind: 'citizen' },
    act: 'objection.submit',
    subject,
    caseId: against.id,
    facts: { number, inspection: draft.inspection },
    at: now,
  })
  const to = holder.contact
  await notify(tx, { key, to, template: 'objection_submitted', locale, params: { number }, at: now })
}
