import '#server-only'
import type { AuditEntry } from '#generated/prisma/client.ts'
import { type Hash, leafHash, sameHash } from '#lib/transparency/tree.ts'
import { db } from '#platform/db.ts'
import { sha256 } from '#platform/signatures.ts'
import { COMMITTED_SINCE, publicBytes, textOf } from '../entries/rules.ts'
import { type Tile, WIDTH, writeBundle } from './rules.ts'

const NONE = new Uint8Array()

/** Returns a tile's bytes, from the stored hashes and entries; null if the log does not have all of it. */
export async function readTile({ level, index, width }: Tile): Promise<Uint8Array | null> {
  const [start, end] = [index * WIDTH, index * WIDTH + width]
  if (level === 'entries') return readEntries(start, end)
  const rows = await (level === 0
    ? db.$queryRaw<{ hash: Hash }[]>`
        SELECT hash FROM audit_leaves WHERE "index" >= ${start} AND "index" < ${end} ORDER BY "index"`
    : db.$queryRaw<{ hash: Hash }[]>`
        SELECT hash FROM audit_nodes WHERE level = ${level * 8} AND "index" >= ${start} AND "index" < ${end}
        ORDER BY "index"`)
  return rows.length === width ? Buffer.concat(rows.map(({ hash }) => hash)) : null
}

/**
 * Returns the public bytes of entries, as a bundle. Two kinds are empty: entries before version 3, whose bytes would reveal
 * their content, and those that differ from what was sealed.
 */
async function readEntries(start: number, end: number): Promise<Uint8Array | null> {
  const rows = await db.$queryRaw<(AuditEntry & { readonly hash: Hash })[]>`
    SELECT l.hash, e.id, e.at, e.actor_kind AS "actorKind", e.actor_id AS "actorId", e.act,
           e.subject_kind AS "subjectKind", e.subject_id AS "subjectId", e.request_id AS "requestId", e.facts, e.v,
           e.case_id AS "caseId", e.before_hash AS "beforeHash", e.after_hash AS "afterHash"
    FROM audit_leaves l LEFT JOIN audit_entries e ON e.id = l.entry_id
    WHERE l."index" >= ${start} AND l."index" < ${end} ORDER BY l."index"`
  if (rows.length !== end - start) return null
  return writeBundle(
    rows.map(({ hash, ...row }) => {
      if (row.id === null || row.v < COMMITTED_SINCE) return NONE
      const bytes = publicBytes(sha256, textOf({ ...row, id: String(row.id) }))
      return sameHash(leafHash(sha256, bytes), hash) ? bytes : NONE
    }),
  )
}

/** Returns the sizes of the heads between two sizes: for each of them partial tiles were written. */
export async function listHeadSizes(from: number, to: number): Promise<number[]> {
  const heads = await db.auditHead.findMany({
    where: { size: { gt: from, lt: to } },
    select: { size: true },
  })
  return heads.map(({ size }) => Number(size))
}

export const findHead = (size: number) => db.auditHead.findUnique({ where: { size } })
