import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { askLegalHold } from '#features/privacy/legal-holds/acts.ts'
import { askAboutData } from '#features/privacy/requests/acts.ts'
import { answerDataRequest } from '#features/privacy/requests/answer-acts.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { invite } from '#tests/factories/accounts.ts'
import { makeBlockingCase, makeCase, move } from '#tests/factories/case.ts'
import { makeObjection } from '#tests/factories/objection.ts'
import { confirm, openApproval, refuse } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { countTasksOf } from './data.ts'
import type { TaskKind } from './rules.ts'

const now = new Date()
async function waiting(kind: TaskKind, people: readonly StaffReader[]): Promise<number[]> {
  const counts = await countTasksOf(people, now)
  return people.map((person) => counts.get(person.id)?.[kind] ?? 0)
}

test('an objection waits for those who may answer it: of the unit, and city police', async () => {
  const blocked = await makeBlockingCase({ unitId: 'quan-3', now: addMilliseconds(now, -DAY) })
  const objection = await makeObjection(blocked.imeis[0] ?? '', { now })
  const [other, elsewhere, city, relay] = await Promise.all([
    makeStaff('officer', { unitId: 'quan-3' }),
    makeStaff('supervisor', { unitId: 'quan-1' }),
    makeStaff('city_police'),
    makeStaff('relay'),
  ])
  // The two who found the block right decide on no objection to it.
  const people = [other, blocked.police.officer, blocked.police.supervisor, elsewhere, city, relay]
  expect(await waiting('objection', people)).toEqual([1, 0, 0, 0, 1, 0])
  const set = (data: Parameters<typeof db.objection.update>[0]['data']) =>
    db.objection.update({ where: { id: objection.id }, data })
  await set({ state: 'info_requested' })
  expect(await waiting('objection', people)).toEqual([0, 0, 0, 0, 0, 0])
  // A renewed objection goes to city police, and not to the person who refused it.
  const second = await makeStaff('city_police')
  await set({ state: 'open', renewedAt: now, refusedById: city.id, refusedAt: now })
  expect(await waiting('objection', [...people, second])).toEqual([0, 0, 0, 0, 0, 0, 1])
  // One officer has found the holder right: the second person's approval counts with the case.
  await db.case.update({ where: { id: blocked.id }, data: { unblockVerifiedById: second.id } })
  expect(await waiting('objection', [second])).toEqual([0])
  await set({ state: 'withdrawn', waiting: false, closedAt: now })
  expect(await waiting('objection', people)).toEqual([0, 0, 0, 0, 0, 0])
})

test('a request about data waits for the supervisors of its unit and city police, and a proposal for another person', async () => {
  const made = await makeCase({ now: addMilliseconds(now, -DAY) })
  await move(made.id, { kind: 'citizen' }, { move: 'withdraw' }, addMilliseconds(now, -2 * DAY))
  await move(made.id, { kind: 'system' }, { move: 'finish_withdrawal' }, addMilliseconds(now, -DAY))
  const [officer, supervisor, colleague, elsewhere, city] = await Promise.all([
    makeStaff('officer', { unitId: 'quan-3' }),
    makeStaff('supervisor', { unitId: 'quan-3' }),
    makeStaff('supervisor', { unitId: 'quan-3' }),
    makeStaff('supervisor', { unitId: 'quan-1' }),
    makeStaff('city_police'),
  ])
  const people = [officer, supervisor, colleague, elsewhere, city]
  const version = async () => (await db.case.findUniqueOrThrow({ where: { id: made.id } })).version
  const input = { caseId: made.id, version: await version(), submitKey: randomUUID(), message: '' }
  const asked = await askAboutData(citizenScope(made.id, 'full'), { ...input, act: 'ask_erasure' }, now)
  expect(asked).toMatchObject({ ok: true })
  expect(await waiting('data_request', people)).toEqual([0, 1, 1, 0, 1])
  const { id: requestId } = await db.dataRequest.findFirstOrThrow({ where: { caseId: made.id } })
  const answer = { number: made.number, requestId, decision: 'grant_data_request', reason: 'Được.' } as const
  const form = { ...answer, version: await version(), submitKey: randomUUID() }
  expect(await answerDataRequest(supervisor, form, now)).toMatchObject({ ok: true, value: 'proposed' })
  expect(await waiting('approval', people)).toEqual([0, 0, 1, 0, 1])
  expect(await waiting('data_request', people)).toEqual([0, 0, 0, 0, 0])
})

test('a legal hold, and its end, wait for city police but for the person who asked', async () => {
  const made = await makeCase({ now })
  const [supervisor, city, colleague] = await Promise.all([
    makeStaff('supervisor', { unitId: 'quan-3' }),
    makeStaff('city_police'),
    makeStaff('city_police'),
  ])
  const people = [supervisor, city, colleague]
  for (const decision of ['place_legal_hold', 'lift_legal_hold'] as const) {
    const { version } = await db.case.findUniqueOrThrow({ where: { id: made.id } })
    const words = { basis: 'QĐ 12', reason: 'Theo công văn.' }
    const input = { number: made.number, version, submitKey: randomUUID(), decision, ...words }
    expect(await askLegalHold(city, input, now)).toMatchObject({ ok: true })
    expect(await waiting('approval', people)).toEqual([0, 0, 1])
    expect(await confirm(colleague, await openApproval(), now)).toMatchObject({ ok: true })
    expect(await waiting('approval', people)).toEqual([0, 0, 0])
  }
})

test('an account that was asked for waits for those who may confirm it, and not for who asked', async () => {
  await makeStaff('auditor')
  const [admin, second, supervisor, elsewhere, officer] = await Promise.all([
    makeStaff('admin'),
    makeStaff('admin'),
    makeStaff('supervisor', { unitId: 'quan-3' }),
    makeStaff('supervisor', { unitId: 'quan-1' }),
    makeStaff('officer', { unitId: 'quan-3' }),
  ])
  const people = [admin, second, supervisor, elsewhere, officer]
  const someone = { name: 'Nguyễn Mới', agencyId: null, carrierId: null }
  const asked = { ...someone, email: `${randomUUID()}@congan.example` }
  await invite(admin, { ...asked, role: 'officer', unitId: 'quan-3' }, now)
  expect(await waiting('approval', people)).toEqual([0, 1, 1, 0, 0])
  const another = { ...someone, email: `${randomUUID()}@congan.example` }
  await invite(admin, { ...another, role: 'relay', unitId: null }, now)
  expect(await waiting('approval', people)).toEqual([0, 2, 1, 0, 0])
  const { id } = await db.approval.findFirstOrThrow({ where: { subject: `address:${asked.email}` } })
  expect(await refuse(second, id, now)).toMatchObject({ ok: true })
  expect(await waiting('approval', people)).toEqual([0, 1, 0, 0, 0])
})
