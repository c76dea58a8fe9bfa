import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { diskStorage, type Storage, storageAnswers } from '#platform/storage.ts'
import { Measured, measure, measureFile } from './manifest.ts'

/** A file of a backup: its key in the store, its length, its hash. Lists are sorted by key. */
export interface Listed {
  readonly key: string
  readonly bytes: number
  readonly sha256: string
}

/** Files copied at once, because a distant store has a high latency. */
const AT_ONCE = 8

/** Reads a list; yields nothing if the file does not exist. */
export async function* readList(path: string): AsyncGenerator<Listed> {
  if (!existsSync(path)) return
  const lines = createInterface({ input: createReadStream(path).pipe(createGunzip()), crlfDelay: Infinity })
  for await (const line of lines) {
    const [key = '', bytes, sha256 = ''] = line.split(' ')
    yield { key, bytes: Number(bytes), sha256 }
  }
}

export interface Copied {
  readonly files: number
  readonly bytes: number
  readonly copied: number
  /** Keys that the store does not have. */
  readonly missing: string[]
}

/**
 * Copies the files of a store under `keys` (sorted) into a folder, and writes a list of them. Files already in the folder
 * are not copied again, so that an interrupted run continues; with `every` they are read again. `previous` is the list of
 * the last backup.
 */
export async function copyOut(
  storage: Storage,
  keys: AsyncIterable<string>,
  {
    folder,
    list,
    previous,
    every,
  }: {
    readonly folder: string
    readonly list: string
    readonly previous: string | null
    readonly every: boolean
  },
): Promise<Copied> {
  const known = lookAlong(previous === null ? empty() : readList(previous))
  const counts = { files: 0, bytes: 0, copied: 0 }
  const missing: string[] = []
  async function* lines(): AsyncGenerator<string> {
    for await (const batch of inBatches(keys, AT_ONCE)) {
      const before: (Listed | null)[] = []
      for (const key of batch) before.push(await known(key))
      const done = await Promise.all(
        batch.map((key, at) => copyOne(storage, folder, key, before[at] ?? null, every)),
      )
      for (const [at, one] of done.entries()) {
        if (one === null) {
          missing.push(batch[at] ?? '')
          continue
        }
        counts.files++
        counts.bytes += one.bytes
        if (one.isNew) counts.copied++
        yield `${one.key} ${one.bytes} ${one.sha256}\n`
      }
    }
  }
  const zipped = Readable.from(lines()).pipe(createGzip())
  await writeThrough(zipped, list)
  return { ...counts, missing }
}

async function* empty(): AsyncGenerator<never> {}

async function writeThrough(source: Readable, path: string): Promise<void> {
  const { pipeline } = await import('node:stream/promises')
  await pipeline(source, createWriteStream(path, { mode: 0o600, flush: true }))
}

/** Returns a look-up in a sorted list for keys asked in the same order. It keeps one entry in memory at a time. */
export function lookAlong(list: AsyncGenerator<Listed>): (key: string) => Promise<Listed | null> {
  let next: Promise<IteratorResult<Listed>> | null = null
  return async (key) => {
    for (;;) {
      next ??= list.next()
      const { done, value } = await next
      if (done || value.key > key) return null
      next = null
      if (value.key === key) return value
    }
  }
}

const pathIn = (folder: string, key: string): string => join(folder, key.slice(0, 2), key)

async function copyOne(
  storage: Storage,
  folder: string,
  key: string,
  before: Listed | null,
  every: boolean,
): Promise<(Listed & { readonly isNew: boolean }) | null> {
  const path = pathIn(folder, key)
  const there = await stat(path).catch(() => null)
  if (there && before?.bytes === there.size && !every) return { ...before, isNew: false }
  // A file gets its name only once it is complete and verified.
  const found = there && (await measureFile(path))
  if (found && (before === null || found.sha256 === before.sha256)) return { key, ...found, isNew: false }
  const source = await openOrMiss(storage, key)
  if (source === null) return null
  const measured = new Measured()
  await diskStorage(folder).put(key, Readable.from(measured.through(source)))
  const written = await measureFile(path)
  if (written.sha256 !== measured.sha256()) {
    await rm(path, { force: true })
    throw new Error(`${path} does not read as it was written: look at the disk.`)
  }
  return { key, ...written, isNew: true }
}

/** Opens a file; returns null if the store does not have it, and throws if the store does not answer. */
export async function openOrMiss(storage: Storage, key: string): Promise<Readable | null> {
  for (let tries = 1; ; tries++) {
    try {
      return await storage.open(key)
    } catch (error) {
      const { code, name } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' || name === 'MissingFile' || tries === 3) break
      await sleep(500 * tries)
    }
  }
  await storageAnswers(storage)
  return null
}

/** Copies the files of a list back into a store, leaving identical ones alone. Returns the faults. */
export async function copyIn(
  folder: string,
  list: string,
  storage: Storage,
): Promise<{
  readonly files: number
  readonly bytes: number
  readonly brought: number
  readonly damaged: string[]
}> {
  const damaged: string[] = []
  const counts = { files: 0, bytes: 0, brought: 0 }
  for await (const batch of inBatches(readList(list), AT_ONCE)) {
    const done = await Promise.all(batch.map((one) => bringOne(folder, one, storage)))
    for (const [at, result] of done.entries()) {
      const one = batch[at]
      if (!one) continue
      if (result === 'damaged') damaged.push(one.key)
      else {
        counts.files++
        counts.bytes += one.bytes
        if (result === 'brought') counts.brought++
      }
    }
  }
  return { ...counts, damaged }
}

async function bringOne(
  folder: string,
  { key, sha256 }: Listed,
  storage: Storage,
): Promise<'there' | 'brought' | 'damaged'> {
  const there = await storage.open(key).catch(() => null)
  if (there && (await measure(there)).sha256 === sha256) return 'there'
  const file = await diskStorage(folder)
    .open(key)
    .catch(() => null)
  if (file === null) return 'damaged'
  const measured = new Measured()
  await storage.put(key, Readable.from(measured.through(file)))
  if (measured.sha256() === sha256) return 'brought'
  await storage.remove(key)
  return 'damaged'
}

async function* inBatches<T>(all: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const one of all) {
    if (batch.push(one) < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/**
 * Copies write-once files (checkpoints, breaks, erasures) into another folder, and returns their number. An existing file
 * with other content is an error.
 */
export async function copyUnchanging(
  from: string,
  to: string,
  wanted: (name: string) => boolean,
): Promise<number> {
  const names = (await readdir(from)).filter(wanted)
  await mkdir(to, { recursive: true, mode: 0o755 })
  const there = new Set(await readdir(to))
  for (const name of names) {
    const target = join(to, name)
    if (there.has(name)) {
      const [one, other] = await Promise.all([readFile(join(from, name)), readFile(target)])
      if (!one.equals(other)) throw new Error(`${target} says something else than ${join(from, name)}.`)
      continue
    }
    const half = join(to, `.${name}.half`)
    await copyFile(join(from, name), half)
    await rename(half, target)
  }
  const folder = await open(to, 'r')
  await folder.sync().finally(() => folder.close())
  return names.length
}
