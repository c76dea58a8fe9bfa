import '#server-only'
import type { Job } from '#server/platform/queue.ts'
import { buildReport } from './commands/build-report.ts'
import { readmit } from './commands/exclusions.ts'
import { mix } from './commands/mix.ts'
import { remindOfPromises, sendPromiseNotice } from './commands/remind.ts'
import { examineReleased } from './commands/review.ts'

export const jobs: readonly Job[] = [
  { queue: 'survey-readmit', run: ({ exclusionId }, now) => readmit(exclusionId, now) },
  // One at a time: a report holds its figures and its drawing in memory.
  { queue: 'survey-report', batchSize: 1, run: ({ reportId }, now) => buildReport(reportId, now) },
  // What was released before there was a review; nothing else stays unexamined.
  { queue: 'survey-examine', schedule: '*/10 * * * *', run: (_, now) => examineReleased(now) },
  { queue: 'survey-promises', schedule: '0 8 * * *', atStart: true, run: (_, now) => remindOfPromises(now) },
  { queue: 'promise-notice', run: sendPromiseNotice },
  { queue: 'survey-mix', schedule: '30 2 * * *', run: () => mix() },
]
