import '#server-only'
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { FileExists, MissingFile, type Storage } from './storage-port.ts'

interface Lying {
  readonly bytes: number
  readonly sha256: Buffer<ArrayBuffer>
}

export async function measureStream(content: Readable): Promise<Lying> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of content as AsyncIterable<Buffer>) {
    bytes += chunk.length
    hash.update(chunk)
  }
  return { bytes, sha256: hash.digest() }
}

export const lyingIn = (storage: Storage, key: string): Promise<Lying | null> =>
  storage.open(key).then(measureStream, unlessMissing)

const unlessMissing = (error: unknown): null => {
  if (error instanceof MissingFile) return null
  throw error
}

/**
 * `copied`: both stores have the same bytes. `damaged`: the source does not match the known hash. `differs`: the target has
 * another file.
 */
type Copied =
  | { readonly outcome: 'copied'; readonly lying: Lying; readonly isNew: boolean }
  | { readonly outcome: 'missing' | 'damaged' | 'differs' }

/**
 * Copies a file into another store, completely or not at all, and reads it back from there. An existing file is not replaced,
 * and a file that does not match the `known` hash is not copied. Needs memory for one file.
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

/** Attempts in all before a file's fault is reported. */
const TRIES = 5

/** Retries work after a failure of a store, with growing pauses. */
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
