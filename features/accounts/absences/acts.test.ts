import { beforeEach, expect, test } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, localDate } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { assignable } from '../police-data.ts'
import { endAbsence, markAbsent } from './acts.ts'

const now = new Date('2026-11-24T03:00:00Z')
const day = (off: number) => localDate(addMilliseconds(now, off * DAY))

let officer: StaffActor
let supervisor: StaffActor
beforeEach(async () => {
  officer = await makeStaff('officer')
  supervisor = await makeStaff('supervisor')
})

const mark = (actor: StaffActor, accountId: string, from: number, until: number) =>
  markAbsent(actor, { accountId, from: day(from), until: day(until), submitKey: crypto.randomUUID() }, now)
const until = async () => (await assignable(['quan-3'], now)).find(({ id }) => id === officer.id)?.absentUntil

test('police are marked absent by themselves, their supervisors and city police, and by nobody else', async () => {
  expect(await mark(officer, officer.id, 0, 2)).toEqual({ ok: true, value: true })
  expect(await until()).toBe(day(2))
  expect((await mark(supervisor, officer.id, 10, 12)).ok).toBe(true)
  expect((await mark(await makeStaff('city_police'), officer.id, 20, 22)).ok).toBe(true)
  const others = [
    await makeStaff('officer'),
    await makeStaff('supervisor', { unitId: 'quan-1' }),
    await makeStaff('admin'),
    await makeStaff('auditor'),
    await makeStaff('relay'),
  ]
  for (const other of others) expect(await mark(other, officer.id, 30, 31)).toEqual(err('forbidden'))
  // Only police have absences.
  const relay = await makeStaff('relay')
  expect(await mark(relay, relay.id, 0, 1)).toEqual(err('forbidden'))
  // The log shows who marked whom, but neither the days nor a reason.
  const entries = await db.auditEntry.findMany({ where: { act: 'account.absent' }, orderBy: { id: 'asc' } })
  expect(entries.map(({ actorId, subjectId, facts }) => [actorId, subjectId, facts])).toEqual([
    [officer.id, officer.id, { days: 3 }],
    [supervisor.id, officer.id, { days: 3 }],
    [expect.any(String), officer.id, { days: 3 }],
  ])
})

test('days that are past, backwards, too many or taken are refused, and nothing is kept', async () => {
  expect(await mark(officer, officer.id, 3, 2)).toEqual(err('backwards'))
  expect(await mark(officer, officer.id, -3, -1)).toEqual(err('past'))
  expect(await mark(officer, officer.id, 0, 366)).toEqual(err('long'))
  expect((await mark(officer, officer.id, -1, 2)).ok).toBe(true)
  expect(await mark(supervisor, officer.id, 2, 4)).toEqual(err('overlaps'))
  expect((await mark(supervisor, officer.id, 3, 4)).ok).toBe(true)
  expect(await db.staffAbsence.count()).toBe(2)
})

test('one form sent three times at once marks once, and two people who mark the same days mark once', async () => {
  const submitKey = crypto.randomUUID()
  const input = { accountId: officer.id, from: day(0), until: day(1), submitKey }
  const sent = await Promise.all([1, 2, 3].map(() => markAbsent(officer, input, now)))
  expect(sent.every(({ ok }) => ok)).toBe(true)
  const both = await Promise.all([mark(officer, officer.id, 5, 6), mark(supervisor, officer.id, 6, 7)])
  expect(both.filter(({ ok }) => ok)).toHaveLength(1)
  expect(await db.staffAbsence.count()).toBe(2)
})

test('an absence ends yesterday, one to come is taken back, and a second press changes nothing', async () => {
  await mark(officer, officer.id, -2, 5)
  await mark(officer, officer.id, 8, 9)
  const [running, coming] = await db.staffAbsence.findMany({ orderBy: { fromDay: 'asc' } })
  if (!running || !coming) throw new Error('not marked')
  const end = (actor: StaffActor, absenceId: string) =>
    endAbsence(actor, { absenceId, submitKey: crypto.randomUUID() }, now)
  expect(await end(await makeStaff('officer'), running.id)).toEqual(err('forbidden'))
  for (const { id } of [running, coming, running, coming]) expect((await end(supervisor, id)).ok).toBe(true)
  expect(await until()).toBeNull()
  expect(await db.staffAbsence.findMany()).toMatchObject([{ untilDay: new Date(`${day(-1)}T00:00:00Z`) }])
  expect(await db.auditEntry.count({ where: { act: 'account.present' } })).toBe(2)
})
