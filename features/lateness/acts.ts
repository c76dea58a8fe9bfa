import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { lockCase } from '#features/cases/claims/acts.ts'
import { type Holidays, workingDaysAfter } from '#features/cases/clocks/rules.ts'
import { tellCaseOfLateness } from '#features/cases/messages/acts.ts'
import { readCaseSnapshot } from '#features/cases/record/page-data.ts'
import { lockObjection, tellHolderOfLateness } from '#features/disputes/objections/acts.ts'
import { holidays } from '#features/lookup-tables/queries.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { deadlinesOf, sealAnswer } from './data.ts'

/**
 * Complains, for the person of a case or an objection, that police are late: city police answer within three working days.
 * A person may who has shown the secret or a code from their contact. Pressed again while it waits, it stays one complaint.
 */
export const complainOfLateness = (
  scope: CaseScope,
  { subjectId, submitKey }: { readonly subjectId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<true, 'forbidden' | 'not_late'>> =>
  inScope(scope, () =>
    actOnce(submitKey, `lateness.complain:${subjectId}`, now, async (tx) => {
      if (scope.kind !== 'one' || scope.caseId !== subjectId) return err('forbidden')
      // Presses at the same moment wait for one another.
      await tx.$queryRaw`SELECT 1 FROM late_deadlines WHERE subject_id = ${subjectId}::uuid ORDER BY id FOR UPDATE`
      const rows = await deadlinesOf(tx, subjectId)
      if (rows.some(({ complainedAt, answeredAt }) => complainedAt !== null && answeredAt === null))
        return ok(true)
      const late = rows.find(
        (row) => row.personAt !== null && row.endedAt === null && row.complainedAt === null,
      )
      if (!late) return err('not_late')
      const answerDueAt = complaintDue(now, await holidays(tx))
      await tx.lateDeadline.update({
        where: { id: late.id },
        data: { complainedAt: now, answerDueAt },
        select: { id: true },
      })
      await audit(tx, {
        actor: { kind: 'citizen' },
        act: 'lateness.complain',
        subject: { kind: late.kind === 'objection' ? 'objection' : 'case', id: subjectId },
        facts: { kind: late.kind },
        at: now,
      })
      return ok(true)
    }),
  )

const COMPLAINT_WORKING_DAYS = 3

/** Returns by when city police answer a complaint about lateness. */
const complaintDue = (at: Instant, holidays: Holidays): Instant =>
  workingDaysAfter(at, COMPLAINT_WORKING_DAYS, holidays)

type AnswerRefusal = 'forbidden' | 'text_missing' | 'answered' | 'gone'

/** Answers a complaint about lateness for city police, in words that its person reads in the message and on the page. */
export async function answerComplaint(
  actor: StaffActor,
  { id, text, submitKey }: { readonly id: string; readonly text: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<true, AnswerRefusal>> {
  const scope = may(actor.role, 'lateness:answer') ? staffScope(actor) : null
  if (scope === null) return err('forbidden')
  const message = text.trim()
  if (message === '') return err('text_missing')
  return inScope(scope, () =>
    actOnce<true, AnswerRefusal>(submitKey, `lateness.answer:${actor.id}`, now, async (tx) => {
      const found = await tx.lateDeadline.findFirst({
        where: { id },
        select: { subjectId: true, kind: true },
      })
      if (!found) return err('gone')
      const { subjectId, kind } = found
      const isHolder = kind === 'objection'
      // The case or objection first, as the clock that looks at it takes them.
      const o = isHolder ? await lockObjection(tx, subjectId) : null
      if (!isHolder) await lockCase(tx, subjectId)
      const [row] = await tx.$queryRaw<{ waits: boolean }[]>`
        SELECT complained_at IS NOT NULL AND answered_at IS NULL AS waits
        FROM late_deadlines WHERE id = ${id}::uuid FOR UPDATE`
      if (row?.waits !== true) return err('answered')
      const sealed = await sealAnswer(tx, { id, subjectId }, message)
      await tx.lateDeadline.update({
        where: { id },
        data: { answeredAt: now, answeredById: actor.id, sealed },
        select: { id: true },
      })
      await audit(tx, {
        actor,
        act: 'lateness.answer',
        subject: { kind: isHolder ? 'objection' : 'case', id: subjectId },
        facts: { kind },
        at: now,
      })
      if (o) await tellHolderOfLateness(tx, o, 'objection_late_answered', { message }, now)
      const c = isHolder ? null : await readCaseSnapshot(scope, subjectId, tx)
      if (c) await tellCaseOfLateness(tx, c, 'late_answered', { message }, now)
      return ok(true)
    }),
  )
}
