import '#server-only'
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import type { Instant } from '#domain/time.ts'
import { env } from './env.ts'

/**
 * Where files lie: bytes under a key. Evidence is sealed before it is put (sealed-stream.ts), so its store learns nothing.
 * Keys are ids of our own, never anything that a person typed.
 */
export interface Storage {
  /** Stores `content` whole or not at all: a reader never sees half of it, and after a failure nothing is left. */
  put(key: string, content: Readable, signal?: AbortSignal): Promise<void>
  /** The bytes under `key`. Rejects when there are none. */
  open(key: string): Promise<Readable>
  /** Removes `key`; one that is not there is no error. */
  remove(key: string): Promise<void>
  /** Every key that was last written before `before`. What a crash left half written goes meanwhile. */
  writtenBefore(before: Instant): AsyncIterable<string>
}

const KEY = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[a-z]+$/
const HALF = '.half'

/**
 * Files in a directory, 0600, in 256 folders by the first two letters of their key. A file is written under another
 * name, flushed to the disk and renamed.
 */
export function diskStorage(root: string): Storage {
  const folderOf = (key: string): string => {
    if (!KEY.test(key)) throw new Error('not a storage key')
    return join(root, key.slice(0, 2))
  }
  const pathOf = (key: string): string => join(folderOf(key), key)

  return {
    async put(key, content, signal) {
      const folder = folderOf(key)
      const half = `${pathOf(key)}${HALF}`
      await mkdir(folder, { recursive: true, mode: 0o700 })
      try {
        const file = await open(half, 'w', 0o600)
        // The stream closes the file; it is flushed before that.
        await pipeline(content, file.createWriteStream({ flush: true }), signal ? { signal } : {})
        await rename(half, pathOf(key))
        await flushFolder(folder)
      } catch (error) {
        content.destroy()
        await rm(half, { force: true })
        throw error
      }
    },

    async open(key) {
      const file = await open(pathOf(key), 'r')
      return createReadStream('', { fd: file })
    },

    async remove(key) {
      await rm(pathOf(key), { force: true })
    },

    async *writtenBefore(before) {
      for await (const folder of entries(root)) {
        for await (const name of entries(join(root, folder))) {
          const path = join(root, folder, name)
          const { mtime } = await stat(path).catch(() => ({ mtime: new Date() }))
          if (mtime >= before) continue
          if (name.endsWith(HALF)) await rm(path, { force: true })
          else if (KEY.test(name)) yield name
        }
      }
    },
  }
}

/** Resolves when a file can be stored, read back as it was, and removed, now. What it leaves after a crash is swept. */
export async function storageAnswers(storage: Storage): Promise<void> {
  const key = `${randomUUID()}.probe`
  await storage.put(key, Readable.from([key]))
  try {
    if ((await text(await storage.open(key))) !== key) throw new Error('the storage gave back something else')
  } finally {
    await storage.remove(key)
  }
}

/** A rename survives a power cut once its folder is flushed. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The names in a folder; none where there is no folder. */
async function* entries(path: string): AsyncGenerator<string> {
  try {
    for await (const entry of await opendir(path)) yield entry.name
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

const shared: { evidence?: Storage; reports?: Storage } = {}

/** The product's store of evidence: the disk under DATA_DIR. */
export function evidenceStorage(): Storage {
  shared.evidence ??= diskStorage(join(env().DATA_DIR, 'evidence'))
  return shared.evidence
}

/** The survey's reports as they were drawn. All that is in them is public: they are not sealed. */
export function reportStorage(): Storage {
  shared.reports ??= diskStorage(join(env().DATA_DIR, 'reports'))
  return shared.reports
}
