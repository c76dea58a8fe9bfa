import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { keepErasures } from '#features/audit/erasures/acts.ts'
import { readErasureFile } from '#features/audit/erasures/rules.ts'
import { checkpointDirectory } from '#features/audit/files.ts'
import { readCheckpointFile, readResumptionFile, VERIFIER_FILE } from '#features/audit/sealing/rules.ts'
import { fileKey, REPORT_FILES } from '#features/city-report/page-data.ts'
import { recordUpkeep } from '#features/installation/acts.ts'
import { checkStore } from '#features/installation/data.ts'
import { DAY } from '#lib/time.ts'
import { env } from '#platform/env.ts'
import { evidenceStorage, reportStorage } from '#platform/storage.ts'
import { erasedIn } from './erased.ts'
import { copyOut, copyUnchanging, lookAlong, readList } from './files.ts'
import { backupsIn, FORMAT, type Manifest, measureFile, OWN, readManifest, SHARED } from './manifest.ts'
import { connectForCopy, dumpSequences, dumpTables } from './tables.ts'

/** An advisory lock number that nothing else uses: one backup of a database at a time. */
const LOCK = 8_273_404

export interface MadeBackup {
  readonly manifest: Manifest
  readonly folder: string
  /** Backups removed because of their age, and files that only they had. */
  readonly pruned: { readonly backups: number; readonly files: number }
}

/**
 * Writes a backup into `to`. The order makes it consistent with the instant of its database: (1) the checkpoints of the
 * audit log, so that the database has at least their entries; (2) the database, in one snapshot; (3) the files that the
 * snapshot refers to: a missing file was removed since, and so was its row; (4) the notes of erasures until now.
 *
 * @param url of the role that owns the tables
 * @param scratch for a drill: does not count as a backup
 */
export async function makeBackup(
  to: string,
  url: string,
  {
    keepDays,
    every = false,
    scratch = false,
  }: { readonly keepDays: number; readonly every?: boolean; readonly scratch?: boolean },
): Promise<MadeBackup> {
  const begunAt = new Date()
  const { fault, pair } = await checkStore()
  if (fault !== null) throw new Error(fault)
  claim(to, pair.database)
  const client = await connectForCopy(url)
  try {
    const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [LOCK])
    if (!rows[0]?.free) throw new Error('Another backup of this database is under way.')
    const name = `${begunAt.toISOString().replace(/\D/g, '').slice(0, 14)}Z`.replace(/^(\d{8})/, '$1T')
    for (const half of (await readdir(to)).filter((one) => one.startsWith('.half-')))
      await rm(join(to, half), { recursive: true })
    const half = join(to, `.half-${name}`)
    mkdirSync(half, { mode: 0o700 })

    const checkpoints = await copyFolder(to, isOfLog)
    const database = await snapshot(client, half)
    const { evidence, reports } = await copyFiles(client, to, half, every)
    // Includes erasures of the last minute if this process has the key to sign them.
    if (env().ANTAM_AUDIT_KEY) await keepErasures(new Date())
    const erasures = await copyFolder(to, (one) => readErasureFile(one) !== null)

    const manifest: Manifest = {
      format: FORMAT,
      name,
      version: readVersion(),
      installation: pair.database,
      begunAt: begunAt.toISOString(),
      ...database,
      endedAt: new Date().toISOString(),
      evidence,
      reports,
      checkpoints: { files: checkpoints, erasures },
    }
    writeFileSync(join(half, OWN.manifest), `${JSON.stringify(manifest, null, 2)}\n`, {
      mode: 0o600,
      flush: true,
    })
    renameSync(half, join(to, name))
    await forgetErased(to)
    const pruned = await prune(to, new Date(begunAt.getTime() - keepDays * DAY))
    // An incomplete backup does not replace the last good one, so health keeps showing that one's age.
    if (!scratch && evidence.missing.length === 0)
      await recordUpkeep(
        'backup',
        {
          name,
          rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
          files: evidence.files,
          bytes: manifest.tables.reduce((sum, { bytes }) => sum + bytes, 0) + evidence.bytes,
          seconds: Math.round((Date.now() - begunAt.getTime()) / 1000),
        },
        new Date(),
      )
    return { manifest, folder: join(to, name), pruned }
  } finally {
    // Ends the session, and with it the lock.
    await client.end()
  }
}

const readVersion = (): string => JSON.parse(readFileSync('package.json', 'utf8')).version

/** Marks the folder as this installation's; throws if it belongs to another. */
function claim(to: string, installation: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  const mark = join(to, SHARED.mark)
  if (!existsSync(mark)) {
    writeFileSync(mark, `${installation}\n`, { mode: 0o600, flag: 'wx' })
    return
  }
  const other = readFileSync(mark, 'utf8').trim()
  if (other !== installation)
    throw new Error(`${to} has the backups of the installation ${other}; this one is ${installation}.`)
}

const isOfLog = (name: string): boolean =>
  name === VERIFIER_FILE || readCheckpointFile(name) !== null || readResumptionFile(name) !== null

/** Copies files from the folder of checkpoints, which does not exist before the first sealing. */
async function copyFolder(to: string, wanted: (name: string) => boolean): Promise<number> {
  const from = checkpointDirectory()
  if (!existsSync(from)) return 0
  return copyUnchanging(from, join(to, SHARED.checkpoints), wanted)
}

const KEYS = 'keys'

/** Writes the database at one instant, and the list of files that it refers to then. */
async function snapshot(client: pg.Client, half: string) {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  const one = async <T extends pg.QueryResultRow>(sql: string) => (await client.query<T>(sql)).rows
  // The first statement takes the snapshot.
  const [at] = await one<{ at: Date; postgres: string }>(
    `SELECT now() AS at, current_setting('server_version') AS postgres`,
  )
  const migrations = await one<{ name: string; checksum: string }>(
    `SELECT migration_name AS name, checksum FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1`,
  )
  const [queues] = await one<{ version: number }>('SELECT version FROM pgboss.version')
  const [head] = await one<{ size: string; note: string }>(
    'SELECT size, note FROM audit_heads ORDER BY size DESC LIMIT 1',
  )
  if (head && !existsSync(checkpointDirectory()))
    throw new Error(`${checkpointDirectory()} is not there, but the log was published: set AUDIT_DIR.`)
  const keys = await one<Manifest['keys'][number]>(
    `SELECT name, version, encode(fingerprint, 'base64') AS fingerprint, used_at IS NOT NULL AS used,
            retired_at IS NOT NULL AS retired FROM key_fingerprints ORDER BY id`,
  )
  const tables = await dumpTables(client, half)
  const sequences = await dumpSequences(client)
  await pipeline(
    client.query(
      copyTo(`COPY (SELECT key FROM (
        SELECT original_key AS key FROM evidence
        UNION ALL SELECT view_key FROM evidence WHERE view_key IS NOT NULL
        UNION ALL SELECT id || '.page' || n FROM evidence, generate_series(1, cardinality(page_widths)) n
      ) known ORDER BY key COLLATE "C") TO STDOUT`),
    ),
    createWriteStream(join(half, KEYS), { mode: 0o600 }),
  )
  await client.query('COMMIT')
  return {
    snapshotAt: (at?.at ?? new Date()).toISOString(),
    postgres: at?.postgres ?? '',
    migrations,
    queues: queues?.version ?? 0,
    log: head ? { size: Number(head.size), note: head.note } : null,
    keys,
    tables,
    sequences,
  }
}

async function copyFiles(client: pg.Client, to: string, half: string, every: boolean) {
  const before = backupsIn(to).at(-1)
  const of = (name: string) => ({
    folder: join(to, name),
    list: join(half, `${name}.list`),
    previous: before === undefined ? null : join(to, before, `${name}.list`),
    every,
  })
  const { missing, ...evidence } = await copyOut(
    evidenceStorage(),
    createInterface({ input: createReadStream(join(half, KEYS)), crlfDelay: Infinity }),
    of(SHARED.evidence),
  )
  await rm(join(half, KEYS))
  const { rows } = await client.query<{ id: string }>(
    'SELECT id::text FROM evidence WHERE id = ANY ($1::uuid[])',
    [[...new Set(missing.map(ownerOf))]],
  )
  const live = new Set(rows.map(({ id }) => id))
  const ready = await client.query<{ id: string }>(
    `SELECT id::text FROM survey_reports WHERE state = 'ready' ORDER BY id::text COLLATE "C"`,
  )
  const keys = ready.rows
    .flatMap(({ id }) => REPORT_FILES.map(({ kind, locale }) => fileKey(id, kind, locale)))
    .sort()
  const {
    missing: noReports,
    copied: _,
    ...reports
  } = await copyOut(reportStorage(), Readable.from(keys), of(SHARED.reports))
  return {
    evidence: {
      ...evidence,
      list: await measureFile(join(half, OWN.evidence)),
      missing: missing.filter((key) => live.has(ownerOf(key))),
      gone: missing.filter((key) => !live.has(ownerOf(key))),
    },
    reports: { ...reports, list: await measureFile(join(half, OWN.reports)), missing: noReports },
  }
}

/** Returns the id of the evidence that a key belongs to. */
export const ownerOf = (key: string): string => key.slice(0, key.lastIndexOf('.'))

/**
 * Removes erased evidence from the folder that all backups share, so that no restore brings it back: erased since a day
 * before the previous backup; without one, ever erased.
 */
async function forgetErased(to: string): Promise<void> {
  const previous = backupsIn(to).at(-2)
  const since = previous === undefined ? null : new Date(readManifest(to, previous).begunAt)
  const ids = await erasedIn(join(to, SHARED.checkpoints), since && new Date(since.getTime() - DAY))
  for (const id of ids) {
    const folder = join(to, SHARED.evidence, id.slice(0, 2))
    const names = await readdir(folder).catch(() => [])
    for (const name of names.filter((one) => one.startsWith(`${id}.`))) await rm(join(folder, name))
  }
}

/** Removes backups that began before an instant, except the newest, and the files that no other backup has. */
async function prune(to: string, before: Date): Promise<MadeBackup['pruned']> {
  const old = backupsIn(to)
    .slice(0, -1)
    .filter((name) => new Date(readManifest(to, name).begunAt) < before)
  for (const name of old) await rm(join(to, name), { recursive: true })
  if (old.length === 0) return { backups: 0, files: 0 }
  let files = 0
  for (const shared of [SHARED.evidence, SHARED.reports]) {
    const lists = backupsIn(to).map((name) => lookAlong(readList(join(to, name, `${shared}.list`))))
    for (const folder of (await readdir(join(to, shared)).catch(() => [])).sort())
      for (const key of (await readdir(join(to, shared, folder))).sort()) {
        const wanted = await Promise.all(lists.map((list) => list(key)))
        if (wanted.some((one) => one !== null)) continue
        await rm(join(to, shared, folder, key))
        files++
      }
  }
  return { backups: old.length, files }
}
