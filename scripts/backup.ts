/**
 * `npm run backup -- TO`: writes a consistent copy of database, files and checkpoints into the folder TO
 * (docs/operations/backup.md). Runs beside the product: on DATABASE_OWNER_URL, or the embedded database, with the
 * variables of a worker. Files already in TO are not copied again, so that an interrupted run continues. Removes copies
 * that began more than `--keep DAYS` ago (RETAIN_BACKUP_DAYS). `--every` reads each file of TO again. The keys are not
 * included. Exit code 0: complete; 1: incomplete, or no backup was made; 2: usage.
 */
import { retention } from '#platform/env.ts'
import { endWithUsage, readArguments } from './arguments.ts'
import { makeBackup } from './backup/make.ts'
import { ownerUrl } from './embedded.ts'
import { onDatabase } from './on-database.ts'

const USAGE = 'usage: npm run backup -- TO [--keep DAYS] [--every]'
const { values, positionals } = readArguments(USAGE, {
  options: {
    keep: { type: 'string' },
    every: { type: 'boolean', default: false },
    // For a drill: does not count as a backup.
    scratch: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const [to, more] = positionals
if (!to || more !== undefined || (values.keep !== undefined && !(Number(values.keep) > 0)))
  endWithUsage(USAGE)

await onDatabase(
  async () => {
    const keepDays = Number(values.keep ?? retention().backupDays)
    const url = ownerUrl()
    if (url === null) throw new Error('DATABASE_OWNER_URL is not set.')
    const { manifest, folder, pruned } = await makeBackup(to, url, {
      keepDays,
      every: values.every,
      scratch: values.scratch,
    })
    const { tables, evidence, reports, checkpoints } = manifest
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    const seconds = (Date.parse(manifest.endedAt) - Date.parse(manifest.begunAt)) / 1000
    console.log(
      `${folder}: the database as of ${manifest.snapshotAt} (${rows} rows in ${tables.length} tables), ${evidence.files} files of evidence (${megabytes(evidence.bytes)} MB, ${evidence.copied} of them new), ${reports.files} of reports, ${checkpoints.files} of the audit log, in ${seconds.toFixed(1)} s.`,
    )
    if (pruned.backups > 0)
      console.log(
        `Removed ${pruned.backups} older than ${keepDays} days, and ${pruned.files} files that only they had.`,
      )
    const needed = manifest.keys
      .filter(({ used, retired }) => used && !retired)
      .map(({ name, version }) => (version > 1 ? `${name} (version ${version})` : name))
    console.log(
      `The keys are not in it. It is worth nothing without ${[...new Set(needed)].join(', ')}: keep them elsewhere as long as it.`,
    )
    if (reports.missing.length > 0)
      console.error(
        `${reports.missing.length} files of reports are not in the store; they can be drawn again.`,
      )
    if (evidence.missing.length === 0) return 0
    console.error(
      `NOT WHOLE: the store does not have ${evidence.missing.length} files that the database knows, such as ${evidence.missing[0]}. Look whether they are in its trash: npm run storage -- restore.`,
    )
    return 1
  },
  { embedded: 'start' },
)

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
