import '#server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkInstallation } from '#features/installation/acts.ts'
import { log } from '#platform/log.ts'
import { poolerFault } from '#platform/pooler.ts'

// One per process: proxy.ts, pages and handlers are separate bundles.
const shared = globalThis as { antamWaits?: boolean }

/**
 * Tells whether the keys and the store are known to belong to this database. Until then pages and handlers answer 503, because
 * nobody could read what they write.
 */
export const isInstallationSound = (): boolean => shared.antamWaits !== true

/**
 * Retries each second until the database answers. Returns one sentence for each fault of this process's keys and store; a
 * restart does not fix these.
 */
export async function untilInstallationChecked(): Promise<readonly string[]> {
  shared.antamWaits = true
  for (let attempt = 1; ; attempt++) {
    const faults = await checkInstallation(new Date()).catch((err: unknown) => {
      if (attempt === 1)
        log().error({ err }, 'the database does not answer; nothing is served before it does')
      return null
    })
    const pooler = poolerFault()
    if (pooler !== null) return [pooler]
    if (faults !== null) {
      shared.antamWaits = faults.length > 0
      return faults
    }
    await sleep(1_000)
  }
}
