import '#server-only'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import type { UpkeepKind } from '../rules/upkeep.ts'

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

/** Tells whether any of these ids was ever a file of a case: the audit log keeps the ids of deleted files. */
export const everKnew = (ids: readonly string[], tx: Tx = db): Promise<boolean> =>
  inScope(systemScope(), async () => {
    const [row] = await tx.$queryRaw<{ known: boolean }[]>`
      SELECT EXISTS (SELECT FROM evidence WHERE id = ANY (${ids}::uuid[]))
          OR EXISTS (SELECT FROM audit_entries WHERE subject_kind = 'evidence' AND subject_id = ANY (${ids}::text[])) AS known`
    return row?.known ?? false
  })

/** Returns the newest signed head of the audit log. */
export const newestNote = async (tx: Tx = db): Promise<string | null> =>
  (await tx.auditHead.findFirst({ orderBy: { size: 'desc' }, select: { note: true } }))?.note ?? null

/**
 * Returns the migrations of the database, and for each contract step the oldest version of the product that works with
 * it.
 */
export const appliedMigrations = (
  tx: Tx = db,
): Promise<{ readonly name: string; readonly since: string | null }[]> =>
  tx.$queryRaw`
      SELECT migration_name AS name, substring(logs FROM '^contract: since (.+)$') AS since
      FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`

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
