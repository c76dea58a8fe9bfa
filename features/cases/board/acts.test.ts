import { beforeEach, expect, test } from 'vitest'
import { markAbsent } from '#features/accounts/absences/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, HOUR, localDate } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { setStaffActive } from '#tests/factories/accounts.ts'
import { type MadeCase, makeCase, makePolice, makeProvenCase, move } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { type ShareInput, shareCases } from './acts.ts'
import { listSharedRows, readBoard } from './page-data.ts'

const now = new Date()

let officer: StaffActor
let supervisor: StaffActor
beforeEach(async () => {
  ;({ officer, supervisor } = await makePolice())
})

const many = async (count: number, options = {}): Promise<MadeCase[]> => {
  const made: MadeCase[] = []
  for (let n = 0; n < count; n++)
    made.push(await makeCase({ now: addMilliseconds(now, (n - count) * HOUR), ...options }))
  return made
}
const input = (to: readonly StaffActor[], more: Partial<ShareInput> = {}): ShareInput => ({
  ...{ submitKey: crypto.randomUUID(), unitId: 'quan-3', from: null, count: 50 },
  to: to.map(({ id }) => id),
  ...more,
})
const held = ({ id }: StaffActor) => db.case.count({ where: { assigneeId: id, needsWork: true } })

test('nobody’s cases of the unit go to those chosen, those with the fewest first, each with its event and audit entry', async () => {
  const [one, two] = [await makeStaff('officer'), await makeStaff('officer')]
  const mine = await many(3)
  for (const { id } of mine) await move(id, one, { move: 'take' }, now)
  const others = await many(5)
  await many(1, { unitId: 'quan-1' })
  const sent = input([one, two])
  expect(await shareCases(supervisor, sent, now)).toEqual(ok({ given: 5, planned: 5 }))
  expect([await held(one), await held(two)]).toEqual([4, 4])
  const events = await db.caseEvent.findMany({
    where: { move: 'reassign' },
    select: { caseId: true, actorId: true },
  })
  expect(events.map(({ caseId }) => caseId).toSorted()).toEqual(others.map(({ id }) => id).toSorted())
  expect(new Set(events.map(({ actorId }) => actorId))).toEqual(new Set([supervisor.id]))
  expect(await db.auditEntry.count({ where: { act: 'case.reassign' } })).toBe(5)
  expect(await db.auditEntry.findFirst({ where: { act: 'unit.share' } })).toMatchObject({
    facts: { cases: 5 },
  })
  // One row per case, but one mail per person, for any number of cases.
  const rows = await listSharedRows(supervisor, sent.submitKey)
  expect(rows?.map((row) => [row.number, row.given])).toEqual(others.map(({ number }) => [number, true]))
  expect(await listSharedRows(await makeStaff('supervisor'), sent.submitKey)).toBeNull()
  const { rows: told } = await superuser.query(
    `SELECT data->>'accountId' AS id, xmin::text AS "transaction" FROM pgboss.job
      WHERE name = 'account-notice' AND data->>'notice' = 'case_given'`,
  )
  expect(told.map(({ id }) => id).toSorted()).toEqual([one.id, two.id].toSorted())
  // The mail is in the transaction of the first case given to its person.
  const { rows: gifts } = await superuser.query(
    `SELECT c.assignee_id AS id, min(e.xmin::text::bigint)::text AS "transaction" FROM case_events e
      JOIN cases c ON c.id = e.case_id WHERE e.move = 'reassign' GROUP BY 1`,
  )
  const byId = (rows: { id: string }[]) => rows.toSorted((a, b) => a.id.localeCompare(b.id))
  expect(byId(told)).toEqual(byId(gifts))
})

test('one form sent three times at once, and again later, shares out once', async () => {
  await many(6)
  const sent = input([officer], { count: 4 })
  const answers = await Promise.all([1, 2, 3].map(() => shareCases(supervisor, sent, now)))
  answers.push(await shareCases(supervisor, sent, now))
  for (const answer of answers) expect(answer).toMatchObject(ok({ planned: 4 }))
  expect(await held(officer)).toBe(4)
  expect(await db.caseEvent.count({ where: { move: 'reassign' } })).toBe(4)
})

test('who takes a case meanwhile keeps it, and two supervisors at once give no case to two', async () => {
  for (let round = 0; round < 3; round++) {
    const made = await many(6)
    const [first, second, chief] = await Promise.all([
      makeStaff('officer'),
      makeStaff('officer'),
      makeStaff('supervisor'),
    ])
    if (!first || !second || !chief) throw new Error('no people')
    const sent = input([first])
    await Promise.all([
      shareCases(supervisor, sent, now),
      shareCases(chief, input([second]), now),
      ...made.slice(0, 3).map(({ id }) => move(id, officer, { move: 'take' }, now).catch(() => null)),
    ])
    // Each case has exactly one person, and a taken case stays with its taker until a supervisor has read its new version.
    const owners = await db.case.findMany({ where: { id: { in: made.map(({ id }) => id) } } })
    expect(owners.every(({ assigneeId }) => assigneeId !== null)).toBe(true)
    for (const row of (await listSharedRows(supervisor, sent.submitKey)) ?? []) {
      const given = await db.caseEvent.count({
        where: { case: { number: row.number }, actorId: supervisor.id, move: 'reassign' },
      })
      expect(given).toBe(row.given ? 1 : 0)
    }
  }
})

test('a case that was taken between plan and gift is told apart in the rows', async () => {
  const made = await many(3)
  const sent = input([officer])
  // The second case is locked for now, and is taken before the sharing-out reaches it.
  const [, second] = made
  if (!second) throw new Error('no cases')
  await superuser.query('BEGIN')
  await superuser.query('SELECT FROM cases WHERE id = $1 FOR UPDATE', [second.id])
  const sharing = shareCases(supervisor, sent, now)
  await superuser.query('UPDATE cases SET version = version + 1, assignee_id = $2 WHERE id = $1', [
    second.id,
    supervisor.id,
  ])
  await new Promise((done) => setTimeout(done, 300))
  await superuser.query('COMMIT')
  expect(await sharing).toEqual(ok({ given: 2, planned: 3 }))
  const rows = await listSharedRows(supervisor, sent.submitKey)
  expect(rows?.map(({ given }) => given)).toEqual([true, false, true])
  expect(await held(supervisor)).toBe(1)
})

test('nothing goes to the absent, to those who cannot decide yet, or to who filed or rejected it', async () => {
  const [away, waits, filer] = await Promise.all([1, 2, 3].map(() => makeStaff('officer')))
  if (!away || !waits || !filer) throw new Error('no officers')
  const today = localDate(now)
  const absence = { accountId: away.id, from: today, until: today, submitKey: crypto.randomUUID() }
  await markAbsent(away, absence, now)
  const soon = addMilliseconds(now, HOUR)
  await db.staffAccount.update({ where: { id: waits.id }, data: { decidesFrom: soon } })
  const made = await many(4)
  await db.case.updateMany({ where: { id: { in: made.map(({ id }) => id) } }, data: { filedById: filer.id } })
  const appealed = await makeProvenCase({ now: addMilliseconds(now, -HOUR) })
  await move(appealed.id, officer, { move: 'take' }, now)
  await move(appealed.id, officer, { move: 'reject', reasonCode: 'not_owner' }, now)
  await move(appealed.id, { kind: 'citizen' }, { move: 'appeal' }, now)
  expect(await shareCases(supervisor, input([away, waits]), now)).toEqual(err('nobody_there'))
  expect(await shareCases(supervisor, input([filer, officer, away, waits]), now)).toMatchObject({ ok: true })
  expect([await held(away), await held(waits), await held(filer), await held(officer)]).toEqual([0, 0, 1, 4])
  expect(await db.case.findUnique({ where: { id: appealed.id } })).toMatchObject({ assigneeId: filer.id })
})

test('an absent person’s cases are shared out too, those that wait for approval among them', async () => {
  const made = [await makeProvenCase({ now }), await makeProvenCase({ now })]
  for (const { id } of made) await move(id, officer, { move: 'take' }, now)
  await move(made[0]?.id ?? '', officer, { move: 'verify' }, now)
  const other = await makeStaff('officer')
  const all = await shareCases(supervisor, input([officer, other], { from: officer.id }), now)
  expect(all).toEqual(ok({ given: 2, planned: 2 }))
  expect([await held(officer), await held(other)]).toEqual([0, 2])
})

test('only supervisors of the unit and city police share out, among people of the unit', async () => {
  await many(2)
  const stranger = await makeStaff('supervisor', { unitId: 'quan-1' })
  for (const who of [officer, stranger, await makeStaff('admin'), await makeStaff('auditor')])
    expect(await shareCases(who, input([officer]), now)).toEqual(err('forbidden'))
  expect(await shareCases(supervisor, input([stranger]), now)).toEqual(err('missing'))
  expect(await shareCases(supervisor, input([]), now)).toEqual(err('missing'))
  expect(await shareCases(await makeStaff('city_police'), input([officer]), now)).toMatchObject({ ok: true })
  expect(await shareCases(supervisor, input([officer]), now)).toEqual(err('none'))
})

test('a person who leaves with sixteen cases: all are back in the queue, and one press gives them to the others', {
  timeout: 120_000,
}, async () => {
  const admin = await makeStaff('admin')
  const made = await many(16)
  for (const { id } of made) await move(id, officer, { move: 'take' }, now)
  const others = [await makeStaff('officer'), await makeStaff('officer'), await makeStaff('officer')]
  expect((await setStaffActive(admin, officer.id, false, now)).ok).toBe(true)
  const board = await readBoard(supervisor, 'quan-3', 7, now)
  expect(board?.load).toMatchObject({ open: 16, unassigned: 16 })
  expect(board?.total.counts.returned).toBe(16)
  expect(board?.people.map(({ id }) => id)).not.toContain(officer.id)
  expect(await shareCases(supervisor, input(others), now)).toEqual(ok({ given: 16, planned: 16 }))
  expect((await Promise.all(others.map(held))).toSorted()).toEqual([5, 5, 6])
  expect((await readBoard(supervisor, 'quan-3', 7, now))?.load.unassigned).toBe(0)
})
