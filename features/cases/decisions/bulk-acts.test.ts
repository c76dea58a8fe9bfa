import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { StaffReader } from '#lib/access/actor.ts'
import { err } from '#lib/result.ts'
import { db } from '#tests/db.ts'
import { makeCase, makePolice, move } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { decideCase, decideMany } from './acts.ts'

let officer: StaffReader
let supervisor: StaffReader
beforeEach(async () => {
  ;({ officer, supervisor } = await makePolice())
})

const chosen = (made: readonly { readonly number: string }[], version = 1) =>
  made.map(({ number }) => ({ number, version }))

test('each row says what became of it: taken, moved meanwhile, of another unit', async () => {
  const made = [await makeCase(), await makeCase(), await makeCase({ unitId: 'quan-1' })]
  const [free, taken, elsewhere] = made.map(({ number }) => number)
  await move(made[1]?.id ?? '', supervisor, { move: 'take' })
  const submitKey = randomUUID()
  const act = { decision: 'take', chosen: chosen(made), submitKey } as const
  const results = await decideMany(officer, act, new Date())
  expect(results).toEqual([
    { number: free, outcome: 'done' },
    { number: taken, outcome: 'changed' },
    { number: elsewhere, outcome: 'not_found' },
  ])
  // The same form again does nothing twice and returns the same.
  const events = () => db.caseEvent.count()
  const before = await events()
  expect(await decideMany(officer, act, new Date())).toEqual(results)
  expect(await events()).toBe(before)
})

test('a supervisor gives several to one colleague; an officer gives none, and nobody to another unit', async () => {
  const made = [await makeCase(), await makeCase()]
  const give = (by: StaffReader, assigneeId: string) =>
    decideMany(
      by,
      { decision: 'reassign', chosen: chosen(made), submitKey: randomUUID(), assigneeId },
      new Date(),
    )
  const outcomes = async (by: StaffReader, to: string) => (await give(by, to)).map(({ outcome }) => outcome)
  expect(await outcomes(officer, officer.id)).toEqual(['forbidden', 'forbidden'])
  const stranger = await makeStaff('officer', { unitId: 'quan-1' })
  expect(await outcomes(supervisor, stranger.id)).toEqual(['assignee_invalid', 'assignee_invalid'])
  expect(await outcomes(supervisor, officer.id)).toEqual(['done', 'done'])
  expect(await db.case.count({ where: { assigneeId: officer.id } })).toBe(2)
})

test('a case is given to nobody who filed it, or decided it before its review: by itself, nor among several', async () => {
  const other = await makeStaff('officer')
  const [filed, appealed, reviewed] = [await makeCase(), await makeCase(), await makeCase()]
  await db.case.update({ where: { id: filed.id }, data: { filedById: officer.id } })
  for (const { id } of [appealed, reviewed]) {
    await move(id, officer, { move: 'take' })
    await move(id, officer, { move: 'reject', reasonCode: 'not_owner' })
    await move(id, { kind: 'citizen' }, { move: 'appeal' })
  }
  await db.case.update({
    where: { id: reviewed.id },
    data: { rejectedById: other.id, reviewAskedAt: new Date() },
  })
  const give = async (to: string) => {
    const rows = await db.case.findMany({ orderBy: { submittedAt: 'asc' } })
    const act = { decision: 'reassign', chosen: rows, submitKey: randomUUID(), assigneeId: to } as const
    return (await decideMany(supervisor, act, new Date())).map(({ outcome }) => outcome)
  }
  expect(await give(officer.id)).toEqual(['assignee_had_part', 'assignee_had_part', 'assignee_had_part'])
  expect(await db.case.count({ where: { assigneeId: officer.id } })).toBe(0)
  const one = { number: filed.number, version: 1, submitKey: randomUUID() }
  const given = await decideCase(
    supervisor,
    { ...one, decision: 'reassign', assigneeId: officer.id },
    new Date(),
  )
  expect(given).toEqual(err('assignee_had_part'))
  expect(await give(other.id)).toEqual(['done', 'done', 'assignee_had_part'])
})

test('no more than fifty at once', async () => {
  const made = chosen([await makeCase()])
  const many = Array.from({ length: 60 }, (_, n) => made[n] ?? { number: `HCM-${n}`, version: 1 })
  const act = { decision: 'take', chosen: many, submitKey: randomUUID() } as const
  expect(await decideMany(officer, act, new Date())).toHaveLength(50)
})

test('a colleague who is given several cases gets one mail, and the next form’s is the next', async () => {
  await db.$executeRaw`DELETE FROM pgboss.job WHERE name = 'account-notice'`
  const made = []
  for (let n = 0; n < 6; n++) made.push(await makeCase())
  const mails = async () =>
    (
      await db.$queryRaw<{ to: string }[]>`SELECT data->>'accountId' AS to FROM pgboss.job
        WHERE name = 'account-notice' AND data->>'notice' = 'case_given'`
    ).map(({ to }) => to)
  for (const [forms, rows] of [made.slice(0, 4), made.slice(4)].entries()) {
    const act = { decision: 'reassign', chosen: chosen(rows), submitKey: randomUUID() } as const
    const results = await decideMany(supervisor, { ...act, assigneeId: officer.id }, new Date())
    expect(results.map(({ outcome }) => outcome)).toEqual(rows.map(() => 'done'))
    expect(await mails()).toEqual(Array.from({ length: forms + 1 }, () => officer.id))
  }
})
