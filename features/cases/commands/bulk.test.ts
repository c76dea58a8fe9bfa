import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { StaffReader } from '#lib/access/actor.ts'
import { db } from '#tests/db.ts'
import { makeCase, makePolice, move } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { decideMany } from './bulk.ts'

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
    { number: taken, outcome: 'stale' },
    { number: elsewhere, outcome: 'not_found' },
  ])
  // The same form again does nothing twice and says the same.
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

test('no more than fifty at once', async () => {
  const made = chosen([await makeCase()])
  const many = Array.from({ length: 60 }, (_, n) => made[n] ?? { number: `HCM-${n}`, version: 1 })
  const act = { decision: 'take', chosen: many, submitKey: randomUUID() } as const
  expect(await decideMany(officer, act, new Date())).toHaveLength(50)
})
