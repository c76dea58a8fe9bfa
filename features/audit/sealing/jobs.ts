import '#server-only'
import type { Instant } from '#lib/time.ts'
import { log } from '#platform/log.ts'
import type { Job } from '#platform/queue.ts'
import { clearTrouble, reportTrouble } from '#platform/troubles.ts'
import { keepErasures } from '../erasures/acts.ts'
import { mendTiles, publishOrReport } from '../publishing/acts.ts'
import { SealingStopped, sealLog } from './acts.ts'

/**
 * Seals new entries and updates the log's public files. If the published checkpoints and the database disagree, signs nothing,
 * and reports it to health and auditors.
 */
export async function sealOrReport(now: Instant = new Date()): Promise<void> {
  try {
    const entries = await sealLog()
    await clearTrouble('audit-seal')
    if (entries > 0) log().debug({ entries }, 'audit log sealed')
    await publishOrReport(now)
  } catch (error) {
    if (!(error instanceof SealingStopped)) throw error
    await reportTrouble('audit-seal', error.fault, { ...error.facts })
    log().error({ fault: error.fault, ...error.facts }, error.message)
  }
}

export const jobs: readonly Job[] = [
  { queue: 'audit-seal', schedule: '* * * * *', atStart: true, run: (_, now) => sealOrReport(now) },
  {
    queue: 'audit-tiles',
    schedule: '40 20 * * *',
    run: async () => {
      const mended = await mendTiles()
      if (mended.length > 0)
        log().error({ tiles: mended.length, first: mended[0] }, 'tiles were written anew')
    },
  },
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
