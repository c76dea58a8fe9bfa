import '#server-only'
import type { Instant } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import type { Job } from '#server/platform/queue.ts'
import { sendResumeCode } from './commands/resume.ts'
import { draftTransaction, removeExpired } from './repository.ts'

/**
 * Deletes some of the drafts whose seven days are over, with their keys; answers their ids. Nothing of them can be
 * read from then on: the files they leave are swept by `evidence-sweep`.
 */
export function deleteExpiredDrafts(now: Instant): Promise<string[]> {
  return draftTransaction(async (tx) => {
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

export const jobs: readonly Job[] = [
  { queue: 'resume-code', run: ({ number, locale }, now) => sendResumeCode(number, locale, now) },
  {
    queue: 'draft-expiry',
    schedule: '* * * * *',
    run: async (_, now, signal) => {
      while (!signal.aborted && (await deleteExpiredDrafts(now)).length > 0);
    },
  },
]
