/**
 * `npm run storage -- COMMAND`: manages the store of evidence and checks it against its database
 * (docs/operations/evidence.md). On DATABASE_URL or, beside `npm start` or by itself, on the embedded installation.
 *
 * `status`: prints whether the two belong together, and how many stored files have no row; exits with 1 if something is
 * wrong. `join --reason TEXT`: makes them belong together, on purpose. `sweep [--confirm COUNT]`: does the worker's
 * nightly sweep at once; with COUNT even if that many files have no row. `restore`: takes the files that the database
 * refers to out of the trash. The reason is written to the audit log: no names.
 *
 * `compare [--read] [--adopt]`: compares the database with the files in the store, one JSON line per difference and one
 * for the sum; exits with 1 if there is a difference. `move`: brings every file into STORAGE_URL from STORAGE_URL_ALSO,
 * while the product runs. `clear --from URL`: removes from a former store the files that are in the current one.
 */
import { lookThroughEvidence, putBackEvidence, sweepEvidence } from '#features/evidence/jobs.ts'
import { clearLeft } from '#features/evidence/stores/clear-acts.ts'
import { compareFiles } from '#features/evidence/stores/compare-data.ts'
import { joinStore, noteCleared } from '#features/installation/acts.ts'
import { checkStore, listRunningProcesses } from '#features/installation/data.ts'
import { isLeft } from '#features/installation/stores/data.ts'
import { systemScope } from '#lib/access/scope.ts'
import { inScope } from '#platform/scope.ts'
import { evidenceStorage, reportStorage, storageOf, stores, storesOf } from '#platform/storage.ts'
import { insisting } from '#platform/storage-copy.ts'
import { endWithUsage, readArguments } from './arguments.ts'
import { onDatabase } from './on-database.ts'
import { move } from './storage/move.ts'
import { reportKeys } from './storage/reports.ts'

const USAGE =
  'usage: npm run storage -- status | join --reason TEXT | sweep [--confirm COUNT] | restore | compare [--read] [--adopt] | move [--to URL] | clear --from URL'
const { values, positionals } = readArguments(USAGE, {
  options: {
    reason: { type: 'string' },
    confirm: { type: 'string', default: '0' },
    read: { type: 'boolean', default: false },
    adopt: { type: 'boolean', default: false },
    from: { type: 'string' },
    to: { type: 'string' },
  },
  allowPositionals: true,
})
const [name = '', more] = positionals

function usage(): number {
  console.error(USAGE)
  return 2
}

async function status(): Promise<number> {
  const { verdict, fault, pair } = await checkStore()
  if (fault !== null) {
    console.error(fault)
    return 1
  }
  if (verdict === 'join') {
    console.log('The store and the database are both new: the first start joins them.')
    return 0
  }
  const { stored, orphans } = await lookThroughEvidence(new Date())
  console.log(
    `Installation ${pair.database}. ${stored} files are known; ${orphans} of them have belonged to nothing for a day.`,
  )
  return 0
}

async function join(): Promise<number> {
  const reason = values.reason?.trim() ?? ''
  if (reason === '' || reason.length > 300) return usage()
  const { from, to } = await joinStore(reason, new Date())
  console.log(
    `The store of evidence belongs to the installation ${to} now${from ? ` (before: ${from})` : ''}.`,
  )
  return 0
}

async function sweep(): Promise<number> {
  const confirmed = Number(values.confirm)
  if (!Number.isInteger(confirmed) || confirmed < 0) return usage()
  const { stored, orphans, swept, putBack, forgotten } = await sweepEvidence(new Date(), confirmed)
  if (swept < orphans) {
    console.error(
      `${orphans} of ${stored} files belong to nothing: more than crashes explain, so none was moved. Is this the right database, and no older one? If they are to go: npm run storage -- sweep --confirm ${orphans}`,
    )
    return 1
  }
  console.log(
    `${swept} of ${stored} files moved into the trash, ${putBack} taken out of it, ${forgotten} removed from it for good.`,
  )
  return 0
}

async function restore(): Promise<number> {
  const { fault } = await checkStore()
  if (fault !== null) throw new Error(fault)
  console.log(`${await putBackEvidence()} files taken out of the trash.`)
  return 0
}

/** Removes from a former store the files that are in the current one; returns the exit code. */
async function clear(): Promise<number> {
  const url = values.from
  if (!url) return usage()
  const [left, today] = [storageOf(url, 'evidence'), evidenceStorage()]
  const fault = (await checkStore()).fault ?? (await whyNot(url))
  if (fault !== null) {
    console.error(fault)
    return 1
  }
  const { removed, kept } = await clearLeft(left, today)
  const reports = storageOf(url, 'reports')
  for (const key of await reportKeys()) {
    const [here, there] = await insisting(() => Promise.all([reports.size(key), reportStorage().size(key)]))
    if (here !== null && here === there) await reports.remove(key)
  }
  await noteCleared(left.name, removed, new Date())
  console.log(`${removed} files removed from ${left.place}.`)
  if (kept.length === 0) return 0
  console.error(
    `${kept.length} files stay there, such as ${kept[0]}: the database does not know them, or they do not lie in ${today.place} as it says. npm run storage -- compare tells more.`,
  )
  return 1
}

async function whyNot(url: string): Promise<string | null> {
  const left = storageOf(url, 'evidence')
  const { main, also } = stores('evidence')
  if (left.name === main.name) return `${url} is the store of today.`
  if (also !== null) return 'Take STORAGE_URL_ALSO away first, from every process and from this command.'
  if (!(await isLeft(left.name)))
    return `Files of this database may still lie in ${left.name}: npm run storage -- move.`
  const own = await main.installation()
  if ((await left.installation()) !== own) return `${left.place} is not of the installation ${own}.`
  const reads = (await listRunningProcesses()).filter(({ stores: names }) => names.includes(left.name))
  return reads.length === 0
    ? null
    : `${reads.length} processes still read ${left.name}: start them without STORAGE_URL_ALSO.`
}

/**
 * Compares the database with the files in the stores; prints a JSON line for each difference and one for the sum. Returns
 * 1 if a difference was not adopted.
 */
async function compare(): Promise<number> {
  const { read, adopt } = values
  const { fault } = await checkStore()
  if (fault !== null) throw new Error(fault)
  const say = (line: object) => console.log(JSON.stringify(line))
  // Adopting a file looks for its evidence, which no other scope sees.
  const result = await inScope(systemScope(), () =>
    compareFiles(storesOf('evidence'), {
      read,
      adopt,
      found: (finding, key, store) => say({ finding, key, store }),
    }),
  )
  let reports = 0
  for (const key of await reportKeys()) {
    if ((await insisting(() => reportStorage().size(key))) !== null) continue
    reports++
    say({ finding: 'missing', key, store: 'reports' })
  }
  const { missing, size, checksum, unknown, adopted } = result
  const agrees = missing + size + checksum + reports + unknown - adopted === 0
  say({ ...result, reports, read, agrees })
  return agrees ? 0 : 1
}

const COMMANDS: Readonly<Record<string, () => Promise<number>>> = {
  status,
  join,
  sweep,
  restore,
  compare,
  move: () => move(values.to),
  clear,
}

const command = COMMANDS[name]
if (command === undefined || more !== undefined) endWithUsage(USAGE)
await onDatabase(command, { embedded: 'start' })
