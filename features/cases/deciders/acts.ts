import '#server-only'
import { randomUUID } from 'node:crypto'
import { decidersOf, undecidedTold } from '#features/accounts/police-data.ts'
import { notify } from '#features/notices/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import { ok } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { log } from '#platform/log.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { holdersOf } from '../conflict/objections-data.ts'
import { moveCase } from '../moves/acts.ts'
import type { CaseRefusal } from '../moves/transition-rules.ts'
import { find, lockCase } from '../record/data.ts'
import { doubtfulCases, matterOf } from './data.ts'
import { closedTo, questionOf } from './rules.ts'

/** The cases that are read at a time. */
const PAGE = 200

/**
 * Marks the cases that nobody may bring to one of their endings any more, and those that somebody may again. Everybody
 * concerned is told of it with the mark, once. Returns how many changed.
 */
export const watchDeciders = (now: Instant, signal?: AbortSignal): Promise<number> =>
  inScope(systemScope(), async () => {
    let changed = 0
    for (let after: string | null = null; !signal?.aborted; ) {
      const page: readonly string[] = await doubtfulCases(after, PAGE)
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

/** Looks at who may decide one case; true where that has changed. */
async function lookAt(caseId: string, now: Instant): Promise<boolean> {
  const looked = await runInTransaction<boolean, CaseRefusal>(async (tx) => {
    await lockCase(tx, caseId)
    const marked = await markDeciders(tx, caseId, now)
    return ok(marked)
  })
  return looked.ok && looked.value
}

/** Marks in the caller's transaction whether somebody may decide a case; true where that has changed. */
export async function markDeciders(tx: Tx, caseId: string, now: Instant): Promise<boolean> {
  const c = await find(systemScope(), { id: caseId }, tx)
  if (!c || questionOf(c) === null) return false
  const m = await matterOf(c, tx)
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
  for (const { key, to, locale, number } of await holdersOf(tx, caseId))
    await notify(tx, { key, to, template: `objection_${move}`, locale, params: { number }, at: now })
  if (isStuck)
    for (const accountId of await undecidedTold(tx, c.unitId))
      await enqueue(tx, 'account-notice', { id: randomUUID(), accountId, notice: 'case_undecidable' })
  return true
}
