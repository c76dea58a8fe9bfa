import '#server-only'
import type { Job } from '#server/platform/queue.ts'
import { readmit } from './commands/exclusions.ts'

export const jobs: readonly Job[] = [
  { queue: 'survey-readmit', run: ({ exclusionId }, now) => readmit(exclusionId, now) },
]
