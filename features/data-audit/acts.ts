import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { accountsCheck, acknowledgementsCheck, keysCheck, ordersCheck } from './accounts-data.ts'
import { casesCheck, disclosuresCheck, historyCheck } from './cases-data.ts'
import { hasRecords, listUnrecorded, lockRecords } from './data.ts'
import {
  exclusionsCheck,
  referenceCheck,
  repliesCheck,
  reportsCheck,
  suggestionsCheck,
} from './published-data.ts'
import { SETS } from './records-rules.ts'
import { type DataCheck, type DataReport, MOST_FAULTS, type Read } from './rules.ts'

/** Everything that a run holds against the log, in the order of its output. */
export const DATA_CHECKS: readonly DataCheck[] = [
  ...[casesCheck, historyCheck, disclosuresCheck],
  ...[ordersCheck, acknowledgementsCheck],
  ...[accountsCheck, keysCheck],
  ...[referenceCheck, reportsCheck, repliesCheck, suggestionsCheck, exclusionsCheck],
]

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

const SYSTEM = { actor: { kind: 'system' } } as const

/**
 * Writes down, once an installation, what its accounts, carriers' keys and reference tables are, for the entries of before
 * said nothing of it. Nothing that is put there later is taken up so: it needs an entry of its own.
 */
export const beginRecords = (now: Instant): Promise<boolean> =>
  inScope(systemScope(), () =>
    transaction(async (tx) => {
      await lockRecords(tx)
      if (await hasRecords(tx)) return false
      const { accounts, carriers } = await listUnrecorded(tx)
      const facts = { why: 'begun' }
      for (const id of accounts)
        await audit(tx, {
          ...SYSTEM,
          act: 'account.renew_record',
          subject: { kind: 'account', id },
          facts,
          at: now,
        })
      for (const id of carriers)
        await audit(tx, {
          ...SYSTEM,
          act: 'carrier.renew_record',
          subject: { kind: 'carrier', id },
          facts,
          at: now,
        })
      await audit(tx, {
        ...SYSTEM,
        act: 'reference.loaded',
        subject: { kind: 'reference', id: 'all' },
        facts: { sets: SETS.join(' '), ...facts },
        at: now,
      })
      return true
    }),
  )
