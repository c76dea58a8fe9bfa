import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { diskStorage, MissingFile, type Storage, storageAnswers, withFallback } from './storage.ts'

const KEY = '3f0a9a6e-2f55-4a0e-8b11-6f1a4a4f1f10.original'
let root: string
let storage: Storage
const files = async () =>
  (await readdir(root, { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).map((e) => e.name)
const listed = async (after?: string, store = storage) =>
  (await Array.fromAsync(store.list(after))).map(({ key }) => key)

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'antam-storage-'))
  storage = diskStorage(root)
})
afterEach(() => rm(root, { recursive: true }))

test('what is put is there, for nobody else on the machine, until it is removed', async () => {
  await storage.put(KEY, Readable.from(['xin ', 'chào']))
  expect(await text(await storage.open(KEY))).toBe('xin chào')
  expect((await stat(join(root, '3f', KEY))).mode & 0o777).toBe(0o600)
  await storage.remove(KEY)
  await storage.remove(KEY)
  await expect(storage.open(KEY)).rejects.toThrow()
})

test('what breaks off leaves nothing', async () => {
  const breaking = Readable.from(
    (function* () {
      yield 'half'
      throw new Error('the line went dead')
    })(),
  )
  await expect(storage.put(KEY, breaking)).rejects.toThrow('the line went dead')
  expect(await files()).toEqual([])
})

test('what is given up leaves nothing', async () => {
  const stop = new AbortController()
  const endless = new Readable({ read: () => {} })
  endless.push('half')
  setTimeout(() => stop.abort(), 20)
  await expect(storage.put(KEY, endless, { signal: stop.signal })).rejects.toThrow()
  expect(await files()).toEqual([])
})

test('what breaks off while something is there already leaves that', async () => {
  await storage.put(KEY, Readable.from(['whole']))
  const breaking = new Readable({ read: () => breaking.destroy(new Error('broken')) })
  await expect(storage.put(KEY, breaking)).rejects.toThrow('broken')
  expect(await text(await storage.open(KEY))).toBe('whole')
})

test.each(['../../etc/passwd', 'x', '', `${KEY}/../x`, KEY.toUpperCase()])('%j is no key', async (key) => {
  await expect(storage.put(key, Readable.from(['x']))).rejects.toThrow('not a storage key')
  await expect(storage.open(key)).rejects.toThrow('not a storage key')
  await expect(storage.remove(key)).rejects.toThrow('not a storage key')
  expect(await files()).toEqual([])
})

test('what must not replace anything does not', async () => {
  await storage.put(KEY, Readable.from(['first']), { onlyNew: true })
  await expect(storage.put(KEY, Readable.from(['second']), { onlyNew: true })).rejects.toMatchObject({
    code: 'EEXIST',
  })
  expect(await text(await storage.open(KEY))).toBe('first')
  expect(await storage.size(KEY)).toBe(5)
  expect(await files()).toEqual([KEY])
})

test('what a crash left half written is no file, and goes by its key', async () => {
  await storage.put(KEY, Readable.from(['whole']))
  await writeFile(join(root, '3f', `${KEY}.half`), 'half')
  expect(await listed()).toEqual([KEY])
  await storage.tidy(KEY)
  expect(await files()).toEqual([KEY])
})

test('files are listed in the order of their keys, from any of them on', async () => {
  const keys = ['0a', '3f', '3f', 'ff'].map((start) => `${start}${randomUUID().slice(2)}.original`).toSorted()
  for (const key of keys.toReversed()) await storage.put(key, Readable.from(['x']))
  expect(await listed()).toEqual(keys)
  expect(await listed(keys[1])).toEqual(keys.slice(2))
  expect(await listed('', diskStorage(join(root, 'fresh')))).toEqual([])
})

test('what lies in a trash folder of before is listed with the rest', async () => {
  const trashed = `3e${KEY.slice(2)}`
  await storage.put(KEY, Readable.from(['x']))
  await mkdir(join(root, 'trash/3e'), { recursive: true })
  await writeFile(join(root, 'trash/3e', trashed), 'swept once')
  expect(await listed()).toEqual([trashed, KEY])
  expect(await text(await storage.open(trashed))).toBe('swept once')
})

test('while files move, each is read where it is and removed wherever it is', async () => {
  const other = diskStorage(join(root, 'other'))
  const both = withFallback(storage, other)
  await other.put(KEY, Readable.from(['moves']))
  expect(await text(await both.open(KEY))).toBe('moves')
  expect(await both.size(KEY)).toBe(5)
  // The file arrives between the two look-ups.
  const arriving = withFallback(storage, {
    ...other,
    open: async () => {
      await storage.put(KEY, Readable.from(['moves']))
      throw new MissingFile(KEY)
    },
  })
  expect(await text(await arriving.open(KEY))).toBe('moves')
  await both.remove(KEY)
  expect([await storage.size(KEY), await other.size(KEY), await both.size(KEY)]).toEqual([null, null, null])
  await expect(both.open(KEY)).rejects.toThrow(MissingFile)
  const away = () => Promise.reject(new Error('away'))
  await expect(withFallback(storage, { ...other, open: away }).open(KEY)).rejects.toThrow('away')
  await other.put(KEY, Readable.from(['moves']))
  expect(await text(await withFallback({ ...storage, open: away }, other).open(KEY))).toBe('moves')
})

test('a store answers when it gives back what it was given, and keeps nothing of the question', async () => {
  await storageAnswers(storage)
  expect(await files()).toEqual([])
  const faults: Partial<Storage>[] = [
    { open: async () => Readable.from(['something else']) },
    { open: () => Promise.reject(new Error('others may read')) },
    { put: () => Promise.reject(new Error('full')) },
    { remove: () => Promise.reject(new Error('not allowed')) },
  ]
  for (const fault of faults) await expect(storageAnswers({ ...storage, ...fault })).rejects.toThrow()
})
