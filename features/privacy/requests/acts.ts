import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import { type DataAct, formOf } from '#features/cases/citizen/rules.ts'
import { findCaseIdToRead } from '#features/cases/file/page-data.ts'
import { moveCase } from '#features/cases/moves/acts.ts'
import type { CitizenForm } from '#features/cases/moves/spec-rules.ts'
import type { CaseRefusal } from '#features/cases/moves/transition-rules.ts'
import { readStated } from '#features/cases/record/page-data.ts'
import { closeQuestions, forgetAnswers } from '#features/exchange/questions/data.ts'
import { OPTIONAL_PURPOSES } from '#features/reporting/steps/consents-rules.ts'
import type { Actor, StaffActor } from '#lib/access/actor.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import { cleanText } from '#lib/person/text.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { type Tx, uniqueViolation } from '#platform/db.ts'
import { retention } from '#platform/env.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { readTies } from '../erasure/data.ts'
import { type KeptBecause, keptBecause, type Retention } from '../erasure/rules.ts'
import {
  ASKABLE,
  type AskableField,
  type AskedCorrection,
  correct,
  isCorrectable,
} from './correction-rules.ts'
import type { DataRequestKind } from './rules.ts'

interface DataAsked {
  readonly caseId: string
  readonly version: number
  readonly act: DataAct
  readonly message: string
  /** For a correction: the field and its new value. Absent when the person describes it only in words. */
  readonly correction?: { readonly field: string; readonly value: string } | undefined
  readonly submitKey: string
}
export type DataRequestRefusal =
  | CaseRefusal
  | KeptBecause
  | 'asked'
  | 'no_consent'
  | 'correction_empty'
  | 'correction_field'
  | 'correction_invalid'
  | 'correction_same'

/**
 * Takes a citizen's request about their own data. Police answer a correction or an erasure within the legal time; a consent ends
 * at once. Needs full access, which needs the secret.
 */
export async function askAboutData(
  scope: CaseScope,
  asked: DataAsked,
  now: Instant,
): Promise<Result<null, DataRequestRefusal>> {
  if (scope.kind !== 'one' || scope.access !== 'full') return err('forbidden')
  const done = await askOnce(`case.${asked.caseId}.data`, scope, asked, now)
  return done.ok ? ok(null) : done
}

export type AskAtDeskRefusal = DataRequestRefusal | 'not_found'

/** Records such a request at the desk, for a citizen who shows their identity card. */
export async function askAtDesk(
  actor: StaffActor,
  { number, ...asked }: Omit<DataAsked, 'caseId'> & { readonly number: string },
  now: Instant,
): Promise<Result<true, AskAtDeskRefusal>> {
  const scope = staffScope(actor)
  const caseId = scope && (await findCaseIdToRead(actor, number))
  if (!scope || !caseId) return err('not_found')
  return askOnce(`case.desk:${actor.id}`, scope, { ...asked, caseId }, now, actor)
}

async function askOnce(
  label: string,
  scope: CaseScope,
  asked: DataAsked,
  now: Instant,
  actor?: StaffActor,
): Promise<Result<true, DataRequestRefusal>> {
  try {
    return await inScope(scope, () =>
      actOnce<true, DataRequestRefusal>(asked.submitKey, label, now, (tx) =>
        ask(tx, scope, asked, now, actor),
      ),
    )
  } catch (error) {
    if (uniqueViolation(error)) return err('asked')
    throw error
  }
}

const ASKED: Readonly<Record<DataAct, DataRequestKind | 'consent'>> = {
  ask_correction: 'correct',
  ask_erasure: 'erase',
  withdraw_consent: 'consent',
}

async function ask(
  tx: Tx,
  scope: CaseScope,
  asked: DataAsked,
  now: Instant,
  actor: Actor = { kind: 'citizen' },
): Promise<Result<true, DataRequestRefusal>> {
  const { caseId, version, act, message } = asked
  const kind = ASKED[act]
  // Checked before the version: the open request itself has changed the case, and `asked` is the clearer answer.
  if (kind !== 'consent' && (await tx.dataRequest.count({ where: { caseId, kind, state: 'open' } })) > 0)
    return err('asked')
  const { asksForCorrection }: CitizenForm = formOf(act)
  const named = asksForCorrection ? await readCorrection(tx, scope, asked, now) : ok(null)
  if (!named.ok) return named
  const correction = named.value ?? undefined
  const move = { caseId, version, move: act, text: message, correction }
  const moved = await moveCase(tx, scope, actor, move, now)
  if (!moved.ok) return kind === 'erase' && moved.error === 'wrong_state' ? err('not_over') : moved
  if (kind === 'consent') {
    if (!(await endConsent(tx, caseId, now))) return err('no_consent')
    await noteErased(tx, 'consent', [caseId], now)
    return ok(true)
  }
  const kept = kind === 'erase' ? keptBecause(moved.value, await readTies(caseId, tx)) : null
  if (kept) return err(kept)
  await tx.dataRequest.create({
    data: {
      ...{ id: randomUUID(), caseId, unitId: moved.value.unitId, kind, field: correction?.field ?? null },
      ...{ eventSeq: version + 1, askedAt: now, dueAt: answerDue(kind, now, retention()) },
    },
    select: { id: true },
  })
  return ok(true)
}

const answerDue = (kind: DataRequestKind, askedAt: Instant, kept: Retention): Instant =>
  addMilliseconds(askedAt, DAY * (kind === 'correct' ? kept.correctionDays : kept.erasureDays))

/** Ends the optional consent and deletes what depended on it. Returns false when none was in force. */
async function endConsent(tx: Tx, caseId: string, now: Instant): Promise<boolean> {
  const where = { caseId, purpose: { in: [...OPTIONAL_PURPOSES] }, withdrawnAt: null }
  const { count } = await tx.consent.updateMany({ where, data: { withdrawnAt: now } })
  if (count === 0) return false
  await closeQuestions(tx, caseId)
  await forgetAnswers(tx, caseId)
  return true
}

/** Ends it again in a restored backup (docs/adr/0098). The older case history does not have it, so the audit log does. */
export async function endConsentAgain(tx: Tx, caseId: string, now: Instant): Promise<boolean> {
  const ended = await endConsent(tx, caseId, now)
  const subject = { kind: 'case', id: caseId } as const
  if (ended) await audit(tx, { actor: { kind: 'system' }, act: 'case.withdraw_consent', subject, at: now })
  return ended
}

async function readCorrection(
  tx: Tx,
  scope: CaseScope,
  { caseId, message, correction }: DataAsked,
  now: Instant,
): Promise<Result<AskedCorrection | null, DataRequestRefusal>> {
  const field = correction?.field || 'other'
  if (!isAskable(field)) return err('correction_field')
  if (field === 'other') return message === '' ? err('correction_empty') : ok(null)
  const stated = await readStated(scope, caseId, tx)
  if (!stated) return err('wrong_state')
  const value = correction?.value ?? ''
  if (isCorrectable(field)) {
    const corrected = correct(stated, { field, value }, now)
    return corrected.ok ? ok(corrected.value.correction) : corrected
  }
  const read = cleanText(value.trim(), LONGEST)
  if (!read.ok || read.value === '') return err('correction_invalid')
  const before = field === 'contact' ? (stated.particulars.contact?.value ?? '') : ''
  return ok({ field, before, value: read.value })
}

const LONGEST = 300
const isAskable = (field: string): field is AskableField => ASKABLE.some((one) => one === field)
