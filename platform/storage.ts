import '#server-only'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { env } from './env.ts'
import { type StorageAddress, storageAddress } from './storage-address.ts'
import { diskStorage } from './storage-disk.ts'
import { MissingFile, type Storage } from './storage-port.ts'
import { s3Storage } from './storage-s3.ts'

export { diskStorage } from './storage-disk.ts'
export { MissingFile, type Storage } from './storage-port.ts'

/** Resolves when a file can be stored, read back as it was, and removed, now. */
export async function storageAnswers(storage: Storage): Promise<void> {
  const key = `${randomUUID()}.probe`
  await storage.put(key, Readable.from([Buffer.from(key)]))
  try {
    if ((await text(await storage.open(key))) !== key) throw new Error('the storage gave back something else')
  } finally {
    await storage.remove(key)
  }
}

type Folder = 'evidence' | 'reports'
const shared = new Map<string, Storage>()

const storageAt = (address: StorageAddress, folder: Folder): Storage =>
  address.kind === 'file' ? diskStorage(join(address.path, folder)) : s3Storage(address, folder)

function addressOf(url: string): StorageAddress {
  const address = storageAddress(url)
  if (!address) throw new Error('neither file:PATH nor s3://BUCKET?endpoint=…&region=…&forcePathStyle=…')
  return address
}

/** Returns the store at an address, as an administrator gives it. */
export const storageOf = (url: string, folder: Folder): Storage => storageAt(addressOf(url), folder)

/** Returns the stores of this process: the one that is written to, and the other while files move from one to the other. */
export function stores(folder: Folder): { readonly main: Storage; readonly also: Storage | null } {
  const { STORAGE_URL, STORAGE_URL_ALSO, DATA_DIR } = env()
  const kept = (url: string): Storage => {
    const name = `${folder} ${url}`
    const storage = shared.get(name) ?? storageOf(url, folder)
    shared.set(name, storage)
    return storage
  }
  return {
    main: kept(STORAGE_URL ?? `file:${DATA_DIR}`),
    also: STORAGE_URL_ALSO ? kept(STORAGE_URL_ALSO) : null,
  }
}

/** Returns every store of this process, the one that is written to first. */
export function storesOf(folder: Folder): readonly Storage[] {
  const { main, also } = stores(folder)
  return also ? [main, also] : [main]
}

/**
 * Returns `main`, which reads from `also` what it has not got and removes from both: while files move from the one to the
 * other every process has both, and a file is in one of them at least.
 */
export function withFallback(main: Storage, also: Storage): Storage {
  return {
    ...main,
    async open(key) {
      try {
        return await main.open(key)
      } catch (error) {
        const other = await also.open(key).catch((fault: unknown) => fault)
        if (other instanceof Readable) return other
        if (!(error instanceof MissingFile)) throw error
        if (!(other instanceof MissingFile)) throw other
        // It may have come from there to here between the two questions.
        return main.open(key)
      }
    },
    size: async (key) => (await main.size(key)) ?? (await also.size(key)) ?? main.size(key),
    async remove(key) {
      await Promise.all([main.remove(key), also.remove(key)])
    },
    async tidy(key) {
      await Promise.all([main.tidy(key), also.tidy(key)])
    },
  }
}

function storageFor(folder: Folder): Storage {
  const { main, also } = stores(folder)
  return also ? withFallback(main, also) : main
}

/** Returns the product's store of evidence: a disk, under DATA_DIR where no other is set, or S3. */
export const evidenceStorage = (): Storage => storageFor('evidence')

/**
 * Returns the store of the survey's reports, as they were drawn. All that is in them is public: they are not sealed.
 */
export const reportStorage = (): Storage => storageFor('reports')
