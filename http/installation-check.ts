import '#server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkInstallation } from '#features/installation/acts.ts'
import { log } from '#platform/log.ts'
import { poolerFault } from '#platform/pooler.ts'

// One for the process: proxy.ts, pages and handlers are bundles of their own.
const shared = globalThis as { antamWaits?: boolean }

/**
 * Tells whether it is known that the keys and the store are this database's. Until then pages and handlers answer 503:
 * what they wrote could be read by nobody.
 */
export const isInstallationSound = (): boolean => shared.antamWaits !== true

/**
 * Tries each second until the database answers, and returns what is wrong with this process's keys and store: nothing, or
 * a sentence for each fault, which starting again does not mend.
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
