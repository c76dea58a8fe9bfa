import '#server-only'
import { type Approvable, askApproval } from '#features/approvals/acts.ts'
import type { WordFaults } from '#features/questionnaires/rules/public-words.ts'
import { reverseGroup } from '#features/ratings/integrity/data.ts'
import { readReversal } from '#features/ratings/integrity/rules.ts'
import { readWithdrawal } from '#features/ratings/replies/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { RawForm } from '#lib/raw-form.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { withdrawReportRow } from '../repository/reports.ts'
import { lockExclusion, lockPublished } from '../repository/requests.ts'

const dropped = { refuse: 'survey.request_dropped', withdraw: 'survey.request_dropped' } as const
const asked = { ask: 'survey.request_asked', ...dropped } as const

/** Counts excluded answers after all. */
export const reversal: Approvable<'survey.reversal', 'gone'> = {
  kind: 'survey.reversal',
  async carryOut({ tx, request: { content }, now }) {
    const { exclusionId, ...words } = content
    const group = await reverseGroup(tx, exclusionId, words, now)
    if (group === null) return err('gone')
    await enqueue(tx, 'survey-readmit', { exclusionId })
    return ok({ facts: { agency: group.agencyId, rule: group.reason, answers: group.count } })
  },
  logs: ({ content }) => ({
    acts: { ...asked, confirm: 'survey.exclusion_reversed' },
    subject: { kind: 'exclusion', id: content.exclusionId },
    facts: { reason: content.reasonVi },
  }),
}

/** Takes a published report back. */
export const withdrawal: Approvable<'survey.withdrawal', 'gone'> = {
  kind: 'survey.withdrawal',
  async carryOut({ tx, request: { content }, now }) {
    const { reportId, ...words } = content
    return (await withdrawReportRow(tx, reportId, words, now)) ? ok({}) : err('gone')
  },
  logs: ({ content }) => ({
    acts: { ...asked, confirm: 'survey.report_withdrawn' },
    subject: { kind: 'report', id: content.reportId },
    facts: { reason: content.reasonVi },
  }),
}

/** The subject of an act that takes two survey managers. */
export type RequestSubject = { readonly exclusionId: string } | { readonly reportId: string }

/** `gone`: it is done already, or not possible; `asked`: a request for it waits for a decision. */
export type AskRefusal = 'forbidden' | 'gone' | 'asked'

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
  const read = ('exclusionId' in subject ? readReversal : readWithdrawal)(typed)
  if (!read.ok) return read
  const words = read.value
  return actOnce<string, AskRefusal>(submitKey, 'survey.request', now, async (tx) => {
    const there =
      'exclusionId' in subject
        ? await lockExclusion(tx, subject.exclusionId)
        : await lockPublished(tx, subject.reportId)
    if (!there) return err('gone')
    const done =
      'exclusionId' in subject
        ? await askApproval(
            tx,
            actor,
            reversal,
            { ...subjectOf(subject), content: { ...subject, ...words } },
            now,
          )
        : await askApproval(
            tx,
            actor,
            withdrawal,
            { ...subjectOf(subject), content: { ...subject, ...words } },
            now,
          )
    return done.ok ? done : err('asked')
  })
}

/** Names what a request is about among all of them. */
export const subjectOf = (subject: RequestSubject): { readonly subject: string } => ({
  subject: 'exclusionId' in subject ? `exclusion:${subject.exclusionId}` : `report:${subject.reportId}`,
})
