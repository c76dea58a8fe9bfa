import '#server-only'
import type { Storage } from '#platform/storage.ts'
import { copyFile, insisting } from '#platform/storage-copy.ts'
import { storageKey } from '../files.ts'
import { type KnownFile, listFilesNamed, listKnownFiles, moveRow } from './data.ts'

/** Rows per query, and files copied at once; each copied file is held in memory. */
const BATCH = 1_000
const AT_ONCE = 8

interface Moved {
  /** Files that should be in the target store, and those of them that are. */
  files: number
  there: number
  /** Files and bytes copied in this run. */
  copied: number
  bytes: number
  /** Keys of files that are in no store, whose bytes changed, or whose key is taken by another file. */
  readonly missing: string[]
  readonly damaged: string[]
  readonly differs: string[]
}

/**
 * Copies every file that the database knows into a store, while uploads, openings and deletions go on. Each is copied, read back
 * and compared with its SHA-256, and only then recorded as being there. Nothing is deleted from the old store. An interrupted run
 * continues where it stopped, because only the database says which files are left.
 *
 * @param from the old store; until the move ends every running process must read and delete in both stores
 * @throws Overloaded if a store fails again and again
 */
export async function moveFiles(
  from: Storage,
  to: Storage,
  options: {
    /** Called after each batch with the progress. */
    readonly say?: (moved: Moved) => void
    /** Milliseconds before the first retry of a file that a store failed to read or write; doubled each time. */
    readonly wait?: number
  } = {},
): Promise<Moved> {
  const moved: Moved = { files: 0, there: 0, copied: 0, bytes: 0, missing: [], damaged: [], differs: [] }
  let after: KnownFile | null = null
  // The first files left may have partial uploads of an earlier run that was killed.
  let tidied = 0
  while (true) {
    const rows: KnownFile[] = await listKnownFiles(after, BATCH)
    const files = rows.filter(({ removed }) => !removed)
    const left = files.filter(({ store }) => store !== to.name)
    moved.files += files.length
    moved.there += files.length - left.length
    for (let at = 0; at < left.length; at += AT_ONCE)
      await Promise.all(
        left.slice(at, at + AT_ONCE).map(async (file) => {
          if (tidied++ < AT_ONCE) await insisting(() => to.tidy(storageKey(file.id, file.part)), options.wait)
          await insisting(() => moveOne(from, to, file, moved), options.wait)
        }),
      )
    options.say?.(moved)
    after = rows.at(-1) ?? null
    if (rows.length < BATCH) return moved
  }
}

async function moveOne(from: Storage, to: Storage, file: KnownFile, moved: Moved): Promise<void> {
  const key = storageKey(file.id, file.part)
  const result = await copyFile(from, to, key, file.sha256)
  if (result.outcome === 'copied') {
    const { bytes, sha256 } = result.lying
    if (await moveRow(file, { store: to.name, byteSize: bytes, sha256 })) {
      moved.there++
      if (result.isNew) moved.copied++
      if (result.isNew) moved.bytes += bytes
      return
    }
  }
  const [now] = await listFilesNamed([file])
  if (now === undefined || now.removed) {
    // It was deleted in the meantime, and its other copies with it.
    if (result.outcome === 'copied' && result.isNew) await to.remove(key)
    moved.files--
  } else if (now.store === to.name) moved.there++
  else if (result.outcome === 'copied') return moveOne(from, to, now, moved)
  // The row of a crashed upload: there is no file, and the sweep removes the row.
  else if (result.outcome === 'missing' && now.loose && !now.whole) {
    await moveRow(now, { store: to.name, byteSize: null, sha256: null })
    moved.there++
  } else moved[result.outcome].push(key)
}
