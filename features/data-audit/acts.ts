import '#server-only'
import { casesCheck } from './cases-data.ts'
import { type DataCheck, type DataReport, MOST_FAULTS, type Read } from './rules.ts'

/** Everything that a run holds against the log, in the order of its output. */
export const DATA_CHECKS: readonly DataCheck[] = [casesCheck]

/**
 * Holds the city's data against the audit log. The log itself is verified elsewhere (`audit:verify`): here its entries
 * are taken as true.
 *
 * @param read reads one snapshot, in which every case is visible (`antam.scope` is `system`)
 */
export async function verifyData(
  read: Read,
  since: string | null,
  checks: readonly DataCheck[] = DATA_CHECKS,
): Promise<DataReport> {
  const held: { name: string; count: number }[] = []
  const faults: string[] = []
  const notes: string[] = []
  for (const { name, run } of checks) {
    let found = 0
    const fault = (line: string) => {
      found++
      if (found <= MOST_FAULTS) faults.push(`${name}: ${line}`)
    }
    const count = await run({ read, since, fault, note: (line) => notes.push(`${name}: ${line}`) })
    if (found > MOST_FAULTS) faults.push(`${name}: ${found - MOST_FAULTS} more faults of this kind`)
    held.push({ name, count })
  }
  return { held, faults, notes }
}
