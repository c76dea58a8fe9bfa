import '#server-only'
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, mkdir, open, opendir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import type { Instant } from '#lib/time.ts'
import { env } from './env.ts'

/**
 * The place where files lie: bytes under a key. Evidence is sealed before it is put (sealed-stream.ts), so its store
 * learns nothing. Keys are ids of our own, never anything that a person typed.
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
  /** Every key, in no order. */
  keys(): AsyncIterable<string>
  /** Puts `key` into the trash, as it is; one that is not there is no error. */
  discard(key: string, now: Instant): Promise<void>
  /** Every key in the trash, and since when. */
  discarded(): AsyncIterable<Discarded>
  /** Takes `key` out of the trash, back to where it was. Rejects when it is not in the trash. */
  putBack(key: string): Promise<void>
  /** Removes `key` from the trash for good. */
  forget(key: string): Promise<void>
  /** The id of the installation that this store belongs to; null before it was joined to one. */
  installation(): Promise<string | null>
  /** Joins this store to an installation: once, unless `instead` says that it is to change. */
  join(id: string, instead?: boolean): Promise<void>
  /** The place of the store, for the person who runs the product. */
  readonly place: string
}

export interface Discarded {
  readonly key: string
  readonly at: Instant
}

const KEY = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[a-z]+[0-9]*$/
const HALF = '.half'
const FOLDER = /^[0-9a-f]{2}$/
const TRASH = 'trash'
/** Holds the installation's id, as one line. */
const MARK = 'installation-id'

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
  const trashOf = (key: string): string => join(root, TRASH, folderOf(key).slice(-2), key)

  /** Moves a file within the store, both of whose folders survive a power cut. */
  async function move(from: string, to: string): Promise<void> {
    await mkdir(dirname(to), { recursive: true, mode: 0o700 })
    await rename(from, to)
    await flushFolder(dirname(to))
  }

  async function* files(under: string): AsyncGenerator<{ readonly name: string; readonly path: string }> {
    for await (const folder of entries(under)) {
      if (!FOLDER.test(folder)) continue
      for await (const name of entries(join(under, folder))) yield { name, path: join(under, folder, name) }
    }
  }

  return {
    place: root,

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
      for await (const { name, path } of files(root)) {
        const { mtime } = await stat(path).catch(() => ({ mtime: new Date() }))
        if (mtime >= before) continue
        if (name.endsWith(HALF)) await rm(path, { force: true })
        else if (KEY.test(name)) yield name
      }
    },

    async *keys() {
      for await (const { name } of files(root)) if (KEY.test(name)) yield name
    },

    async discard(key, now) {
      const trash = trashOf(key)
      await move(pathOf(key), trash).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
      })
      // Its age in the trash counts from now, not from when it was stored.
      await utimes(trash, now, now).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
      })
    },

    async *discarded() {
      for await (const { name, path } of files(join(root, TRASH))) {
        const found = KEY.test(name) ? await stat(path).catch(() => null) : null
        if (found) yield { key: name, at: found.mtime }
      }
    },

    async putBack(key) {
      await move(trashOf(key), pathOf(key))
    },

    async forget(key) {
      await rm(trashOf(key), { force: true })
    },

    async installation() {
      const text = await readFile(join(root, MARK), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw error
      })
      return text === null ? null : text.trim()
    },

    async join(id, instead = false) {
      await mkdir(root, { recursive: true, mode: 0o700 })
      const half = join(root, `.${MARK}.${randomUUID()}`)
      try {
        const file = await open(half, 'wx', 0o600)
        await file
          .writeFile(`${id}\n`)
          .then(() => file.sync())
          .finally(() => file.close())
        // A link takes no other file's place, unlike a rename.
        if (instead) await rename(half, join(root, MARK))
        else await link(half, join(root, MARK))
      } finally {
        await rm(half, { force: true })
      }
      await flushFolder(root)
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

/** Lists the names in a folder; none where there is no folder. */
async function* entries(path: string): AsyncGenerator<string> {
  try {
    for await (const entry of await opendir(path)) yield entry.name
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

const shared: { evidence?: Storage; reports?: Storage } = {}

/** Returns the product's store of evidence: the disk under DATA_DIR. */
export function evidenceStorage(): Storage {
  shared.evidence ??= diskStorage(join(env().DATA_DIR, 'evidence'))
  return shared.evidence
}

/**
 * Returns the store of the survey's reports, as they were drawn. All that is in them is public: they are not sealed.
 */
export function reportStorage(): Storage {
  shared.reports ??= diskStorage(join(env().DATA_DIR, 'reports'))
  return shared.reports
}
