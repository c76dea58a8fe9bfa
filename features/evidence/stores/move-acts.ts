import '#server-only'
import type { Storage } from '#platform/storage.ts'
import { copyFile, insisting } from '#platform/storage-copy.ts'
import { storageKey } from '../files.ts'
import { type KnownFile, listFilesNamed, listKnownFiles, moveRow } from './data.ts'

/** So many rows are asked for at once, and so many files are copied at once, each of which is in memory meanwhile. */
const BATCH = 1_000
const AT_ONCE = 8

interface Moved {
  /** Files that are to lie in the store, and those of them that do. */
  files: number
  there: number
  /** Those of this run, in files and bytes. */
  copied: number
  bytes: number
  /** Keys of what lies nowhere, of what is not what was stored, and of what another file stands in the way of. */
  readonly missing: string[]
  readonly damaged: string[]
  readonly differs: string[]
}

/**
 * Brings every file that the database knows into a store, while uploads, openings and erasures go on: each is copied, read back
 * and compared with its SHA-256, and only then written down as lying there. Nothing is removed from where it was. Ended at any
 * point, the next run goes on with what is left; asks the database alone which that is.
 *
 * @param from where files may lie that are not there yet; every process that runs has to read and remove in both
 * @throws Overloaded where a store fails again and again
 */
export async function moveFiles(
  from: Storage,
  to: Storage,
  options: {
    /** Called after each batch with what was done so far. */
    readonly say?: (moved: Moved) => void
    /** Milliseconds before the first further try of a file that a store did not give or take; doubled each time. */
    readonly wait?: number
  } = {},
): Promise<Moved> {
  const moved: Moved = { files: 0, there: 0, copied: 0, bytes: 0, missing: [], damaged: [], differs: [] }
  let after: KnownFile | null = null
  // What a run before was sending when it was killed is among the first that are left.
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
    // It was erased meanwhile; its other copies went with it.
    if (result.outcome === 'copied' && result.isNew) await to.remove(key)
    moved.files--
  } else if (now.store === to.name) moved.there++
  else if (result.outcome === 'copied') return moveOne(from, to, now, moved)
  // What an upload that died left: there is no file, and the sweep forgets the row.
  else if (result.outcome === 'missing' && now.loose && !now.whole) {
    await moveRow(now, { store: to.name, byteSize: null, sha256: null })
    moved.there++
  } else moved[result.outcome].push(key)
}
