import { UUID } from '#lib/uuid.ts'
import '#server-only'
import type { Readable } from 'node:stream'

/**
 * The place where files lie: bytes under a key. Evidence is sealed before it is put (sealed-stream.ts), so its store
 * learns nothing. Keys are ids of our own, never anything that a person typed. What is in it the database knows
 * (`evidence_files`): nothing that somebody waits for lists a store.
 */
export interface Storage {
  /**
   * Stores `content` whole or not at all: a reader never sees half of it, and after a failure nothing is left.
   *
   * @throws FileExists with `onlyNew`, where there is a file under `key`
   */
  put(
    key: string,
    content: Readable,
    options?: { readonly signal?: AbortSignal; readonly onlyNew?: boolean },
  ): Promise<void>
  /**
   * The bytes under `key`.
   *
   * @throws MissingFile where there are none
   */
  open(key: string): Promise<Readable>
  /** How many bytes lie under `key`; null where there are none. */
  size(key: string): Promise<number | null>
  /** Removes `key`; one that is not there is no error. */
  remove(key: string): Promise<void>
  /** Removes what a process that died in the middle of a {@link put} left of `key`. */
  tidy(key: string): Promise<void>
  /** Every file whose key comes after `after`, in the order of keys. For an administrator's comparison alone. */
  list(after?: string): AsyncIterable<{
    readonly key: string
    readonly bytes: number
    /** When it was last written. */
    readonly at: Date
  }>
  /** The id of the installation that this store belongs to; null before it was joined to one. */
  installation(): Promise<string | null>
  /**
   * Joins this store to an installation: once, unless `instead` says that it is to change.
   *
   * @throws FileExists where it is joined already
   */
  join(id: string, instead?: boolean): Promise<void>
  /** The last token written here, by which a copy of this store is told from it. */
  liveTokens(): Promise<readonly string[]>
  setLiveTokens(tokens: readonly string[]): Promise<void>
  /** The store's name in the database: `file`, or `s3://BUCKET/PREFIX`. */
  readonly name: string
  /** The place of the store, for the person who runs the product. */
  readonly place: string
}

/** There is no file under a key. */
export class MissingFile extends Error {
  override name = 'MissingFile'
  readonly code = 'ENOENT'
  constructor(key: string) {
    super(`there is no stored file ${key}`)
  }
}

/** There is a file already where none was to be replaced. */
export class FileExists extends Error {
  override name = 'FileExists'
  readonly code = 'EEXIST'
  constructor() {
    super('there is a stored file already')
  }
}

const KEY = new RegExp(`^${UUID}\\.[a-z]+[0-9]*$`)

export const isStorageKey = (text: string): boolean => KEY.test(text)

/** Returns `text` where it is a key; no path and no address is made of anything else. */
export function storageKeyOf(text: string): string {
  if (!isStorageKey(text)) throw new Error('not a storage key')
  return text
}
