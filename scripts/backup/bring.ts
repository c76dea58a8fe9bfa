import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { readErasureFile } from '#features/audit/erasures/rules.ts'
import { checkpointDirectory } from '#features/audit/files.ts'
import { comparePublished } from '#features/audit/sealing/acts.ts'
import { RESUMABLE, saySealingFault } from '#features/audit/sealing/rules.ts'
import { findForJob } from '#features/evidence/files/data.ts'
import { openBytes } from '#features/evidence/files.ts'
import { recordUpkeep } from '#features/installation/acts.ts'
import { readGivenKeys } from '#features/installation/data.ts'
import { judgeKeys, type KeyName } from '#features/installation/keys/rules.ts'
import { eraseAgain } from '#features/retention/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import { env } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { evidenceStorage, reportStorage } from '#platform/storage.ts'
import { databaseClient } from '#platform/writable-server.ts'
import { migrate, migrateQueues } from '../migrate.ts'
import { applyMigrations, migrationsOnDisk } from '../migrations.ts'
import { erasedIn } from './erased.ts'
import { copyIn, copyUnchanging } from './files.ts'
import { ownerOf } from './make.ts'
import { type Manifest, measureFile, OWN, readManifest, SHARED } from './manifest.ts'
import { connectForCopy, loadTables } from './tables.ts'

/** The URLs of the database to fill: one for the role that owns the tables, one for the application's role. */
export interface Target {
  readonly owner: string
  readonly application: string
}

export interface Restored {
  readonly manifest: Manifest
  readonly rows: number
  readonly files: number
  readonly bytes: number
  /** Files that the restored database refers to and the store lacks. */
  readonly missing: readonly string[]
  /** The number of cases, files and lists that were erased after the backup and are now erased again. */
  readonly erasedAgain: number
  /** Cases erased after the backup but still open in its state: each is erased as soon as it ends. */
  readonly waiting: readonly string[]
  /** The number of accounts, sign-ins, passkeys, keys and comments closed after the backup and now closed again, by kind. */
  readonly closed: Readonly<Record<string, number>>
  readonly unsigned: readonly string[]
  /** The number of subjects that could not be erased or closed again; a worker retries each hour. */
  readonly notAgain: number
  /** How many random files were opened with their case's key, and how many of them failed. */
  readonly opened: { readonly tried: number; readonly failed: number }
  /** The entries that the audit log lacks to continue, in words; null when it has everything that was published. */
  readonly log: { readonly resumable: boolean; readonly words: string } | null
  readonly seconds: number
}

/** Thrown when nothing was done because the place, the keys or the backup are wrong; one sentence per fault. */
export class Refused extends Error {
  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
  }
}

/**
 * Restores a backup: first the files, then the database in one transaction, then the log's checkpoints. Then it repeats
 * every erasure made since the backup. Parts that an interrupted run already restored stay.
 *
 * @throws Refused before anything is written
 */
export async function bringBack(
  { folder, name }: { readonly folder: string; readonly name: string },
  target: Target,
  say: (line: string) => void,
): Promise<Restored> {
  const begun = Date.now()
  const manifest = readManifest(folder, name)
  const place = await lookAtPlace(target, manifest)
  const faults = [
    ...(await damagedParts(folder, manifest)),
    ...keyFaults(manifest),
    ...codeFaults(manifest),
    ...place.faults,
    ...(await storeFaults(manifest)),
  ]
  if (faults.length > 0) throw new Refused(faults)

  say(`Files: ${manifest.evidence.files} of evidence, ${manifest.reports.files} of reports.`)
  const storage = evidenceStorage()
  if ((await storage.installation()) === null) await storage.join(manifest.installation)
  const evidence = await copyIn(join(folder, SHARED.evidence), join(folder, name, OWN.evidence), storage)
  await copyIn(join(folder, SHARED.reports), join(folder, name, OWN.reports), reportStorage())

  if (!place.filled) {
    say(`Database: ${sum(manifest)} rows in ${manifest.tables.length} tables.`)
    await fill(target, folder, manifest)
  }
  await migrate(target.owner, target.application)
  await takeStore(target, storage.name)

  await copyUnchanging(join(folder, SHARED.checkpoints), checkpointDirectory(), isKept(folder)).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    },
  )
  // Compared before the continued log gets its first entry.
  const { fault, facts } = await comparePublished()
  const erased = await eraseAgain(null, new Date())
  const missing = await missingFiles(target, manifest, evidence.damaged)
  await recordUpkeep('restore', { from: manifest.name, done: true }, new Date())
  return {
    manifest,
    rows: sum(manifest),
    files: evidence.files,
    bytes: evidence.bytes,
    missing,
    erasedAgain: erased.again,
    waiting: erased.waiting,
    closed: erased.closed,
    unsigned: erased.unsigned,
    notAgain: erased.failed,
    opened: await openSome(target),
    log: fault && {
      resumable: RESUMABLE.includes(fault),
      words: saySealingFault(fault, facts, checkpointDirectory()),
    },
    seconds: Math.round((Date.now() - begun) / 100) / 10,
  }
}

const sum = ({ tables }: Manifest): number => tables.reduce((all, { rows }) => all + rows, 0)

/**
 * Returns whether to copy a file of the backup's checkpoints. A folder of checkpoints that survived is ahead of the
 * backup: it stays, and only missing files are added.
 */
const isKept =
  (folder: string) =>
  (name: string): boolean =>
    existsSync(join(folder, SHARED.checkpoints, name)) &&
    (readErasureFile(name) !== null || !existsSync(join(checkpointDirectory(), name)))

async function damagedParts(folder: string, manifest: Manifest): Promise<string[]> {
  const parts = [
    ...manifest.tables.map(({ file, sha256 }) => ({ file, sha256 })),
    { file: OWN.evidence, sha256: manifest.evidence.list.sha256 },
    { file: OWN.reports, sha256: manifest.reports.list.sha256 },
  ]
  const faults: string[] = []
  for (const { file, sha256 } of parts) {
    const path = join(folder, manifest.name, file)
    const found = await measureFile(path).catch(() => null)
    if (found?.sha256 !== sha256)
      faults.push(`${path} ${found ? 'is not what was written: it is damaged' : 'is missing'}.`)
  }
  return faults
}

function keyFaults({ keys }: Manifest): string[] {
  const known = keys.map(({ name, fingerprint, ...key }) => ({
    ...key,
    name: name as KeyName,
    fingerprint: Buffer.from(fingerprint, 'base64'),
  }))
  const { faults } = judgeKeys(readGivenKeys(), known)
  return faults.map((fault) => `${fault}. The backup needs the keys of its time, if need be as …_ALSO.`)
}

/** Returns why this code cannot restore the backup, if so: it must create the same schema that the rows came from. */
function codeFaults({ migrations, version }: Manifest): string[] {
  const own = new Map(migrationsOnDisk().map(({ name, checksum }) => [name, checksum]))
  const lacking = migrations.find(({ name, checksum }) => own.get(name) !== checksum)
  return lacking
    ? [
        `The backup is of version ${version} and has the migration ${lacking.name}, which this code ${own.has(lacking.name) ? 'has otherwise' : 'does not have'}: restore it with the code that made it, then upgrade.`,
      ]
    : []
}

const UNUSED = `SELECT (SELECT count(*) FROM cases) + (SELECT count(*) FROM staff_accounts)
  + (SELECT count(*) FROM audit_entries) + (SELECT count(*) FROM survey_responses) AS rows`

/** Checks whether the database is empty, or was filled by this same restore before an interruption. */
async function lookAtPlace(
  target: Target,
  manifest: Manifest,
): Promise<{ readonly faults: readonly string[]; readonly filled: boolean }> {
  const application = databaseClient(target.application)
  await application.connect().then(
    () => application.end(),
    (error: Error) => {
      throw new Refused([`The application's role cannot connect (DATABASE_URL): ${error.message}`])
    },
  )
  const client = await connectForCopy(target.owner)
  try {
    const { rows } = await client.query<{ there: boolean }>(
      `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS there`,
    )
    if (!rows[0]?.there) {
      const other = await client.query(
        `SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace LIMIT 1`,
      )
      return {
        filled: false,
        faults: other.rowCount ? ['The database has tables of something else: give an empty one.'] : [],
      }
    }
    const migrated = await client.query<{ name: string }>(
      'SELECT migration_name AS name FROM _prisma_migrations WHERE rolled_back_at IS NULL',
    )
    const own = new Set(manifest.migrations.map(({ name }) => name))
    if (await wasBegun(client, manifest)) return { filled: true, faults: [] }
    const newer = migrated.rows.find(({ name }) => !own.has(name))
    if (newer)
      return {
        filled: false,
        faults: [
          `The database was migrated further than the backup (${newer.name}): give an empty one (CREATE DATABASE … OWNER …).`,
        ],
      }
    const used = await client.query<{ rows: string }>(UNUSED).catch(() => null)
    return {
      filled: false,
      faults:
        Number(used?.rows[0]?.rows ?? 0) > 0
          ? [
              'The database is in use: it has accounts, cases, answers or a log. A backup is restored into an empty one (CREATE DATABASE … OWNER …), never over another.',
            ]
          : [],
    }
  } finally {
    await client.end()
  }
}

async function wasBegun(client: pg.Client, { name }: Manifest): Promise<boolean> {
  const { rows } = await client
    .query<{ from: string; done: string }>(
      `SELECT facts->>'from' AS from, facts->>'done' AS done FROM upkeep WHERE kind = 'restore'`,
    )
    .catch(() => ({ rows: [] }))
  return rows[0]?.from === name && rows[0].done === 'false'
}

async function storeFaults(manifest: Manifest): Promise<string[]> {
  const storage = evidenceStorage()
  const other = await storage.installation()
  if (other !== null && other !== manifest.installation)
    return [
      `The store of evidence ${storage.place} belongs to the installation ${other}, the backup to ${manifest.installation}: give an empty place (DATA_DIR).`,
    ]
  if (env().STORAGE_URL_ALSO)
    return [
      'STORAGE_URL_ALSO is set: what is erased again would go from that store too. A backup is restored into one store.',
    ]
  if (other === null)
    for await (const _ of storage.list())
      return [`The store of evidence ${storage.place} has files and no mark: give an empty place (DATA_DIR).`]
  return []
}

async function fill(target: Target, folder: string, manifest: Manifest): Promise<void> {
  const client = await connectForCopy(target.owner)
  try {
    const own = new Set(manifest.migrations.map(({ name }) => name))
    await applyMigrations(
      client,
      migrationsOnDisk().filter(({ name }) => own.has(name)),
    )
    await migrateQueues(target.owner)
    const { rows } = await client.query<{ version: number }>('SELECT version FROM pgboss.version')
    if (rows[0]?.version !== manifest.queues)
      throw new Refused([
        `The queues of the backup are of schema ${manifest.queues}, those of this code of ${rows[0]?.version}: restore it with the code that made it (version ${manifest.version}), then upgrade.`,
      ])
    await loadTables(client, join(folder, manifest.name), manifest, async (within) => {
      await within.query(
        `INSERT INTO upkeep (kind, done_at, facts) VALUES ('restore', now(), $1)
         ON CONFLICT (kind) DO UPDATE SET done_at = excluded.done_at, facts = excluded.facts`,
        [JSON.stringify({ from: manifest.name, done: false })],
      )
    })
  } finally {
    await client.end()
  }
}

/** Records this store as the only one that holds the files, even when the backup names another. */
async function takeStore({ owner }: Target, store: string): Promise<void> {
  const client = await connectForCopy(owner)
  try {
    await client.query('UPDATE evidence_files SET store = $1 WHERE store <> $1', [store])
    await client.query('DELETE FROM stores')
  } finally {
    await client.end()
  }
}

/** Returns the files that the database refers to and the backup could not restore, without files erased since. */
async function missingFiles(
  target: Target,
  manifest: Manifest,
  damaged: readonly string[],
): Promise<string[]> {
  const erased = await erasedIn(checkpointDirectory(), null)
  const lost = [...damaged, ...manifest.evidence.missing].filter((key) => !erased.has(ownerOf(key)))
  const client = await connectForCopy(target.owner)
  try {
    // The owner removed these files while the backup was being made.
    await client.query('DELETE FROM evidence WHERE id = ANY ($1::uuid[])', [
      [...new Set(manifest.evidence.gone.map(ownerOf))],
    ])
    const { rows } = await client.query<{ id: string }>(
      'SELECT id::text FROM evidence WHERE id = ANY ($1::uuid[])',
      [[...new Set(lost.map(ownerOf))]],
    )
    const known = new Set(rows.map(({ id }) => id))
    return lost.filter((key) => known.has(ownerOf(key)))
  } finally {
    await client.end()
  }
}

const SAMPLE = 25

/** Opens some files with the keys of their cases, which proves that keys, database and files belong together. */
async function openSome(target: Target): Promise<Restored['opened']> {
  const client = await connectForCopy(target.owner)
  const { rows } = await client.query<{ id: string }>(
    `SELECT e.id::text FROM evidence e JOIN case_keys k USING (case_id) WHERE k.wrapped <> ''
     ORDER BY random() LIMIT ${SAMPLE}`,
  )
  await client.end()
  let failed = 0
  for (const { id } of rows)
    await inScope(systemScope(), async () => {
      const file = await findForJob(id)
      if (file) await openBytes(file.key, id, 'original').catch(() => failed++)
    })
  return { tried: rows.length, failed }
}
