import '#server-only'
import { systemScope } from '#domain/access/scope.ts'
import { monthsBefore } from '#domain/privacy/retention.ts'
import type { Instant } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import { removeEvidenceFiles } from '#server/evidence/commands.ts'
import { transaction } from '#server/platform/db.ts'
import { retention } from '#server/platform/env.ts'
import { inScope } from '#server/platform/scope.ts'
import { removeClosed } from '../repository/clocks.ts'

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
