import '#server-only'
import { deleteExpired } from '#features/drafts/acts.ts'
import type { Instant } from '#lib/time.ts'
import type { Job } from '#platform/queue.ts'
import { lockExpiredReports } from './drafts/data.ts'
import { remindOfDrafts } from './drafts/remind-acts.ts'
import { sendFound } from './drafts/resume-acts.ts'

export const deleteExpiredDrafts = (now: Instant): Promise<string[]> =>
  deleteExpired({ act: 'draft.expire', subject: 'draft', lockExpired: lockExpiredReports }, now)

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
