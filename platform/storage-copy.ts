import '#server-only'
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { FileExists, MissingFile, type Storage } from './storage-port.ts'

/** Describes a file as it lies in a store. */
interface Lying {
  readonly bytes: number
  readonly sha256: Buffer<ArrayBuffer>
}

/** Returns the length and hash of a stream, read to its end. */
export async function measureStream(content: Readable): Promise<Lying> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of content as AsyncIterable<Buffer>) {
    bytes += chunk.length
    hash.update(chunk)
  }
  return { bytes, sha256: hash.digest() }
}

/** Reads a file where it lies, for its length and hash; null where there is none. */
export const lyingIn = (storage: Storage, key: string): Promise<Lying | null> =>
  storage.open(key).then(measureStream, unlessMissing)

const unlessMissing = (error: unknown): null => {
  if (error instanceof MissingFile) return null
  throw error
}

/** `copied`: both have it, the same to the byte. `damaged`: it is not what was known of it. `differs`: another lies there. */
type Copied =
  | { readonly outcome: 'copied'; readonly lying: Lying; readonly isNew: boolean }
  | { readonly outcome: 'missing' | 'damaged' | 'differs' }

/**
 * Copies a file into another store, whole or not at all, and reads it back from there. What lies there already is not
 * replaced. What cannot be what was `known` is not copied. Holds one file in memory.
 */
export async function copyFile(
  from: Storage,
  to: Storage,
  key: string,
  known: Uint8Array | null,
): Promise<Copied> {
  const bytes = await from.open(key).then(buffer, unlessMissing)
  if (bytes === null) {
    const lying = await lyingIn(to, key)
    if (lying === null) return { outcome: 'missing' }
    return known === null || lying.sha256.equals(known)
      ? { outcome: 'copied', lying, isNew: false }
      : { outcome: 'differs' }
  }
  const sha256 = createHash('sha256').update(bytes).digest()
  if (known !== null && !sha256.equals(known)) return { outcome: 'damaged' }
  const isNew = await to.put(key, Readable.from([bytes]), { onlyNew: true }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof FileExists) return false
      throw error
    },
  )
  const lying = await lyingIn(to, key)
  return lying?.sha256.equals(sha256) ? { outcome: 'copied', lying, isNew } : { outcome: 'differs' }
}

/** So often a file is tried in all before its fault is told. */
const TRIES = 5

/** Does something again where a store failed, later each time. */
export async function insisting<T>(work: () => Promise<T>, wait = 1_000): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt === TRIES) throw error
      await sleep(wait * 2 ** (attempt - 1))
    }
  }
}
