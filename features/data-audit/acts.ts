import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { addMilliseconds, DAY, HOUR, type Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { accountsCheck, acknowledgementsCheck, keysCheck, ordersCheck } from './accounts-data.ts'
import { bookLinesCheck, resultsCheck } from './book-data.ts'
import { casesCheck, disclosuresCheck, historyCheck, objectionsCheck } from './cases-data.ts'
import { findLastRun, findLastWhole, inSnapshot } from './data.ts'
import { answersCheck, figuresCheck, receiptsCheck } from './figures-data.ts'
import {
  exclusionsCheck,
  referenceCheck,
  repliesCheck,
  reportsCheck,
  suggestionsCheck,
} from './published-data.ts'
import { SETS } from './records-rules.ts'
import { type DataCheck, type DataReport, MOST_FAULTS, type Read } from './rules.ts'

export const DATA_CHECKS: readonly DataCheck[] = [
  ...[casesCheck, historyCheck, disclosuresCheck, objectionsCheck],
  ...[bookLinesCheck, resultsCheck, ordersCheck, acknowledgementsCheck],
  ...[accountsCheck, keysCheck],
  ...[referenceCheck, reportsCheck, repliesCheck, suggestionsCheck, exclusionsCheck],
  ...[figuresCheck, answersCheck, receiptsCheck],
]

/**
 * Compares the city's data with the audit log. `audit:verify` checks the log itself; here its entries are taken as true.
 *
 * @param read reads one snapshot with all cases visible (`antam.scope` is `system`)
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

/** Any number that nothing else locks. */
const LOCK = 8_273_417

/**
 * Records, once per installation, the state of its accounts, carriers' keys and reference tables, because older entries do not
 * have it; and once each table that a new release includes. Accounts and keys that come later need an entry of their own.
 */
export const beginRecords = (now: Instant): Promise<boolean> =>
  transaction(async (tx) => {
    // Waits for another process that does the same.
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(${LOCK})::text`
    const begun = await tx.auditEntry.findMany({
      where: { act: 'reference.loaded', facts: { path: ['why'], equals: 'begun' } },
      select: { facts: true },
    })
    const known = begun.flatMap(({ facts }) => (facts as { readonly sets: string }).sets.split(' '))
    const sets = SETS.filter((set) => !known.includes(set))
    if (sets.length === 0) return false
    const { accounts, carriers } =
      begun.length === 0 ? await listUnrecorded(tx) : { accounts: [], carriers: [] }
    const said = { actor: { kind: 'system' }, at: now } as const
    const facts = { why: 'begun' }
    for (const id of accounts)
      await audit(tx, { ...said, act: 'account.renew_record', subject: { kind: 'account', id }, facts })
    for (const id of carriers)
      await audit(tx, { ...said, act: 'carrier.renew_record', subject: { kind: 'carrier', id }, facts })
    const subject = { kind: 'reference', id: 'all' } as const
    await audit(tx, {
      ...said,
      act: 'reference.loaded',
      subject,
      facts: { why: 'begun', sets: sets.join(' ') },
    })
    return true
  })

async function listUnrecorded(tx: Tx) {
  const accounts = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM staff_accounts a WHERE NOT EXISTS (
      SELECT FROM audit_entries e WHERE e.subject_kind = 'account' AND e.subject_id = a.id::text AND e.facts ? 'record')
    ORDER BY 1`
  const carriers = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT carrier_id AS id FROM carrier_keys k WHERE NOT EXISTS (
      SELECT FROM audit_entries e WHERE e.subject_kind = 'carrier' AND e.subject_id = k.carrier_id AND e.facts ? 'record')
    ORDER BY 1`
  return { accounts: accounts.map(({ id }) => id), carriers: carriers.map(({ id }) => id) }
}

/** Lines that are stored; the command prints all. */
const KEPT_LINES = 50
/** No new run within this time after a good one: a worker that starts then leaves it to the night. */
const LATELY = 20 * HOUR
/** Within this time a run compares only what newer entries mention; after it, everything. */
const WHOLE_EVERY = 6 * DAY

/**
 * Compares the data with the log and stores the result for auditors and the alert. It compares what entries since the last good
 * run mention, and everything once a week and after a run with faults. Returns null if a good run was made lately.
 */
export async function auditData(now: Instant): Promise<DataReport | null> {
  await beginRecords(now)
  const [last, lastWhole] = await Promise.all([findLastRun(), findLastWhole()])
  if (last && last.faults === 0 && last.startedAt > addMilliseconds(now, -LATELY)) return null
  const isWhole =
    !last || last.faults > 0 || !lastWhole || lastWhole.startedAt < addMilliseconds(now, -WHOLE_EVERY)
  const { sealed, report } = await inSnapshot(async (read) => ({
    sealed: await readSealed(read),
    report: await verifyData(read, isWhole ? null : String(last.settledId)),
  }))
  const { held, faults, notes } = report
  const data = {
    ...{ ...sealed, startedAt: now, endedAt: new Date(), whole: isWhole },
    held: held.map((one) => ({ ...one })),
    faults: faults.length,
    lines: faults.slice(0, KEPT_LINES),
    notes: [...notes],
  }
  await transaction((tx) => tx.dataAudit.create({ data, select: { id: true } }))
  return report
}

/** Returns the sealed size of the log, and the id up to which no more entries can come. */
async function readSealed(read: Read): Promise<{ readonly size: bigint; readonly settledId: bigint }> {
  const [head] = await read<{ size: string; settledId: string }>(
    'SELECT size, settled_id AS "settledId" FROM audit_heads ORDER BY audit_heads.size DESC LIMIT 1',
  )
  return { size: BigInt(head?.size ?? 0), settledId: BigInt(head?.settledId ?? 0) }
}
