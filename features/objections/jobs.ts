import '#server-only'
import type { Job } from '#platform/queue.ts'
import { runObjectionClocks, settleObjections } from './commands/settle.ts'
import { askForAnotherFile } from './commands/tell-refused-file.ts'
import { sendObjectionCode, sendResumeCode } from './return/acts.ts'

export const jobs: readonly Job[] = [
  {
    queue: 'resume-objection-code',
    run: (asked, now) => sendResumeCode(asked, now),
  },
  { queue: 'objection-code', run: (asked, now) => sendObjectionCode(asked, now) },
  {
    queue: 'objection-settle',
    run: (ended, now) => settleObjections(ended, now),
  },
  { queue: 'file-refused', run: ({ caseId }, now) => askForAnotherFile(caseId, now) },
  {
    queue: 'objection-clocks',
    schedule: '* * * * *',
    run: async (_, now, signal) => {
      await runObjectionClocks(now, signal)
    },
  },
]
