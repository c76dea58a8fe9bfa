import '#server-only'
import { log } from '#server/platform/log.ts'
import type { Job } from '#server/platform/queue.ts'
import { seal } from './commands/seal.ts'

export const jobs: readonly Job[] = [
  {
    queue: 'audit-seal',
    schedule: '* * * * *',
    atStart: true,
    run: async () => {
      const entries = await seal()
      if (entries > 0) log().debug({ entries }, 'audit log sealed')
    },
  },
]
