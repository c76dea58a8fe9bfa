import '#server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { decidersOf, undecidedTold } from '#features/accounts/police-data.ts'
import { type Approvable, askApproval } from '#features/approvals/acts.ts'
import { act, logged, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { notify } from '#features/notices/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { log } from '#platform/log.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { listHolders } from '../conflict/data.ts'
import { moveCase } from '../moves/acts.ts'
import type { CaseRefusal } from '../moves/transition-rules.ts'
import { findCase, lockCase } from '../record/data.ts'
import { listDoubtfulCases, listLendable, readMatter } from './data.ts'
import { closedTo, questionOf } from './rules.ts'

const PAGE = 200

/**
 * Marks the cases that nobody may bring to one of their endings any more, and unmarks those that somebody may again. Everybody
 * concerned is told once, together with the mark. Returns the number of changes.
 */
export const watchDeciders = (now: Instant, signal?: AbortSignal): Promise<number> =>
  inScope(systemScope(), async () => {
    let changed = 0
    for (let after: string | null = null; !signal?.aborted; ) {
      const page: readonly string[] = await listDoubtfulCases(after, PAGE)
      for (const id of page) {
        try {
          if (await lookAt(id, now)) changed++
        } catch (err) {
          log().error({ err, caseId: id }, 'who may decide a case could not be looked at')
        }
      }
      after = page.at(-1) ?? null
      if (after === null) break
    }
    return changed
  })

/** Checks who may decide one case; true if that has changed. */
async function lookAt(caseId: string, now: Instant): Promise<boolean> {
  const looked = await runInTransaction<boolean, CaseRefusal>(async (tx) => {
    await lockCase(tx, caseId)
    const marked = await markDeciders(tx, caseId, now)
    return ok(marked)
  })
  return looked.ok && looked.value
}

/** Marks in the caller's transaction whether somebody may decide a case; true if that has changed. */
async function markDeciders(tx: Tx, caseId: string, now: Instant): Promise<boolean> {
  const c = await findCase(systemScope(), { id: caseId }, tx)
  if (!c || questionOf(c) === null) return false
  const m = await readMatter(c, tx)
  const ids = [c.id, ...m.others.map((other) => other.c.id)]
  const { people } = await decidersOf(c.unitId, ids, now, tx)
  const isStuck = closedTo(m, people, now).length > 0
  if (isStuck === (c.noDeciderAt !== null)) return false
  const move = isStuck ? 'nobody_left' : 'decider_found'
  const marked = await moveCase(
    tx,
    systemScope(),
    { kind: 'system' },
    { caseId, version: c.version, move },
    now,
  )
  if (!marked.ok) throw new Error(`case ${caseId} was not marked: ${marked.error}`)
  for (const {
    key,
    holder: { contact: to },
    locale,
    number,
  } of await listHolders(tx, caseId))
    await notify(tx, { key, to, template: `objection_${move}`, locale, params: { number }, at: now })
  if (isStuck)
    for (const accountId of await undecidedTold(tx, c.unitId))
      await enqueue(tx, 'account-notice', { id: randomUUID(), accountId, notice: 'case_undecidable' })
  return true
}

// The way out if nobody may decide a case (ADR 113).

/**
 * Asks a second admin to lend somebody to a case that nobody may decide. `decidable`: somebody may decide it by now, or nothing
 * is left to decide; `not_lendable`: this person had a part in it, or is not at work.
 */
export const askLoan = act({
  name: 'case.lend',
  permission: 'account:manage',
  stepUp: 'always',
  faults: 'lending',
  within: (work) => inScope(systemScope(), work),
  input: z.object({
    number: z.string().max(40, 'general.invalid'),
    accountId: z.uuid('lending.person_missing'),
  }),
  page: () => ({ pathname: '/admin/approvals', query: { done: 'asked' } }),
  async run({ tx, actor, input: { number, accountId }, now }) {
    const c = await findCase(systemScope(), { number }, tx)
    const open = c && (await listLendable(c, now, tx))
    if (!open) return refuse('decidable')
    if (!open.people.some(({ id }) => id === accountId)) return refuse('not_lendable', 'accountId')
    const content = { accountId, question: open.question, caseIds: open.caseIds }
    const asked = await askApproval(tx, actor, loan, { subject: `lend:${c.id}`, content, accountId }, now)
    return asked.ok ? logged(asked.value) : refuse(asked.error)
  },
})

const AS_APPROVAL = {
  ask: 'approval.ask',
  confirm: 'approval.confirm',
  refuse: 'approval.refuse',
  withdraw: 'approval.withdraw',
} as const

export const loan: Approvable<'case.lend', 'decidable' | 'sides_changed' | 'not_lendable'> = {
  kind: 'case.lend',
  within: (work) => inScope(systemScope(), work),
  logs: ({ id, content }) => ({
    acts: AS_APPROVAL,
    subject: { kind: 'approval', id },
    caseId: content.caseIds[0] ?? '',
    facts: { question: content.question },
  }),
  async carryOut({ tx, request, actor, now }) {
    const { accountId, question, caseIds } = request.content
    for (const id of caseIds.toSorted()) await lockCase(tx, id)
    const c = await findCase(systemScope(), { id: caseIds[0] ?? '' }, tx)
    const open = c && (await listLendable(c, now, tx))
    if (!open) return err('decidable')
    const isSame = open.question === question && open.caseIds.toSorted().join() === caseIds.toSorted().join()
    if (!isSame) return err('sides_changed')
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
    // With this person somebody may decide again, and everybody is told. If one more is needed, the mark stays.
    for (const caseId of caseIds) await markDeciders(tx, caseId, now)
    return ok({ facts: { question } })
  },
}
