import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { removeEvidenceFiles } from '#features/evidence/commands.ts'
import type { Instant } from '#lib/time.ts'
import type { Job } from '#platform/queue.ts'
import { remindOfDrafts } from './commands/remind.ts'
import { sendFound } from './commands/resume.ts'
import { draftTransaction, removeExpired } from './repository.ts'

/**
 * Deletes some of the drafts whose seven days are over, with their keys, then their files; answers their ids. Nothing of
 * them can be read from then on, also where a file could not be removed: `evidence-sweep` takes it.
 */
export async function deleteExpiredDrafts(now: Instant): Promise<string[]> {
  const expired = await draftTransaction(async (tx) => {
    const { ids, files } = await removeExpired(tx, now)
    for (const id of ids) {
      await audit(tx, {
        actor: { kind: 'system' },
        act: 'draft.expire',
        subject: { kind: 'draft', id },
        at: now,
      })
    }
    return { ids, files }
  })
  await removeEvidenceFiles(expired.files)
  return expired.ids
}

export const jobs: readonly Job[] = [
  { queue: 'resume-code', run: (asked, now) => sendFound(asked, now) },
  {
    queue: 'draft-reminder',
    schedule: '*/10 * * * *',
    run: (_, now, signal) => remindOfDrafts(now, signal),
  },
  {
    queue: 'draft-expiry',
    schedule: '* * * * *',
    run: async (_, now, signal) => {
      while (!signal.aborted && (await deleteExpiredDrafts(now)).length > 0);
    },
  },
]
