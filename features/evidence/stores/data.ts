import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { db, rawQuery } from '#platform/db.ts'
import type { StoreFindings } from './rules.ts'

/** Name of a stored file: the evidence id and the part form its key in the store. */
export interface FileName {
  readonly id: string
  readonly part: string
}

const NAME = Prisma.sql`f.evidence_id AS id, f.part`

/**
 * Records a file before its first byte is stored, so that it is found even after a crash. It belongs to nothing until there
 * is evidence with its id.
 */
export async function beginFile({ id, part }: FileName, store: string): Promise<void> {
  // The lock keeps the evidence from being deleted now. Evidence outside the caller's scope counts as not there yet.
  const begin = Prisma.sql`
    WITH kept AS (SELECT id FROM evidence WHERE id = ${id}::uuid FOR KEY SHARE)
    INSERT INTO evidence_files (evidence_id, part, store, begun_at, loose_since)
    SELECT ${id}::uuid, ${part}, ${store}, now(), CASE WHEN EXISTS (SELECT FROM kept) THEN NULL ELSE now() END
    ON CONFLICT (evidence_id, part) DO UPDATE SET begun_at = excluded.begun_at`
  await rawQuery(db, begin)
}

/**
 * Records that a file is complete in the store. False if it was deleted in the meantime: then the caller must delete it again.
 */
export async function endFile(
  { id, part }: FileName,
  stored: {
    readonly store: string
    readonly byteSize: number
    readonly sha256: Uint8Array<ArrayBuffer>
  },
): Promise<boolean> {
  const data = { ...stored, storedAt: new Date() }
  const { count } = await db.evidenceFile.updateMany({
    where: { evidenceId: id, part, removedAt: null },
    data,
  })
  return count === 1
}

/** Marks all parts of these files as deleted and returns the parts to delete from the store. */
export const markRemoved = (ids: readonly string[]): Promise<FileName[]> =>
  rawQuery(
    db,
    Prisma.sql`
      UPDATE evidence_files f SET removed_at = coalesce(f.removed_at, now())
      WHERE f.evidence_id = ANY (${[...ids]}::uuid[]) RETURNING ${NAME}`,
  )

export async function forgetFiles(files: readonly FileName[]): Promise<void> {
  const gone = Prisma.sql`
    DELETE FROM evidence_files f USING unnest(${files.map(({ id }) => id)}::uuid[], ${files.map(({ part }) => part)}::text[]) AS g (id, part)
    WHERE f.evidence_id = g.id AND f.part = g.part`
  await rawQuery(db, gone)
}

export const listRemovedFiles = (before: Instant, most: number): Promise<FileName[]> =>
  rawQuery(
    db,
    Prisma.sql`
      SELECT ${NAME} FROM evidence_files f WHERE f.removed_at < ${before} ORDER BY f.removed_at LIMIT ${most}`,
  )

/** Returns the SQL condition for files that have belonged to nothing since before `before`. */
const loose = (before: Instant) => Prisma.sql`
  f.loose_since < ${before} AND f.discarded_at IS NULL AND f.removed_at IS NULL
  AND NOT EXISTS (SELECT FROM evidence e WHERE e.id = f.evidence_id)`

async function countLoose(before: Instant, most: number): Promise<number> {
  const some = Prisma.sql`SELECT count(*)::int AS files FROM (
    SELECT FROM evidence_files f WHERE ${loose(before)} LIMIT ${most}) AS few`
  const [row] = await rawQuery<{ files: number }>(db, some)
  return row?.files ?? 0
}

/** Rows are counted up to this number; beyond it PostgreSQL's estimate is good enough. */
const COUNTED = 100_000

async function countFiles(): Promise<number> {
  const some = Prisma.sql`SELECT count(*)::int AS files FROM (
    SELECT FROM evidence_files LIMIT ${COUNTED}) AS few`
  const [row] = await rawQuery<{ files: number }>(db, some)
  if ((row?.files ?? 0) < COUNTED) return row?.files ?? 0
  const estimate = Prisma.sql`
    SELECT greatest(reltuples, ${COUNTED})::float8 AS files FROM pg_class WHERE oid = 'evidence_files'::regclass`
  return (await rawQuery<{ files: number }>(db, estimate))[0]?.files ?? COUNTED
}

/** Loose files are counted up to this number: no person would confirm more. */
const MOST_LOOSE = 1_000_000

/** Counts all stored files, and those that have belonged to nothing since before `before`. */
export async function countStored(before: Instant): Promise<StoreFindings> {
  const [stored, orphans] = [await countFiles(), await countLoose(before, MOST_LOOSE)]
  return { stored: Math.max(stored, orphans), orphans }
}

/** Marks some loose files as in the trash; their bytes stay in place. Returns them, and whether each was ever complete. */
export const discardLoose = (
  before: Instant,
  now: Instant,
  most: number,
): Promise<(FileName & { readonly whole: boolean })[]> =>
  rawQuery(
    db,
    Prisma.sql`
      UPDATE evidence_files f SET discarded_at = ${now}
      FROM (SELECT evidence_id, part FROM evidence_files f WHERE ${loose(before)}
            ORDER BY f.loose_since, f.evidence_id, f.part LIMIT ${most} FOR UPDATE SKIP LOCKED) AS few
      WHERE f.evidence_id = few.evidence_id AND f.part = few.part
      RETURNING ${NAME}, f.stored_at IS NOT NULL AS whole`,
  )

/** Takes files out of the trash whose evidence exists again; returns how many. */
export async function putBackKnown(): Promise<number> {
  const back = Prisma.sql`
    UPDATE evidence_files f SET discarded_at = NULL, loose_since = NULL
    WHERE f.discarded_at IS NOT NULL AND f.removed_at IS NULL
      AND EXISTS (SELECT FROM evidence e WHERE e.id = f.evidence_id)
    RETURNING ${NAME}`
  return (await rawQuery(db, back)).length
}

export const listDiscardedFiles = (before: Instant, most: number): Promise<FileName[]> =>
  rawQuery(
    db,
    Prisma.sql`
      SELECT ${NAME} FROM evidence_files f
      WHERE f.discarded_at < ${before} AND NOT EXISTS (SELECT FROM evidence e WHERE e.id = f.evidence_id)
      ORDER BY f.discarded_at, f.evidence_id, f.part LIMIT ${most}`,
  )

export function fileNameOf(key: string): FileName {
  const dot = key.indexOf('.')
  return { id: key.slice(0, dot), part: key.slice(dot + 1) }
}

export interface KnownFile extends FileName {
  readonly store: string
  readonly begunAt: Date
  /** It was completely stored once, as far as the database knows. */
  readonly whole: boolean
  readonly byteSize: number | null
  readonly sha256: Uint8Array | null
  /** `loose`: it belongs to no evidence. `removed`: it was deleted permanently. */
  readonly loose: boolean
  readonly removed: boolean
}

const COLUMNS = Prisma.sql`f.evidence_id AS id, f.part, f.store, f.begun_at AS "begunAt", f.stored_at IS NOT NULL AS whole,
  f.byte_size AS "byteSize", f.sha256, f.loose_since IS NOT NULL AS loose, f.removed_at IS NOT NULL AS removed`

const FIRST = { id: '00000000-0000-0000-0000-000000000000', part: '' }

/** Returns the files after one, in key order. Paging by key keeps each batch as fast as the first. */
export const listKnownFiles = (after: FileName | null, most: number): Promise<KnownFile[]> => {
  const { id, part } = after ?? FIRST
  return rawQuery(
    db,
    Prisma.sql`
      SELECT ${COLUMNS} FROM evidence_files f
      WHERE f.evidence_id >= ${id}::uuid AND (f.evidence_id > ${id}::uuid OR f.part COLLATE "C" > ${part})
      ORDER BY f.evidence_id, f.part COLLATE "C" LIMIT ${most}`,
  )
}

export const listFilesNamed = (names: readonly FileName[]): Promise<KnownFile[]> =>
  rawQuery(
    db,
    Prisma.sql`
      SELECT ${COLUMNS} FROM evidence_files f
      JOIN unnest(${names.map(({ id }) => id)}::uuid[], ${names.map(({ part }) => part)}::text[]) AS n (id, part)
        ON f.evidence_id = n.id AND f.part = n.part`,
  )

/** Records that a file is now in another store. False if it was written again or deleted in the meantime. */
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
