import '#server-only'
import { type AuditEntry, Prisma } from '#generated/prisma/client.ts'
import { toBase64 } from '#lib/transparency/base64.ts'
import { readVerifier, type Verifier, writeVerifier } from '#lib/transparency/note.ts'
import { type Hash, type NodeId, nodesOf } from '#lib/transparency/tree.ts'
import { db, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { ed25519, sha256, verifyEd25519 } from '#platform/signatures.ts'
import { troubleOf } from '#platform/troubles.ts'
import { listResumptions } from '../entries/data.ts'
import type { AuditEntry as Entry } from '../entries/rules.ts'
import { isRenaming, lostEntries, type PublicBreak, readResumption, readSigners } from './resumption-rules.ts'
import { LOG_NAME, type SealingFacts, type SealingFault } from './rules.ts'

/** Any number that nothing else locks. */
const LOCK = 8_273_402
/** Lets one sealing run at a time, until the transaction ends. */
export const lockTree = async (tx: Tx): Promise<void> =>
  void (await tx.$queryRaw`SELECT true AS locked FROM pg_advisory_xact_lock(${LOCK}::bigint)`)

export async function findNewestHead(tx: Tx = db) {
  const head = await tx.auditHead.findFirst({ orderBy: { size: 'desc' } })
  return head && { ...head, size: Number(head.size) }
}

export async function listHeadsAbove(size: number) {
  const heads = await db.auditHead.findMany({ where: { size: { gt: size } }, orderBy: { size: 'asc' } })
  return heads.map(({ size, note }) => ({ size: Number(size), note }))
}

export async function countLeaves(tx: Tx = db): Promise<{ readonly size: number; readonly highId: bigint }> {
  const [row] = await tx.$queryRaw<{ size: bigint; high: bigint }[]>`
    SELECT coalesce((SELECT max("index") + 1 FROM audit_leaves), 0) AS size,
           coalesce((SELECT max(entry_id) FROM audit_leaves), 0) AS high`
  return { size: Number(row?.size ?? 0), highId: row?.high ?? 0n }
}

export async function listEntriesWithoutLeaf(tx: Tx, after: bigint, limit: number): Promise<Entry[]> {
  const rows = await tx.$queryRaw<AuditEntry[]>`
    SELECT id, at, actor_kind AS "actorKind", actor_id AS "actorId", act, subject_kind AS "subjectKind",
           subject_id AS "subjectId", request_id AS "requestId", facts, v, case_id AS "caseId",
           before_hash AS "beforeHash", after_hash AS "afterHash"
    FROM audit_entries e
    WHERE id > ${after} AND NOT EXISTS (SELECT FROM audit_leaves l WHERE l.entry_id = e.id)
    ORDER BY id LIMIT ${limit}`
  return rows.map((row) => ({ ...row, id: String(row.id) }))
}

export interface Leaf {
  readonly index: number
  readonly entryId: string
  readonly v: number
  readonly hash: Hash
}

/** Reads the stored hashes of complete subtrees in one query. The function throws for any other node. */
export async function readHashes(nodes: readonly NodeId[], tx: Tx = db): Promise<(node: NodeId) => Hash> {
  const key = ({ level, index }: NodeId): string => `${level}/${index}`
  const leaves = nodes.filter(({ level }) => level === 0).map(({ index }) => index)
  const others = nodes.filter(({ level }) => level > 0)
  const rows = await tx.$queryRaw<{ level: number; index: bigint; hash: Uint8Array }[]>`
    SELECT 0 AS level, "index", hash FROM audit_leaves WHERE "index" = ANY (${leaves}::bigint[])
    UNION ALL
    SELECT n.level::int, n."index", n.hash
    FROM unnest(${others.map(({ level }) => level)}::int[], ${others.map(({ index }) => index)}::bigint[])
      AS wanted (level, at)
    JOIN audit_nodes n ON n.level = wanted.level AND n."index" = wanted.at`
  const found = new Map(rows.map((row) => [key({ level: row.level, index: Number(row.index) }), row.hash]))
  return (node) => {
    const hash = found.get(key(node))
    if (!hash) throw new Error(`the audit tree lacks its node ${key(node)}`)
    return hash
  }
}

export const readEdge = (size: number, tx: Tx = db): Promise<(node: NodeId) => Hash> =>
  readHashes(nodesOf({ start: 0, end: size }), tx)

export async function addHead(head: {
  readonly size: number
  readonly note: string
  readonly highId: bigint
  readonly settledId: bigint
}): Promise<void> {
  await db.$executeRaw`
    INSERT INTO audit_heads (size, note, high_id, settled_id, snapshot_xmax)
    VALUES (${head.size}, ${head.note}, ${head.highId}, ${head.settledId},
            pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
    ON CONFLICT DO NOTHING`
}

/** Too few witnesses have signed for an hour, by the database's clock. */
const UNWITNESSED = Prisma.sql`EXISTS (SELECT FROM troubles
  WHERE job = 'audit-witness' AND since < clock_timestamp() - interval '60 minutes')`

/**
 * Checks whether an entry has waited longer than `minutes` for a head that covers it, by the database's clock. A head covers
 * every entry that was committed before it. So while the newest head is recent, only ids above its own can be waiting. When it
 * is that old, all entries that may be missing are checked. Returns true also when too few witnesses have signed for an hour.
 */
async function isWaitingLonger(minutes: number, tx: Tx = db): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ waits: boolean }[]>`
    WITH head AS (SELECT size, high_id, settled_id, sealed_at FROM audit_heads ORDER BY size DESC LIMIT 1),
      lately AS (SELECT clock_timestamp() - make_interval(mins => ${minutes}::int) AS at)
    SELECT coalesce((
      SELECT e.at < lately.at FROM audit_entries e, lately
      WHERE e.id > coalesce((SELECT high_id FROM head), 0)
      ORDER BY e.id LIMIT 1
    ), false) OR (coalesce((SELECT sealed_at FROM head) < (SELECT at FROM lately), true) AND coalesce((
      SELECT e.at < lately.at FROM lately, audit_entries e
      LEFT JOIN audit_leaves l ON l.entry_id = e.id AND l."index" < coalesce((SELECT size FROM head), 0)
      WHERE e.id > coalesce((SELECT settled_id FROM head), 0) AND l."index" IS NULL
      ORDER BY e.id LIMIT 1
    ), false)) OR ${UNWITNESSED} AS waits`
  return row?.waits ?? false
}

/**
 * Returns the log's present name and key for signing.
 *
 * @throws in a process without the key
 */
export function readLogSigner() {
  const seed = env().ANTAM_AUDIT_KEY
  if (!seed) throw new Error('ANTAM_AUDIT_KEY is not set: this process signs nothing for the audit log')
  const { sign, publicKey } = ed25519(seed)
  return { signer: { name: env().AUDIT_ORIGIN ?? LOG_NAME, publicKey }, sign }
}

/** Returns the log's public key as one line, which people note to check the log. */
export function writeVerifierLine(): string {
  const { ANTAM_AUDIT_PUBLIC_KEY, ANTAM_AUDIT_KEY } = env()
  if (ANTAM_AUDIT_PUBLIC_KEY) return ANTAM_AUDIT_PUBLIC_KEY
  if (!ANTAM_AUDIT_KEY) throw new Error('neither half of the audit key is set')
  return writeVerifier(sha256, readLogSigner().signer)
}

export async function readLogVerifier(): Promise<Verifier> {
  const verifier = await readVerifier(sha256, writeVerifierLine())
  if (!verifier) throw new Error('ANTAM_AUDIT_PUBLIC_KEY is not right')
  return verifier
}

/** Returns the keys that the log has had, today's first. Each stated change of name or key leads to the one before. */
export async function readLogSigners(today?: Verifier) {
  const notes = (await listResumptions()).flatMap(({ note }) => (typeof note === 'string' ? [note] : []))
  return readSigners(sha256, verifyEd25519, today ?? (await readLogVerifier()), notes)
}

/** Returns every break stated in the log, oldest first; without those that lack a valid signature. */
export async function listStatedBreaks() {
  const notes = (await listResumptions()).flatMap(({ note }) => (typeof note === 'string' ? [note] : []))
  if (notes.length === 0) return []
  const signers = await readLogSigners()
  const read = await Promise.all(
    notes.map(async (note) => {
      const one = await readResumption(sha256, note, signers, verifyEd25519)
      return one && { ...one, note }
    }),
  )
  return read.filter((one) => one !== null)
}

export const listPublicBreaks = async (): Promise<PublicBreak[]> =>
  (await listStatedBreaks()).map(({ history, ended, from, at, reason, keys, note }) => ({
    history,
    ended: { size: ended.size, root: toBase64(ended.root) },
    from: { size: from.size, root: toBase64(from.root) },
    lost: lostEntries({ ended, from }),
    keys: keys && { before: writeVerifier(sha256, keys.before), next: writeVerifier(sha256, keys.next) },
    ...{ at, reason, note },
  }))

/** Returns the breaks that no proof crosses. A new name or key is not such a break. */
export const listShownBreaks = async () =>
  (await listStatedBreaks())
    .filter((one) => !isRenaming(one))
    .map(({ history, ended, from, at, reason }) => ({
      history,
      ended: ended.size,
      from: from.size,
      lost: lostEntries({ ended, from }),
      at: new Date(at),
      reason,
    }))

/** An entry may wait this long to be sealed; after that no decision that blocks a phone is possible. */
const SEALING_PATIENCE_MINUTES = 15

/** Checks whether the log has lacked witnesses for so long that blocks wait, as they do while nothing is sealed. */
export async function isUnwitnessed(): Promise<boolean> {
  const [row] = await db.$queryRaw<{ waits: boolean }[]>`SELECT ${UNWITNESSED} AS waits`
  return row?.waits ?? false
}

/** Checks whether sealing, or the witnesses, have failed for so long that decisions on people must wait. */
export const hasSealingFailed = (tx?: Tx): Promise<boolean> => isWaitingLonger(SEALING_PATIENCE_MINUTES, tx)

export const findLastSealed = async (): Promise<Date | null> => (await findNewestHead())?.sealedAt ?? null

/** Returns why nothing is sealed: the published checkpoints and the database disagree. null while sealing works. */
export async function findSealingTrouble() {
  const trouble = await troubleOf('audit-seal')
  return (
    trouble && {
      fault: trouble.code as SealingFault,
      facts: trouble.facts as unknown as SealingFacts,
      since: trouble.since,
    }
  )
}
