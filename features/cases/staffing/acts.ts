import '#server-only'
import { z } from 'zod'
import { setActive } from '#features/accounts/acts.ts'
import { changeOfPost } from '#features/accounts/approvals-acts.ts'
import { lockServingShared } from '#features/accounts/police-data.ts'
import { act, logged, refuse } from '#features/audit/act.ts'
import { systemScope } from '#lib/access/scope.ts'
import { ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { type DueCase, listRestingWith } from '../clocks/data.ts'
import { moveCase } from '../moves/acts.ts'
import { movesOpenTo } from '../moves/lifecycle-rules.ts'
import type { CaseRefusal } from '../moves/transition-rules.ts'
import { findCase } from '../record/data.ts'

/**
 * Dismisses a person, or asks a second person to confirm their return. A dismissed officer's cases return to the queue at once,
 * and their own sentences are deleted.
 */
export const setStaffActive = act({
  name: 'account.disable',
  permission: 'account:manage',
  stepUp: 'always',
  faults: 'sign_in',
  within: (work) => inScope(systemScope(), work),
  input: z.object({
    accountId: z.uuid('general.invalid'),
    active: z.enum(['yes', 'no'], 'general.invalid').transform((sent) => sent === 'yes'),
  }),
  page: ({ accountId }, value) => ({
    pathname: '/admin/accounts/[account]',
    params: { account: accountId },
    query: { done: value === 'requested' ? value : 'disabled' },
  }),
  async run({ tx, actor, input: { accountId, active }, now }) {
    const changed = await setActive(tx, actor, accountId, active, now)
    if (!changed.ok) return refuse(changed.error)
    if (changed.value === 'done' && !active) {
      await returnCases(tx, accountId, now)
      await tx.staffSnippet.deleteMany({ where: { accountId } })
    }
    return logged(changed.value)
  },
})

/** Changes a person's post, once confirmed: cases of units that the person no longer serves return to the queue. */
export const staffPost: typeof changeOfPost = {
  ...changeOfPost,
  within: (work) => inScope(systemScope(), work),
  async carryOut(of) {
    const done = await changeOfPost.carryOut(of)
    if (done.ok) await returnCases(of.tx, of.request.content.accountId, of.now)
    return done
  },
}

/**
 * Runs the job `staff-left`: takes cases that need no work from an account that no longer serves their unit. After years of
 * service that may be thousands of cases, so each has its own transaction. A case stays with an account that serves its unit
 * again by then.
 */
export const leaveResting = (accountId: string, now: Instant, signal?: AbortSignal): Promise<void> =>
  inScope(systemScope(), async () => {
    for (let after: string | null = null; ; ) {
      const page: readonly DueCase[] = await listRestingWith(accountId, after)
      for (const { id } of page) {
        if (signal?.aborted) throw new Error('stopped before every case of the account was left')
        const left = await runInTransaction((tx) => leaveOne(tx, id, accountId, now))
        if (!left.ok) throw new Error(`case ${id} was not left: ${left.error}`)
      }
      after = page.at(-1)?.id ?? null
      if (after === null) return
    }
  })

async function leaveOne(
  tx: Tx,
  caseId: string,
  accountId: string,
  now: Instant,
): Promise<Result<unknown, CaseRefusal>> {
  const c = await findCase(systemScope(), { id: caseId }, tx)
  if (c?.assigneeId !== accountId || (await lockServingShared(tx, accountId, c.unitId))) return ok(null)
  const input = { caseId, version: c.version, move: 'unassign' } as const
  return moveCase(tx, systemScope(), SYSTEM, input, now)
}

const SYSTEM = { kind: 'system' } as const

/**
 * Takes from a person the cases that need work, of units that they do not serve: by `release` if that move is open, by `unassign`
 * otherwise.
 */
async function returnCases(tx: Tx, accountId: string, now: Instant): Promise<void> {
  await enqueue(tx, 'staff-left', { accountId })
  const assigned = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM cases WHERE assignee_id = ${accountId}::uuid AND needs_work = true ORDER BY id FOR UPDATE`
  for (const { id } of assigned) {
    const c = await findCase(systemScope(), { id }, tx)
    if (c && (await lockServingShared(tx, accountId, c.unitId))) continue
    const [move] = c ? movesOpenTo(c, SYSTEM, now, ['release', 'unassign']) : []
    if (!c || !move) throw new Error(`case ${id} cannot be returned`)
    const moved = await moveCase(tx, systemScope(), SYSTEM, { caseId: id, version: c.version, move }, now)
    if (!moved.ok) throw new Error(`case ${id} was not returned: ${moved.error}`)
  }
}
