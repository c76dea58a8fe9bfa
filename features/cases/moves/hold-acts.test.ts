import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { checkPhone } from '#features/check/acts.ts'
import { listFile } from '#features/exchange/lists/data.ts'
import { recordResults } from '#features/exchange/results/acts.ts'
import { findWaitingNotice } from '#features/notices/data.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { inScope } from '#platform/scope.ts'
import { db } from '#tests/db.ts'
import {
  AGREES,
  type MadeCase,
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProof,
  move,
  openProof,
  randomImei,
  stateOf,
} from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { runClocks } from '../clocks/acts.ts'
import { HOLIDAYS } from '../clocks/holidays-rules.ts'
import { decisionDue, holdExpiry } from '../clocks/rules.ts'
import { type DecisionInput, decideCase } from '../decisions/acts.ts'
import { settleCase } from '../settling/acts.ts'

const now = new Date()
/** The due time of the decision on a report sent now, which is more than 72 hours away. */
const until = holdExpiry(now, decisionDue(now, new Set(HOLIDAYS.map(({ date }) => date))))

async function decideSeen(actor: StaffReader, input: DecisionInput, at: Date) {
  const { id } = await db.case.findUniqueOrThrow({ where: { number: input.number } })
  await openProof(actor, id, at)
  return decideCase(actor, input, at)
}

const decision = async (number: string, what: DecisionInput['decision']): Promise<DecisionInput> => ({
  number,
  version: (await db.case.findUniqueOrThrow({ where: { number } })).version,
  submitKey: randomUUID(),
  decision: what,
  reason: 'Có giấy tờ mua máy.',
  check: AGREES,
})

async function makeHeldCase() {
  const police = await makePolice()
  const made = await makeCase({ now })
  await makeProof(made.id)
  expect(await decideSeen(police.officer, await decision(made.number, 'hold'), now)).toMatchObject({
    ok: true,
  })
  expect(await decideSeen(police.supervisor, await decision(made.number, 'confirm_hold'), now)).toMatchObject(
    {
      ok: true,
    },
  )
  return { ...made, ...police }
}

/** Returns what one carrier is told about a phone, in order. */
const told = async ({ imeis }: Pick<MadeCase, 'imeis'>, carrierId = 'viettel') =>
  (await db.bookEntry.findMany({ where: { carrierId, imei: imeis[0] ?? '' }, orderBy: { seq: 'asc' } })).map(
    (line) => `${line.action} ${line.reason}`,
  )

async function isListed({ imeis: [imei = ''] }: Pick<MadeCase, 'imeis'>): Promise<boolean> {
  const { bookHead } = await db.carrier.findUniqueOrThrow({ where: { id: 'viettel' } })
  return (await new Response((await listFile('viettel', Number(bookHead)))?.body).text()).includes(imei)
}

const publicly = async ({ imeis: [imei = ''] }: Pick<MadeCase, 'imeis'>) => {
  const checked = await checkPhone(imei, randomUUID(), now)
  return checked.ok && checked.value.result
}

async function answer({ imeis: [imei = ''] }: Pick<MadeCase, 'imeis'>, carrierId: string) {
  const line = await db.bookEntry.findFirstOrThrow({ where: { carrierId, imei }, orderBy: { seq: 'desc' } })
  const row = { order: line.orderId, imei, outcome: 'applied', at: now.toISOString() } as const
  expect(await recordResults(carrierId, [row], now)).toMatchObject([{ status: 'recorded' }])
}

test('nothing leaves before two people have acted, and then it says when it ends', async () => {
  const { officer, supervisor } = await makePolice()
  const made = await makeCase({ now })
  expect(await decideSeen(officer, await decision(made.number, 'hold'), now)).toEqual(err('no_proof'))
  await makeProof(made.id)
  await decideSeen(supervisor, await decision(made.number, 'hold'), now)
  expect(await told(made)).toEqual([])
  expect(await publicly(made)).toBe('not_reported')
  expect(await decideSeen(supervisor, await decision(made.number, 'confirm_hold'), now)).toEqual(
    err('own_hold'),
  )
  const { supervisor: other } = await makePolice()
  expect(await decideSeen(other, await decision(made.number, 'confirm_hold'), now)).toMatchObject({
    ok: true,
  })
  expect(await told(made)).toEqual(['block hold'])
  const line = await db.bookEntry.findFirstOrThrow({ where: { imei: made.imeis[0] ?? '' } })
  expect(line.expiresAt).toEqual(until)
  expect(await publicly(made)).toBe('reported')
  expect(await stateOf(made.id)).toBe('submitted')
})

test('is renewed once by two people: carriers hear of its new end, and nothing is lifted in between', async () => {
  const made = await makeHeldCase()
  const { officer, supervisor } = made
  const { officer: other } = await makePolice()
  await answer(made, 'viettel')
  expect(await decideSeen(other, await decision(made.number, 'confirm_renewal'), now)).toEqual(
    err('forbidden'),
  )
  expect(await decideSeen(supervisor, await decision(made.number, 'confirm_renewal'), now)).toEqual(
    err('hold_not_asked'),
  )
  expect(await decideSeen(supervisor, await decision(made.number, 'renew_hold'), now)).toMatchObject({
    ok: true,
  })
  expect(await told(made)).toEqual(['block hold'])
  // It waits in the list of all requests for a temporary block, with its own clock.
  expect(await db.queuePlace.findFirst({ where: { caseId: made.id, list: 'hold' } })).toMatchObject({
    actBy: addMilliseconds(now, 4 * HOUR),
    notBy: [supervisor.id],
    flags: ['hold_asked', 'hold'],
  })
  expect(await decideSeen(supervisor, await decision(made.number, 'confirm_renewal'), now)).toEqual(
    err('own_hold'),
  )
  const { supervisor: second } = await makePolice()
  expect(await decideSeen(second, await decision(made.number, 'confirm_renewal'), now)).toMatchObject({
    ok: true,
  })
  const renewed = holdExpiry(until, decisionDue(now, new Set(HOLIDAYS.map(({ date }) => date))))
  expect(await db.case.findUnique({ where: { id: made.id } })).toMatchObject({
    holdUntil: renewed,
    holdAskedById: officer.id,
    renewalAskedById: supervisor.id,
    renewalConfirmedById: second.id,
  })
  expect(await told(made)).toEqual(['block hold', 'block hold'])
  const line = await db.bookEntry.findFirstOrThrow({
    where: { imei: made.imeis[0] ?? '' },
    orderBy: { seq: 'desc' },
  })
  expect(line.expiresAt).toEqual(renewed)
  expect(await db.queuePlace.count({ where: { caseId: made.id, list: 'hold' } })).toBe(0)
  expect(await decideSeen(officer, await decision(made.number, 'renew_hold'), now)).toEqual(
    err('renewal_used'),
  )
  const [notice] = await db.notice.findMany({ where: { caseId: made.id, template: 'confirm_renewal' } })
  expect((await inScope(systemScope(), () => findWaitingNotice(notice?.id ?? '')))?.params).toMatchObject({
    until: renewed.toISOString(),
  })
  await runClocks(until)
  expect(await told(made)).toEqual(['block hold', 'block hold'])
  await runClocks(renewed)
  expect(await told(made)).toEqual(['block hold', 'block hold', 'unblock expired'])
  expect(await publicly(made)).toBe('not_reported')
})

test('a renewal that nobody confirmed lapses in a day, its block ends as before, and two confirmations at once are one', async () => {
  const made = await makeHeldCase()
  await move(made.id, made.officer, { move: 'renew_hold' }, now)
  expect(await runClocks(addMilliseconds(now, 24 * HOUR))).toMatchObject({ holdRequestsLapsed: 1 })
  expect(await db.case.findUnique({ where: { id: made.id } })).toMatchObject({
    renewalAskedById: null,
    holdConfirmedById: made.supervisor.id,
    holdUntil: until,
  })
  await move(made.id, made.officer, { move: 'renew_hold' }, addMilliseconds(now, 25 * HOUR))
  await runClocks(addMilliseconds(until, HOUR))
  expect(await db.case.findUnique({ where: { id: made.id } })).toMatchObject({
    renewalAskedById: null,
    holdUntil: null,
  })
  expect(await told(made)).toEqual(['block hold', 'unblock expired'])
  await expect(move(made.id, made.officer, { move: 'renew_hold' }, until)).rejects.toThrow('no_hold')

  const twice = await makeHeldCase()
  await move(twice.id, twice.officer, { move: 'renew_hold' }, now)
  const { supervisor } = await makePolice()
  const input = await decision(twice.number, 'confirm_renewal')
  const done = await Promise.all([
    decideSeen(twice.supervisor, { ...input, submitKey: randomUUID() }, now),
    decideSeen(supervisor, { ...input, submitKey: randomUUID() }, now),
  ])
  expect(done.filter(({ ok }) => ok)).toHaveLength(1)
  expect(await told(twice)).toEqual(['block hold', 'block hold'])
})

test('a number that the two did not find is not blocked by the clock that keeps the block, nor by its renewal', async () => {
  const { officer, supervisor } = await makePolice()
  const imeis = [randomImei(), randomImei()]
  const made = await makeCase({ now, imeis })
  await makeProof(made.id)
  const check = { ...AGREES, checkImei1: 'yes', checkImei2: 'not_visible' } as const
  await move(made.id, officer, { move: 'hold', check }, now)
  await move(made.id, supervisor, { move: 'confirm_hold', check }, now)
  const listed = async () =>
    (await db.caseImei.findMany({ where: { caseId: made.id, isPublic: true } })).map(({ imei }) => imei)
  expect(await listed()).toEqual([imeis[0]])
  await db.case.update({ where: { id: made.id }, data: { held: 'conflict' } })
  expect(await runClocks(until)).toMatchObject({ holdsKept: 1 })
  expect(await listed()).toEqual([imeis[0]])
  await db.case.update({ where: { id: made.id }, data: { held: null } })
  const { checkImei2: _, ...ofBlocked } = check
  await move(made.id, officer, { move: 'renew_hold', check: ofBlocked }, until)
  await move(made.id, supervisor, { move: 'confirm_renewal', check: ofBlocked }, until)
  expect(await listed()).toEqual([imeis[0]])
  expect(await told({ imeis: [imeis[1] ?? ''] })).toEqual([])
  expect(await told(made)).toEqual(['block hold', 'block hold', 'block hold'])
})

test('the database knows no temporary block of one person, and none without an end', async () => {
  const made = await makeCase()
  const { officer } = await makePolice()
  const alone = { holdAskedById: officer.id, holdConfirmedById: officer.id, holdUntil: until }
  await expect(db.case.update({ where: { id: made.id }, data: alone })).rejects.toThrow(/a_hold_needs_two/)
  await expect(db.case.update({ where: { id: made.id }, data: { holdUntil: until } })).rejects.toThrow(
    /a_hold_was_confirmed/,
  )
})

test('the clock ends it once, however many run, and the phone is off every list', async () => {
  const made = await makeHeldCase()
  expect((await runClocks(addMilliseconds(until, -1))).holdsEnded).toBe(0)
  expect(await isListed(made)).toBe(true)
  const runs = await Promise.all([runClocks(until), runClocks(until), runClocks(until)])
  expect(runs.reduce((sum, { holdsEnded }) => sum + holdsEnded, 0)).toBe(1)
  for (const carrier of ['viettel', 'gmobile']) {
    expect(await told(made, carrier)).toEqual(['block hold', 'unblock expired'])
  }
  expect(await isListed(made)).toBe(false)
  expect(await publicly(made)).toBe('not_reported')
  expect(await stateOf(made.id)).toBe('submitted')
})

test('approval and the end of its time at once: one wins, and the book agrees with the case', async () => {
  const made = await makeHeldCase()
  await move(made.id, made.officer, { move: 'take' }, now)
  await move(made.id, made.officer, { move: 'verify' }, now)
  const approval = await decision(made.number, 'approve')
  const [approved, { holdsEnded }] = await Promise.all([
    decideSeen(made.supervisor, approval, until),
    runClocks(until),
  ])
  expect(approved.ok).toBe(holdsEnded === 0)
  if (!approved.ok) expect(approved.error).toBe('changed')
  expect(await isListed(made)).toBe(approved.ok)
  expect(await told(made)).toEqual(['block hold', approved.ok ? 'block robbed' : 'unblock expired'])
})

test('two confirm at once: one order a carrier', async () => {
  const police = await makePolice()
  const city = await makeStaff('city_police', {})
  const made = await makeCase({ now })
  await makeProof(made.id)
  await decideSeen(police.officer, await decision(made.number, 'hold'), now)
  const done = await Promise.all(
    [police.supervisor, city].map(async (who) =>
      decideSeen(who, await decision(made.number, 'confirm_hold'), now),
    ),
  )
  expect(done.filter((one) => one.ok)).toHaveLength(1)
  expect(await told(made)).toEqual(['block hold'])
})

test('approved meanwhile, the block stays, and the case waits for the answers to it alone', async () => {
  const made = await makeHeldCase()
  for (const carrier of await db.carrier.findMany({ where: { active: true } })) await answer(made, carrier.id)
  await move(made.id, made.officer, { move: 'take' }, now)
  await move(made.id, made.officer, { move: 'verify' }, now)
  await move(made.id, made.supervisor, { move: 'approve' }, now)
  await settleCase(made.id, now)
  expect(await stateOf(made.id)).toBe('blocking')
  for (const carrier of await db.carrier.findMany({ where: { active: true } })) await answer(made, carrier.id)
  await settleCase(made.id, now)
  expect(await stateOf(made.id)).toBe('blocked')
  await runClocks(addMilliseconds(until, HOUR))
  expect(await told(made)).toEqual(['block hold', 'block robbed'])
})

test('after a rejection another person lifts it; a block by another case stands', async () => {
  const made = await makeHeldCase()
  await move(made.id, made.officer, { move: 'take' }, now)
  await move(made.id, made.officer, { move: 'reject', reasonCode: 'not_owner' }, now)
  expect(await isListed(made)).toBe(true)
  await makeBlockingCase({ imeis: made.imeis, incidentType: 'lost' })
  const lifted = await decideSeen(made.supervisor, await decision(made.number, 'approve_unblock'), now)
  expect(lifted).toMatchObject({ ok: true })
  expect(await told(made)).toEqual(['block hold', 'block lost'])

  const alone = await makeHeldCase()
  await move(alone.id, alone.officer, { move: 'take' }, now)
  await move(alone.id, alone.officer, { move: 'reject', reasonCode: 'not_owner' }, now)
  await decideSeen(alone.supervisor, await decision(alone.number, 'approve_unblock'), now)
  expect(await told(alone)).toEqual(['block hold', 'unblock wrong'])
})

test('the letter of a rejection says how long the phone stays blocked; the end of that does not say that the case goes on', async () => {
  const made = await makeHeldCase()
  await move(made.id, made.officer, { move: 'take' }, now)
  await move(made.id, made.officer, { move: 'reject', reasonCode: 'not_owner' }, now)
  const { holdUntil } = await db.case.findUniqueOrThrow({ where: { id: made.id } })
  const [rejection] = await db.notice.findMany({ where: { caseId: made.id, template: 'reject' } })
  const waiting = await inScope(systemScope(), () => findWaitingNotice(rejection?.id ?? ''))
  expect(waiting?.params).toMatchObject({
    hold: holdUntil?.toISOString(),
    last: { box: { act: 'rejected' } },
  })
  await runClocks(addMilliseconds(holdUntil ?? now, HOUR))
  expect(await told(made)).toEqual(['block hold', 'unblock expired'])
  const templates = (await db.notice.findMany({ where: { caseId: made.id } })).map(({ template }) => template)
  expect(templates).toContain('end_hold_rejected')
  expect(templates).not.toContain('end_hold')
})
