import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import { db, rawQuery } from '#platform/db.ts'
import type { FileName } from './stored-data.ts'

/** A stored file as the database knows it. */
export interface KnownFile extends FileName {
  readonly store: string
  readonly begunAt: Date
  /** It lay whole in its store once, as far as anybody knows. */
  readonly whole: boolean
  readonly byteSize: number | null
  readonly sha256: Uint8Array | null
  /** Tells whether it belongs to no evidence, and whether it was removed for good. */
  readonly loose: boolean
  readonly removed: boolean
}

const COLUMNS = Prisma.sql`f.evidence_id AS id, f.part, f.store, f.begun_at AS "begunAt", f.stored_at IS NOT NULL AS whole,
  f.byte_size AS "byteSize", f.sha256, f.loose_since IS NOT NULL AS loose, f.removed_at IS NOT NULL AS removed`

const FIRST = { id: '00000000-0000-0000-0000-000000000000', part: '' }

/**
 * Returns the files after one, in the order of their keys. By key alone, so that each batch is as quick as the first, however
 * many rows there are.
 */
export const knownFiles = (after: FileName | null, most: number): Promise<KnownFile[]> => {
  const { id, part } = after ?? FIRST
  return rawQuery(
    db,
    Prisma.sql`
      SELECT ${COLUMNS} FROM evidence_files f
      WHERE f.evidence_id >= ${id}::uuid AND (f.evidence_id > ${id}::uuid OR f.part COLLATE "C" > ${part})
      ORDER BY f.evidence_id, f.part COLLATE "C" LIMIT ${most}`,
  )
}

/** Returns what the database knows of these files at this moment. */
export const filesNamed = (names: readonly FileName[]): Promise<KnownFile[]> =>
  rawQuery(
    db,
    Prisma.sql`
      SELECT ${COLUMNS} FROM evidence_files f
      JOIN unnest(${names.map(({ id }) => id)}::uuid[], ${names.map(({ part }) => part)}::text[]) AS n (id, part)
        ON f.evidence_id = n.id AND f.part = n.part`,
  )

/** Writes down that a file lies in another store now; false where it was written anew, or removed, meanwhile. */
export async function moveRow(
  { id, part, store, begunAt }: KnownFile,
  to: { readonly store: string; readonly byteSize: number | null; readonly sha256: Uint8Array | null },
): Promise<boolean> {
  const moved = Prisma.sql`
    UPDATE evidence_files SET store = ${to.store}, byte_size = coalesce(${to.byteSize}, byte_size),
      sha256 = coalesce(${to.sha256}, sha256), stored_at = CASE WHEN ${to.sha256}::bytea IS NULL THEN stored_at ELSE coalesce(stored_at, now()) END
    WHERE evidence_id = ${id}::uuid AND part = ${part} AND store = ${store} AND begun_at = ${begunAt} AND removed_at IS NULL
    RETURNING part`
  return (await rawQuery(db, moved)).length === 1
}

/**
 * Writes down files that lie in a store and that nobody knew of, with when each was last written: as belonging to nothing, so
 * that the next sweeps clear them away like others, or to the evidence that has their id.
 */
export const adoptFiles = (
  store: string,
  files: readonly (FileName & { readonly bytes: number; readonly at: Date })[],
): Promise<FileName[]> =>
  rawQuery(
    db,
    Prisma.sql`
      INSERT INTO evidence_files (evidence_id, part, store, begun_at, stored_at, byte_size, loose_since)
      SELECT n.id, n.part, ${store}, n.at, n.at, n.bytes,
        CASE WHEN EXISTS (SELECT FROM evidence e WHERE e.id = n.id) THEN NULL ELSE now() END
      FROM unnest(${files.map(({ id }) => id)}::uuid[], ${files.map(({ part }) => part)}::text[],
        ${files.map(({ bytes }) => bytes)}::int[], ${files.map(({ at }) => at)}::timestamptz[]) AS n (id, part, bytes, at)
      ON CONFLICT DO NOTHING RETURNING evidence_id AS id, part`,
  )
