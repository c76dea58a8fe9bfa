import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import { db, rawQuery } from '#platform/db.ts'
import type { Storage } from '#platform/storage.ts'
import { insisting, lyingIn } from '#platform/storage-copy.ts'
import { storageKey } from '../files.ts'
import { type FileName, fileNameOf, type KnownFile, listFilesNamed, listKnownFiles } from './data.ts'

/**
 * `missing`: the database knows the file, but the store does not have it. `size`, `checksum`: the bytes differ from what was
 * stored. `unknown`: the store has it, but the database does not know it.
 */
export type Finding = 'missing' | 'size' | 'checksum' | 'unknown'

interface Comparison {
  known: number
  listed: number
  missing: number
  size: number
  checksum: number
  unknown: number
  /** Unknown files that were recorded, so that the sweep clears them. */
  adopted: number
  /** Files that are in a second store too: while a move runs, and until the old store is cleared. */
  copies: number
  /** Files that were deleted but are still in the store, or were never complete. They are not compared. */
  ending: number
}

interface Options {
  /** Reads every file and compares its SHA-256. */
  readonly read?: boolean
  /** Records unknown files, so that the sweep clears them by its own rules. */
  readonly adopt?: boolean
  readonly found: (finding: Finding, key: string, store: string) => void
}

const ROWS = 1_000
const BATCH = 200

type Listed = { readonly key: string; readonly bytes: number; readonly at: Date }
type Pair = { readonly key: string; readonly file: KnownFile | null; readonly listed: Listed | null }

/** Compares the files in the database with those in this process's stores, in batches. */
export async function compareFiles(all: readonly Storage[], options: Options): Promise<Comparison> {
  const result: Comparison = {
    ...{ known: 0, listed: 0, missing: 0, size: 0, checksum: 0, unknown: 0 },
    ...{ adopted: 0, copies: 0, ending: 0 },
  }
  for (const storage of all) {
    const isMain = storage === all[0]
    /** Files of a store that is not configured are expected in the main store. */
    const isHere = ({ store }: KnownFile) =>
      store === storage.name || (isMain && !all.some(({ name }) => name === store))
    let batch: Pair[] = []
    for await (const pair of sideBySide(storage)) {
      if (pair.listed) result.listed++
      if (pair.file && isHere(pair.file)) result.known++
      if (isSettled(pair, isHere, options.read === true, result)) continue
      batch.push(pair)
      if (batch.length === BATCH) {
        await settle(storage, batch, isHere, options, result)
        batch = []
      }
    }
    await settle(storage, batch, isHere, options, result)
  }
  return result
}

/** Merges the rows and the store's list, both in key order. */
async function* sideBySide(storage: Storage): AsyncGenerator<Pair> {
  const [rows, listing] = [allKnown(), storage.list()[Symbol.asyncIterator]()]
  let [row, listed] = [await rows.next(), await listing.next()]
  while (!row.done || !listed.done) {
    const file = row.done ? null : row.value
    const key = file && storageKey(file.id, file.part)
    const there: Listed | null = listed.done ? null : listed.value
    if (key !== null && (there === null || key <= there.key)) {
      const same = there?.key === key
      yield { key, file, listed: same ? there : null }
      row = await rows.next()
      if (same) listed = await listing.next()
    } else if (there) {
      if (!there.key.endsWith('.probe')) yield { key: there.key, file: null, listed: there }
      listed = await listing.next()
    }
  }
}

async function* allKnown(): AsyncGenerator<KnownFile, undefined> {
  let after: KnownFile | null = null
  do {
    const rows: KnownFile[] = await listKnownFiles(after, ROWS)
    yield* rows
    after = rows.length < ROWS ? null : (rows.at(-1) ?? null)
  } while (after !== null)
}

/** Returns whether a pair needs no second look, and counts it if it is a copy or was deleted. */
function isSettled(
  { file, listed }: Pair,
  isHere: (file: KnownFile) => boolean,
  read: boolean,
  result: Comparison,
): boolean {
  if (file === null) return false
  if (!isHere(file)) {
    if (listed) result.copies++
    return true
  }
  if (file.removed) {
    result.ending++
    return true
  }
  return !read && listed !== null && (file.byteSize === null || file.byteSize === listed.bytes)
}

/** Checks again what did not agree, because files came and went while both lists were read. */
async function settle(
  storage: Storage,
  batch: readonly Pair[],
  isHere: (file: KnownFile) => boolean,
  { read = false, adopt = false, found }: Options,
  result: Comparison,
): Promise<void> {
  if (batch.length === 0) return
  const now = new Map(
    (await listFilesNamed(batch.map(({ key }) => fileNameOf(key)))).map((file) => [
      storageKey(file.id, file.part),
      file,
    ]),
  )
  const unknown: Listed[] = []
  const tell = (finding: Finding, key: string) => {
    result[finding]++
    found(finding, key, storage.name)
  }
  for (const { key, listed } of batch) {
    const file = now.get(key)
    const lying = read ? await insisting(() => lyingIn(storage, key)) : null
    const bytes = read ? (lying?.bytes ?? null) : await insisting(() => storage.size(key))
    if (file === undefined) {
      if (bytes === null || listed === null) continue
      tell('unknown', key)
      unknown.push(listed)
    } else if (file.removed) result.ending++
    else if (!isHere(file)) result.copies++
    else if (bytes === null) {
      if (file.loose && !file.whole) result.ending++
      else tell('missing', key)
    } else if (file.byteSize !== null && file.byteSize !== bytes) tell('size', key)
    else if (lying && file.sha256 && !lying.sha256.equals(file.sha256)) tell('checksum', key)
  }
  if (adopt && unknown.length > 0)
    result.adopted += (
      await adoptFiles(
        storage.name,
        unknown.map(({ key, bytes, at }) => ({ ...fileNameOf(key), bytes, at })),
      )
    ).length
}

/**
 * Records unknown files in a store, with the time of their last write: as belonging to the evidence with their id, or to nothing,
 * so that the next sweeps clear them.
 */
const adoptFiles = (
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
