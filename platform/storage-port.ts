import { UUID } from '#lib/uuid.ts'
import '#server-only'
import type { Readable } from 'node:stream'

/**
 * A store of files by key. Evidence is sealed before it is stored (sealed-stream.ts), so the store learns nothing from it. Keys
 * are our own ids, never user input. The database knows its content (`evidence_files`), so no request that a person waits for
 * lists a store.
 */
export interface Storage {
  /**
   * Stores `content` completely or not at all: a reader never sees a part of it, and a failure leaves nothing behind.
   *
   * @throws FileExists with `onlyNew`, if there is a file under `key`
   */
  put(
    key: string,
    content: Readable,
    options?: { readonly signal?: AbortSignal; readonly onlyNew?: boolean },
  ): Promise<void>
  /**
   * Opens the file under `key`.
   *
   * @throws MissingFile if there is none
   */
  open(key: string): Promise<Readable>
  /** Returns the file's size in bytes; null if there is none. */
  size(key: string): Promise<number | null>
  /** Deletes the file under `key`; a missing one is no error. */
  remove(key: string): Promise<void>
  /** Deletes unfinished parts of `key`, from a process that died during a {@link put}. */
  tidy(key: string): Promise<void>
  /** Lists every file with a key after `after`, in the order of keys. Only for an administrator's comparison. */
  list(after?: string): AsyncIterable<{
    readonly key: string
    readonly bytes: number
    /** The last time that it was written. */
    readonly at: Date
  }>
  /** Returns the id of the store's installation; null before the store was joined to one. */
  installation(): Promise<string | null>
  /**
   * Joins this store to an installation. Only once, unless `instead` replaces the installation.
   *
   * @throws FileExists if it is already joined
   */
  join(id: string, instead?: boolean): Promise<void>
  /** The last token written here, which distinguishes this store from a copy of it. */
  liveTokens(): Promise<readonly string[]>
  setLiveTokens(tokens: readonly string[]): Promise<void>
  /** The store's name in the database: `file`, or `s3://BUCKET/PREFIX`. */
  readonly name: string
  /** The store's place, for the operator. */
  readonly place: string
}

export class MissingFile extends Error {
  override name = 'MissingFile'
  readonly code = 'ENOENT'
  constructor(key: string) {
    super(`there is no stored file ${key}`)
  }
}

export class FileExists extends Error {
  override name = 'FileExists'
  readonly code = 'EEXIST'
  constructor() {
    super('there is a stored file already')
  }
}

const KEY = new RegExp(`^${UUID}\\.[a-z]+[0-9]*$`)

export const isStorageKey = (text: string): boolean => KEY.test(text)

/** Returns `text` if it is a valid key; paths and addresses are made only from those. */
export function storageKeyOf(text: string): string {
  if (!isStorageKey(text)) throw new Error('not a storage key')
  return text
}
