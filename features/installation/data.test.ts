import { randomUUID } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { listRunningProcesses, type RunningProcess, recordProcess } from './data.ts'

const HOUR = 3_600_000

afterEach(async () => {
  vi.useRealTimers()
  await db.process.deleteMany()
})

const newProcess = (): RunningProcess => ({
  id: randomUUID(),
  kind: 'worker',
  version: '1.0.0',
  startedAt: new Date(),
  stores: ['file'],
})
const running = async () => (await listRunningProcesses()).map(({ id }) => id).toSorted()
const silentFor = (id: string, minutes: number) =>
  superuser.query(`UPDATE processes SET seen_at = now() - make_interval(mins => $2) WHERE id = $1`, [
    id,
    minutes,
  ])

test('a process whose clock is wrong runs like the others, and takes none of them for gone', async () => {
  const [right, behind, ahead] = [newProcess(), newProcess(), newProcess()]
  await recordProcess(right)
  const now = Date.now()
  for (const [one, hours] of [
    [behind, -3],
    [ahead, 30],
  ] as const) {
    vi.useFakeTimers({ toFake: ['Date'], now: now + hours * HOUR })
    await recordProcess(one)
    expect(await running()).toContain(one.id)
  }
  vi.useRealTimers()
  expect(await running()).toEqual([right.id, behind.id, ahead.id].toSorted())
})

test('a process is gone a minute after its last word, and forgotten after a day', async () => {
  const [one, other] = [newProcess(), newProcess()]
  await recordProcess(one)
  await recordProcess(other)
  expect(await listRunningProcesses()).toEqual(expect.arrayContaining([one, other]))
  await silentFor(one.id, 2)
  expect(await running()).toEqual([other.id])
  // It was only silent.
  await recordProcess(one)
  expect(await running()).toEqual([one.id, other.id].toSorted())
  await silentFor(one.id, 24 * 60 + 1)
  await recordProcess(other)
  expect(await db.process.findMany({ select: { id: true } })).toEqual([{ id: other.id }])
})
