import '#server-only'
import { log } from '#platform/log.ts'
import type { Job } from '#platform/queue.ts'
import { publishFacts } from './commands.ts'

export const jobs: readonly Job[] = [
  {
    queue: 'facts',
    schedule: '*/10 * * * *',
    run: async (_, now) => {
      const months = await publishFacts(now)
      if (months.length > 0) log().info({ months }, 'figures published')
    },
  },
]
