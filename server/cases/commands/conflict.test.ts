import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { StaffReader } from '#domain/access/actor.ts'
import { systemScope } from '#domain/access/scope.ts'
import { decisionDue } from '#domain/case/clocks.ts'
import type { CaseDecision } from '#domain/case/decisions.ts'
import { holidays } from '#server/reference/loaders.ts'
import { superuser, waitingForLock } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  type MadeCase,
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProvenCase,
  move,
  randomImei,
} from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { caseFile, rivals } from '../loaders/case-file.ts'
import { find } from '../repository.ts'
import { type DecisionInput, decideCase } from './decide.ts'

const now = new Date()
const citizen = { kind: 'citizen' } as const
const refused = (error: string) => ({ ok: false, error })

let officer: StaffReader
let supervisor: StaffReader
let city: StaffReader
beforeEach(async () => {
  ;({ officer, supervisor } = await makePolice())
  city = await makeStaff('city_police')
})

async function snapshotOf({ id }: { id: string }) {
  const c = await find(systemScope(), { id })
  if (!c) throw new Error('no such case')
  return c
}
async function decide(
  actor: StaffReader,
  c: MadeCase,
  decision: CaseDecision,
  more: Partial<DecisionInput> = {},
) {
  const { number, version } = await snapshotOf(c)
  return decideCase(
    actor,
    { number, version, decision, reason: 'Đã so giấy tờ.', submitKey: randomUUID(), ...more },
    now,
  )
}
const ordersOf = (c: MadeCase) =>
  db.carrierOrder.findMany({ where: { caseId: c.id }, select: { action: true, reason: true } })
const claims = (imei: string) =>
  db.caseImei.findMany({ where: { key14: imei.slice(0, 14), primaryClaim: true }, select: { caseId: true } })

/** A block in force, and a counter-claim on the same phone that an officer has accepted. */
async function conflict() {
  const imei = randomImei()
  const first = await makeBlockingCase({ imeis: [imei] }, { officer, supervisor })
  const second = await makeProvenCase({ imeis: [imei], counterclaim: true })
  await move(second.id, officer, { move: 'take' })
  expect((await decide(officer, second, 'accept_counterclaim')).ok).toBe(true)
  return { imei, first, second }
}

const WRITTEN = [
  '356789100000015',
  '35678910000001',
  '3567891000000199',
  '35 678910-000001/5',
  '３５６７８９１００００００１５',
]

test.each(WRITTEN)('the database refuses a second claim on a phone, written as %s', async (written) => {
  await makeProvenCase({ imeis: ['356789100000015'] })
  await expect(makeProvenCase({ imeis: [randomImei(), written] })).rejects.toThrow(/[Uu]nique/)
  expect(await db.case.count()).toBe(1)
})

test('ten reports of one phone at once: one has the claim', async () => {
  const imei = randomImei()
  const sent = await Promise.allSettled(Array.from({ length: 10 }, () => makeProvenCase({ imeis: [imei] })))
  expect(sent.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
  expect(await claims(imei)).toHaveLength(1)
})

test('whoever settles it sees every side, however many reports of the phone came after them', async () => {
  const { imei, first, second } = await conflict()
  for (let n = 0; n < 21; n++) {
    const late = await makeCase({ imeis: [imei], counterclaim: true })
    await move(late.id, citizen, { move: 'withdraw' })
  }
  const sides = async (of: MadeCase) => {
    const view = await caseFile(city, of.number, now)
    return view && (await rivals(city, view, now)).map(({ snapshot }) => snapshot.number)
  }
  expect(await sides(second)).toEqual([first.number])
  expect(await sides(first)).toEqual([second.number])
})

test('accepting holds both; a block in force stands, and its carriers go on', async () => {
  const { first, second } = await conflict()
  expect(await snapshotOf(first)).toMatchObject({ state: 'blocking', held: 'conflict', primaryClaim: true })
  expect(await snapshotOf(second)).toMatchObject({
    state: 'under_review',
    held: 'conflict',
    primaryClaim: false,
  })
  expect(await ordersOf(first)).toHaveLength(5)
  expect((await ordersOf(first)).every((order) => order.action === 'block')).toBe(true)
  await move(first.id, { kind: 'system' }, { move: 'carriers_applied' })
  const due = decisionDue(now, await holidays())
  expect(await snapshotOf(first)).toMatchObject({ state: 'blocked', held: 'conflict', dueAt: due })
  expect(await snapshotOf(second)).toMatchObject({ dueAt: due })
  expect(await decide(officer, second, 'verify')).toEqual(refused('held'))
})

test('only city police settle it, and not the one who accepted', async () => {
  const { second } = await conflict()
  expect(await decide(supervisor, second, 'uphold_first')).toEqual(refused('forbidden'))
  const imei = randomImei()
  await makeProvenCase({ imeis: [imei] })
  const own = await makeProvenCase({ imeis: [imei], counterclaim: true })
  await move(own.id, city, { move: 'take' })
  await decide(city, own, 'accept_counterclaim')
  expect(await decide(city, own, 'uphold_second')).toEqual(refused('own_acceptance'))
  expect(await decide(await makeStaff('city_police'), own, 'uphold_second', { reason: '' })).toEqual(
    refused('text_missing'),
  )
  expect((await decide(await makeStaff('city_police'), own, 'uphold_second')).ok).toBe(true)
})

test('the first upheld: its block goes on, the other is rejected with the reason and told', async () => {
  const { imei, first, second } = await conflict()
  expect((await decide(city, second, 'uphold_first')).ok).toBe(true)
  expect(await snapshotOf(first)).toMatchObject({ state: 'blocking', held: null })
  expect(await snapshotOf(second)).toMatchObject({ state: 'rejected', held: null, counterclaim: 'overruled' })
  expect(await claims(imei)).toEqual([{ caseId: first.id }])
  expect((await ordersOf(first)).every((order) => order.action === 'block')).toBe(true)
  const told = await db.notice.findMany({ where: { caseId: second.id }, select: { template: true } })
  expect(told.map((notice) => notice.template)).toContain('overruled')
})

test('the second upheld: it has the claim and goes the ordinary way, the first one’s block is lifted', async () => {
  const { imei, first, second } = await conflict()
  expect((await decide(city, first, 'uphold_second')).ok).toBe(true)
  expect(await snapshotOf(first)).toMatchObject({ state: 'rejected', held: null, primaryClaim: false })
  expect(await snapshotOf(second)).toMatchObject({
    state: 'under_review',
    held: null,
    counterclaim: 'upheld',
  })
  expect(await claims(imei)).toEqual([{ caseId: second.id }])
  const lifted = (await ordersOf(first)).filter((order) => order.action === 'unblock')
  expect(lifted).toHaveLength(5)
  expect(lifted[0]?.reason).toBe('other_claim')
  expect((await decide(officer, second, 'verify')).ok).toBe(true)
  expect((await decide(supervisor, second, 'approve')).ok).toBe(true)
  expect(await db.caseImei.count({ where: { caseId: first.id, listed: true } })).toBe(0)
})

test('a refused counter-claim leaves the first case alone', async () => {
  const imei = randomImei()
  const first = await makeProvenCase({ imeis: [imei] })
  const second = await makeProvenCase({ imeis: [imei], counterclaim: true })
  await move(second.id, officer, { move: 'take' })
  const before = await snapshotOf(first)
  expect(
    (await decide(officer, second, 'refuse_counterclaim', { reasonCode: 'insufficient_proof' })).ok,
  ).toBe(true)
  expect(await snapshotOf(second)).toMatchObject({ state: 'rejected', counterclaim: 'refused' })
  expect(await snapshotOf(first)).toEqual(before)
})

test('three claimants: one is upheld, both others are rejected', async () => {
  const { imei, first, second } = await conflict()
  const third = await makeProvenCase({ imeis: [imei], counterclaim: true })
  await move(third.id, officer, { move: 'take' })
  expect((await decide(officer, third, 'accept_counterclaim')).ok).toBe(true)
  expect((await decide(city, third, 'uphold_second')).ok).toBe(true)
  expect(await snapshotOf(third)).toMatchObject({ state: 'under_review', held: null, primaryClaim: true })
  for (const loser of [first, second])
    expect(await snapshotOf(loser)).toMatchObject({ state: 'rejected', held: null })
  expect(await claims(imei)).toEqual([{ caseId: third.id }])
})

test('two phones in one case, each claimed by another: only who stands against the winner loses', async () => {
  const [one, two] = [randomImei(), randomImei()]
  const first = await makeProvenCase({ imeis: [one, two] })
  const onOne = await makeProvenCase({ imeis: [one], counterclaim: true })
  const onTwo = await makeProvenCase({ imeis: [two], counterclaim: true })
  for (const c of [onOne, onTwo]) {
    await move(c.id, officer, { move: 'take' })
    expect((await decide(officer, c, 'accept_counterclaim')).ok).toBe(true)
  }
  expect((await decide(city, onOne, 'uphold_second')).ok).toBe(true)
  expect(await snapshotOf(first)).toMatchObject({ state: 'rejected' })
  expect(await snapshotOf(onTwo)).toMatchObject({ state: 'under_review', held: null })
  expect((await decide(officer, onTwo, 'verify')).ok).toBe(true)
  expect(await claims(two)).toEqual([{ caseId: onTwo.id }])
})

test('the opponent withdraws: nobody is contested any more, and the counter-claim can be verified', async () => {
  const imei = randomImei()
  const first = await makeProvenCase({ imeis: [imei] })
  const second = await makeProvenCase({ imeis: [imei], counterclaim: true })
  await move(second.id, officer, { move: 'take' })
  await decide(officer, second, 'accept_counterclaim')
  await move(first.id, citizen, { move: 'withdraw' })
  const later = new Date(now.getTime() + 25 * 3_600_000)
  await move(first.id, { kind: 'system' }, { move: 'finish_withdrawal' }, later)
  expect(await snapshotOf(second)).toMatchObject({ held: null, primaryClaim: true })
  // Nobody gets in before it with a report of their own.
  await expect(makeProvenCase({ imeis: [imei] })).rejects.toThrow('one_primary_claim_a_phone')
  expect((await decide(officer, second, 'verify')).ok).toBe(true)
  expect(await claims(imei)).toEqual([{ caseId: second.id }])
})

test('an appeal has its claim back when the phone is free, and is a counter-claim when it is not', async () => {
  const imei = randomImei()
  const reject = async (c: MadeCase) => {
    await move(c.id, officer, { move: 'take' })
    expect((await decide(officer, c, 'reject', { reasonCode: 'insufficient_proof' })).ok).toBe(true)
  }
  const free = await makeProvenCase()
  await reject(free)
  await move(free.id, citizen, { move: 'appeal' })
  expect(await snapshotOf(free)).toMatchObject({
    state: 'under_review',
    primaryClaim: true,
    assigneeId: null,
  })
  expect(await decide(officer, free, 'take')).toEqual(refused('own_rejection'))

  const lost = await makeProvenCase({ imeis: [imei] })
  await reject(lost)
  const taken = await makeProvenCase({ imeis: [imei] })
  await move(lost.id, citizen, { move: 'appeal' })
  expect(await snapshotOf(lost)).toMatchObject({ counterclaim: 'pending', primaryClaim: false })
  expect(await decide(supervisor, lost, 'verify')).toEqual(refused('claim_taken'))
  expect(await claims(imei)).toEqual([{ caseId: taken.id }])
})

test('accepted in one district, it reaches the case of another, and the history says who did', async () => {
  const imei = randomImei()
  const first = await makeProvenCase({ imeis: [imei], areaId: 'quan-1' })
  const second = await makeProvenCase({ imeis: [imei], counterclaim: true })
  await move(second.id, officer, { move: 'take' })
  expect((await decide(officer, second, 'accept_counterclaim')).ok).toBe(true)
  expect(await snapshotOf(first)).toMatchObject({ held: 'conflict', counterclaimById: officer.id })
  const event = await db.caseEvent.findFirstOrThrow({ where: { caseId: first.id, move: 'contested' } })
  expect(event).toMatchObject({ actorId: officer.id, actorAreaId: 'quan-3' })
})

test('two of the city police settle one conflict at once, each for another side: one wins', async () => {
  const { imei, first, second } = await conflict()
  const other = await makeStaff('city_police')
  // What both of them read before either sends.
  const { version } = await snapshotOf(second)
  const both = await Promise.all([
    decide(city, second, 'uphold_first', { version }),
    decide(other, second, 'uphold_second', { version }),
  ])
  expect(both.filter((one) => one.ok)).toHaveLength(1)
  expect(both.find((one) => !one.ok)).toEqual(refused('stale'))
  expect(await claims(imei)).toHaveLength(1)
  const states = [(await snapshotOf(first)).state, (await snapshotOf(second)).state]
  expect(states.filter((state) => state === 'rejected')).toHaveLength(1)
})

test('somebody writes on a case in the very moment in which its conflict ends: it is free all the same', async () => {
  const imei = randomImei()
  const first = await makeProvenCase({ imeis: [imei] })
  const second = await makeProvenCase({ imeis: [imei], counterclaim: true })
  await move(second.id, officer, { move: 'take' })
  await decide(officer, second, 'accept_counterclaim')
  await move(first.id, citizen, { move: 'withdraw' })
  await superuser.query('BEGIN')
  await superuser.query('UPDATE cases SET version = version + 1 WHERE id = $1', [second.id])
  const later = new Date(now.getTime() + 25 * 3_600_000)
  const ended = move(first.id, { kind: 'system' }, { move: 'finish_withdrawal' }, later)
  await expect.poll(waitingForLock).toBeGreaterThan(0)
  await superuser.query('COMMIT')
  await ended
  expect(await snapshotOf(second)).toMatchObject({ held: null })
})

test('a counter-claim is accepted while another on the same phone is settled: it stands against who is upheld', async () => {
  const { imei, first, second } = await conflict()
  const third = await makeProvenCase({ imeis: [imei], counterclaim: true })
  await move(third.id, officer, { move: 'take' })
  const [settled, accepted] = await Promise.all([
    decide(city, second, 'uphold_first'),
    decide(officer, third, 'accept_counterclaim'),
  ])
  expect(settled.ok || accepted.ok).toBe(true)
  const [held, claimant] = [await snapshotOf(third), await snapshotOf(first)]
  // Whichever came first, nobody is held against somebody who is not.
  if (held.held === 'conflict') expect(claimant.held).toBe('conflict')
})
