import '#server-only'
import type { Job } from '#platform/queue.ts'
import { sendObjectionCode } from './commands/by-contact.ts'
import { sendResumeCode } from './commands/resume.ts'
import { runObjectionClocks, settleObjections } from './commands/settle.ts'
import { askForAnotherFile } from './commands/tell-refused-file.ts'

export const jobs: readonly Job[] = [
  {
    queue: 'resume-objection-code',
    run: ({ number, locale }, now) => sendResumeCode(number, locale, now),
  },
  { queue: 'objection-code', run: ({ contact, locale }, now) => sendObjectionCode(contact, locale, now) },
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
