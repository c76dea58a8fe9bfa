import '#server-only'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { WrappedKey } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import type { KeyName, KnownKey, NewKey } from './rules/keys.ts'
import type { UpkeepKind } from './rules/upkeep.ts'

/** Any number that nothing else locks. */
const LOCK = 8_273_403

/** Lets one process at a time write down what it was given: others wait until this transaction is over. */
export const lockInstallation = async (tx: Tx): Promise<void> =>
  void (await tx.$queryRaw`SELECT true AS locked FROM pg_advisory_xact_lock(${LOCK}::bigint)`)

/** Returns the database's own id, and whether a store of evidence was joined to it. */
export async function installation(tx: Tx = db): Promise<{ readonly id: string; readonly joined: boolean }> {
  const row = await tx.installation.findFirst()
  if (!row) throw new Error('the database has no installation id: run npm run db:migrate')
  return { id: row.id, joined: row.joinedAt !== null }
}

export const markJoined = (tx: Tx, now: Instant): Promise<unknown> =>
  tx.installation.updateMany({ where: { joinedAt: null }, data: { joinedAt: now } })

export const hasEvidence = (tx: Tx = db): Promise<boolean> =>
  inScope(systemScope(), async () => (await tx.evidence.findFirst({ select: { id: true } })) !== null)

/** Tells whether any of these was ever a file of a case: the log keeps the ids of those that are gone. */
export const everKnew = (ids: readonly string[], tx: Tx = db): Promise<boolean> =>
  inScope(systemScope(), async () => {
    const [row] = await tx.$queryRaw<{ known: boolean }[]>`
      SELECT EXISTS (SELECT FROM evidence WHERE id = ANY (${ids}::uuid[]))
          OR EXISTS (SELECT FROM audit_entries WHERE subject_kind = 'evidence' AND subject_id = ANY (${ids}::text[])) AS known`
    return row?.known ?? false
  })

/** Returns every key that the database knows, in the order in which they came. */
export async function knownKeys(tx: Tx = db): Promise<KnownKey[]> {
  const rows = await tx.keyFingerprint.findMany({ orderBy: { id: 'asc' } })
  return rows.map(({ name, version, fingerprint, usedAt, retiredAt }) => ({
    name: name as KeyName,
    version,
    fingerprint,
    used: usedAt !== null,
    retired: retiredAt !== null,
  }))
}

export async function learnKey(tx: Tx, { name, version, fingerprint, used }: NewKey, now: Instant) {
  const there = await tx.keyFingerprint.findFirst({ where: { name, version, retiredAt: null } })
  const usedAt = used ? now : null
  if (!there)
    await tx.keyFingerprint.create({
      data: { name, version, fingerprint: Buffer.from(fingerprint), usedAt },
    })
  else if (used && there.usedAt === null)
    await tx.keyFingerprint.update({ where: { id: there.id }, data: { usedAt } })
}

/** Notes that nothing is under the other versions of these keys any more; answers how many there were. */
export async function retireOthers(
  tx: Tx,
  keep: Readonly<Record<string, number>>,
  now: Instant,
): Promise<number> {
  const { count } = await tx.keyFingerprint.updateMany({
    where: {
      retiredAt: null,
      usedAt: { not: null },
      OR: Object.entries(keep).map(([name, version]) => ({ name, version: { not: version } })),
    },
    data: { retiredAt: now },
  })
  return count
}

/** Gives up a key's version, or all that are in force; false where there is none. */
export async function retireKey(
  tx: Tx,
  name: KeyName,
  version: number | null,
  now: Instant,
): Promise<boolean> {
  const where = { name, ...(version !== null && { version }), retiredAt: null }
  return (await tx.keyFingerprint.updateMany({ where, data: { retiredAt: now } })).count > 0
}

/** Returns under which versions of the keys rows are; for a transaction that sees every case. */
export const versionsInRows = (
  tx: Tx,
): Promise<{ readonly name: 'ANTAM_KEY' | 'ANTAM_INDEX_KEY'; readonly version: number }[]> =>
  tx.$queryRaw`
      SELECT DISTINCT 'ANTAM_KEY' AS name, wrap_key_version AS version FROM case_keys WHERE wrapped <> ''
      UNION SELECT DISTINCT 'ANTAM_INDEX_KEY', version::int FROM blind_index`

/** Returns the stored key of one case for each version of the wrapping key; for a transaction that sees every case. */
export const sampleKeys = (tx: Tx): Promise<(WrappedKey & { readonly caseId: string })[]> =>
  tx.$queryRaw`
      SELECT DISTINCT ON (wrap_key_version) case_id AS "caseId", wrapped, wrap_key_version AS "wrapKeyVersion"
      FROM case_keys WHERE wrapped <> '' ORDER BY wrap_key_version, created_at DESC`

/** Returns the newest signed head of the audit log. */
export const newestNote = async (tx: Tx = db): Promise<string | null> =>
  (await tx.auditHead.findFirst({ orderBy: { size: 'desc' }, select: { note: true } }))?.note ?? null

export async function writeUpkeep(
  tx: Tx,
  kind: UpkeepKind,
  facts: Readonly<Record<string, string | number | boolean>>,
  doneAt: Instant,
): Promise<void> {
  await tx.upkeep.upsert({ where: { kind }, create: { kind, doneAt, facts }, update: { doneAt, facts } })
}

/** Returns when each was last done well. */
export const lastUpkeep = (tx: Tx = db): Promise<{ readonly kind: string; readonly doneAt: Date }[]> =>
  tx.upkeep.findMany({ select: { kind: true, doneAt: true } })

/** Returns the migrations that the database has, and of each contract step from which version on it can be used. */
export const appliedMigrations = (
  tx: Tx = db,
): Promise<{ readonly name: string; readonly since: string | null }[]> =>
  tx.$queryRaw`
      SELECT migration_name AS name, substring(logs FROM '^contract: since (.+)$') AS since
      FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`

export interface RunningProcess {
  readonly id: string
  readonly kind: 'web' | 'worker'
  readonly version: string
  readonly startedAt: Instant
  /** The names of the stores that it reads; it writes to the first. */
  readonly stores: readonly string[]
}

/**
 * Writes down that a process runs, and forgets those that ended a day ago without a word. By the database's clock: a process
 * whose own is wrong is not gone while it runs, and takes no other for gone.
 */
export async function sawProcess({ id, kind, version, startedAt, stores }: RunningProcess): Promise<void> {
  await db.$executeRaw`
    INSERT INTO processes (id, kind, version, started_at, seen_at, stores)
    VALUES (${id}::uuid, ${kind}, ${version}, ${startedAt}, now(), ${[...stores]})
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`
  await db.$executeRaw`DELETE FROM processes WHERE seen_at < now() - interval '1 day'`
}

/**
 * Returns the processes that run: one is gone a minute after its last word. Of a version that did not say its stores the list of
 * them is empty.
 */
export const runningProcesses = (): Promise<RunningProcess[]> =>
  db.$queryRaw`
    SELECT id, kind, version, started_at AS "startedAt", stores FROM processes
    WHERE seen_at > now() - interval '1 minute' ORDER BY started_at`

export const forgetProcess = (id: string): Promise<unknown> => db.process.deleteMany({ where: { id } })
