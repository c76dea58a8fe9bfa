import '#server-only'
import { log } from '#platform/log.ts'
import type { Job } from '#platform/queue.ts'
import { auditData } from './acts.ts'

export const jobs: readonly Job[] = [
  {
    queue: 'data-audit',
    schedule: '17 3 * * *',
    atStart: true,
    run: async (_, now) => {
      const report = await auditData(now)
      if (report && report.faults.length > 0)
        log().error(
          { faults: report.faults.length, first: report.faults[0] },
          'the data is not what the audit log says',
        )
    },
  },
]
