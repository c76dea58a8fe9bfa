import { randomUUID } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { enqueue, type Job } from '#platform/queue.ts'
import { startWorker, type Worker } from '#platform/worker.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { run } from '../../../scripts/run.ts'
import { dropJobs, sendJobsAgain } from './acts.ts'
import { listDead, readDead } from './data.ts'

const now = new Date('2026-11-24T03:40:00.000Z')
let worker: Worker | undefined
afterEach(async () => {
  await worker?.stop()
  worker = undefined
})

class Broken extends Error {}

/** Lets jobs fail for good, as in a worker. The error's message names a person. */
async function fail(...cases: readonly string[]): Promise<void> {
  const failing: Job = {
    queue: 'case-settle',
    async run() {
      throw new Broken('lan@example.vn')
    },
  }
  worker = await startWorker([failing])
  for (const caseId of cases)
    await transaction((tx) => enqueue(tx, 'case-settle', { caseId }, { retryLimit: 0, singletonKey: caseId }))
  await expect.poll(async () => (await listDead()).length, { timeout: 15_000 }).toBe(cases.length)
  await worker.stop()
  worker = undefined
}

const waiting = async () =>
  (
    await superuser.query(
      `SELECT data->>'caseId' AS "caseId", retry_limit AS tries FROM pgboss.job WHERE name = 'case-settle' AND state = 'created' ORDER BY 1`,
    )
  ).rows
const entries = () =>
  db.auditEntry.findMany({
    where: { act: { startsWith: 'installation.jobs' } },
    select: { act: true, actorKind: true, facts: true },
    orderBy: { id: 'asc' },
  })

test('a job that failed for good is listed without what it was about, to admins and auditors alone', async () => {
  await fail('lan')
  for (const role of ['admin', 'auditor'] as const) {
    const jobs = await readDead(await makeStaff(role))
    expect(jobs).toMatchObject([{ queue: 'case-settle', tries: 1, why: 'Broken' }])
    expect(JSON.stringify(jobs)).not.toContain('lan')
  }
  for (const role of ['officer', 'relay', 'survey_manager'] as const)
    expect(await readDead(await makeStaff(role))).toBeNull()
})

test('an admin sends all again, once however often the form comes, with all their tries; the log says so', async () => {
  await fail('one', 'two')
  const form = { which: 'all', submitKey: randomUUID() }
  expect(await sendJobsAgain(await makeStaff('auditor'), form, now)).toMatchObject({ error: 'forbidden' })
  const admin = await makeStaff('admin')
  const [first, again, other] = await Promise.all([
    sendJobsAgain(admin, form, now),
    sendJobsAgain(admin, form, now),
    sendJobsAgain(await makeStaff('admin'), { ...form, submitKey: randomUUID() }, now),
  ])
  expect(first).toEqual(again)
  // One of the two does it, or each does a part.
  expect([first?.ok, other.ok]).toContain(true)
  expect(await waiting()).toEqual([
    { caseId: 'one', tries: 20 },
    { caseId: 'two', tries: 20 },
  ])
  expect(await listDead()).toEqual([])
  const said = await entries()
  expect(
    said.every(({ act, actorKind }) => act === 'installation.jobs_sent_again' && actorKind === 'staff'),
  ).toBe(true)
  expect(said.reduce((sum, { facts }) => sum + (facts as { count: number }).count, 0)).toBe(2)
  expect(await sendJobsAgain(admin, { which: 'all', submitKey: randomUUID() }, now)).toMatchObject({
    error: 'not_found',
  })
})

test('one of them is dropped for a reason, and the other stays', async () => {
  await fail('one', 'two')
  const [job] = await listDead()
  const admin = await makeStaff('admin')
  const drop = (which: string, reason: string) =>
    dropJobs(admin, { which, reason, submitKey: randomUUID() }, now)
  expect(await drop(job?.id ?? '', ' ')).toMatchObject({ error: 'reason_missing' })
  expect(await drop('nonsense', 'done by hand')).toMatchObject({ error: 'which' })
  expect(await drop(job?.id ?? '', 'done by hand')).toMatchObject({ ok: true })
  expect(await drop(job?.id ?? '', 'done by hand')).toMatchObject({ error: 'not_found' })
  expect(await listDead()).toHaveLength(1)
  expect(await waiting()).toEqual([])
  expect(await entries()).toEqual([
    {
      act: 'installation.jobs_dropped',
      actorKind: 'staff',
      facts: { queue: 'case-settle', count: 1, reason: 'done by hand' },
    },
  ])
})

test('a job that is sent again is done', async () => {
  await fail('one')
  const which = 'queue case-settle'
  await sendJobsAgain(await makeStaff('admin'), { which, submitKey: randomUUID() }, now)
  const done: string[] = []
  worker = await startWorker([{ queue: 'case-settle', run: async ({ caseId }) => void done.push(caseId) }])
  await expect.poll(() => done, { timeout: 10_000 }).toEqual(['one'])
})

test('`npm run queue` lists them, sends one or all again, drops one, and refuses what it does not know', async () => {
  await fail('one', 'two', 'three')
  const queue = (...args: string[]) => run(process.execPath, ['scripts/queue.ts', ...args])
  const [first, second] = await listDead()
  const listed = await queue('dead')
  expect(listed.code).toBe(0)
  expect(listed.output).toMatch(new RegExp(`${first?.id}  case-settle  since .*  1 tries  Broken`))
  const [retried, dropped, ...refused] = await Promise.all([
    queue('dead', '--retry', first?.id ?? ''),
    queue('dead', '--drop', second?.id ?? ''),
    queue(),
    queue('dead', '--retry', 'some'),
    queue('dead', '--drop', 'all'),
  ])
  expect([retried?.code, dropped?.code, ...refused.map(({ code }) => code)]).toEqual([0, 0, 2, 2, 2])
  expect((await queue('dead', '--drop', second?.id ?? '')).code).toBe(1)
  expect((await queue('dead', '--retry', 'all')).output).toContain('1 jobs are sent again')
  expect((await queue('dead')).output).toContain('No job has failed for good')
  expect((await waiting()).length).toBe(2)
  const said = (await entries()).map(({ act, actorKind, facts }) => [act, actorKind, facts])
  expect(said).toHaveLength(3)
  expect(said).toContainEqual([
    'installation.jobs_dropped',
    'system',
    { queue: 'case-settle', count: 1, reason: 'by command' },
  ])
})
