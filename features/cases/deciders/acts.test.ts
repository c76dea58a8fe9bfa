import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { findActors } from '#features/accounts/sign-in/data.ts'
import { approvalsFor } from '#features/approvals/data.ts'
import { countTasks, listCaseTasks } from '#features/tasks/data.ts'
import type { StaffActor, StaffReader } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, type Instant, localDate } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  AGREES,
  answerConflict,
  type MadeCase,
  makeProvenCase,
  move,
  openAllSides,
  randomImei,
} from '#tests/factories/case.ts'
import { confirm, openApproval, refuse } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { decideCase } from '../decisions/acts.ts'
import type { CaseDecision } from '../decisions/rules.ts'
import { discloseCase } from '../disclosure/acts.ts'
import { loadConflictingCases, readCaseFile } from '../file/page-data.ts'
import { findCase } from '../record/data.ts'
import { caseStanding } from '../standing/rules.ts'
import { askLoan, watchDeciders } from './acts.ts'
import { listStillDeciding, listUndecidedCases } from './data.ts'

const now = new Date()
const CITIZEN = { kind: 'citizen' } as const
const SYSTEM = { kind: 'system' } as const

let [admin, second, auditor]: StaffReader[] = []
let [officer, city1, city2, elsewhere]: StaffReader[] = []
beforeEach(async () => {
  ;[admin, second, auditor] = [await makeStaff('admin'), await makeStaff('admin'), await makeStaff('auditor')]
  // A unit with one officer, two people of city police, and a supervisor of another unit.
  officer = await makeStaff('officer')
  city1 = await makeStaff('city_police')
  city2 = await makeStaff('city_police')
  elsewhere = await makeStaff('supervisor', { unitId: 'quan-1' })
})
const a = () => ({ admin, second, auditor, officer, city1, city2, elsewhere }) as Record<string, StaffReader>
const who = (name: string): StaffReader => {
  const found = a()[name]
  if (!found) throw new Error(`no ${name}`)
  return found
}

const caseNow = async (made: MadeCase) => {
  const c = await findCase(systemScope(), { id: made.id })
  if (!c) throw new Error('no case')
  return c
}
const toldOf = async (id: string) =>
  (await db.notice.findMany({ where: { caseId: id }, orderBy: { createdAt: 'asc' } })).map(
    ({ template }) => template,
  )
const mailed = async (notice: string): Promise<string[]> => {
  const { rows } = await superuser.query(
    "SELECT data->>'accountId' AS id FROM pgboss.job WHERE name = 'account-notice' AND data->>'notice' = $1",
    [notice],
  )
  return rows.map(({ id }) => id).toSorted()
}
const sorted = (people: readonly StaffActor[]) => people.map(({ id }) => id).toSorted()

/** Returns a person as in their next request: with their loans. */
async function signedIn(of: StaffReader): Promise<StaffReader> {
  await db.staffSession.create({
    data: {
      ...{ tokenHash: Buffer.from(randomUUID()), id: of.sessionId, accountId: of.id, createdAt: now },
      ...{ steppedUpAt: now, lastSeenAt: new Date(), expiresAt: addMilliseconds(new Date(), DAY) },
    },
  })
  const actor = (await findActors([of.sessionId], new Date())).get(of.sessionId)
  if (!actor) throw new Error('not signed in')
  return { ...actor, sessionId: of.sessionId }
}

async function decides(
  actor: StaffReader,
  made: MadeCase,
  decision: CaseDecision,
  also: { readonly upheld?: string; readonly reasonCode?: string } = {},
  at: Instant = now,
) {
  const { version } = await caseNow(made)
  await openAllSides(actor, made.id, at)
  const input = { number: made.number, version, submitKey: randomUUID(), decision, reason: 'Đã đối chiếu.' }
  return decideCase(actor, { ...input, check: AGREES, ...also }, at)
}

/** A conflict that nobody in the city may settle: one person of each role had a part in each claim. */
async function deadConflict(): Promise<readonly [MadeCase, MadeCase]> {
  const imeis = [randomImei()]
  const one = await makeProvenCase({ imeis, now })
  await move(one.id, who('officer'), { move: 'take' }, now)
  await move(one.id, who('officer'), { move: 'verify' }, now)
  await move(one.id, who('city1'), { move: 'approve' }, now)
  await move(one.id, SYSTEM, { move: 'carriers_applied' }, now)
  const other = await makeProvenCase({ imeis, now: addMilliseconds(now, HOUR) })
  expect(await decides(who('city2'), other, 'take')).toEqual({ ok: true, value: true })
  expect(await decides(who('city2'), other, 'accept_counterclaim')).toEqual({ ok: true, value: true })
  for (const imei of imeis) await answerConflict(imei, addMilliseconds(now, HOUR))
  return [one, other]
}

const askToLend = (made: MadeCase, person: StaffReader, at = now) =>
  askLoan(who('admin'), { number: made.number, accountId: person.id, submitKey: randomUUID() }, at)

async function lend(made: MadeCase, person: StaffReader) {
  const asked = await askToLend(made, person)
  if (!asked.ok) return asked
  return confirm(who('second'), asked.value, now)
}

describe('a conflict that all of city police had a part in', () => {
  test('is foreseen before the last of them begins it, and left to a supervisor where there is one', async () => {
    const imeis = [randomImei()]
    const one = await makeProvenCase({ imeis, now })
    await move(one.id, who('officer'), { move: 'take' }, now)
    await move(one.id, who('officer'), { move: 'verify' }, now)
    await move(one.id, who('city1'), { move: 'approve' }, now)
    const other = await makeProvenCase({ imeis, now })
    await move(other.id, who('city2'), { move: 'take' }, now)
    const look = async () =>
      listStillDeciding(who('city2'), await caseNow(other), ['accept_counterclaim'], now)
    expect((await look()).advice.get('accept_counterclaim')).toMatchObject({
      usesUp: [{ ending: 'upheld' }, { ending: 'upheld' }],
      leaveTo: [],
    })
    const supervisor = await makeStaff('supervisor')
    expect((await look()).advice.get('accept_counterclaim')?.leaveTo).toEqual([supervisor.id])
    // A person who is away cannot spare the last one.
    const day = new Date(localDate(now))
    await db.staffAbsence.create({
      data: {
        ...{ id: randomUUID(), accountId: supervisor.id, markedById: who('admin').id, markedAt: now },
        ...{ fromDay: day, untilDay: day },
      },
    })
    expect((await look()).advice.get('accept_counterclaim')?.leaveTo).toEqual([])
    await makeStaff('city_police')
    expect((await look()).advice.size).toBe(0)
  })

  test('has no button that would be refused, waits for nobody, and everybody concerned is told once, without a day', async () => {
    const [one, other] = await deadConflict()
    for (const name of ['city1', 'city2', 'officer']) {
      const still = await listStillDeciding(who(name), await caseNow(one), [], now)
      expect(still.upholds, name).toEqual([])
      expect(still.closed).toEqual(['upheld'])
      expect(await countTasks(who(name), now)).not.toHaveProperty('conflict')
      expect((await decides(who(name), one, 'uphold', { upheld: one.number })).ok).toBe(false)
    }
    const { excluded } = await listStillDeciding(who('city1'), await caseNow(one), [], now)
    expect(excluded.map(({ by }) => by)).toEqual(
      expect.arrayContaining([['judged_other', 'own_acceptance'], ['own_verification']]),
    )
    const supervisor = await makeStaff('supervisor', { unitId: 'quan-7' })
    expect(await watchDeciders(now)).toBe(2)
    expect(await watchDeciders(now)).toBe(0)
    for (const made of [one, other]) {
      const c = await caseNow(made)
      expect(c.noDeciderAt).toEqual(now)
      expect((await toldOf(made.id)).filter((template) => template === 'nobody_left')).toHaveLength(1)
      expect(caseStanding(c, { now, holidays: new Set() })).toMatchObject({
        chapter: 'no_decider',
        clocks: [],
      })
      expect(await db.auditEntry.count({ where: { subjectId: made.id, act: 'case.nobody_left' } })).toBe(1)
    }
    // City police, auditors and the admins who lend are told, once per case; people of other units are not.
    const told = [who('admin'), who('second'), who('auditor'), who('city1'), who('city2')]
    expect(await mailed('case_undecidable')).toEqual(sorted([...told, ...told]))
    expect(await mailed('case_undecidable')).not.toContain(supervisor.id)
  })

  test('is settled by a person of another unit whom two admins lend to it, who reads and decides that case alone', async () => {
    const [one, other] = await deadConflict()
    const stranger = await makeProvenCase({ now })
    const helper = who('elsewhere')
    const ask = (actor: StaffReader, person: StaffReader) =>
      askLoan(actor, { number: one.number, accountId: person.id, submitKey: randomUUID() }, now)
    // Nobody is lent before it is certain that nobody else may decide.
    expect(await ask(who('admin'), helper)).toEqual(err('decidable'))
    await watchDeciders(now)
    expect((await listUndecidedCases(who('admin'), now)).map(({ number }) => number).toSorted()).toEqual(
      [one.number, other.number].toSorted(),
    )
    for (const name of ['city1', 'auditor', 'elsewhere'])
      expect(await listUndecidedCases(who(name), now), name).toEqual([])
    expect(await ask(who('city1'), helper)).toEqual(err('forbidden'))
    expect(await ask(who('admin'), who('city1'))).toEqual(err('not_lendable'))
    expect(await ask(who('admin'), await makeStaff('officer', { unitId: 'quan-1' }))).toEqual(
      err('not_lendable'),
    )
    expect((await ask(who('admin'), helper)).ok).toBe(true)
    // The same content makes no second request. The auditors are told as soon as it is asked.
    expect((await ask(who('admin'), helper)).ok).toBe(true)
    const id = await openApproval()
    expect(await db.approval.count({ where: { kind: 'case.lend' } })).toBe(1)
    expect(await db.lookupAlert.count({ where: { act: 'approval.ask' } })).toBe(1)
    expect(await confirm(who('admin'), id, now)).toEqual(err('own_request'))
    expect(await confirm(who('city1'), id, now)).toEqual(err('forbidden'))
    expect((await approvalsFor(who('second'), now))?.map(({ kind }) => kind)).toContain('case.lend')
    const both = await Promise.all([
      confirm(who('second'), id, now),
      confirm(await makeStaff('admin'), id, now),
    ])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)

    expect(await mailed('case_lent')).toEqual([helper.id])
    for (const made of [one, other]) {
      expect(await toldOf(made.id)).toContain('decider_found')
      expect((await caseNow(made)).noDeciderAt).toBeNull()
      expect(await db.auditEntry.count({ where: { subjectId: made.id, act: 'case.lend' } })).toBe(1)
    }
    // A person who is not lent to the case does not see it.
    expect(await readCaseFile(who('elsewhere'), one.number, now)).toBeNull()
    const lent = await signedIn(helper)
    expect((await listCaseTasks(lent, now)).map(({ kind, number }) => [kind, number])).toEqual(
      expect.arrayContaining([
        ['lent', one.number],
        ['lent', other.number],
      ]),
    )
    const view = await readCaseFile(lent, one.number, now)
    if (!view) throw new Error('not lent')
    expect((await loadConflictingCases(lent, view, now)).map(({ snapshot }) => snapshot.number)).toEqual([
      other.number,
    ])
    // One press opens both proofs, as for city police.
    const press = { number: one.number, submitKey: randomUUID(), reason: 'ownership', note: '' } as const
    expect(await discloseCase(lent, press, now)).toMatchObject({ ok: true })
    expect(await readCaseFile(lent, one.number, now)).toMatchObject({ seenAll: true })
    expect(await readCaseFile(lent, stranger.number, now)).toBeNull()
    expect(await decides(lent, stranger, 'take')).toEqual(err('not_found'))
    expect((await listStillDeciding(lent, view.snapshot, [], now)).upholds.toSorted()).toEqual(
      [one.number, other.number].toSorted(),
    )
    expect(await decides(lent, one, 'uphold', { upheld: other.number })).toEqual({ ok: true, value: true })
    expect((await caseNow(one)).state).toBe('rejected')
    expect((await caseNow(other)).held).toBeNull()
    // The decision ends the loan.
    expect(await db.caseLoan.count({ where: { endedAt: null } })).toBe(0)
    expect(await db.auditEntry.count({ where: { act: 'case.loan_ended' } })).toBe(2)
    const after = (await findActors([lent.sessionId], new Date())).get(lent.sessionId)
    expect(after?.lent).toBeUndefined()
    expect(await readCaseFile({ ...lent, ...after, lent: undefined } as never, other.number, now)).toBeNull()
  })

  test('stays as it is where the second admin refuses, and is free again when somebody new comes', async () => {
    const [one, other] = await deadConflict()
    await watchDeciders(now)
    const asked = must(await askToLend(one, who('elsewhere')))
    expect((await refuse(who('second'), asked, now)).ok).toBe(true)
    expect(await db.caseLoan.count()).toBe(0)
    await makeStaff('city_police')
    expect(await watchDeciders(now)).toBe(2)
    for (const made of [one, other]) expect((await caseNow(made)).noDeciderAt).toBeNull()
    expect(await lend(one, who('elsewhere'))).toEqual(err('decidable'))
  })

  test('says what has changed since a loan was asked for: another side, or a person who may decide', async () => {
    const [one, other] = await deadConflict()
    await watchDeciders(now)
    const asked = must(await askToLend(one, who('elsewhere')))
    const third = await makeProvenCase({ imeis: one.imeis, now: addMilliseconds(now, HOUR) })
    const helper = await makeStaff('officer', { unitId: 'quan-3' })
    await move(third.id, helper, { move: 'take' }, now)
    await move(third.id, helper, { move: 'accept_counterclaim' }, now)
    expect(await confirm(who('second'), asked, now)).toEqual(err('sides_changed'))
    for (const { id } of [one, other, third])
      await db.case.update({ where: { id }, data: { noDeciderAt: null } })
    expect(await confirm(who('second'), asked, now)).toEqual(err('decidable'))
    // The request stays open, to be refused.
    expect((await refuse(who('second'), asked, now)).ok).toBe(true)
    expect(await db.caseLoan.count()).toBe(0)
  })
})

describe('a review for which one person is left', () => {
  async function deadReview(): Promise<{ made: MadeCase; last: StaffReader }> {
    const [supervisor, last] = [await makeStaff('supervisor'), await makeStaff('supervisor')]
    const made = await makeProvenCase({ now })
    await move(made.id, who('officer'), { move: 'take' }, now)
    await move(made.id, who('officer'), { move: 'verify' }, now)
    await move(made.id, supervisor, { move: 'approve' }, now)
    await move(made.id, SYSTEM, { move: 'carriers_applied' }, now)
    await move(made.id, SYSTEM, { move: 'objected' }, now)
    await move(made.id, CITIZEN, { move: 'answer_objection', text: 'Máy là của tôi.' }, now)
    await move(made.id, who('city1'), { move: 'uphold_objection' }, now)
    await move(made.id, who('city2'), { move: 'approve_unblock' }, now)
    await move(made.id, SYSTEM, { move: 'carriers_lifted' }, now)
    await move(made.id, CITIZEN, { move: 'appeal' }, addMilliseconds(now, HOUR))
    return { made, last }
  }

  test('is marked, as only a refusal could be its end, and a lent person approves what the last one verified', async () => {
    const at = addMilliseconds(now, 2 * HOUR)
    const { made, last } = await deadReview()
    expect((await listStillDeciding(last, await caseNow(made), [], at)).closed).toEqual(['approve'])
    await watchDeciders(at)
    expect((await caseNow(made)).noDeciderAt).toEqual(at)
    const asked = must(await askToLend(made, who('elsewhere'), at))
    expect((await confirm(who('second'), asked, at)).ok).toBe(true)
    expect(await decides(last, made, 'take', {}, at)).toEqual({ ok: true, value: true })
    expect(await decides(last, made, 'verify', {}, at)).toEqual({ ok: true, value: true })
    const lent = await signedIn(who('elsewhere'))
    expect(await decides(lent, made, 'approve', {}, at)).toEqual({ ok: true, value: true })
    expect((await caseNow(made)).state).toBe('blocking')
    expect(await db.caseLoan.count({ where: { endedAt: null } })).toBe(0)
  })
})

test('a third unblock is looked at by city police, by somebody who has not refused it', async () => {
  const supervisor = await makeStaff('supervisor')
  const made = await makeProvenCase({ now })
  await move(made.id, who('officer'), { move: 'take' }, now)
  await move(made.id, who('officer'), { move: 'verify' }, now)
  await move(made.id, supervisor, { move: 'approve' }, now)
  for (const by of [supervisor, supervisor]) {
    await move(made.id, CITIZEN, { move: 'request_unblock' }, now)
    expect(await decides(by, made, 'refuse_unblock', { reasonCode: 'not_owner' })).toEqual({
      ok: true,
      value: true,
    })
  }
  await move(made.id, CITIZEN, { move: 'request_unblock' }, now)
  for (const decision of ['refuse_unblock', 'verify_unblock'] as const) {
    const refused = await decides(supervisor, made, decision, {
      reasonCode: decision === 'refuse_unblock' ? 'not_owner' : 'recovered',
    })
    expect(refused, decision).toEqual(err('higher_look'))
  }
  const view = await readCaseFile(supervisor, made.number, now)
  expect(view?.refusedUnblock).toEqual([supervisor.id, supervisor.id])
  expect(await decides(who('city1'), made, 'verify_unblock', { reasonCode: 'recovered' })).toEqual({
    ok: true,
    value: true,
  })
  expect(await decides(who('city2'), made, 'approve_unblock')).toEqual({ ok: true, value: true })
})
