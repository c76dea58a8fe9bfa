import '#server-only'
import type { Job } from '#platform/queue.ts'
import { sendResumeCode } from './commands/resume.ts'
import { runObjectionClocks, settleObjections } from './commands/settle.ts'

export const jobs: readonly Job[] = [
  {
    queue: 'resume-objection-code',
    run: ({ number, locale }, now) => sendResumeCode(number, locale, now),
  },
  {
    queue: 'objection-settle',
    run: (ended, now) => settleObjections(ended, now),
  },
  {
    queue: 'objection-clocks',
    schedule: '* * * * *',
    run: async (_, now, signal) => {
      await runObjectionClocks(now, signal)
    },
  },
]
