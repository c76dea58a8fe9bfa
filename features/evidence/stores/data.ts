import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { db, rawQuery } from '#platform/db.ts'
import type { StoreFindings } from './rules.ts'

/** The name of a stored file: with the evidence's id its part makes the key in the store. */
export interface FileName {
  readonly id: string
  readonly part: string
}

const NAME = Prisma.sql`f.evidence_id AS id, f.part`

/**
 * Writes down that a file is about to be stored, before its first byte is: so it is found here even after a crash. It
 * belongs to nothing until there is evidence with its id.
 */
export async function beginFile({ id, part }: FileName, store: string): Promise<void> {
  // The lock lets the evidence not go at this moment; where it is outside the caller's scope there is none yet.
  const begin = Prisma.sql`
    WITH kept AS (SELECT id FROM evidence WHERE id = ${id}::uuid FOR KEY SHARE)
    INSERT INTO evidence_files (evidence_id, part, store, begun_at, loose_since)
    SELECT ${id}::uuid, ${part}, ${store}, now(), CASE WHEN EXISTS (SELECT FROM kept) THEN NULL ELSE now() END
    ON CONFLICT (evidence_id, part) DO UPDATE SET begun_at = excluded.begun_at`
  await rawQuery(db, begin)
}

/** Writes down that a file lies whole in the store. False when it was removed meanwhile: then it has to go again. */
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

/** Notes that these files are removed for good, all of them at once; answers what has to go from the store. */
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

/** Returns some of the removed files that are still in the store, the longest waiting first. */
export const listRemovedFiles = (before: Instant, most: number): Promise<FileName[]> =>
  rawQuery(
    db,
    Prisma.sql`
      SELECT ${NAME} FROM evidence_files f WHERE f.removed_at < ${before} ORDER BY f.removed_at LIMIT ${most}`,
  )

/** Returns the condition for files that belong to nothing since before `before`. */
const loose = (before: Instant) => Prisma.sql`
  f.loose_since < ${before} AND f.discarded_at IS NULL AND f.removed_at IS NULL
  AND NOT EXISTS (SELECT FROM evidence e WHERE e.id = f.evidence_id)`

async function countLoose(before: Instant, most: number): Promise<number> {
  const some = Prisma.sql`SELECT count(*)::int AS files FROM (
    SELECT FROM evidence_files f WHERE ${loose(before)} LIMIT ${most}) AS few`
  const [row] = await rawQuery<{ files: number }>(db, some)
  return row?.files ?? 0
}

/** Up to this number rows are counted; for more, PostgreSQL's own estimate is good enough. */
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

/** Files without evidence are counted up to this number: no person would confirm more. */
const MOST_LOOSE = 1_000_000

/** Counts the files of the store, and those that belong to nothing since before `before`. */
export async function countStored(before: Instant): Promise<StoreFindings> {
  const [stored, orphans] = [await countFiles(), await countLoose(before, MOST_LOOSE)]
  return { stored: Math.max(stored, orphans), orphans }
}

/** Puts some of them into the trash: they stay where they lie. Answers which, and whether they were ever whole. */
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

/** Takes out of the trash what belongs to evidence again; returns how many files. */
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
