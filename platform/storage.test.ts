import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { diskStorage, type Storage, storageAnswers } from './storage.ts'

const KEY = '3f0a9a6e-2f55-4a0e-8b11-6f1a4a4f1f10.original'
let root: string
let storage: Storage
const files = async () =>
  (await readdir(root, { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).map((e) => e.name)
const written = (before: Date, store = storage) => Array.fromAsync(store.writtenBefore(before))

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
  await expect(storage.put(KEY, endless, stop.signal)).rejects.toThrow()
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

test('old files are listed, and what a crash left half written goes', async () => {
  await storage.put(KEY, Readable.from(['whole']))
  const half = join(root, '3f', `${KEY}.half`)
  await writeFile(half, 'half')
  expect(await written(new Date(Date.now() - 60_000))).toEqual([])
  const old = new Date(Date.now() - 120_000)
  await utimes(half, old, old)
  await utimes(join(root, '3f', KEY), old, old)
  expect(await written(new Date(Date.now() - 60_000))).toEqual([KEY])
  expect(await files()).toEqual([KEY])
})

test('an empty store lists nothing', async () => {
  expect(await written(new Date(), diskStorage(join(root, 'fresh')))).toEqual([])
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
