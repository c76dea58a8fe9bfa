import '#server-only'
import type { Job } from '#server/platform/queue.ts'
import { buildReport } from './commands/build-report.ts'
import { readmit } from './commands/exclusions.ts'
import { mix } from './commands/mix.ts'

export const jobs: readonly Job[] = [
  { queue: 'survey-readmit', run: ({ exclusionId }, now) => readmit(exclusionId, now) },
  // One at a time: a report holds its figures and its drawing in memory.
  { queue: 'survey-report', batchSize: 1, run: ({ reportId }, now) => buildReport(reportId, now) },
  { queue: 'survey-mix', schedule: '30 2 * * *', run: () => mix() },
]
