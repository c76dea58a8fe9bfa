import '#server-only'
import { log } from '#platform/log.ts'
import type { Job } from '#platform/queue.ts'
import { clearTrouble, reportTrouble } from '#platform/troubles.ts'
import { keepErasures } from '../erasures/acts.ts'
import { SealingStopped, sealLog } from './acts.ts'

/**
 * Seals new entries. Where the published checkpoints disagree with the database, it signs nothing, and says so in
 * health and to auditors.
 */
export async function sealOrReport(): Promise<void> {
  try {
    const entries = await sealLog()
    await clearTrouble('audit-seal')
    if (entries > 0) log().debug({ entries }, 'audit log sealed')
  } catch (error) {
    if (!(error instanceof SealingStopped)) throw error
    await reportTrouble('audit-seal', error.fault, { ...error.facts })
    log().error({ fault: error.fault, ...error.facts }, error.message)
  }
}

export const jobs: readonly Job[] = [
  { queue: 'audit-seal', schedule: '* * * * *', atStart: true, run: sealOrReport },
  {
    queue: 'erasures-keep',
    schedule: '* * * * *',
    atStart: true,
    run: async (_, now) => {
      const kept = await keepErasures(now)
      if (kept > 0) log().info({ kept }, 'erasures written outside the database')
    },
  },
]
