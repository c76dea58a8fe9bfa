import { beforeEach, expect, test } from 'vitest'
import { markAbsent } from '#features/accounts/absences/acts.ts'
import { assignable } from '#features/accounts/police-data.ts'
import { readStaffSession, signIn } from '#features/accounts/sign-in/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, localDate } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { setStaffActive, setStaffPost } from '#tests/factories/accounts.ts'
import {
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProvenCase,
  move,
  type Police,
} from '#tests/factories/case.ts'
import { confirmLast } from '#tests/factories/second-person.ts'
import { codeAt, createAccount, makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { decideCase } from '../decisions/acts.ts'
import { CASE_DECISIONS } from '../decisions/rules.ts'
import { readCaseFile } from '../file/page-data.ts'
import { findCase } from '../record/data.ts'
import { leaveResting } from './acts.ts'

const now = new Date()
let admin: StaffActor
let police: Police
beforeEach(async () => {
  await makeStaff('auditor')
  admin = await makeStaff('admin')
  police = await makePolice()
})
const caseNow = async (id: string) => {
  const c = await findCase(systemScope(), { id })
  return [c?.state, c?.assigneeId]
}
const nowhere = { unitId: null, agencyId: null, carrierId: null }

test('a dismissed officer’s cases return to the queue, each with its event and audit entry', async () => {
  const { officer, supervisor } = police
  const [reviewed, held, verified, others] = await Promise.all(
    Array.from({ length: 4 }, () => makeProvenCase()),
  )
  if (!reviewed || !held || !verified || !others) throw new Error('no cases')
  for (const { id } of [reviewed, held, verified]) await move(id, officer, { move: 'take' })
  await move(others.id, supervisor, { move: 'take' })
  await move(verified.id, officer, { move: 'verify' })
  await db.case.update({ where: { id: held.id }, data: { held: 'conflict' } })

  expect((await setStaffActive(admin, officer.id, false, now)).ok).toBe(true)

  expect(await caseNow(reviewed.id)).toEqual(['submitted', null])
  expect(await caseNow(held.id)).toEqual(['under_review', null])
  expect(await caseNow(verified.id)).toEqual(['verified', null])
  expect(await caseNow(others.id)).toEqual(['under_review', supervisor.id])
  for (const [{ id }, act] of [
    [reviewed, 'release'],
    [held, 'unassign'],
    [verified, 'unassign'],
  ] as const) {
    const event = await db.caseEvent.findFirstOrThrow({ where: { caseId: id }, orderBy: { seq: 'desc' } })
    expect([event.move, event.actorKind, event.visible]).toEqual([act, 'system', false])
    expect(await db.auditEntry.count({ where: { subjectId: id, act: `case.${act}` } })).toBe(1)
  }
  // Another person continues. The officer who verified is still recorded, and may not approve.
  await move(reviewed.id, supervisor, { move: 'take' })
  await move(verified.id, supervisor, { move: 'approve' })
})

test('what waits for nobody is no longer a dismissed officer’s either, and stays with one who came back', async () => {
  const { officer, supervisor } = police
  const [blocked, other] = [
    await makeBlockingCase({}, { officer, supervisor }),
    await makeBlockingCase({}, { officer: supervisor, supervisor: await makeStaff('supervisor') }),
  ]
  expect(await caseNow(blocked.id)).toEqual(['blocking', officer.id])
  await setStaffActive(admin, officer.id, false, now)
  const [job] = await db.$queryRaw<{ data: unknown }[]>`
    SELECT data FROM pgboss.job WHERE name = 'staff-left'`
  expect(job?.data).toEqual({ accountId: officer.id })
  await setStaffActive(admin, officer.id, true, now)
  await confirmLast(now)
  await leaveResting(officer.id, now)
  expect(await caseNow(blocked.id)).toEqual(['blocking', officer.id])
  await setStaffActive(admin, officer.id, false, now)
  await leaveResting(officer.id, now)
  await leaveResting(officer.id, now)
  expect(await caseNow(blocked.id)).toEqual(['blocking', null])
  expect(await caseNow(other.id)).toEqual(['blocking', supervisor.id])
  expect(await db.auditEntry.count({ where: { subjectId: blocked.id, act: 'case.unassign' } })).toBe(1)
})

test('a case that is taken or handed over while its officer is dismissed stays with nobody who is gone', async () => {
  const { officer, supervisor } = police
  for (let round = 0; round < 8; round++) {
    const [one, two] = [await makeCase(), await makeCase()]
    await Promise.allSettled([
      setStaffActive(admin, officer.id, false, now),
      move(one.id, officer, { move: 'take' }),
      move(two.id, supervisor, { move: 'reassign', assignee: { id: officer.id, unitId: 'quan-3' } }),
    ])
    expect(await db.case.count({ where: { assigneeId: officer.id, needsWork: true } })).toBe(0)
    await setStaffActive(admin, officer.id, true, now)
    await confirmLast(now)
    // Ends their waiting period before the next round.
    await db.staffAccount.update({ where: { id: officer.id }, data: { decidesFrom: now } })
  }
})

test('sessions of a dismissed person end, and stay ended when they come back', async () => {
  const email = 'lan@congan.example'
  const password = 'con mèo ngủ trên mái nhà'
  const id = await transaction((tx) =>
    createAccount(tx, { ...nowhere, email, name: 'Lan', role: 'officer', unitId: 'quan-3' }, password),
  )
  const session = must(await signIn({ email, password, otp: codeAt(now), device: undefined }, now))
  expect((await setStaffActive(admin, id, false, now)).ok).toBe(true)
  expect((await setStaffActive(admin, id, true, now)).ok).toBe(true)
  await confirmLast(now)
  expect(await readStaffSession(session.token, now)).toBeNull()
  const acts = await db.auditEntry.findMany({ where: { subjectId: id }, orderBy: { id: 'asc' } })
  expect(acts.map((entry) => entry.act)).toEqual(['session.start', 'account.disable', 'account.enable'])
})

test('another post counts at once; another district’s officer gives their cases back, a promoted one keeps them', async () => {
  const { officer } = police
  const { id } = await makeCase()
  await move(id, officer, { move: 'take' })
  const second = await makeStaff('admin')
  const ask = (post: object) => setStaffPost(admin, officer.id, { ...nowhere, ...post } as never, now)
  const confirm = () => confirmLast(now, second)
  const at = async (post: object) => {
    const asked = await ask(post)
    if (asked.ok) await confirm()
    return asked
  }
  expect(await at({ role: 'carrier' })).toEqual(err('carrier_missing'))
  // A form that is sent several times gives the post once.
  const sent = await Promise.all([1, 2, 3].map(() => ask({ role: 'supervisor', unitId: 'quan-3' })))
  for (const one of sent) expect(one).toEqual({ ok: true, value: 'requested' })
  expect(await caseNow(id)).toEqual(['under_review', officer.id])
  await confirm()
  expect(await db.auditEntry.count({ where: { act: 'account.change' } })).toBe(1)
  expect(await caseNow(id)).toEqual(['under_review', officer.id])
  expect((await at({ role: 'officer', unitId: 'quan-1' })).ok).toBe(true)
  expect(await caseNow(id)).toEqual(['submitted', null])
  expect((await at({ role: 'carrier', carrierId: 'viettel' })).ok).toBe(true)
  expect(await db.staffAccount.findUniqueOrThrow({ where: { id: officer.id } })).toMatchObject({
    role: 'carrier',
    unitId: null,
    carrierId: 'viettel',
  })
})

test('two admins who dismiss each other at once leave one', async () => {
  for (let round = 0; round < 10; round++) {
    await db.staffAccount.updateMany({ where: { role: 'admin' }, data: { active: false } })
    const [one, two] = [await makeStaff('admin'), await makeStaff('admin')]
    const both = await Promise.all([
      setStaffActive(one, two.id, false, now),
      setStaffActive(two, one.id, false, now),
    ])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(both.find(({ ok }) => !ok)).toEqual(err('forbidden'))
    expect(await db.staffAccount.count({ where: { role: 'admin', active: true } })).toBe(1)
  }
})

test('nobody dismisses or promotes themselves, and only an admin anybody', async () => {
  const own = err('own_account')
  expect(await setStaffActive(admin, admin.id, false, now)).toEqual(own)
  expect(await setStaffPost(admin, admin.id, { ...nowhere, role: 'relay' }, now)).toEqual(own)
  for (const role of ['supervisor', 'city_police', 'relay', 'auditor', 'carrier'] as const) {
    const who = await makeStaff(role)
    const refused = err('forbidden')
    expect(await setStaffActive(who, police.officer.id, false, now)).toEqual(refused)
    expect(await setStaffPost(who, police.officer.id, { ...nowhere, role: 'admin' }, now)).toEqual(refused)
  }
})

test('an admin is refused every decision on a case', async () => {
  const { number } = await makeCase()
  for (const decision of CASE_DECISIONS) {
    const input = { number, version: 0, submitKey: crypto.randomUUID(), decision, reason: 'x', note: 'x' }
    expect(await decideCase(admin, input, now), decision).toEqual(err('forbidden'))
  }
})

test('a case is given to nobody who cannot sign in or decides nothing yet, and who is given one is told', async () => {
  const { supervisor } = police
  const [ready, invited, waits] = await Promise.all([1, 2, 3].map(() => makeStaff('officer')))
  if (!ready || !invited || !waits) throw new Error('no officers')
  await db.staffAccount.update({ where: { id: invited.id }, data: { passwordHash: null, totpSecret: null } })
  const from = new Date(now.getTime() + 3_600_000)
  await db.staffAccount.update({ where: { id: waits.id }, data: { decidesFrom: from } })
  const people = await assignable(['quan-3'], now)
  expect(people.map(({ id }) => id)).not.toContain(invited.id)
  // A person who still waits is in the list, with the time from which cases can be given to them.
  expect(people.find(({ id }) => id === waits.id)?.decidesFrom).toEqual(from)
  const { id, number } = await makeCase()
  await move(id, supervisor, { move: 'take' })
  const give = async (to: string) => {
    const { version } = await db.case.findUniqueOrThrow({ where: { id } })
    const input = { number, version, submitKey: crypto.randomUUID(), decision: 'reassign' } as const
    return decideCase(supervisor, { ...input, assigneeId: to }, now)
  }
  for (const { id: to } of [invited, waits]) expect((await give(to)).ok).toBe(false)
  expect((await give(ready.id)).ok).toBe(true)
  const { rows } = await superuser.query(
    "SELECT data->>'accountId' AS told FROM pgboss.job WHERE name = 'account-notice' AND data->>'notice' = 'case_given'",
  )
  expect(rows).toEqual([{ told: ready.id }])
})

test('a case is given to nobody who is absent, but they may take one themselves', async () => {
  const { officer, supervisor } = police
  const day = localDate(now)
  const absence = { accountId: officer.id, from: day, until: day, submitKey: crypto.randomUUID() }
  expect((await markAbsent(supervisor, absence, now)).ok).toBe(true)
  const { id, number } = await makeCase()
  const { version } = await db.case.findUniqueOrThrow({ where: { id } })
  const input = { number, version, submitKey: crypto.randomUUID(), decision: 'reassign' } as const
  const given = await decideCase(supervisor, { ...input, assigneeId: officer.id }, now)
  expect(given).toEqual(err('assignee_invalid'))
  await move(id, officer, { move: 'take' })
  expect(await caseNow(id)).toEqual(['under_review', officer.id])
})

test('the assign list says role and load, the lightest first, and only to people who give out cases', async () => {
  const { officer, supervisor } = police
  const other = await makeStaff('officer')
  for (let n = 0; n < 3; n++) await move((await makeCase()).id, officer, { move: 'take' })
  const late = await makeCase({ now: addMilliseconds(now, -10 * DAY) })
  await move(late.id, supervisor, { move: 'take' }, addMilliseconds(now, -10 * DAY))
  const { number } = await makeCase()
  const view = await readCaseFile(supervisor, number, now)
  expect(view?.assignable.map(({ id, load }) => [id, load.open, load.overdue])).toEqual([
    [other.id, 0, 0],
    [supervisor.id, 1, 1],
    [officer.id, 3, 0],
  ])
  expect((await readCaseFile(officer, number, now))?.assignable).toEqual([])
})
