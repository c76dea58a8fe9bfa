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

/** Resolves if a file can currently be stored, read back unchanged, and deleted. */
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

export const storageOf = (url: string, folder: Folder): Storage => storageAt(addressOf(url), folder)

/** Returns the stores of this process: the one for writing, and a second one while files move between the two. */
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

/** Returns every store of this process, the one for writing first. */
export function storesOf(folder: Folder): readonly Storage[] {
  const { main, also } = stores(folder)
  return also ? [main, also] : [main]
}

/**
 * Returns `main`, which reads missing files from `also` and deletes from both. While files move between them, every process has
 * both, and each file is in at least one.
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
        // The file may have moved here between the two look-ups.
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

export const evidenceStorage = (): Storage => storageFor('evidence')

/** Returns the store of the survey's reports. Their content is public, so they are not sealed. */
export const reportStorage = (): Storage => storageFor('reports')
