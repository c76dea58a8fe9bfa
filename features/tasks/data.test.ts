import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { decideCase } from '#features/cases/decisions/acts.ts'
import type { CaseDecision } from '#features/cases/decisions/rules.ts'
import { recordResults } from '#features/exchange/results/acts.ts'
import { startVersionDraft } from '#features/questionnaires/versions/acts.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  AGREES,
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProvenCase,
  move,
  openProof,
} from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { countTasks, countTasksOf, listCaseTasks } from './data.ts'

const now = new Date()

async function decide(actor: StaffReader, number: string, decision: CaseDecision, assigneeId?: string) {
  const { id, version } = await db.case.findUniqueOrThrow({ where: { number } })
  await openProof(actor, id, now)
  const words = { reason: 'Có giấy tờ mua máy.', check: AGREES, assigneeId }
  const input = { number, version, submitKey: randomUUID(), decision, ...words }
  expect(await decideCase(actor, input, now)).toMatchObject({ ok: true })
}

test('a case that was given, sent back or answered waits for the person who has it, until they act', async () => {
  const { officer, supervisor } = await makePolice()
  const { number } = await makeProvenCase({ now })
  expect(await countTasks(officer, now)).toEqual({})
  await decide(supervisor, number, 'take')
  await decide(supervisor, number, 'reassign', officer.id)
  expect(await countTasks(officer, now)).toEqual({ given: 1 })
  expect(await listCaseTasks(officer, now)).toMatchObject([{ number, kind: 'given' }])
  await decide(officer, number, 'verify')
  expect(await countTasks(officer, now)).toEqual({})
  await decide(supervisor, number, 'send_back')
  expect(await countTasks(officer, now)).toEqual({ sent_back: 1 })
  // It waits for nobody else of the unit.
  expect(await countTasks(supervisor, now)).toEqual({})
})

test('a temporary block waits for those of the unit who may confirm it, not for the person who asked', async () => {
  const { officer, supervisor } = await makePolice()
  const [elsewhere, city, relay] = await Promise.all([
    makeStaff('supervisor', { unitId: 'quan-1' }),
    makeStaff('city_police'),
    makeStaff('relay'),
  ])
  const { number } = await makeProvenCase({ now })
  await decide(supervisor, number, 'hold')
  const { supervisor: other } = await makePolice()
  const people = [officer, supervisor, elsewhere, city, other, relay]
  const counts = await countTasksOf(people, now)
  expect(people.map(({ id }) => counts.get(id)?.to_confirm ?? 0)).toEqual([0, 0, 0, 1, 1, 0])
  await decide(other, number, 'confirm_hold')
  expect((await countTasks(city, now)).to_confirm).toBeUndefined()
})

test('what a second person approves waits for those of the unit who may, not for the first person, nor once it is done', async () => {
  const { officer, supervisor } = await makePolice()
  const [elsewhere, city] = [
    await makeStaff('supervisor', { unitId: 'quan-1' }),
    await makeStaff('city_police'),
  ]
  const { id, number } = await makeProvenCase({ now })
  const people = [officer, supervisor, elsewhere, city]
  const waiting = async () => {
    const counts = await countTasksOf(people, now)
    return people.map((person) => counts.get(person.id)?.to_approve ?? 0)
  }
  await decide(supervisor, number, 'take')
  await decide(supervisor, number, 'verify')
  // Its verifier is the unit's only approver, so city police are left.
  expect(await waiting()).toEqual([0, 0, 0, 1])
  const { supervisor: second } = await makePolice()
  expect(await listCaseTasks(second, now)).toMatchObject([{ number, kind: 'to_approve' }])
  await decide(second, number, 'approve')
  expect(await waiting()).toEqual([0, 0, 0, 0])
  await move(id, { kind: 'citizen' }, { move: 'request_unblock' }, now)
  expect(await waiting()).toEqual([0, 0, 0, 0])
  await move(id, officer, { move: 'verify_unblock', reasonCode: 'recovered' }, now)
  expect(await waiting()).toEqual([0, 1, 0, 1])
})

test('an order that a carrier refused waits for the person of its case, and for the relay', async () => {
  const made = await makeBlockingCase()
  const relay = await makeStaff('relay')
  const line = await db.bookEntry.findFirstOrThrow({
    where: { carrierId: 'viettel', imei: made.imeis[0] ?? '' },
  })
  const row = { order: line.orderId, imei: line.imei, outcome: 'rejected' as const, at: now.toISOString() }
  await recordResults('viettel', [{ ...row, code: 'technical' }], now)
  const { assigneeId } = await db.case.findUniqueOrThrow({ where: { id: made.id } })
  const holder = [made.police.officer, made.police.supervisor].find(({ id }) => id === assigneeId)
  expect(await countTasks(holder as StaffReader, now)).toMatchObject({ refused: 1 })
  expect((await countTasks(relay, now)).order_refused).toBeGreaterThan(0)
})

test('what is due within four hours waits; what waits for the citizen does not', async () => {
  const { officer } = await makePolice()
  const { id, number } = await makeCase({ now })
  await move(id, officer, { move: 'take' }, now)
  expect(await countTasks(officer, now)).toEqual({})
  const { actBy } = await db.case.findUniqueOrThrow({ where: { number } })
  expect(await countTasks(officer, addMilliseconds(actBy, -3 * HOUR))).toEqual({ due: 1 })
  expect(await countTasks(officer, addMilliseconds(actBy, HOUR))).toEqual({ due: 1 })
})

test('nobody is told of a case outside their unit, though it is still theirs by name', async () => {
  const { officer } = await makePolice()
  const { id, number } = await makeCase({ now })
  await move(id, officer, { move: 'take' }, now)
  const { actBy } = await db.case.findUniqueOrThrow({ where: { number } })
  expect(await countTasks({ ...officer, unitId: 'quan-1' }, actBy)).toEqual({})
})

test('a trial of questions that is over waits for survey managers until it is decided', async () => {
  const [manager, relay] = [await makeStaff('survey_manager'), await makeStaff('relay')]
  await startVersionDraft(manager, { base: 1, submitKey: randomUUID() }, now)
  await superuser.query(
    "UPDATE questionnaires SET published_at = $1, trial_percent = 10, trial_ends_at = $2, reason_vi = 'x', reason_en = 'x' WHERE version = 2",
    [addMilliseconds(now, -48 * HOUR), addMilliseconds(now, -HOUR)],
  )
  expect(await countTasks(manager, addMilliseconds(now, -2 * HOUR))).toEqual({})
  expect(await countTasks(manager, now)).toEqual({ trial: 1 })
  expect(await countTasks(relay, now)).toEqual({})
})
