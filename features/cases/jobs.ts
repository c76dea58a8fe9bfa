import '#server-only'
import { offerAlerts } from '#features/alerts/alerts/acts.ts'
import { log } from '#platform/log.ts'
import type { Job } from '#platform/queue.ts'
import { runClocks } from './clocks/acts.ts'
import { watchDeciders } from './deciders/acts.ts'
import { jobs as falseFinds } from './false-finds/jobs.ts'
import { tellOwners } from './found/acts.ts'
import { lookUpImei } from './imeis/acts.ts'
import { runImport } from './imports/acts.ts'
import { askWhose } from './questions/acts.ts'
import { settleCase, settleForgotten } from './settling/acts.ts'
import { leaveResting } from './staffing/acts.ts'
import { sendStatusCode } from './unlock/acts.ts'

export const jobs: readonly Job[] = [
  ...falseFinds,
  { queue: 'case-settle', run: ({ caseId }, now) => settleCase(caseId, now) },
  {
    queue: 'alert-case',
    async run({ caseId }, now) {
      await offerAlerts(caseId, now)
      await askWhose(caseId, now)
    },
  },
  { queue: 'imei-lookup', run: ({ caseId }, now) => lookUpImei(caseId, now) },
  { queue: 'staff-left', run: ({ accountId }, now, signal) => leaveResting(accountId, now, signal) },
  // One file at a time: a file holds its cells in memory.
  {
    queue: 'case-import',
    batchSize: 1,
    run: ({ importId }, now, signal) => runImport(importId, now, signal),
  },
  { queue: 'status-code', run: (asked, now) => sendStatusCode(asked, now) },
  {
    queue: 'clocks',
    schedule: '* * * * *',
    run: async (_, now, signal) => {
      const done = { ...(await runClocks(now, signal)), settled: await settleForgotten(now, signal) }
      if (Object.values(done).some((count) => count > 0)) log().info(done, 'clocks')
    },
  },
  {
    queue: 'case-deciders',
    schedule: '*/10 * * * *',
    run: async (_, now, signal) => {
      const changed = await watchDeciders(now, signal)
      if (changed > 0) log().info({ changed }, 'cases that nobody may decide, or somebody again')
    },
  },
  {
    queue: 'found-tell',
    schedule: '* * * * *',
    run: async (_, now, signal) => {
      const told = await tellOwners(now, signal)
      if (told > 0) log().info({ told }, 'owners of found phones')
    },
  },
]
