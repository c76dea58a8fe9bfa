import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/commands.ts'
import type { WordFaults } from '#features/questionnaires/rules/public-words.ts'
import { reverseGroup } from '#features/ratings/repository/exclusions.ts'
import { readReversal } from '#features/ratings/rules/exclusion.ts'
import { readWithdrawal } from '#features/ratings/rules/withdrawal.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { RawForm } from '#lib/raw-form.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { withdrawReportRow } from '../repository/reports.ts'
import {
  closeRequest,
  insertRequest,
  lockRequest,
  lockSubject,
  type RequestSubject,
  type SurveyRequest,
} from '../repository/requests.ts'

/** `gone`: it is done already, or not possible; `asked`: a request for it waits for a decision. */
export type AskRefusal = 'forbidden' | 'gone' | 'asked'
export type ConfirmRefusal = 'forbidden' | 'gone' | 'own_request'

const reading = (subject: RequestSubject) => ('exclusionId' in subject ? readReversal : readWithdrawal)
const subjectOf = (subject: RequestSubject) =>
  'exclusionId' in subject
    ? ({ kind: 'exclusion', id: subject.exclusionId } as const)
    : ({ kind: 'report', id: subject.reportId } as const)

/** Asks that excluded answers count after all, or that a published report be taken back, for a reason that everybody will read. Nothing happens until another survey manager confirms it. */
export async function askForSecondPerson(
  actor: StaffActor,
  {
    subject,
    typed,
    submitKey,
  }: { readonly subject: RequestSubject; readonly typed: RawForm; readonly submitKey: string },
  now: Instant,
): Promise<Result<string, AskRefusal | WordFaults>> {
  if (!may(actor.role, 'survey:manage')) return err('forbidden')
  const read = reading(subject)(typed)
  if (!read.ok) return read
  return actOnce<string, AskRefusal>(submitKey, 'survey.request', now, async (tx) => {
    if (!(await lockSubject(tx, subject))) return err('gone')
    const id = randomUUID()
    const asked = { askedById: actor.id, askedAt: now }
    if (!(await insertRequest(tx, id, subject, read.value, asked))) return err('asked')
    const facts = { reason: read.value.reasonVi }
    await audit(tx, { actor, act: 'survey.request_asked', subject: subjectOf(subject), facts, at: now })
    return ok(id)
  })
}

interface OnRequest {
  readonly requestId: string
  readonly submitKey: string
}

/** Does what another survey manager asked for, with the reason given in the request. */
export function confirmRequest(
  actor: StaffActor,
  { requestId, submitKey }: OnRequest,
  now: Instant,
): Promise<Result<string, ConfirmRefusal>> {
  return actOnce<string, ConfirmRefusal>(submitKey, 'survey.confirm_request', now, async (tx) => {
    if (!may(actor.role, 'survey:manage')) return err('forbidden')
    const request = await lockRequest(tx, requestId)
    if (request === null) return err('gone')
    if (request.askedById === actor.id) return err('own_request')
    await closeRequest(tx, requestId, 'confirmed', { decidedById: actor.id, decidedAt: now })
    return (await carryOut(tx, actor, request, now)) ? ok(requestId) : err('gone')
  })
}

async function carryOut(tx: Tx, actor: StaffActor, request: SurveyRequest, now: Instant): Promise<boolean> {
  const { exclusionId, reportId, reasonVi, reasonEn, askedById } = request
  const facts = { reason: reasonVi, askedBy: askedById }
  if (exclusionId !== null) {
    const group = await reverseGroup(tx, exclusionId, { reasonVi, reasonEn }, now)
    if (group === null) return false
    await enqueue(tx, 'survey-readmit', { exclusionId })
    await audit(tx, {
      actor,
      act: 'survey.exclusion_reversed',
      subject: { kind: 'exclusion', id: exclusionId },
      facts: { agency: group.agencyId, rule: group.reason, answers: group.count, ...facts },
      at: now,
    })
    return true
  }
  if (reportId === null || !(await withdrawReportRow(tx, reportId, { reasonVi, reasonEn }, now))) return false
  await audit(tx, {
    actor,
    act: 'survey.report_withdrawn',
    subject: { kind: 'report', id: reportId },
    facts,
    at: now,
  })
  return true
}

/** Drops a request: the one who asked takes it back, or another survey manager refuses it. It can be asked anew. */
export function dropRequest(
  actor: StaffActor,
  { requestId, submitKey }: OnRequest,
  now: Instant,
): Promise<Result<string, 'forbidden' | 'gone'>> {
  return actOnce<string, 'forbidden' | 'gone'>(submitKey, 'survey.drop_request', now, async (tx) => {
    if (!may(actor.role, 'survey:manage')) return err('forbidden')
    const request = await lockRequest(tx, requestId)
    if (request === null) return err('gone')
    await closeRequest(tx, requestId, 'dropped', { decidedById: actor.id, decidedAt: now })
    const { exclusionId, reportId } = request
    await audit(tx, {
      actor,
      act: 'survey.request_dropped',
      subject:
        exclusionId === null
          ? { kind: 'report', id: reportId ?? '' }
          : { kind: 'exclusion', id: exclusionId },
      facts: { askedBy: request.askedById },
      at: now,
    })
    return ok(requestId)
  })
}
