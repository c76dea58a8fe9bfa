import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { HOUR, MINUTE } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { full } from '#tests/runs.ts'
import { transaction } from './db.ts'
import { enqueue, type Job } from './queue.ts'
import { startWorker, type Worker } from './worker.ts'

let worker: Worker | undefined

afterEach(async () => {
  vi.useRealTimers()
  await worker?.stop()
  worker = undefined
})

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const started = performance.now()
  while (!(await condition())) {
    if (performance.now() - started > 15_000) throw new Error('it did not happen in time')
    await sleep(20)
  }
}

const settle = (caseId: string) => transaction((tx) => enqueue(tx, 'case-settle', { caseId }))

const recording = (seen: string[], run?: (caseId: string) => Promise<void>): Job => ({
  queue: 'case-settle',
  async run({ caseId }) {
    seen.push(caseId)
    await run?.(caseId)
  },
})

const states = async (): Promise<string[]> =>
  (
    await superuser.query<{ state: string }>("SELECT state FROM pgboss.job WHERE name = 'case-settle'")
  ).rows.map(({ state }) => state)

test('a queue has one job', async () => {
  const job = recording([])
  await expect(startWorker([job, job])).rejects.toThrow('the queue case-settle has two jobs')
})

test('a job is kept with its transaction, or undone with it, and taken up by itself', async () => {
  const seen: string[] = []
  worker = await startWorker([recording(seen)])
  const undone = transaction(async (tx) => {
    await enqueue(tx, 'case-settle', { caseId: 'undone' })
    throw new Error('refused')
  })
  await expect(undone).rejects.toThrow('refused')
  await settle('kept')
  await until(async () => (await states()).join() === 'completed')
  expect(seen).toEqual(['kept'])
})

test('a job is told the time by the clock of the database, not by its worker’s', async () => {
  const [now, told] = [Date.now(), [] as Date[]]
  vi.useFakeTimers({ toFake: ['Date'], now: now + 3 * HOUR })
  const job: Job = { queue: 'case-settle', run: async (_, at) => void told.push(at) }
  worker = await startWorker([job])
  await settle('any')
  await until(() => told.length > 0)
  expect(Math.abs((told[0]?.getTime() ?? 0) - now)).toBeLessThan(MINUTE)
})

test('a job that fails does not fail those beside it, and is tried again', async () => {
  const seen: string[] = []
  const fails = async (caseId: string) => {
    if (caseId === 'bad') throw new Error('not yet')
  }
  await Promise.all(['a', 'bad', 'b'].map(settle))
  worker = await startWorker([recording(seen, fails)])
  await until(() => seen.length >= 3)
  await until(async () => (await states()).sort().join() === 'completed,completed,retry')
})

test('a backlog drains without waiting for polls', async () => {
  const seen: string[] = []
  // At two polls of ten jobs a second, these would take twice the allowed time.
  await transaction(async (tx) => {
    for (let index = 0; index < 600; index++) await enqueue(tx, 'case-settle', { caseId: String(index) })
  })
  worker = await startWorker([recording(seen)])
  await until(() => seen.length === 600)
})

test('stopping waits for the job that runs', async () => {
  const seen: string[] = []
  let done = false
  await settle('slow')
  worker = await startWorker([
    recording(seen, async () => {
      await sleep(1_000)
      done = true
    }),
  ])
  await until(() => seen.length === 1)
  await worker.stop()
  expect(done).toBe(true)
  expect(await states()).toEqual(['completed'])
})

test.runIf(full)('a job whose worker died is taken up again once its heartbeat lapsed', async () => {
  await settle('orphan')
  // Simulates a killed worker: an active job without a heartbeat.
  await superuser.query(`UPDATE pgboss.job SET state = 'active', started_on = now() - interval '20 s',
    heartbeat_on = now() - interval '20 s' WHERE name = 'case-settle'`)
  const seen: string[] = []
  worker = await startWorker([recording(seen)])
  await until(() => seen.length > 0)
  expect(seen).toEqual(['orphan'])
})

test('schedules are those of the jobs that run, and no others', async () => {
  const clock: Job = { queue: 'clocks', schedule: '* * * * *', async run() {} }
  worker = await startWorker([clock])
  const names = async () => (await superuser.query('SELECT name, cron, timezone FROM pgboss.schedule')).rows
  expect(await names()).toEqual([{ name: 'clocks', cron: '* * * * *', timezone: 'Asia/Ho_Chi_Minh' }])
  await worker.stop()
  worker = await startWorker([recording([])])
  expect(await names()).toEqual([])
})

test('a job that waits for somebody keeps none waiting where its kind runs apart', async () => {
  const seen: string[] = []
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  worker = await startWorker([
    { ...recording(seen, (caseId) => (caseId === 'slow' ? held : Promise.resolve())), apart: 2 } as Job,
  ])
  await settle('slow')
  await until(() => seen.includes('slow'))
  await settle('quick')
  await until(async () => (await states()).includes('completed'))
  expect(seen).toEqual(['slow', 'quick'])
  release()
})
