import { beforeEach, expect, test } from 'vitest'
import type { StaffReader } from '#lib/access/actor.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { dropView, keepView, MOST_VIEWS } from './acts.ts'
import { listKeptViews } from './page-data.ts'

const now = new Date()
let officer: StaffReader
beforeEach(async () => {
  officer = await makeStaff('officer')
})
const keep = (name: string, query = 'kind=robbed', by = officer) => keepView(by, { name, query }, now)

test('a view is kept for one person, under a name of theirs, until they drop it', async () => {
  const other = await makeStaff('officer')
  const kept = must(await keep('  Cướp,  chưa có giấy tờ '))
  expect(await listKeptViews(officer)).toEqual([
    { id: kept, name: 'Cướp, chưa có giấy tờ', query: 'kind=robbed' },
  ])
  expect(await listKeptViews(other)).toEqual([])
  await dropView(other, kept)
  expect(await listKeptViews(officer)).toHaveLength(1)
  await dropView(officer, kept)
  await dropView(officer, kept)
  expect(await listKeptViews(officer)).toEqual([])
})

test('a name is needed, not too long, and one list’s; the same sent twice is one', async () => {
  expect(await keep(' ')).toMatchObject({ error: 'empty' })
  expect(await keep('x'.repeat(41))).toMatchObject({ error: 'too_long' })
  const [one, two] = await Promise.all([keep('Của đội'), keep('Của đội')])
  expect(one).toEqual(two)
  expect(one.ok).toBe(true)
  expect(await keep('Của đội', 'kind=lost')).toMatchObject({ error: 'taken' })
  expect(await listKeptViews(officer)).toHaveLength(1)
})

test('nobody keeps more than a line of tabs, however many presses come at once', async () => {
  await Promise.all(Array.from({ length: MOST_VIEWS + 3 }, (_, n) => keep(`Danh sách ${n}`)))
  expect(await listKeptViews(officer)).toHaveLength(MOST_VIEWS)
  expect(await keep('Thêm')).toMatchObject({ error: 'too_many' })
})
