import { expect, test } from 'vitest'
import { superuser } from '#tests/database.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { countLastHour, readBusinessDays, SHOWN_DAYS } from './data.ts'

const add = (act: string, by: string, at: string, times = 1) =>
  superuser.query(
    `INSERT INTO audit_entries (at, actor_kind, act, subject_kind, subject_id, facts)
     SELECT ${at}, $1::actor_kind, $2, 'case', 'c', '{}' FROM generate_series(1, $3)`,
    [by, act, times],
  )

test('what people did is counted by day of the city and way, never by person', async () => {
  await add('case.submit', 'citizen', `'2026-11-23T17:30:00Z'`, 3)
  await add('case.submit', 'staff', `'2026-11-24T03:00:00Z'`, 2)
  // The day before, in local time; and an act that is not counted.
  await add('case.submit', 'citizen', `'2026-11-23T16:59:00Z'`)
  await add('case.note', 'staff', `'2026-11-24T03:00:00Z'`)
  await add('session.start', 'staff', `'2026-11-01T03:00:00Z'`)
  const days = await readBusinessDays(await makeStaff('admin'), new Date('2026-11-24T05:00:00Z'))
  expect(days?.length).toBe(SHOWN_DAYS)
  const of = (day: string) =>
    days
      ?.find((one) => one.day === day)
      ?.counts.filter(({ count }) => count > 0)
      .map(({ event, by, count }) => [event, by, count])
  expect(of('2026-11-24')).toEqual([
    ['report_sent', 'citizen', 3],
    ['report_sent', 'staff', 2],
  ])
  expect(of('2026-11-23')).toEqual([['report_sent', 'citizen', 1]])
  expect(days?.flatMap(({ counts }) => counts).filter(({ count }) => count > 0)).toHaveLength(3)
  expect(await readBusinessDays(await makeStaff('relay'), new Date())).toBeNull()
})

test('the last hour has a figure for each event, also where there was none', async () => {
  await add('draft.start', 'citizen', `now() - interval '59 minutes'`, 4)
  await add('draft.start', 'citizen', `now() - interval '61 minutes'`, 7)
  const counts = await countLastHour()
  expect(counts).toContainEqual({ event: 'report_begun', by: 'citizen', count: 4 })
  expect(counts).toContainEqual({ event: 'report_sent', by: 'citizen', count: 0 })
})
