import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import { db, rawQuery } from '#platform/db.ts'
import type { Storage } from '#platform/storage.ts'
import { insisting, lyingIn } from '#platform/storage-copy.ts'
import { storageKey } from '../files.ts'
import { type FileName, fileNameOf, type KnownFile, listFilesNamed, listKnownFiles } from './data.ts'

/**
 * `missing`: the database knows the file, and it is not there. `size`, `checksum`: it is another one than was stored.
 * `unknown`: it is there, and the database knows nothing of it.
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
  /** Files that lie in a second store too, as while they are moved and until the old store is cleared. */
  copies: number
  /** Files that are removed for good but still in the store, or were never whole: these are not looked for. */
  ending: number
}

interface Options {
  /** Reads every file, and compares its SHA-256. */
  readonly read?: boolean
  /** Writes down what is unknown, so that the sweep clears it away by its own rules. */
  readonly adopt?: boolean
  readonly found: (finding: Finding, key: string, store: string) => void
}

const ROWS = 1_000
const BATCH = 200

type Listed = { readonly key: string; readonly bytes: number; readonly at: Date }
type Pair = { readonly key: string; readonly file: KnownFile | null; readonly listed: Listed | null }

/** Compares what the database knows with what lies in the stores of this process, a batch of each at a time. */
export async function compareFiles(all: readonly Storage[], options: Options): Promise<Comparison> {
  const result: Comparison = {
    ...{ known: 0, listed: 0, missing: 0, size: 0, checksum: 0, unknown: 0 },
    ...{ adopted: 0, copies: 0, ending: 0 },
  }
  for (const storage of all) {
    const isMain = storage === all[0]
    /** Looks in the main store for what lies in a store that nobody gave. */
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

/** Walks through the rows and the list of a store together, in the order of their keys. */
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

/** Tells whether both sides agree, without looking at anything again. */
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

/** Looks again at what does not agree: while the two were read files came and went. */
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
 * Writes down files that lie in a store and that nobody knew of, with when each was last written: as belonging to nothing, so
 * that the next sweeps clear them away like others, or to the evidence that has their id.
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
