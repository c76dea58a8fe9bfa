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
import { parseArgs } from 'node:util'
import { lookThroughEvidence, putBackEvidence, sweepEvidence } from '#features/evidence/jobs.ts'
import { joinStore } from '#features/installation/acts.ts'
import { checkStore } from '#features/installation/data.ts'
import { onDatabase } from './on-database.ts'
import { clear } from './storage/clear.ts'
import { compare } from './storage/compare.ts'
import { move } from './storage/move.ts'

const { values, positionals } = parseArgs({
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

function usage(): number {
  console.error(
    'usage: npm run storage -- status | join --reason TEXT | sweep [--confirm COUNT] | restore | compare [--read] [--adopt] | move [--to URL] | clear --from URL',
  )
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

const COMMANDS: Readonly<Record<string, () => Promise<number>>> = {
  status,
  join,
  sweep,
  restore,
  compare: () => compare(values),
  move: () => move(values.to),
  clear: async () => (values.from ? clear(values.from) : usage()),
}

await onDatabase(COMMANDS[positionals[0] ?? ''] ?? (async () => usage()), { embedded: 'start' })
