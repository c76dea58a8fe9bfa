import '#server-only'
import { randomUUID } from 'node:crypto'
import { type Approvable, type AskRefusal, askApproval } from '#features/approvals/acts.ts'
import type { ContentOf } from '#features/approvals/rules.ts'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { find, lockCase } from '../record/data.ts'
import { markDeciders } from './acts.ts'
import { lendsPeople } from './lending-rules.ts'
import { lendable } from './page-data.ts'
import { questionOf } from './rules.ts'

// The way out where nobody may decide a case (ADR 113).

export interface LendInput {
  readonly number: string
  /** Who is to be lent. */
  readonly accountId: string
  readonly submitKey: string
}

/** `decidable`: somebody may decide it by now; `not_lendable`: this person had a part in it, or is not there. */
export type LendRefusal = AskRefusal | 'decidable' | 'not_lendable'

/** Asks a second admin to lend somebody to a case that nobody may decide, once a `submitKey`. */
export const askLoan = (
  actor: StaffActor,
  { number, accountId, submitKey }: LendInput,
  now: Instant,
): Promise<Result<string, LendRefusal>> =>
  inScope(systemScope(), () =>
    actOnce<string, LendRefusal>(submitKey, `case.lend:${actor.id}`, now, async (tx) => {
      if (!lendsPeople(actor)) return err('forbidden')
      const c = await find(systemScope(), { number }, tx)
      const open = c && (await lendable(c, now, tx))
      if (!open) return err('decidable')
      if (!open.people.some(({ id }) => id === accountId)) return err('not_lendable')
      const content = { accountId, question: open.question, caseIds: open.caseIds }
      return askApproval(tx, actor, loan, { subject: `lend:${c.id}`, content, accountId }, now)
    }),
  )

const AS_APPROVAL = {
  ask: 'approval.ask',
  confirm: 'approval.confirm',
  refuse: 'approval.refuse',
  withdraw: 'approval.withdraw',
} as const

/** Locks the cases, and tells whether the first of them is one that nobody may decide, with the same sides as before. */
async function holds(tx: Tx, { caseIds, question }: ContentOf<'case.lend'>): Promise<boolean> {
  for (const id of caseIds.toSorted()) await lockCase(tx, id)
  const c = await find(systemScope(), { id: caseIds[0] ?? '' }, tx)
  return c !== null && c.noDeciderAt !== null && questionOf(c) === question
}

export const loan: Approvable<'case.lend', 'decidable' | 'not_lendable'> = {
  kind: 'case.lend',
  within: (work) => inScope(systemScope(), work),
  holds,
  logs: ({ id, content }) => ({
    acts: AS_APPROVAL,
    subject: { kind: 'approval', id },
    caseId: content.caseIds[0] ?? '',
    facts: { question: content.question },
  }),
  async carryOut({ tx, request, actor, now }) {
    const { accountId, question, caseIds } = request.content
    const c = await find(systemScope(), { id: caseIds[0] ?? '' }, tx)
    const open = c && (await lendable(c, now, tx))
    if (!open || open.caseIds.toSorted().join() !== caseIds.toSorted().join()) return err('decidable')
    if (!open.people.some(({ id }) => id === accountId)) return err('not_lendable')
    for (const caseId of caseIds) {
      await tx.caseLoan.create({
        data: { id: randomUUID(), caseId, accountId, question, approvalId: request.id, lentAt: now },
        select: { id: true },
      })
      await audit(tx, {
        actor,
        act: 'case.lend',
        subject: { kind: 'case', id: caseId },
        facts: { account: accountId, question, askedBy: request.askedById },
        at: now,
      })
    }
    await enqueue(tx, 'account-notice', { id: randomUUID(), accountId, notice: 'case_lent' })
    // With this person somebody may decide again, and everybody is told; where one more is needed the mark stays.
    for (const caseId of caseIds) await markDeciders(tx, caseId, now)
    return ok({ facts: { question } })
  },
}
