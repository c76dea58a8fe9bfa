import '#server-only'
import type { Storage } from '#platform/storage.ts'
import { insisting } from '#platform/storage-copy.ts'
import { storageKey } from '../files.ts'
import { fileNameOf, listFilesNamed } from './data.ts'

const BATCH = 200
const AT_ONCE = 8

interface Cleared {
  removed: number
  /** Files that the database does not know, or that are not in the new store as expected. They are not removed. */
  readonly kept: string[]
}

/**
 * Deletes from an old store each file that is in the current store with the size that the database knows. It checks every file in
 * both stores; it may stop at any point and start again.
 */
export async function clearLeft(left: Storage, today: Storage): Promise<Cleared> {
  const cleared: Cleared = { removed: 0, kept: [] }
  let batch: string[] = []
  const clear = async () => {
    const names = batch.map(fileNameOf)
    const known = new Map((await listFilesNamed(names)).map((file) => [storageKey(file.id, file.part), file]))
    for (let at = 0; at < batch.length; at += AT_ONCE)
      await Promise.all(
        batch.slice(at, at + AT_ONCE).map(async (key) => {
          const file = known.get(key)
          const lies =
            file !== undefined &&
            !file.removed &&
            file.store === today.name &&
            file.byteSize !== null &&
            (await insisting(() => today.size(key))) === file.byteSize
          if (!lies) return void cleared.kept.push(key)
          await insisting(() => left.remove(key))
          cleared.removed++
        }),
      )
    batch = []
  }
  for await (const { key } of left.list()) {
    if (key.endsWith('.probe')) continue
    batch.push(key)
    if (batch.length === BATCH) await clear()
  }
  if (batch.length > 0) await clear()
  return cleared
}
