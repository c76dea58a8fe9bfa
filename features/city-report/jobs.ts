import '#server-only'
import { examineReleased } from '#features/ratings/comments/acts.ts'
import { recountExcluded } from '#features/ratings/integrity/acts.ts'
import { shuffleAnswers } from '#features/ratings/mixing/acts.ts'
import { publishKiosks } from '#features/ratings/publication/acts.ts'
import { log } from '#platform/log.ts'
import type { Job } from '#platform/queue.ts'
import { buildReport } from './commands/build-report.ts'
import { remindOfPromises, sendPromiseNotice } from './commands/remind.ts'

export const jobs: readonly Job[] = [
  { queue: 'survey-readmit', run: ({ exclusionId }) => recountExcluded(exclusionId) },
  // One at a time: a report holds its figures and its drawing in memory.
  { queue: 'survey-report', batchSize: 1, run: ({ reportId }, now) => buildReport(reportId, now) },
  // What was released before there was a review; nothing else stays unexamined.
  { queue: 'survey-examine', schedule: '*/10 * * * *', run: (_, now) => examineReleased(now) },
  { queue: 'survey-promises', schedule: '0 8 * * *', atStart: true, run: (_, now) => remindOfPromises(now) },
  { queue: 'promise-notice', run: sendPromiseNotice },
  // A week is published once no more of its answers are taken. What is short of thirty waits for a later week.
  {
    queue: 'survey-kiosks',
    schedule: '23 * * * *',
    atStart: true,
    run: async (_, now) => {
      const agencies = await publishKiosks(now)
      if (agencies > 0) log().info({ agencies }, 'weeks of kiosks were published')
    },
  },
  // Twice, so that between two runs there is less than a day.
  {
    queue: 'survey-mix',
    schedule: '30 2,22 * * *',
    run: async (_, now, stopping) =>
      log().info({ rows: await shuffleAnswers(now, stopping) }, 'survey rows written in a new order'),
  },
]
