/**
 * `npm run restore -- FROM`: restores a copy made by `npm run backup` into an empty place (docs/operations/restore.md).
 * FROM is one backup, or a folder of several: then the newest. With DATABASE_URL and DATABASE_OWNER_URL it restores into
 * that database, which must be empty; without, into an embedded one under DATA_DIR, which must hold the `secrets.json`.
 * Needs the keys of the backup and the variables of a worker; no superuser. `--report FILE` writes the figures. Exit code
 * 0: complete; 1: something is missing, or nothing was done; 2: usage.
 */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { env, takeFromFiles } from '#platform/env.ts'
import { endWithUsage, readArguments } from './arguments.ts'
import { bringBack, type Restored } from './backup/bring.ts'
import { backupAt } from './backup/manifest.ts'
import { type EmbeddedDatabase, joinEmbedded, ownerUrl, runningUrl, startEmbedded } from './embedded.ts'
import { secrets } from './secrets.ts'
import { lockDataDir } from './start-lock.ts'

const USAGE = 'usage: npm run restore -- FROM [--report FILE]'
const { values, positionals } = readArguments(USAGE, {
  options: { report: { type: 'string' } },
  allowPositionals: true,
})

/** Starts an embedded database over a DATA_DIR that has none yet, with the secrets of the backed-up installation. */
async function startNew(): Promise<EmbeddedDatabase> {
  const dataDir = process.env.DATA_DIR || '.data'
  if (runningUrl(dataDir))
    throw new Error(`Something runs over ${dataDir}: a backup is restored into an empty place (DATA_DIR).`)
  if (!existsSync(join(dataDir, 'secrets.json')))
    throw new Error(
      `${join(dataDir, 'secrets.json')} is not there: put that of the installation that was backed up there first, or set DATABASE_URL and the keys. Without its keys nothing in a backup can be read.`,
    )
  mkdirSync(dataDir, { recursive: true })
  chmodSync(dataDir, 0o711)
  await lockDataDir(dataDir)
  const own = await startEmbedded(dataDir, secrets(dataDir).database)
  joinEmbedded()
  return own
}

const CLOSED: Readonly<Record<string, string>> = {
  account: 'accounts',
  sign_in: 'sign-ins',
  passkey: 'passkeys',
  carrier_key: 'keys of carriers',
  comment: 'comments',
  kiosk: 'kiosks',
  legal_hold: 'cases under a legal hold',
  consent: 'consents that were taken back',
}

function sayWhatIsLeft({
  manifest,
  missing,
  erasedAgain,
  waiting,
  closed,
  unsigned,
  notAgain,
  opened,
  log,
}: Restored): boolean {
  console.log(
    opened.failed > 0
      ? `${opened.failed} of ${opened.tried} files could NOT be opened with their cases' keys.`
      : `${opened.tried} files, taken at random, were opened with their cases' keys.`,
  )
  if (erasedAgain > 0)
    console.log(`Erased again, as since the backup: ${erasedAgain} cases, files and lists.`)
  const again = Object.entries(closed)
  if (again.length > 0)
    console.log(
      `Closed again, as since the backup: ${again.map(([kind, count]) => `${count} ${CLOSED[kind] ?? kind}`).join(', ')}.`,
    )
  if (missing.length > 0)
    console.error(`${missing.length} files that the database knows are NOT there, such as ${missing[0]}.`)
  if (unsigned.length > 0)
    console.error(
      `${unsigned.length} files of erasures in AUDIT_DIR are not signed with the log's key and were not followed: ${unsigned[0]}.`,
    )
  if (notAgain > 0)
    console.error(
      `${notAgain} of what was erased or closed since could NOT be so again: the lines above say why, and a worker tries each hour.`,
    )
  const steps = [
    ...(log?.resumable
      ? [
          `${log.words}\n   Be sure that this is the newest backup there is, then copy AUDIT_DIR as it is, and state the break (one public line, no names):\n   npm run audit:resume -- --reason "Restored the backup of ${manifest.snapshotAt.slice(0, 10)}"`,
        ]
      : log
        ? [`Stop here: ${log.words}`]
        : []),
    ...(waiting.length > 0
      ? [
          `${waiting.length} cases were erased after this backup and go on in it: end them (unblock, or close). Each is erased within the hour after that. Their ids: ${waiting.slice(0, 5).join(', ')}${waiting.length > 5 ? ' …' : ''}`,
        ]
      : []),
    'Start one worker, then npm run audit:verify -- --checkpoints AUDIT_DIR.',
    'Everybody has to sign in anew. People whose sign-in was replaced since the backup have none now: an admin resets them, or npm run admin:invite where it is the only admin. Accounts that were disabled, or given another post or address, are disabled; passkeys that were removed, and carriers’ keys and kiosks that were revoked, are so again, as far as their notes were in AUDIT_DIR or in the backup; what was done in the last minute before the loss may not be: ask the admins and the relay. Comments that were masked or kept back wait for the survey manager.',
    'Cases on which a legal hold was placed since the backup are kept; the lines above and a worker’s log have their ids: have the hold placed anew. What comes back and has no note: a carrier’s webhook secret that was ended (its page: end it again, and give a new one).',
    'Tell every carrier to load its list in force (/api/carrier/v1/list) and to read on from its sequence: lines that they read since the backup are lost, and their numbers come again.',
    'Start the web servers.',
  ]
  console.log(
    `What is left to do (docs/operations/restore.md):\n${steps.map((step, at) => `${at + 1}. ${step}`).join('\n')}`,
  )
  return missing.length === 0 && notAgain === 0 && opened.failed === 0 && (log === null || log.resumable)
}

async function main(): Promise<number> {
  const from = positionals[0]
  if (!from || positionals.length > 1) endWithUsage(USAGE)
  const backup = backupAt(from)
  takeFromFiles(process.env)
  const own = process.env.DATABASE_URL ? null : await startNew()
  try {
    const owner = own?.DATABASE_OWNER_URL ?? ownerUrl()
    if (owner === null) throw new Error('DATABASE_OWNER_URL is not set.')
    const target = { owner, application: env().DATABASE_URL }
    const restored = await bringBack(backup, target, (line) => console.log(line))
    console.log(
      `Restored ${backup.name}: the database as of ${restored.manifest.snapshotAt}, ${restored.rows} rows, ${restored.files} files of evidence, in ${restored.seconds} s. Every table has the rows, and every file the bytes, that were backed up.`,
    )
    const whole = sayWhatIsLeft(restored)
    if (values.report) {
      const { manifest, ...figures } = restored
      writeFileSync(
        values.report,
        `${JSON.stringify({ backup: manifest.name, whole, ...figures }, null, 2)}\n`,
      )
    }
    return whole ? 0 : 1
  } finally {
    const { db } = await import('#platform/db.ts')
    await Promise.try(() => db.$disconnect()).catch(() => {})
    await own?.server.stop()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
process.exit()
