import '#server-only'
import { systemScope } from '#lib/access/scope.ts'
import { log } from '#platform/log.ts'
import type { Job } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { askForAnotherFile } from './objections/acts.ts'
import { runObjectionClocks, settleObjections } from './objections/settle-acts.ts'
import { sendObjectionCode, sendResumeCode } from './return/acts.ts'
import { settleBlock, settleReview } from './sides/acts.ts'
import { listReviewsUntold } from './sides/data.ts'

export const jobs: readonly Job[] = [
  { queue: 'review-settle', run: ({ caseId }, now) => settleReview(caseId, now) },
  { queue: 'block-settle', run: ({ caseId }, now) => settleBlock(caseId, now) },
  { queue: 'objection-settle', run: (ended, now) => settleObjections(ended, now) },
  { queue: 'resume-objection-code', run: (asked, now) => sendResumeCode(asked, now) },
  { queue: 'objection-code', run: (asked, now) => sendObjectionCode(asked, now) },
  { queue: 'file-refused', run: ({ caseId }, now) => askForAnotherFile(caseId, now) },
  {
    queue: 'objection-clocks',
    schedule: '* * * * *',
    run: async (_, now, signal) => {
      await runObjectionClocks(now, signal)
    },
  },
  {
    queue: 'dispute-clocks',
    schedule: '* * * * *',
    run: async (_, now, signal) => {
      for (const id of await inScope(systemScope(), listReviewsUntold)) {
        if (signal?.aborted) return
        try {
          await settleReview(id, now)
        } catch (err) {
          log().error({ err, caseId: id }, 'a review could not be settled')
        }
      }
    },
  },
]
