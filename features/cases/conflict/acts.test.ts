import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { holidays } from '#features/lookup-tables/data.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import { parseImei } from '#lib/imei/imei.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { readyText } from '#messages/ready-text.ts'
import { unseal, unwrap } from '#platform/crypto.ts'
import { superuser, waitingForLock } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  agreeing,
  answerConflict,
  type MadeCase,
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProvenCase,
  move,
  openAllSides,
  randomImei,
} from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { runClocks } from '../clocks/acts.ts'
import { HOLIDAYS } from '../clocks/holidays-rules.ts'
import { decisionDue, holdExpiry } from '../clocks/rules.ts'
import { listStillDeciding } from '../deciders/data.ts'
import { type DecisionInput, decideCase } from '../decisions/acts.ts'
import { type CaseDecision, decisionsOpenTo, moveOf } from '../decisions/rules.ts'
import { loadConflictingCases, readCaseFile } from '../file/page-data.ts'
import { findCase } from '../record/data.ts'

const now = new Date()
const citizen = { kind: 'citizen' } as const
/** Another person: somebody who reports their own phone anew is led to their newer case. */
const OTHER = { contact: { kind: 'email', value: 'khac@example.vn' } } as const
const days = new Set(HOLIDAYS.map(({ date }) => date))
/** The end of a block that passes, or is renewed, at a moment. */
const passedUntil = (at: Date) => holdExpiry(at, decisionDue(at, days))
const refused = (error: string) => ({ ok: false, error })

let officer: StaffReader
let colleague: StaffReader
let supervisor: StaffReader
let city: StaffReader
/** Another approver, without a part in the first claim. */
let approver: StaffReader
beforeEach(async () => {
  ;({ officer, supervisor } = await makePolice())
  colleague = await makeStaff('officer', { unitId: 'quan-3' })
  approver = await makeStaff('supervisor', { unitId: 'quan-3' })
  city = await makeStaff('city_police')
})

async function snapshotOf({ id }: { id: string }) {
  const c = await findCase(systemScope(), { id })
  if (!c) throw new Error('no such case')
  return c
}
async function decide(
  actor: StaffReader,
  c: MadeCase,
  decision: CaseDecision,
  more: Partial<DecisionInput> = {},
) {
  await openAllSides(actor, c.id, now)
  const { number, version } = await snapshotOf(c)
  const side = await db.case.findFirst({ where: { number: more.upheld ?? number }, select: { id: true } })
  const check = await agreeing(side?.id ?? c.id, moveOf(decision))
  const words = { reason: 'Đã so giấy tờ.', check }
  return decideCase(actor, { number, version, decision, ...words, submitKey: randomUUID(), ...more }, now)
}
const ordersOf = (c: MadeCase) =>
  db.carrierOrder.findMany({ where: { caseId: c.id }, select: { action: true, reason: true } })
const claims = (imei: string) =>
  db.caseImei.findMany({ where: { key14: imei.slice(0, 14), primaryClaim: true }, select: { caseId: true } })

/** A block in force, and a claim on the same phone whose proof another officer found to match as well. */
async function conflict() {
  const imei = randomImei()
  const first = await makeBlockingCase({ imeis: [imei] }, { officer, supervisor })
  const second = await makeProvenCase({ imeis: [imei], particulars: OTHER })
  await accept(second)
  return { imei, first, second }
}

/** Lets an officer find the proof of a case to match, by asking for a temporary block. */
const prove = (c: MadeCase, by = officer) => move(c.id, by, { move: 'hold' })

/** Begins a conflict, or adds to it, by an officer who has judged none of its other sides. */
async function accept(c: MadeCase, by = colleague) {
  await move(c.id, by, { move: 'take' })
  expect(await decide(by, c, 'accept_counterclaim')).toEqual({ ok: true, value: true })
  for (const imei of c.imeis) await answerConflict(imei, now)
}
const another = () => makeStaff('officer', { unitId: 'quan-3' })

const uphold = (actor: StaffReader, shown: MadeCase, upheld: MadeCase, more: Partial<DecisionInput> = {}) =>
  decide(actor, shown, 'uphold', { upheld: upheld.number, ...more })

/** Returns the newest line about a phone in each carrier's book. */
async function inBooks(imei: string) {
  const rows = await db.bookEntry.findMany({ where: { imei }, orderBy: { seq: 'asc' } })
  const last = new Map(rows.map((row) => [row.carrierId, row.action]))
  return { last: [...last.values()], unblocks: rows.filter((row) => row.action === 'unblock').length }
}
const reported = (imei: string) => db.caseImei.count({ where: { key14: imei.slice(0, 14), isPublic: true } })
const toldOf = async (c: MadeCase) =>
  (await db.notice.findMany({ where: { caseId: c.id }, select: { template: true } })).map(
    ({ template }) => template,
  )
const system = { kind: 'system' } as const
const hours = (n: number, from = now) => new Date(from.getTime() + n * 3_600_000)

const WRITTEN = [
  '356789100000015',
  '35678910000001',
  '3567891000000199',
  '35 678910-000001/5',
  '３５６７８９１００００００１５',
]

test.each(WRITTEN)(
  'one case has the claim on a phone, and the database holds it, written as %s',
  async (written) => {
    const first = await makeProvenCase({ imeis: ['356789100000015'] })
    const second = await makeProvenCase({ imeis: [randomImei(), written] })
    expect(await claims('356789100000015')).toEqual([{ caseId: first.id }])
    await expect(
      db.caseImei.updateMany({ where: { caseId: second.id }, data: { primaryClaim: true } }),
    ).rejects.toThrow(/[Uu]nique/)
  },
)

test('the person who settles a conflict sees every side, however many reports of the phone came after them', async () => {
  const { imei, first, second } = await conflict()
  for (let n = 0; n < 21; n++) await makeCase({ imeis: [imei] })
  const sides = async (of: MadeCase) => {
    const view = await readCaseFile(city, of.number, now)
    return view && (await loadConflictingCases(city, view, now)).map(({ snapshot }) => snapshot.number)
  }
  expect(await sides(second)).toEqual([first.number])
  expect(await sides(first)).toEqual([second.number])
})

test('sent to city police, both are held; a block in force stands, and its carriers go on', async () => {
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
  // City police have their usual time, from the end of the hearing.
  const due = decisionDue(decisionDue(now, await holidays()), await holidays())
  expect(await snapshotOf(first)).toMatchObject({ state: 'blocked', held: 'conflict', dueAt: due })
  expect(await snapshotOf(second)).toMatchObject({ dueAt: due })
  expect(await decide(officer, second, 'verify')).toEqual(refused('held'))
})

test('only city police settle it, and not the one who began it', async () => {
  const { first, second } = await conflict()
  expect(await uphold(supervisor, second, first)).toEqual(refused('forbidden'))
  const imei = randomImei()
  await prove(await makeProvenCase({ imeis: [imei] }))
  const own = await makeProvenCase({ imeis: [imei] })
  await move(own.id, city, { move: 'take' })
  await decide(city, own, 'accept_counterclaim')
  await answerConflict(imei, now)
  expect(await uphold(city, own, own)).toEqual(refused('own_acceptance'))
  expect(await uphold(await makeStaff('city_police'), own, own, { reason: '' })).toEqual(
    refused('text_missing'),
  )
  expect((await uphold(await makeStaff('city_police'), own, own)).ok).toBe(true)
})

test('who wrote one side down at the desk neither begins a conflict with it nor upholds it, and is not offered to', async () => {
  const { first, second } = await conflict()
  const may = async () =>
    (await listStillDeciding(city, await snapshotOf(second), [], now)).upholds.toSorted()
  expect(await may()).toEqual([first.number, second.number].toSorted())
  await move(second.id, city, { move: 'answer_conflict' })
  expect(await may()).toEqual([first.number])
  expect(await uphold(city, second, second)).toEqual(refused('own_writing'))

  const imei = randomImei()
  await prove(await makeProvenCase({ imeis: [imei] }))
  const own = await makeProvenCase({ imeis: [imei], particulars: OTHER })
  const further = parseImei(randomImei())
  await move(own.id, colleague, { move: 'add_imei', imeis: further.ok ? [further.value] : [] })
  await move(own.id, colleague, { move: 'take' })
  expect(await decide(colleague, own, 'accept_counterclaim')).toEqual(refused('own_writing'))
  const offered = async (to: StaffReader) => {
    const view = await readCaseFile(to, own.number, now)
    return view && decisionsOpenTo(view.snapshot, to, now, view).others
  }
  expect(await offered(colleague)).not.toContain('accept_counterclaim')
  expect(await offered(approver)).toContain('accept_counterclaim')
  expect(await decide(approver, own, 'accept_counterclaim')).toEqual({ ok: true, value: true })
})

test('the first upheld: its block goes on, the other is rejected with the reason and told', async () => {
  const { imei, first, second } = await conflict()
  expect((await uphold(city, second, first)).ok).toBe(true)
  expect(await snapshotOf(first)).toMatchObject({ state: 'blocking', held: null })
  expect(await snapshotOf(second)).toMatchObject({ state: 'rejected', held: null })
  expect(await claims(imei)).toEqual([{ caseId: first.id }])
  expect((await ordersOf(first)).every((order) => order.action === 'block')).toBe(true)
  const told = await db.notice.findMany({ where: { caseId: second.id }, select: { template: true } })
  expect(told.map((notice) => notice.template)).toContain('overruled')
})

test('the second upheld: it has the claim and the block, which no carrier lifts', async () => {
  const { imei, first, second } = await conflict()
  expect((await uphold(city, first, second)).ok).toBe(true)
  expect(await snapshotOf(first)).toMatchObject({ state: 'rejected', held: null, primaryClaim: false })
  expect(await snapshotOf(second)).toMatchObject({
    state: 'under_review',
    held: null,
    holdUntil: passedUntil(now),
    blockFromId: first.id,
  })
  expect(await claims(imei)).toEqual([{ caseId: second.id }])
  expect(await inBooks(imei)).toEqual({ last: Array(5).fill('block'), unblocks: 0 })
  expect(await reported(imei)).toBe(1)
  expect(await toldOf(second)).toEqual(expect.arrayContaining(['keep_block', 'upheld']))
  const lost = await db.caseEvent.findFirstOrThrow({ where: { caseId: first.id, move: 'overruled' } })
  expect(lost.reasonCode).toBe('other_claim_blocked')
  expect(await toldOf(first)).toContain('overruled')
  // A person who found for the other side, or settled against this one, decides nothing of it.
  for (const judge of [supervisor, city]) {
    expect(await decide(judge, second, 'verify')).toEqual(refused('judged_other'))
    expect(await decide(judge, second, 'reject', { reasonCode: 'other' })).toEqual(refused('judged_other'))
  }
  expect((await decide(colleague, second, 'verify')).ok).toBe(true)
  expect(await decide(supervisor, second, 'approve')).toEqual(refused('judged_other'))
  expect((await decide(approver, second, 'approve')).ok).toBe(true)
  expect(await snapshotOf(second)).toMatchObject({ state: 'blocking', holdUntil: null })
  expect(await inBooks(imei)).toEqual({ last: Array(5).fill('block'), unblocks: 0 })
  expect(await reported(imei)).toBe(1)
})

test('a passed block is lifted when its decision is due and nobody approved it, and not before', async () => {
  const { imei, first, second } = await conflict()
  await uphold(city, first, second)
  expect(await decide(colleague, second, 'hold')).toEqual(refused('hold_used'))
  await runClocks(addMilliseconds(passedUntil(now), -1))
  expect((await inBooks(imei)).unblocks).toBe(0)
  await runClocks(passedUntil(now))
  expect(await inBooks(imei)).toEqual({ last: Array(5).fill('unblock'), unblocks: 5 })
  expect(await reported(imei)).toBe(0)
  expect(await snapshotOf(second)).toMatchObject({
    state: 'under_review',
    holdUntil: null,
    primaryClaim: true,
  })
})

test('a passed block ends with the case that has it: withdrawn, or rejected by two', async () => {
  const a = await conflict()
  await uphold(city, a.first, a.second)
  await move(a.second.id, citizen, { move: 'withdraw' })
  await move(a.second.id, system, { move: 'finish_withdrawal' }, hours(25))
  expect((await inBooks(a.imei)).unblocks).toBe(5)
  expect(await claims(a.imei)).toEqual([])

  const b = await conflict()
  await uphold(city, b.first, b.second)
  expect((await decide(colleague, b.second, 'reject', { reasonCode: 'not_owner' })).ok).toBe(true)
  expect((await inBooks(b.imei)).unblocks).toBe(0)
  expect((await decide(approver, b.second, 'approve_unblock')).ok).toBe(true)
  expect(await inBooks(b.imei)).toEqual({ last: Array(5).fill('unblock'), unblocks: 5 })
})

test('the loser appeals and is upheld in a second conflict: the block passes back and is never lifted', async () => {
  const { imei, first, second } = await conflict()
  await uphold(city, first, second)
  await move(first.id, citizen, { move: 'appeal' })
  const third = await makeStaff('officer', { unitId: 'quan-3' })
  await move(first.id, third, { move: 'take' })
  expect((await decide(third, first, 'accept_counterclaim')).ok).toBe(true)
  await answerConflict(imei, now)
  // While city police decide, the temporary block does not end.
  const over = addMilliseconds(passedUntil(now), HOUR)
  await runClocks(over)
  expect(await snapshotOf(second)).toMatchObject({ held: 'conflict', holdUntil: passedUntil(over) })
  expect((await inBooks(imei)).unblocks).toBe(0)
  const other = await makeStaff('city_police')
  expect(await uphold(city, first, first)).toEqual(refused('judged_other'))
  expect((await uphold(other, first, first)).ok).toBe(true)
  expect(await snapshotOf(first)).toMatchObject({
    held: null,
    primaryClaim: true,
    holdUntil: passedUntil(now),
  })
  expect(await snapshotOf(second)).toMatchObject({ state: 'rejected', holdUntil: null, primaryClaim: false })
  expect(await inBooks(imei)).toEqual({ last: Array(5).fill('block'), unblocks: 0 })
  expect(await reported(imei)).toBe(1)
  expect(await claims(imei)).toEqual([{ caseId: first.id }])
})

test('a temporary block in force passes as an approved one does', async () => {
  const imei = randomImei()
  const first = await makeProvenCase({ imeis: [imei] })
  await move(first.id, officer, { move: 'hold' })
  await move(first.id, supervisor, { move: 'confirm_hold' })
  const second = await makeProvenCase({ imeis: [imei] })
  await accept(second)
  expect((await uphold(city, first, second)).ok).toBe(true)
  expect(await snapshotOf(second)).toMatchObject({ holdUntil: passedUntil(now), blockFromId: first.id })
  expect(await snapshotOf(first)).toMatchObject({ state: 'rejected', holdUntil: null })
  expect(await inBooks(imei)).toEqual({ last: Array(5).fill('block'), unblocks: 0 })
})

/** A temporary block of a case, and claims on its phone with matching proofs. */
async function held(others = 1, imeis = [randomImei()]) {
  const imei = imeis[0] ?? ''
  const first = await makeProvenCase({ imeis })
  await move(first.id, officer, { move: 'hold' })
  await move(first.id, supervisor, { move: 'confirm_hold' })
  const rest: MadeCase[] = []
  for (let n = 0; n < others; n++) {
    const next = await makeProvenCase({ imeis: [imei], now: hours(n / 10) })
    await accept(next, n === 0 ? colleague : await another())
    rest.push(next)
  }
  const [second = first, third = first] = rest
  return { imei, first, second, third }
}

test('the side with the temporary block withdraws: it stays for the one that still claims the phone', async () => {
  const { imei, first, second } = await held()
  await move(first.id, system, { move: 'objected' })
  await move(first.id, citizen, { move: 'withdraw' })
  await runClocks(hours(25))
  expect(await snapshotOf(first)).toMatchObject({ state: 'withdrawn', holdUntil: null, primaryClaim: false })
  expect(await snapshotOf(second)).toMatchObject({
    held: null,
    primaryClaim: true,
    holdUntil: passedUntil(hours(25)),
    blockFromId: first.id,
  })
  expect(await inBooks(imei)).toEqual({ last: Array(5).fill('block'), unblocks: 0 })
  expect(await reported(imei)).toBe(1)
  expect(await claims(imei)).toEqual([{ caseId: second.id }])
  expect(await toldOf(second)).toEqual(expect.arrayContaining(['keep_block', 'uncontested']))
  // An objection to the block is now one to the case that has it.
  const { rows } = await superuser.query("SELECT data FROM pgboss.job WHERE name = 'objection-settle'")
  expect(rows.map(({ data }) => data)).toContainEqual({
    caseId: first.id,
    granted: false,
    blockTo: second.id,
  })
  // Like every passed block, it lasts until its decision is due.
  await runClocks(addMilliseconds(passedUntil(hours(25)), -1))
  expect((await inBooks(imei)).unblocks).toBe(0)
  await runClocks(passedUntil(hours(25)))
  expect(await inBooks(imei)).toEqual({ last: Array(5).fill('unblock'), unblocks: 5 })
  expect(await reported(imei)).toBe(0)
})

test('the side with the temporary block does not answer in time: the block stays, and can be approved', async () => {
  const imei = randomImei()
  const first = await makeProvenCase({ imeis: [imei] })
  await move(first.id, officer, { move: 'take' })
  await move(first.id, officer, { move: 'request_info', reasonCode: 'proof' })
  await move(first.id, officer, { move: 'hold' })
  await move(first.id, supervisor, { move: 'confirm_hold' })
  const second = await makeProvenCase({ imeis: [imei] })
  await accept(second)
  await runClocks(hours(16 * 24))
  expect(await snapshotOf(first)).toMatchObject({ state: 'expired', holdUntil: null })
  expect(await snapshotOf(second)).toMatchObject({ held: null, holdUntil: passedUntil(hours(16 * 24)) })
  expect(await inBooks(imei)).toEqual({ last: Array(5).fill('block'), unblocks: 0 })
  expect((await decide(colleague, second, 'verify')).ok).toBe(true)
  expect((await decide(approver, second, 'approve')).ok).toBe(true)
  expect(await snapshotOf(second)).toMatchObject({ state: 'blocking', holdUntil: null })
  expect(await inBooks(imei)).toEqual({ last: Array(5).fill('block'), unblocks: 0 })
})

test('of two that are left the earlier report has the block, and leaves it to the other when it withdraws too', async () => {
  const { imei, first, second, third } = await held(2)
  await move(first.id, citizen, { move: 'withdraw' })
  await runClocks(hours(25))
  expect(await snapshotOf(second)).toMatchObject({ held: 'conflict', blockFromId: first.id })
  expect(await snapshotOf(third)).toMatchObject({ held: 'conflict', holdUntil: null })
  await move(second.id, citizen, { move: 'withdraw' }, hours(25))
  await runClocks(hours(50))
  expect(await snapshotOf(third)).toMatchObject({ held: null, primaryClaim: true, blockFromId: second.id })
  expect(await inBooks(imei)).toEqual({ last: Array(5).fill('block'), unblocks: 0 })
  expect(await reported(imei)).toBe(1)
})

test('with nobody left who claims it, a phone is unblocked: the other one of a withdrawn case, and at last the shared one', async () => {
  const [shared, rest] = [randomImei(), randomImei()]
  const { first, second } = await held(1, [shared, rest])
  await move(first.id, citizen, { move: 'withdraw' })
  await runClocks(hours(25))
  expect(await inBooks(shared)).toEqual({ last: Array(5).fill('block'), unblocks: 0 })
  expect(await inBooks(rest)).toEqual({ last: Array(5).fill('unblock'), unblocks: 5 })
  await move(second.id, citizen, { move: 'withdraw' }, hours(25))
  await runClocks(hours(50))
  expect(await inBooks(shared)).toEqual({ last: Array(5).fill('unblock'), unblocks: 5 })
})

test('a claim without the block withdraws: the block of the other goes on as it was', async () => {
  const { imei, first, second } = await held()
  const { holdUntil } = await snapshotOf(first)
  await move(second.id, citizen, { move: 'withdraw' })
  await runClocks(hours(25))
  expect(await snapshotOf(first)).toMatchObject({ held: null, holdUntil, blockFromId: null })
  expect(await inBooks(imei)).toEqual({ last: Array(5).fill('block'), unblocks: 0 })
})

test('only the phone that is claimed passes: another one of the rejected case is unblocked, and none is blocked anew', async () => {
  const [shared, rest, own] = [randomImei(), randomImei(), randomImei()]
  const first = await makeBlockingCase({ imeis: [shared, rest] }, { officer, supervisor })
  const second = await makeProvenCase({ imeis: [shared, own] })
  await accept(second)
  expect((await uphold(city, second, second)).ok).toBe(true)
  expect(await inBooks(shared)).toEqual({ last: Array(5).fill('block'), unblocks: 0 })
  expect(await inBooks(rest)).toEqual({ last: Array(5).fill('unblock'), unblocks: 5 })
  expect(await inBooks(own)).toEqual({ last: [], unblocks: 0 })
  expect(await Promise.all([shared, rest, own].map(reported))).toEqual([1, 0, 0])
  expect(await snapshotOf(first)).toMatchObject({ state: 'rejected' })
})

test('a block that waits at the guard waits on, for the case that is upheld', async () => {
  const { imei, first, second } = await conflict()
  const waits = await db.carrierOrder.findFirstOrThrow({ where: { caseId: first.id } })
  await superuser.query('DELETE FROM book_entries WHERE order_id = $1', [waits.id])
  const release = randomUUID()
  await db.orderRelease.create({
    data: { id: release, cause: 'guard', state: 'waiting', openedAt: now },
  })
  await db.carrierOrder.update({
    where: { id: waits.id },
    data: { state: 'queued', queuedAt: now, releaseId: release },
  })
  await db.queuedOrder.create({ data: { orderId: waits.id, imeis: [imei] } })
  expect((await uphold(city, first, second)).ok).toBe(true)
  const passed = await db.carrierOrder.findMany({ where: { caseId: second.id } })
  expect(passed.map(({ state }) => state).toSorted()).toEqual(['queued', 'sent', 'sent', 'sent', 'sent'])
  expect(await db.queuedOrder.findMany({ select: { imeis: true } })).toEqual([{ imeis: [imei] }])
  expect((await inBooks(imei)).unblocks).toBe(0)
})

test('three proven claims: the one that is named is upheld, from whichever page', async () => {
  const { imei, first, second } = await conflict()
  const third = await makeProvenCase({ imeis: [imei] })
  await accept(third, await another())
  expect(await uphold(city, first, await makeProvenCase())).toEqual(refused('not_in_conflict'))
  expect(await decide(city, first, 'uphold')).toEqual(refused('not_in_conflict'))
  expect((await uphold(city, first, third)).ok).toBe(true)
  expect(await claims(imei)).toEqual([{ caseId: third.id }])
  for (const loser of [first, second])
    expect(await snapshotOf(loser)).toMatchObject({ state: 'rejected', held: null })
  expect((await inBooks(imei)).unblocks).toBe(0)
})

test('a person who judged one claim decides none of the others', async () => {
  const imei = randomImei()
  await makeBlockingCase({ imeis: [imei] }, { officer, supervisor })
  const second = await makeProvenCase({ imeis: [imei] })
  expect(await decide(officer, second, 'take')).toEqual(refused('judged_other'))
  await move(second.id, colleague, { move: 'take' })
  const code = { reasonCode: 'insufficient_proof' }
  expect(await decide(supervisor, second, 'accept_counterclaim')).toEqual(refused('judged_other'))
  expect(await decide(supervisor, second, 'reject', code)).toEqual(refused('judged_other'))
  for (const judge of [officer, supervisor]) {
    expect(await decide(judge, second, 'hold')).toEqual(refused('judged_other'))
    const view = await readCaseFile(judge, second.number, now)
    expect(view?.judgedOther).toBe(true)
  }
  // City police with a part in another case: they verified the first one instead of its district.
  const elsewhere = randomImei()
  const verified = await makeProvenCase({ imeis: [elsewhere] })
  await move(verified.id, city, { move: 'take' })
  await move(verified.id, city, { move: 'verify' })
  const against = await makeProvenCase({ imeis: [elsewhere] })
  await accept(against)
  for (const side of [verified, against])
    expect(await uphold(city, against, side)).toEqual(refused('judged_other'))
  expect((await uphold(await makeStaff('city_police'), against, against)).ok).toBe(true)
})

test('a case that is over keeps nobody from deciding a new one on the phone', async () => {
  const imei = randomImei()
  const first = await makeProvenCase({ imeis: [imei] })
  await prove(first)
  await move(first.id, citizen, { move: 'withdraw' })
  await runClocks(hours(25))
  const second = await makeProvenCase({ imeis: [imei] })
  expect((await decide(officer, second, 'take')).ok).toBe(true)
  expect((await decide(officer, second, 'verify')).ok).toBe(true)
})

test('a claim that is rejected leaves the other alone', async () => {
  const imei = randomImei()
  const first = await makeProvenCase({ imeis: [imei] })
  const second = await makeProvenCase({ imeis: [imei] })
  await move(second.id, officer, { move: 'take' })
  const before = await snapshotOf(first)
  expect((await decide(officer, second, 'reject', { reasonCode: 'insufficient_proof' })).ok).toBe(true)
  expect(await snapshotOf(second)).toMatchObject({ state: 'rejected' })
  expect(await snapshotOf(first)).toEqual(before)
})

test('three claimants: one is upheld, both others are rejected', async () => {
  const { imei, first, second } = await conflict()
  const third = await makeProvenCase({ imeis: [imei] })
  await accept(third, await another())
  expect((await uphold(city, third, third)).ok).toBe(true)
  expect(await snapshotOf(third)).toMatchObject({ state: 'under_review', held: null, primaryClaim: true })
  for (const loser of [first, second])
    expect(await snapshotOf(loser)).toMatchObject({ state: 'rejected', held: null })
  expect(await claims(imei)).toEqual([{ caseId: third.id }])
})

test('two phones in one case, each claimed by another: only who stands against the winner loses', async () => {
  const [one, two] = [randomImei(), randomImei()]
  const first = await makeProvenCase({ imeis: [one, two] })
  await prove(first, supervisor)
  const onOne = await makeProvenCase({ imeis: [one] })
  const onTwo = await makeProvenCase({ imeis: [two] })
  for (const c of [onOne, onTwo]) {
    await move(c.id, officer, { move: 'take' })
    expect((await decide(officer, c, 'accept_counterclaim')).ok).toBe(true)
  }
  for (const imei of [one, two]) await answerConflict(imei, now)
  expect((await uphold(city, onOne, onOne)).ok).toBe(true)
  expect(await snapshotOf(first)).toMatchObject({ state: 'rejected' })
  expect(await snapshotOf(onTwo)).toMatchObject({ state: 'under_review', held: null, primaryClaim: true })
  expect((await decide(officer, onTwo, 'verify')).ok).toBe(true)
  expect(await claims(two)).toEqual([{ caseId: onTwo.id }])
})

test('the opponent withdraws: nobody is contested any more, and the other claim can be verified', async () => {
  const imei = randomImei()
  const first = await makeProvenCase({ imeis: [imei] })
  await prove(first, supervisor)
  const second = await makeProvenCase({ imeis: [imei] })
  await move(second.id, officer, { move: 'take' })
  await decide(officer, second, 'accept_counterclaim')
  await move(first.id, citizen, { move: 'withdraw' })
  const later = new Date(now.getTime() + 25 * 3_600_000)
  await move(first.id, { kind: 'system' }, { move: 'finish_withdrawal' }, later)
  expect(await snapshotOf(second)).toMatchObject({ held: null, primaryClaim: true })
  // Nobody can get in before it with a report of their own.
  await makeProvenCase({ imeis: [imei] })
  expect((await decide(officer, second, 'verify')).ok).toBe(true)
  expect(await claims(imei)).toEqual([{ caseId: second.id }])
})

test('an appeal has its claim back when the phone is free, and goes on without it when it is not', async () => {
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
  const taken = await makeProvenCase({ imeis: [imei], particulars: OTHER })
  await move(lost.id, citizen, { move: 'appeal' })
  expect(await snapshotOf(lost)).toMatchObject({
    state: 'under_review',
    counterclaim: null,
    primaryClaim: false,
  })
  expect(await claims(imei)).toEqual([{ caseId: taken.id }])
  expect(await toldOf(lost)).toEqual(await toldOf(free))
})

test('a conflict of one district reaches the case of another, and the history says who began it', async () => {
  const imei = randomImei()
  const first = await makeProvenCase({ imeis: [imei], unitId: 'quan-1' })
  await prove(first, city)
  const second = await makeProvenCase({ imeis: [imei] })
  await move(second.id, officer, { move: 'take' })
  expect((await decide(officer, second, 'accept_counterclaim')).ok).toBe(true)
  expect(await snapshotOf(first)).toMatchObject({ held: 'conflict', counterclaimById: officer.id })
  const event = await db.caseEvent.findFirstOrThrow({ where: { caseId: first.id, move: 'contested' } })
  expect(event).toMatchObject({ actorId: officer.id, actorUnitId: 'quan-3' })
})

test('two of the city police settle one conflict at once, each for another side: one wins', async () => {
  const { imei, first, second } = await conflict()
  const other = await makeStaff('city_police')
  // The version that both of them read before either sends.
  const { version } = await snapshotOf(second)
  const both = await Promise.all([
    uphold(city, second, first, { version }),
    uphold(other, second, second, { version }),
  ])
  expect(both.filter((one) => one.ok)).toHaveLength(1)
  expect(both.find((one) => !one.ok)).toEqual(refused('changed'))
  expect(await claims(imei)).toHaveLength(1)
  const states = [(await snapshotOf(first)).state, (await snapshotOf(second)).state]
  expect(states.filter((state) => state === 'rejected')).toHaveLength(1)
})

test('somebody writes on a case in the very moment in which its conflict ends: it is free all the same', async () => {
  const imei = randomImei()
  const first = await makeProvenCase({ imeis: [imei] })
  await prove(first, supervisor)
  const second = await makeProvenCase({ imeis: [imei] })
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

test('a conflict grows while it is settled: the third claim stands against the side that is upheld', async () => {
  const { imei, first, second } = await conflict()
  const third = await makeProvenCase({ imeis: [imei] })
  const fresh = await another()
  await move(third.id, fresh, { move: 'take' })
  const [settled, accepted] = await Promise.all([
    uphold(city, second, first),
    decide(fresh, third, 'accept_counterclaim'),
  ])
  expect(settled.ok || accepted.ok).toBe(true)
  const [held, claimant] = [await snapshotOf(third), await snapshotOf(first)]
  // In either order, no case is held against a case that is not.
  if (held.held === 'conflict') expect(claimant.held).toBe('conflict')
})

test('a ready reason reaches each side that is not upheld in its own language, and is kept with the upheld case', async () => {
  const { first, second } = await conflict()
  await db.case.update({ where: { id: first.id }, data: { locale: 'en' } })
  const chosen = { reason: '', reasonCode: 'sold', language: 'vi' } as const
  expect(await uphold(city, second, second, chosen)).toEqual({ ok: true, value: true })
  const [loser, winner] = [
    await readCaseFile(city, first.number, now),
    await readCaseFile(city, second.number, now),
  ]
  const told = loser?.events.find(({ move: made }) => made === 'overruled')
  expect(told?.words.message).toBe(readyText('upheld', 'sold', 'en'))
  const kept = winner?.events.find(({ move: made }) => made === 'upheld')
  expect(kept).toMatchObject({ reasonCode: 'sold', words: { reason: readyText('upheld', 'sold', 'vi') } })
})

/** A block in force and a proven claim against it; no side has answered yet. */
async function unheard() {
  const imei = randomImei()
  const first = await makeBlockingCase({ imeis: [imei] }, { officer, supervisor })
  await move(first.id, system, { move: 'carriers_applied' })
  const second = await makeProvenCase({ imeis: [imei] })
  await move(second.id, colleague, { move: 'take' })
  expect(await decide(colleague, second, 'accept_counterclaim')).toMatchObject({ ok: true })
  return { imei, first, second, until: decisionDue(now, await holidays()) }
}
const answer = (c: MadeCase, at = now) =>
  move(c.id, citizen, { move: 'answer_conflict', text: 'Tôi mua máy này.' }, at)

test('each side of a conflict is told until when it is heard, a blocked one too, and may speak', async () => {
  const { first, second, until } = await unheard()
  for (const c of [first, second]) {
    expect(await snapshotOf(c)).toMatchObject({ held: 'conflict', hearingUntil: until, answeredAt: null })
    const notice = await db.notice.findFirstOrThrow({
      where: { caseId: c.id, template: { in: ['contested', 'accept_counterclaim'] } },
    })
    const key = await db.caseKey.findFirstOrThrow({ where: { caseId: c.id } })
    const place = `notice:${notice.id}`
    const { params } = unseal<{ params: { until?: string } }>(unwrap(c.id, key), place, notice.sealed)
    expect(params.until).toBe(until.toISOString())
    await answer(c)
    await answer(c)
    expect(await snapshotOf(c)).toMatchObject({ held: 'conflict', answeredAt: now })
  }
  expect(await snapshotOf(first)).toMatchObject({ state: 'blocked' })
})

test('nobody is upheld before each side has answered, or its own days are over', async () => {
  const { first, second, until } = await unheard()
  expect(await uphold(city, second, second)).toEqual(refused('hearing_runs'))
  expect(await readCaseFile(city, second.number, now)).toMatchObject({ heard: false })
  await answer(second)
  // An answer ends only the wait of its own side.
  expect(await uphold(city, second, second)).toEqual(refused('hearing_runs'))
  expect(await uphold(city, first, first)).toEqual(refused('hearing_runs'))
  expect(await snapshotOf(first)).toMatchObject({ state: 'blocked', held: 'conflict' })
  await openAllSides(city, first.id, until)
  const { number, version } = await snapshotOf(second)
  const check = await agreeing(second.id, 'upheld')
  const words = { reason: 'Đã so giấy tờ.', check, submitKey: randomUUID() }
  const input = { number, version, decision: 'uphold', upheld: second.number, ...words } as const
  expect(await decideCase(city, input, until)).toMatchObject({ ok: true })
})

test('city police ask one side: its time begins anew, the other’s does not', async () => {
  const { first, second, until } = await unheard()
  await answer(first)
  await answer(second)
  const at = hours(24)
  await move(first.id, city, { move: 'ask_side', text: 'Bạn mua ở đâu?' }, at)
  expect(await snapshotOf(first)).toMatchObject({
    hearingUntil: decisionDue(at, await holidays()),
    answeredAt: null,
  })
  expect(await snapshotOf(second)).toMatchObject({ hearingUntil: until, answeredAt: now })
  expect(await toldOf(first)).toContain('ask_side')
  expect(await uphold(city, second, second)).toEqual(refused('hearing_runs'))
  await answer(first, at)
  expect(await uphold(city, second, second)).toMatchObject({ ok: true })
  // The hearing is over for both: nobody can be asked or answer any more.
  await expect(answer(first, at)).rejects.toThrow('wrong_state')
  await expect(answer(second, at)).rejects.toThrow('no_conflict')
})

test('two sides answer in one moment: both are kept, and a third that joins has days of its own', async () => {
  const { imei, first, second, until } = await unheard()
  await Promise.all([answer(first), answer(second)])
  const third = await makeProvenCase({ imeis: [imei] })
  const fourth = await another()
  await move(third.id, fourth, { move: 'take' })
  const { number, version } = await snapshotOf(third)
  await openAllSides(fourth, third.id, hours(48))
  const check = await agreeing(third.id, 'accept_counterclaim')
  const words = { reason: 'Đã so giấy tờ.', check, submitKey: randomUUID() }
  expect(
    await decideCase(fourth, { number, version, decision: 'accept_counterclaim', ...words }, hours(48)),
  ).toMatchObject({ ok: true })
  expect(await snapshotOf(third)).toMatchObject({ hearingUntil: decisionDue(hours(48), await holidays()) })
  for (const c of [first, second])
    expect(await snapshotOf(c)).toMatchObject({ hearingUntil: until, answeredAt: now })
})
