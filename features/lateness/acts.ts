import '#server-only'
import { z } from 'zod'
import { act, logged, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { lockCase } from '#features/cases/claims/acts.ts'
import { type Holidays, workingDaysAfter } from '#features/cases/clocks/rules.ts'
import { tellCaseOfLateness } from '#features/cases/messages/acts.ts'
import { readCaseSnapshot } from '#features/cases/record/page-data.ts'
import { lockObjection, tellHolderOfLateness } from '#features/disputes/objections/acts.ts'
import { holidays } from '#features/lookup-tables/data.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inOwnScope, inScope } from '#platform/scope.ts'
import { deadlinesOf, sealAnswer } from './data.ts'

/**
 * Files a complaint that police are late, for the person of a case or objection. City police answer within three working days.
 * The person needs the secret or a code from their contact. There is one open complaint at a time.
 */
export const complainOfLateness = (
  scope: CaseScope,
  { subjectId, submitKey }: { readonly subjectId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<true, 'forbidden' | 'not_late'>> =>
  inScope(scope, () =>
    actOnce(submitKey, `lateness.complain:${subjectId}`, now, async (tx) => {
      if (scope.kind !== 'one' || scope.caseId !== subjectId) return err('forbidden')
      // Locks the rows, so that simultaneous complaints come one after the other.
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

const complaintDue = (at: Instant, holidays: Holidays): Instant =>
  workingDaysAfter(at, COMPLAINT_WORKING_DAYS, holidays)

export const answerComplaint = act({
  name: 'lateness.answer',
  permission: 'lateness:answer',
  faults: 'lateness',
  within: inOwnScope,
  page: () => ({ pathname: '/admin/cases/late', query: { done: 'answered' } }),
  input: z.object({
    complaintId: z.uuid('general.invalid'),
    answer: z
      .string()
      .max(4000, 'general.invalid')
      .catch('')
      .transform((text) => text.trim())
      .refine((text) => text !== '', 'lateness.text_missing'),
  }),
  async run({ tx, actor, input: { complaintId: id, answer: message }, now }) {
    const scope = staffScope(actor)
    if (!scope) return refuse('forbidden')
    const found = await tx.lateDeadline.findFirst({ where: { id }, select: { subjectId: true, kind: true } })
    if (!found) return refuse('not_found')
    const { subjectId, kind } = found
    const isHolder = kind === 'objection'
    // Locks the case or objection first, in the same order as the job.
    const o = isHolder ? await lockObjection(tx, subjectId) : null
    if (!isHolder) await lockCase(tx, subjectId)
    const [row] = await tx.$queryRaw<{ waits: boolean }[]>`
      SELECT complained_at IS NOT NULL AND answered_at IS NULL AS waits
      FROM late_deadlines WHERE id = ${id}::uuid FOR UPDATE`
    if (row?.waits !== true) return refuse('done')
    const sealed = await sealAnswer(tx, { id, subjectId }, message)
    await tx.lateDeadline.update({
      where: { id },
      data: { answeredAt: now, answeredById: actor.id, sealed },
      select: { id: true },
    })
    const subject = { kind: isHolder ? 'objection' : 'case', id: subjectId } as const
    await audit(tx, { actor, act: 'lateness.answer', subject, facts: { kind }, at: now })
    if (o) await tellHolderOfLateness(tx, o, 'objection_late_answered', { message }, now)
    const c = isHolder ? null : await readCaseSnapshot(scope, subjectId, tx)
    if (c) await tellCaseOfLateness(tx, c, 'late_answered', { message }, now)
    return logged(true)
  },
})
