import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { diskStorage, stores } from '#platform/storage.ts'
import { unseenStores } from '#platform/unseen-stores.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeMemory, proveStore, watchStores } from './acts.ts'
import { releaseLeases, renewLease } from './data.ts'

const room = mkdtempSync(join(tmpdir(), 'antam-disks-'))
afterEach(() => rmSync(room, { recursive: true, force: true }))

/** Makes a process on a disk. The test gives its clock, so that it need not wait for the next token. */
function processOver(disk: string) {
  const [id, memory, storage] = [randomUUID(), makeMemory(), diskStorage(join(room, disk))]
  return { id, look: (now = 0) => proveStore(storage, id, memory, now) }
}
const holder = async () => (await db.store.findUnique({ where: { name: 'file' } }))?.holder
const fallSilent = (seconds: number) =>
  superuser.query(`UPDATE stores SET held_at = now() - interval '${seconds} seconds'`)

test('processes over one disk see the token of the one that writes it, through restarts and kills', async () => {
  const [a, b, c] = [processOver('one'), processOver('one'), processOver('one')]
  const first = await Promise.all([a.look(), b.look(), c.look()])
  expect(first).toContain(true)
  expect(first).not.toContain(false)
  const others = [a, b, c]
  for (let minute = 1; minute <= 3; minute++) {
    const seen = await Promise.all(others.map((one) => one.look(minute * 61_000)))
    expect(seen, `minute ${minute}`).toEqual([true, true, true])
  }
  // The holder is killed and stays silent for a while; then it ends cleanly.
  const killed = await holder()
  await fallSilent(46)
  const rest = others.filter(({ id }) => id !== killed)
  expect(await Promise.all(rest.map((one) => one.look(700_000)))).not.toContain(false)
  expect(await Promise.all(rest.map((one) => one.look(700_001)))).toEqual([true, true])
  const next = (await holder()) ?? ''
  expect(next).not.toBe(killed)
  await releaseLeases(next)
  const new_ = processOver('one')
  expect(await new_.look()).toBe(true)
  expect(await Promise.all(rest.map((one) => one.look(800_000)))).toEqual([true, true])
})

test('a process over another disk, or a copy of the disk, is told so at its second look, and the rest are not', async () => {
  const [a, b] = [processOver('one'), processOver('one')]
  await a.look()
  // A full copy, used on another machine.
  cpSync(join(room, 'one'), join(room, 'copy'), { recursive: true })
  const [other, copy] = [processOver('other'), processOver('copy')]
  expect([await other.look(), await other.look(), await copy.look()]).toEqual([null, false, true])
  await a.look(61_000)
  expect([await copy.look(), await copy.look(), await other.look()]).toEqual([null, false, false])
  expect([await b.look(), await a.look(62_000)]).toEqual([true, true])
  // When the holder ends, the next one is a process that sees what was written, never the copy.
  await releaseLeases(a.id)
  expect([await copy.look(), await other.look(), await holder()]).toEqual([null, null, null])
  expect([await b.look(), await copy.look(), await copy.look()]).toEqual([true, null, false])
})

test('the one that writes lets go when another disk lies where its own did', async () => {
  const [a, b] = [processOver('one'), processOver('two')]
  await a.look()
  cpSync(join(room, 'one'), join(room, 'two'), { recursive: true })
  rmSync(join(room, 'one'), { recursive: true })
  expect([await a.look(), await a.look(), await holder()]).toEqual([null, false, null])
  expect([await b.look(), await a.look(), await a.look()]).toEqual([true, false, false])
})

test('a store that nobody saw before, as after a restore, is taken once nobody is left who would', async () => {
  await processOver('before').look()
  await superuser.query('UPDATE stores SET holder = NULL')
  const restored = [processOver('after'), processOver('after')]
  expect(await Promise.all(restored.map((one) => one.look()))).toEqual([null, null])
  await fallSilent(61)
  await restored[0]?.look()
  expect(await Promise.all(restored.map((one) => one.look()))).toEqual([true, true])
})

test('one that was away for long does not write over the token of another', async () => {
  const [a, b] = [processOver('one'), processOver('one')]
  await a.look()
  await fallSilent(46)
  await b.look()
  expect(await renewLease('file', a.id, randomUUID())).toBe(false)
  expect([await a.look(), await b.look()]).toEqual([true, true])
})

test('a process that watches tells readiness what it does not see, until it sees it, and lets go as it ends', async () => {
  const { main } = stores('evidence')
  rmSync(main.place, { recursive: true, force: true })
  const other = processOver('one')
  await other.look()
  const id = randomUUID()
  const end = watchStores(id, { every: 60, again: 20 })
  try {
    await expect.poll(unseenStores).toEqual([main.place])
    cpSync(join(room, 'one'), main.place, { recursive: true })
    await expect.poll(unseenStores).toEqual([])
    // The other process ends, and this one writes the tokens from now on.
    await releaseLeases(other.id)
    await expect.poll(holder).toBe(id)
    // A store that cannot be read is reported by another check: nothing changes for this one.
    rmSync(main.place, { recursive: true })
    writeFileSync(main.place, 'no folder')
    await sleep(200)
    expect(unseenStores()).toEqual([])
    rmSync(main.place)
  } finally {
    await end()
  }
  expect(await holder()).toBeNull()
  await sleep(200)
  expect(await holder()).toBeNull()
})
