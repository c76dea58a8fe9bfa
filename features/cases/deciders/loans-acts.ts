import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { questionOf } from './rules.ts'

/** Ends the loans of people to a case once what they were lent for is decided, or falls away. */
export async function endLoans(tx: Tx, after: CaseSnapshot, now: Instant): Promise<void> {
  const question = questionOf(after)
  const ended = await tx.caseLoan.updateManyAndReturn({
    where: { caseId: after.id, endedAt: null, ...(question !== null && { question: { not: question } }) },
    data: { endedAt: now },
    select: { accountId: true, question: true },
  })
  for (const { accountId, question: of } of ended)
    await audit(tx, {
      actor: { kind: 'system' },
      act: 'case.loan_ended',
      subject: { kind: 'case', id: after.id },
      facts: { account: accountId, question: of },
      at: now,
    })
}
