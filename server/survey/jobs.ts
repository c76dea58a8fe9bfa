import '#server-only'
import type { Job } from '#server/platform/queue.ts'
import { readmit } from './commands/exclusions.ts'
import { mix } from './commands/mix.ts'

export const jobs: readonly Job[] = [
  { queue: 'survey-readmit', run: ({ exclusionId }, now) => readmit(exclusionId, now) },
  { queue: 'survey-mix', schedule: '30 2 * * *', run: () => mix() },
]
