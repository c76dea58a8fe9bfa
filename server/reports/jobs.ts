import '#server-only'
import type { Instant } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import { transaction } from '#server/platform/db.ts'
import { removeExpired } from './repository.ts'

/** Deletes drafts whose seven days are over. Answers their ids: files that belong to them go with them. */
export function deleteExpiredDrafts(now: Instant): Promise<string[]> {
  return transaction(async (tx) => {
    const ids = await removeExpired(tx, now)
    for (const id of ids) {
      await audit(tx, {
        actor: { kind: 'system' },
        act: 'draft.expire',
        subject: { kind: 'draft', id },
        at: now,
      })
    }
    return ids
  })
}
