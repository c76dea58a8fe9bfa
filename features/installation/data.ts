import '#server-only'
import { CITY, CITY_NAME, editionsOf, readFile } from '#cities/city.ts'
import { areaEditionSchema, CITY_UNIT } from '#features/areas/rules.ts'
import { writeVerifierLine } from '#features/audit/sealing/data.ts'
import { systemScope } from '#lib/access/scope.ts'
import { HOUR, type Instant } from '#lib/time.ts'
import { fingerprintOf } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { expectedMigrations, release, revision, version } from '#platform/release.ts'
import { inScope } from '#platform/scope.ts'
import { type Storage, stores } from '#platform/storage.ts'
import { listKnownKeys } from './keys/data.ts'
import { type GivenKey, judgeKeys, KEY_NAMES, type KeyName, type KeyVerdict } from './keys/rules.ts'
import { schemaFaults } from './rules.ts'
import { judgeStore, type Pair, type StoreVerdict, sayStoreFault } from './stores/rules.ts'

/** Any number that nothing else locks. */
const LOCK = 8_273_403

/** Lets one process at a time record its keys, until the transaction ends. */
export const lockInstallation = async (tx: Tx): Promise<void> =>
  void (await tx.$queryRaw`SELECT true AS locked FROM pg_advisory_xact_lock(${LOCK}::bigint)`)

export async function readInstallation(
  tx: Tx = db,
): Promise<{ readonly id: string; readonly joined: boolean }> {
  const row = await tx.installation.findFirst()
  if (!row) throw new Error('the database has no installation id: run npm run db:migrate')
  return { id: row.id, joined: row.joinedAt !== null }
}

/** Returns a fault if the database is another city's. Areas unknown here may be of a newer edition, so a majority counts. */
export async function findOtherCity(): Promise<string | null> {
  const own = editionsOf('areas').flatMap((year) =>
    areaEditionSchema.parse(readFile(`areas-${year}.json`)).areas.map(({ id }) => id),
  )
  const [known, all, unit] = await Promise.all([
    db.policeArea.count({ where: { id: { in: own } } }),
    db.policeArea.count(),
    db.policeUnit.findUnique({ where: { id: CITY_UNIT }, select: { nameVi: true } }),
  ])
  return all > 2 * known
    ? `CITY: this process is of ${CITY.name.vi} (${CITY_NAME}), and the database of ${unit?.nameVi}: set CITY as it was when the database began`
    : null
}

export const markJoined = (tx: Tx, now: Instant): Promise<unknown> =>
  tx.installation.updateMany({ where: { joinedAt: null }, data: { joinedAt: now } })

const hasEvidence = (): Promise<boolean> =>
  inScope(systemScope(), async () => (await db.evidence.findFirst({ select: { id: true } })) !== null)

/** Checks whether any of these ids was ever a case's file: the audit log keeps the ids of deleted ones. */
const everKnew = (ids: readonly string[]): Promise<boolean> =>
  inScope(systemScope(), async () => {
    const [row] = await db.$queryRaw<{ known: boolean }[]>`
      SELECT EXISTS (SELECT FROM evidence WHERE id = ANY (${ids}::uuid[]))
          OR EXISTS (SELECT FROM audit_entries WHERE subject_kind = 'evidence' AND subject_id = ANY (${ids}::text[])) AS known`
    return row?.known ?? false
  })

const appliedMigrations = (tx: Tx = db) =>
  tx.$queryRaw<{ readonly name: string; readonly since: string | null }[]>`
      SELECT migration_name AS name, substring(logs FROM '^contract: since (.+)$') AS since
      FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`

export { release as nameRelease, revision, version }

export const listLastUpkeep = (): Promise<
  {
    readonly kind: string
    readonly doneAt: Date
    readonly seconds: number | null
    readonly bytes: number | null
  }[]
> => db.$queryRaw`
  SELECT kind, done_at AS "doneAt", (facts ->> 'seconds')::float AS seconds, (facts ->> 'bytes')::float AS bytes FROM upkeep`

export interface RunningProcess {
  readonly id: string
  readonly kind: 'web' | 'worker'
  readonly version: string
  readonly startedAt: Instant
  /** The names of the stores that it reads; it writes to the first. */
  readonly stores: readonly string[]
}

/** Records a running process by the database's clock, and deletes those not seen for a day. */
export async function recordProcess({ id, kind, version, startedAt, stores }: RunningProcess): Promise<void> {
  await db.$executeRaw`
    INSERT INTO processes (id, kind, version, started_at, seen_at, stores)
    VALUES (${id}::uuid, ${kind}, ${version}, ${startedAt}, now(), ${[...stores]})
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`
  await db.$executeRaw`DELETE FROM processes WHERE seen_at < now() - interval '1 day'`
}

/** Returns the processes seen within a minute. An old version did not name its stores. */
export const listRunningProcesses = (): Promise<RunningProcess[]> =>
  db.$queryRaw`
    SELECT id, kind, version, started_at AS "startedAt", stores FROM processes
    WHERE seen_at > now() - interval '1 minute' ORDER BY started_at`

export const forgetProcess = (id: string): Promise<unknown> => db.process.deleteMany({ where: { id } })

/** Returns why another version could not work on this database: a later one has removed what it uses. */
export const checkSchemaFor = async (of: string, tx: Tx) => schemaFaults(of, [], await appliedMigrations(tx))

const SAMPLED_FILES = 200

export function readGivenKeys(): GivenKey[] {
  const { ANTAM_KEY, ANTAM_KEY_ALSO, ANTAM_INDEX_KEY, ANTAM_INDEX_KEY_ALSO, ANTAM_HASH_KEY } = env()
  const { ANTAM_EXCHANGE_KEY, ANTAM_EXCHANGE_KEY_ALSO } = env()
  const key = (name: KeyName, bytes: Buffer, of: Partial<GivenKey> = {}): GivenKey => {
    const fingerprints = Object.fromEntries(KEY_NAMES.map((one) => [one, fingerprintOf(one, bytes)]))
    const prints = fingerprints as Record<KeyName, Uint8Array>
    return { name, variable: name, version: null, writes: true, fingerprints: prints, ...of }
  }
  const also = (name: KeyName) => ({ variable: `${name}_ALSO`, writes: false })
  const versioned = (name: KeyName, main: typeof ANTAM_KEY, second: typeof ANTAM_KEY_ALSO) => [
    key(name, main.bytes, { version: main.version }),
    ...(second ? [key(name, second.bytes, { version: second.version, ...also(name) })] : []),
  ]
  return [
    ...versioned('ANTAM_KEY', ANTAM_KEY, ANTAM_KEY_ALSO),
    ...versioned('ANTAM_INDEX_KEY', ANTAM_INDEX_KEY, ANTAM_INDEX_KEY_ALSO),
    key('ANTAM_HASH_KEY', ANTAM_HASH_KEY),
    // By its public half, which web servers have too.
    key('ANTAM_AUDIT_KEY', Buffer.from(writeVerifierLine())),
    key('ANTAM_EXCHANGE_KEY', ANTAM_EXCHANGE_KEY),
    ...(ANTAM_EXCHANGE_KEY_ALSO
      ? [key('ANTAM_EXCHANGE_KEY', ANTAM_EXCHANGE_KEY_ALSO, also('ANTAM_EXCHANGE_KEY'))]
      : []),
  ]
}

/** Returns why this version cannot work on the database: its schema is older, or lost what this version uses. */
export const checkDatabaseSchema = async (): Promise<string[]> =>
  schemaFaults(version, expectedMigrations, await appliedMigrations())

export async function checkBackup(now: Instant): Promise<string | null> {
  const made = (await listLastUpkeep()).find(({ kind }) => kind === 'backup')
  return backupFault(made?.doneAt ?? null, env().BACKUP_MAX_HOURS, now)
}

/** Hours that a backup may be old by default: one night may fail and be noticed by day. */
const BACKUP_HOURS = 36

/** Returns what is wrong with the last full backup (`madeAt` null: never); null too where none is expected (no `maxHours`). */
function backupFault(madeAt: Instant | null, maxHours: number | undefined, now: Instant): string | null {
  const again = 'npm run backup'
  if (madeAt === null) return maxHours === undefined ? null : `no whole one was ever made (${again})`
  const hours = (now.getTime() - madeAt.getTime()) / HOUR
  if (hours <= (maxHours ?? BACKUP_HOURS)) return null
  return `the last whole one was made ${Math.floor(hours)} hours ago (${again})`
}

export const checkGivenKeys = async (tx?: Tx): Promise<KeyVerdict> =>
  judgeKeys(readGivenKeys(), await listKnownKeys(tx))

/** Checks that the store, or both while files are moved, belong to the database. Lists files only if a store has no mark. */
export async function checkStore() {
  const { main, also } = stores('evidence')
  const { id, joined } = await readInstallation()
  // A store that files move to or from is new or this database's; only its mark can show which.
  const other = also && (await pairOf(also, { database: id, joined: false, evidence: false }))
  const beside = other !== null && judgeStore(other) === 'joined'
  const pair = await pairOf(main, { database: id, joined, evidence: null, beside })
  const judged = [
    { storage: main, pair, verdict: judgeStore(pair) },
    ...(also && other ? [{ storage: also, pair: other, verdict: judgeStore(other) }] : []),
  ]
  const faults = judged.flatMap(({ storage, pair: one, verdict }) =>
    isRight(verdict) ? [] : [sayStoreFault(verdict, one, storage.place)],
  )
  return {
    verdict: judged[0]?.verdict ?? 'join',
    fault: faults[0] ?? null,
    pair,
    unmarked: judged.flatMap(({ storage, verdict }) => (verdict === 'join' ? [storage] : [])),
  }
}

const isRight = (verdict: StoreVerdict): verdict is 'joined' | 'join' =>
  verdict === 'joined' || verdict === 'join'

/** Collects the facts about a store and its database. If `evidence` is null, it is looked up when it matters. */
async function pairOf(
  storage: Storage,
  { evidence, ...known }: Omit<Pair, 'store' | 'files' | 'evidence'> & { readonly evidence: boolean | null },
): Promise<Pair> {
  const store = await storage.installation()
  const unmarked = store === null
  return {
    ...known,
    store,
    evidence: evidence ?? (unmarked && (await hasEvidence())),
    files: unmarked ? await filesIn(storage) : 'none',
  }
}

async function filesIn(storage: Storage): Promise<Pair['files']> {
  const ids: string[] = []
  for await (const { key } of storage.list()) {
    if (!key.endsWith('.probe')) ids.push(key.slice(0, key.lastIndexOf('.')))
    if (ids.length === SAMPLED_FILES) break
  }
  if (ids.length === 0) return 'none'
  return (await everKnew(ids)) ? 'known' : 'strange'
}
