import '#server-only'
import { createHash, randomUUID } from 'node:crypto'
import { pipeline, Readable, Transform } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { CaseKey } from '#platform/crypto.ts'
import { log } from '#platform/log.ts'
import { openStream, sealStream } from '#platform/sealed-stream.ts'
import { withSemaphore } from '#platform/semaphore.ts'
import { evidenceStorage } from '#platform/storage.ts'
import { beginFile, endFile, type FileName, forgetFiles, markRemoved } from './stores/data.ts'

/** A stored part of a file: the original as it arrived, the copy for viewing, or the picture of a PDF page (from 1). */
export type FilePart = 'original' | 'view' | `page${number}`

/** Returns the key of a part in the store. Bytes are sealed for this key: they do not open under another key or name. */
export const storageKey = (id: string, part: string): string => `${id}.${part}`

/** Stores a part. The row in the database begins before the first byte and is completed after the last. */
export async function store(
  key: CaseKey,
  id: string,
  part: FilePart,
  content: Readable,
  signal?: AbortSignal,
): Promise<void> {
  const [name, storage] = [storageKey(id, part), evidenceStorage()]
  const measured = measure()
  try {
    await beginFile({ id, part }, storage.name)
    const sealed = pipeline(sealStream(content, key, name), measured.stream, () => {})
    await storage.put(name, sealed, signal ? { signal } : {})
  } catch (error) {
    content.destroy()
    throw error
  }
  if (!(await endFile({ id, part }, { store: storage.name, ...measured.seen() }))) await storage.remove(name)
}

export function measure() {
  const hash = createHash('sha256')
  let byteSize = 0
  const stream = new Transform({
    transform(bytes: Buffer, _encoding, done) {
      hash.update(bytes)
      byteSize += bytes.length
      done(null, bytes)
    },
  })
  return { stream, seen: () => ({ byteSize, sha256: new Uint8Array(hash.digest()) }) }
}

export const storeBytes = (key: CaseKey, id: string, part: FilePart, bytes: Buffer): Promise<void> =>
  store(key, id, part, Readable.from([bytes]))

export async function open(key: CaseKey, id: string, part: FilePart): Promise<Readable> {
  const name = storageKey(id, part)
  return openStream(await evidenceStorage().open(name), key, name)
}

export const openBytes = async (key: CaseKey, id: string, part: FilePart): Promise<Buffer> =>
  buffer(await open(key, id, part))

/** Deletes all parts of files permanently. If the store is away, the database remembers the rest and a job tries again. */
export async function removeFiles(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  try {
    await removeFromStore(await markRemoved(ids))
  } catch (err) {
    log().warn({ err, files: ids.length }, 'files could not be removed yet')
  }
}

/** Requests to the store that run at once for one removal. */
const REQUESTS = { limit: 8 }

export async function removeFromStore(files: readonly FileName[]): Promise<number> {
  const gone: FileName[] = []
  // Each removal has its own semaphore, so a person's few files do not wait behind a sweep of thousands.
  const key = `evidence removal ${randomUUID()}`
  await Promise.all(
    files.map((file) =>
      withSemaphore(key, REQUESTS, async () => {
        const removed = await evidenceStorage()
          .remove(storageKey(file.id, file.part))
          .then(
            () => true,
            () => false,
          )
        if (removed) gone.push(file)
      }),
    ),
  )
  await forgetFiles(gone)
  return gone.length
}
