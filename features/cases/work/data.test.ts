import { beforeEach, expect, test } from 'vitest'
import { jobs } from '#features/retention/jobs.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope } from '#lib/access/scope.ts'
import { ok } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, localDate, SECOND } from '#lib/time.ts'
import { inScope } from '#platform/scope.ts'
import { db } from '#tests/db.ts'
import { setStaffActive } from '#tests/factories/accounts.ts'
import { AGREES, makeCase, makePolice, makeProvenCase, move, openProof } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { decideCase } from '../decisions/acts.ts'
import { listWorkSums } from './data.ts'

const now = new Date('2026-11-24T03:00:00Z')
const later = (hours: number) => addMilliseconds(now, hours * HOUR)

let officer: StaffActor
let supervisor: StaffActor
beforeEach(async () => {
  ;({ officer, supervisor } = await makePolice())
})

async function workOf({ id }: StaffActor): Promise<Record<string, number>> {
  const sums: Record<string, number> = {}
  for (const { measure, code, count } of await db.workDay.findMany({ where: { accountId: id } })) {
    const key = code ? `${measure}:${code}` : measure
    sums[key] = (sums[key] ?? 0) + count
  }
  return sums
}

test('first actions and decisions count within their clocks or late, questions and rejections by their reason', async () => {
  const [quick, slow, asked] = [
    await makeProvenCase({ now }),
    await makeProvenCase({ now }),
    await makeCase({ now }),
  ]
  await move(quick.id, officer, { move: 'take' }, later(23))
  await move(quick.id, officer, { move: 'verify' }, later(24))
  await move(slow.id, officer, { move: 'take' }, later(25))
  await move(slow.id, officer, { move: 'reject', reasonCode: 'not_owner' }, later(10 * 24))
  await move(asked.id, officer, { move: 'take' }, later(1))
  await move(asked.id, officer, { move: 'request_info', reasonCode: 'imei' }, later(2))
  expect(await workOf(officer)).toEqual({
    ...{ first_on_time: 2, first_late: 1, decided_on_time: 1, decided_late: 1 },
    ...{ 'asked_more:imei': 1, 'rejected:not_owner': 1, on_proof: 1, quick: 1 },
  })
})

test('a claim against another one that is refused is a rejection like any other', async () => {
  const first = await makeProvenCase({ now })
  const { id } = await makeProvenCase({ now, imeis: first.imeis })
  await move(id, officer, { move: 'take' }, later(1))
  await move(id, officer, { move: 'reject', reasonCode: 'not_owner' }, later(2))
  expect(await workOf(officer)).toMatchObject({ decided_on_time: 1, 'rejected:not_owner': 1 })
})

test('what is sent back counts for the one who had verified it, and a second taking is no first action', async () => {
  const { id } = await makeProvenCase({ now })
  await move(id, officer, { move: 'take' }, later(1))
  await move(id, officer, { move: 'release' }, later(2))
  await move(id, officer, { move: 'take' }, later(3))
  await move(id, officer, { move: 'verify' }, later(4))
  await move(id, supervisor, { move: 'send_back' }, later(5))
  expect(await workOf(officer)).toMatchObject({ first_on_time: 1, decided_on_time: 1, sent_back: 1 })
  expect(await workOf(supervisor)).toEqual({})
})

test('an appeal counts for the one who had rejected: upheld once a second person approves the block', async () => {
  const [other, chief] = [await makeStaff('officer'), await makeStaff('city_police')]
  const made = [await makeProvenCase({ now }), await makeProvenCase({ now })]
  for (const { id } of made) {
    await move(id, officer, { move: 'take' }, later(1))
    await move(id, officer, { move: 'reject', reasonCode: 'wrong_imei' }, later(2))
    await move(id, { kind: 'citizen' }, { move: 'appeal' }, later(3))
    await move(id, other, { move: 'take' }, later(4))
  }
  const [right, wrong] = made
  if (!right || !wrong) throw new Error('no cases')
  await move(right.id, other, { move: 'verify' }, later(5))
  expect(await workOf(officer)).not.toHaveProperty('appeal_upheld')
  await move(right.id, chief, { move: 'approve' }, later(6))
  await move(wrong.id, other, { move: 'reject', reasonCode: 'wrong_imei' }, later(5))
  expect(await workOf(officer)).toMatchObject({
    appeal_upheld: 1,
    appeal_refused: 1,
    'rejected:wrong_imei': 2,
  })
})

test('decisions count as quick within thirty seconds of opening the papers', async () => {
  for (const seconds of [29, 30]) {
    const { id, number } = await makeProvenCase({ now })
    await move(id, officer, { move: 'take' }, later(1))
    await openProof(officer, id, later(2))
    const { version } = await db.case.findUniqueOrThrow({ where: { id } })
    const input = { number, version, submitKey: crypto.randomUUID(), decision: 'verify' } as const
    const at = addMilliseconds(later(2), seconds * SECOND)
    const decided = await decideCase(officer, { ...input, reason: 'Đủ giấy tờ.', check: AGREES }, at)
    expect(decided).toEqual(ok(true))
  }
  expect(await workOf(officer)).toEqual({ first_on_time: 2, decided_on_time: 2, on_proof: 2, quick: 1 })
})

test('what a person who leaves gives back is counted, and what is refused or tried again is not counted', async () => {
  const admin = await makeStaff('admin')
  const { id, number } = await makeCase({ now })
  const { version } = await db.case.findUniqueOrThrow({ where: { id } })
  const input = { number, version, submitKey: crypto.randomUUID(), decision: 'take' } as const
  for (let press = 0; press < 3; press++) await decideCase(officer, input, now)
  const stale = { ...input, submitKey: crypto.randomUUID() }
  expect((await decideCase(supervisor, stale, now)).ok).toBe(false)
  expect(await workOf(officer)).toEqual({ first_on_time: 1 })
  expect(await workOf(supervisor)).toEqual({})
  await setStaffActive(admin, officer.id, false, now)
  expect(await workOf(officer)).toEqual({ first_on_time: 1, returned: 1 })
})

test('a unit’s figures are not to be seen from another unit, and city police see all', async () => {
  const { id } = await makeCase({ now })
  await move(id, officer, { move: 'take' }, now)
  const seenBy = (reader: StaffActor) => {
    const scope = staffScope(reader)
    if (!scope) throw new Error('police have a scope')
    return inScope(scope, () => listWorkSums({ unitIds: ['quan-3'] }, localDate(addMilliseconds(now, -DAY))))
  }
  expect(await seenBy(supervisor)).toHaveLength(1)
  expect(await seenBy(await makeStaff('city_police'))).toHaveLength(1)
  expect(await seenBy(await makeStaff('supervisor', { unitId: 'quan-1' }))).toEqual([])
})

test('figures of staff and their absences are kept for thirteen months', async () => {
  const kept = { unitId: 'quan-3', accountId: officer.id, measure: 'quick', count: 1 }
  const days = ['2025-10-20', '2025-10-28'].map((day) => new Date(day))
  await db.workDay.createMany({ data: days.map((day) => ({ ...kept, day })) })
  const away = { accountId: officer.id, markedById: officer.id, markedAt: now }
  await db.staffAbsence.createMany({
    data: days.map((day) => ({ ...away, id: crypto.randomUUID(), fromDay: day, untilDay: day })),
  })
  // As the worker runs it, outside of any scope.
  await jobs.find(({ queue }) => queue === 'retention')?.run({} as never, now, new AbortController().signal)
  expect(await db.workDay.findMany({ select: { day: true } })).toEqual([{ day: days[1] }])
  expect(await db.staffAbsence.findMany({ select: { untilDay: true } })).toEqual([{ untilDay: days[1] }])
})
