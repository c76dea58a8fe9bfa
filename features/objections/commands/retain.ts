import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { removeEvidenceFiles } from '#features/evidence/commands.ts'
import { monthsBefore } from '#features/privacy/erasure/rules.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { retention } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { removeClosed } from '../data.ts'

/**
 * Deletes some of the objections that were decided long enough ago, with their keys and everything under them; files leave
 * the store after it. No figure is made of them, so nothing of them stays but the log. Answers how many.
 */
export async function forgetObjections(now: Instant): Promise<number> {
  const before = monthsBefore(now, retention().objectionMonths)
  const { ids, files } = await inScope(systemScope(), () =>
    transaction(async (tx) => {
      const removed = await removeClosed(tx, before)
      for (const id of removed.ids) {
        const subject = { kind: 'objection', id } as const
        await audit(tx, { actor: { kind: 'system' }, act: 'objection.erase', subject, at: now })
      }
      return removed
    }),
  )
  await removeEvidenceFiles(files)
  return ids.length
}
