import '#server-only'
import { systemScope } from '#lib/access/scope.ts'
import { log } from '#platform/log.ts'
import type { Job } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { settleBlock, settleReview } from './acts.ts'
import { reviewsUntold } from './data.ts'

export const jobs: readonly Job[] = [
  { queue: 'review-settle', run: ({ caseId }, now) => settleReview(caseId, now) },
  { queue: 'block-settle', run: ({ caseId }, now) => settleBlock(caseId, now) },
  {
    queue: 'dispute-clocks',
    schedule: '* * * * *',
    run: async (_, now, signal) => {
      for (const id of await inScope(systemScope(), reviewsUntold)) {
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
