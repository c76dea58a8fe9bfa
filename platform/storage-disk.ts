import '#server-only'
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, mkdir, open, opendir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { FileExists, isStorageKey, MissingFile, type Storage, storageKeyOf } from './storage-port.ts'

const HALF = '.half'
const FOLDER = /^[0-9a-f]{2}$/
/** The folder for deleted files, from before the database tracked deletions. */
const OLD_TRASH = 'trash'
/** Contains the installation's id as one line. */
const MARK = 'installation-id'
const LIVE = 'live-token'

/**
 * Returns a store of files in a directory, 0600, in 256 folders by the first two letters of their key. A file is written under
 * a temporary name, synced and renamed.
 */
export function diskStorage(root: string): Storage {
  const folderOf = (key: string): string => join(root, storageKeyOf(key).slice(0, 2))
  const pathOf = (key: string): string => join(folderOf(key), key)

  /** Writes a small file at the top of the store atomically; `instead` replaces an existing one. */
  async function writeTop(name: string, text: string, instead: boolean): Promise<void> {
    await mkdir(root, { recursive: true, mode: 0o700 })
    const half = join(/* turbopackIgnore: true */ root, `.${name}.${randomUUID()}`)
    try {
      const file = await open(/* turbopackIgnore: true */ half, 'wx', 0o600)
      await file
        .writeFile(text)
        .then(() => file.sync())
        .finally(() => file.close())
      // A link does not replace an existing file, unlike a rename.
      if (instead) await rename(half, join(root, name))
      else await link(half, join(root, name)).catch(toFileExists)
    } finally {
      await rm(half, { force: true })
    }
    await flushFolder(root)
  }

  const readTop = (name: string): Promise<string | null> =>
    readFile(join(root, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })

  /** Restores the files of the old trash folder, because the database now tracks deletions. */
  async function emptyOldTrash(): Promise<void> {
    const trash = join(root, OLD_TRASH)
    for (const folder of await names(trash)) {
      for (const name of FOLDER.test(folder) ? await names(join(trash, folder)) : []) {
        if (!isStorageKey(name)) continue
        await mkdir(folderOf(name), { recursive: true, mode: 0o700 })
        await link(join(trash, folder, name), pathOf(name)).catch(unlessThere)
        await rm(join(trash, folder, name))
      }
    }
  }

  return {
    name: 'file',
    place: root,

    async put(key, content, { signal, onlyNew = false } = {}) {
      const folder = folderOf(key)
      const half = `${pathOf(key)}${HALF}`
      await mkdir(folder, { recursive: true, mode: 0o700 })
      try {
        const file = await open(half, 'w', 0o600)
        // The stream closes the file after syncing it.
        await pipeline(content, file.createWriteStream({ flush: true }), signal ? { signal } : {})
        if (onlyNew) await link(half, pathOf(key)).catch(toFileExists)
        else await rename(half, pathOf(key))
        await flushFolder(folder)
      } catch (error) {
        content.destroy()
        await rm(half, { force: true })
        throw error
      }
      if (onlyNew) await rm(half, { force: true })
    },

    async open(key) {
      const file = await open(pathOf(key), 'r').catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOENT' ? new MissingFile(key) : error
      })
      return createReadStream('', { fd: file })
    },

    async size(key) {
      const found = await stat(pathOf(key)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw error
      })
      return found?.size ?? null
    },

    async remove(key) {
      await rm(pathOf(key), { force: true })
    },

    async tidy(key) {
      await rm(`${pathOf(key)}${HALF}`, { force: true })
    },

    async *list(after = '') {
      await emptyOldTrash()
      for (const folder of (await names(root)).filter((name) => FOLDER.test(name)).toSorted()) {
        if (folder < after.slice(0, 2)) continue
        for (const key of (await names(join(root, folder))).filter(isStorageKey).toSorted()) {
          const found = key > after ? await stat(join(root, folder, key)).catch(() => null) : null
          if (found) yield { key, bytes: found.size, at: found.mtime }
        }
      }
    },

    installation: async () => (await readTop(MARK))?.trim() ?? null,
    join: (id, instead = false) => writeTop(MARK, `${id}\n`, instead),
    liveTokens: async () => (await readTop(LIVE))?.split('\n').filter((line) => line !== '') ?? [],
    setLiveTokens: (tokens) => writeTop(LIVE, `${tokens.join('\n')}\n`, true),
  }
}

const toFileExists = (error: NodeJS.ErrnoException): never => {
  throw error.code === 'EEXIST' ? new FileExists() : error
}

const unlessThere = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EEXIST') throw error
}

/** Syncs a folder, so that a rename in it survives a power cut. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function names(path: string): Promise<string[]> {
  const found: string[] = []
  try {
    for await (const entry of await opendir(path)) found.push(entry.name)
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
  return found
}
