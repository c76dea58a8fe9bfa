import '#server-only'
import { log } from '#server/platform/log.ts'
import type { Job } from '#server/platform/queue.ts'
import { buildReport } from './commands/build-report.ts'
import { recountExcluded } from './commands/exclusions.ts'
import { shuffleAnswers } from './commands/mix.ts'
import { remindOfPromises, sendPromiseNotice } from './commands/remind.ts'
import { examineReleased } from './commands/review.ts'

export const jobs: readonly Job[] = [
  { queue: 'survey-readmit', run: ({ exclusionId }) => recountExcluded(exclusionId) },
  // One at a time: a report holds its figures and its drawing in memory.
  { queue: 'survey-report', batchSize: 1, run: ({ reportId }, now) => buildReport(reportId, now) },
  // What was released before there was a review; nothing else stays unexamined.
  { queue: 'survey-examine', schedule: '*/10 * * * *', run: (_, now) => examineReleased(now) },
  { queue: 'survey-promises', schedule: '0 8 * * *', atStart: true, run: (_, now) => remindOfPromises(now) },
  { queue: 'promise-notice', run: sendPromiseNotice },
  // Twice, so that between two runs there is less than a day.
  {
    queue: 'survey-mix',
    schedule: '30 2,22 * * *',
    run: async (_, now) =>
      log().info({ rows: await shuffleAnswers(now) }, 'survey rows written in a new order'),
  },
]
