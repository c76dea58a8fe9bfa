import { beforeEach, expect, test } from 'vitest'
import { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, endOfLocalDay, HOUR } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeCase, makePolice, makeProvenCase, move } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { full } from '#tests/runs.ts'
import { writeSumsQuery } from '../work/data.ts'
import { exportBoard } from './acts.ts'
import { writeLoadsQuery, writeShareableQuery, writeUnitLoadsQuery } from './data.ts'
import { readBoard, readOwnWork, readUnitsOverview } from './page-data.ts'

const now = new Date('2026-11-24T03:00:00Z')

let officer: StaffActor
let supervisor: StaffActor
let city: StaffActor
beforeEach(async () => {
  ;({ officer, supervisor } = await makePolice())
  city = await makeStaff('city_police')
})

test('a board says who has what, how old and how late it is, and what was done in and out of time', async () => {
  const [late, today] = [
    await makeProvenCase({ now: addMilliseconds(now, -9 * DAY) }),
    await makeCase({ now: addMilliseconds(now, -20 * HOUR) }),
  ]
  await makeCase({ now })
  await move(late.id, officer, { move: 'take' }, addMilliseconds(now, -8.5 * DAY))
  await db.case.update({ where: { id: today.id }, data: { assigneeId: officer.id } })
  const board = await readBoard(supervisor, 'quan-3', 30, now)
  expect(board?.load).toEqual({ open: 3, overdue: 1, unassigned: 1, approval: 0 })
  expect(board?.people.map(({ id, load }) => [id, load])).toEqual([
    [officer.id, { open: 2, waiting: 0, overdue: 1, today: 1, oldest: addMilliseconds(now, -9 * DAY) }],
    [supervisor.id, { open: 0, waiting: 0, overdue: 0, today: 0, oldest: null }],
  ])
  await move(late.id, officer, { move: 'verify' }, now)
  await move(late.id, supervisor, { move: 'send_back' }, now)
  const after = await readBoard(supervisor, 'quan-3', 30, now)
  expect(after?.total.counts).toMatchObject({ first_on_time: 1, decided_late: 1, sent_back: 1 })
  expect(after?.days).toHaveLength(30)
  expect(after?.days.at(-1)).toEqual({ day: '2026-11-24', onTime: 0, late: 1 })
  // Work from before the period is not counted.
  expect((await readBoard(supervisor, 'quan-3', 7, now))?.total.counts.first_on_time).toBe(0)
})

test('figures of a person are their own, their supervisors’ and city police’s; of others a unit sees the sum', async () => {
  const { id } = await makeProvenCase({ now })
  await move(id, city, { move: 'take' }, now)
  await move(id, city, { move: 'reject', reasonCode: 'wrong_imei' }, now)
  const stranger = await makeStaff('supervisor', { unitId: 'quan-1' })
  const refused = [
    officer,
    stranger,
    await makeStaff('admin'),
    await makeStaff('auditor'),
    await makeStaff('relay'),
  ]
  for (const reader of refused) {
    expect(await readBoard(reader, 'quan-3', 30, now), reader.role).toBeNull()
    expect(await exportBoard(reader, 'quan-3', 30, now), reader.role).toBeNull()
    expect(await readUnitsOverview(reader, 30, now), reader.role).toBeNull()
  }
  expect(await db.auditEntry.count({ where: { act: 'unit.export' } })).toBe(0)
  for (const reader of [supervisor, city]) {
    const board = await readBoard(reader, 'quan-3', 30, now)
    expect(board?.people.map((person) => person.id).toSorted()).toEqual(
      [officer.id, supervisor.id].toSorted(),
    )
    expect(board?.others).toMatchObject({ counts: { first_on_time: 1 }, rejected: { wrong_imei: 1 } })
    // The board does not name who that was.
    expect(JSON.stringify(board)).not.toContain(city.id)
  }
  expect((await readOwnWork(city, 30, now))?.work.counts.rejected).toBe(1)
  expect((await readOwnWork(officer, 30, now))?.work.counts.rejected).toBe(0)
  expect(await readOwnWork(await makeStaff('relay'), 30, now)).toBeNull()
  const units = await readUnitsOverview(city, 30, now)
  expect(units).toHaveLength(24)
  expect(units?.find(({ unitId }) => unitId === 'quan-3')?.work.counts.rejected).toBe(1)
  expect(await exportBoard(supervisor, 'quan-3', 7, now)).not.toBeNull()
  expect(await db.auditEntry.findFirst({ where: { act: 'unit.export' } })).toMatchObject({
    actorId: supervisor.id,
    subjectId: 'quan-3',
    facts: { days: 7 },
  })
})

test('what a person sees of their own work is what their supervisor sees of it', async () => {
  for (let n = 0; n < 3; n++) {
    const { id } = await makeProvenCase({ now })
    await move(id, officer, { move: 'take' }, now)
    if (n > 0) await move(id, officer, { move: 'verify' }, now)
    if (n > 1) await move(id, supervisor, { move: 'send_back' }, now)
  }
  const seen = (await readBoard(supervisor, 'quan-3', 30, now))?.people.find(({ id }) => id === officer.id)
  expect(await readOwnWork(officer, 30, now)).toEqual({ load: seen?.load, work: seen?.work })
})

/** Twenty thousand cases, a fifth of them open, and two years of work in every unit. */
async function fill(): Promise<void> {
  const { id } = await makeCase({ now })
  const { rows } = await superuser.query<{ name: string }>(`
    SELECT attname AS name FROM pg_attribute WHERE attrelid = 'cases'::regclass AND attnum > 0 AND attgenerated = ''
      AND NOT attisdropped`)
  const columns = rows.map(({ name }) => name).join(', ')
  await superuser.query(`
    INSERT INTO staff_accounts (id, email, name, role, unit_id)
      SELECT gen_random_uuid(), 'p' || n || '@example.vn', 'P', 'officer', 'quan-3' FROM generate_series(1, 200) n;
    INSERT INTO case_keys SELECT gen_random_uuid(), wrapped, wrap_key_version, created_at
      FROM case_keys, generate_series(1, 20000);
    CREATE TEMP TABLE pattern AS SELECT * FROM cases WHERE id = '${id}';
    INSERT INTO cases (${columns}) SELECT ${columns} FROM (SELECT (p).* FROM (
      SELECT jsonb_populate_record(pattern, jsonb_build_object(
        'id', k.case_id, 'number', 'X' || row_number() OVER (), 'secret_hash', '\\x00',
        'state', CASE WHEN row_number() OVER () % 5 = 0 THEN 'submitted' ELSE 'blocked' END,
        'needs_work', row_number() OVER () % 5 = 0,
        'assignee_id', CASE WHEN row_number() OVER () % 10 <> 0 THEN
          (SELECT array_agg(id) FROM staff_accounts WHERE role = 'officer')[1 + row_number() OVER () % 201] END,
        'unit_id', (SELECT array_agg(id) FROM police_areas WHERE edition_id = '2016')[1 + row_number() OVER () % 24],
        'due_at', now() + row_number() OVER () * interval '1 minute')) AS p
      FROM case_keys k, pattern WHERE k.case_id <> pattern.id) made) rows;
    INSERT INTO work_days SELECT (SELECT array_agg(id) FROM police_areas WHERE edition_id = '2016')[1 + a.n % 24],
        d::date, a.id, m, '', 1
      FROM (SELECT id, row_number() OVER () AS n FROM staff_accounts LIMIT 60) a,
        unnest(ARRAY['decided_late', 'rejected', 'quick']) m,
        generate_series(now() - interval '1 year', now(), interval '1 day') d;
    ANALYZE`)
}

test.runIf(full)(
  'a board scans neither all cases nor all that was ever counted',
  { timeout: 60_000 },
  async () => {
    await fill()
    const scope = staffScope(supervisor)
    if (!scope) throw new Error('police have a scope')
    const planOf = async (query: Prisma.Sql): Promise<string> => {
      const rows = await db.$queryRaw<Record<string, string>[]>(Prisma.sql`EXPLAIN ${query}`)
      return rows.map((row) => Object.values(row)[0]).join('\n')
    }
    const units = ['quan-3']
    const plans: [string | RegExp, Prisma.Sql][] = [
      ['cases_queue_assignee', writeLoadsQuery([officer.id], now, endOfLocalDay(now))],
      ['cases_queue_unassigned', writeUnitLoadsQuery(units, now, 500)],
      // With few cases the planner reads the unit's open ones; with many, the first in order.
      [/cases_queue_unassigned|cases_unit_id_state_text/, writeShareableQuery(units, null, 50)],
      ['cases_queue_assignee', writeShareableQuery(units, officer.id, 50)],
      // The rows of the unit or person, or of the days: in both cases no more than the period has.
      [/work_days_(pkey|day_idx)/, writeSumsQuery({ unitIds: units }, '2026-11-01')],
      [/work_days_(account_id_day|day)_idx/, writeSumsQuery({ accountId: officer.id }, '2026-11-01')],
    ]
    for (const [index, query] of plans) {
      const plan = await planOf(query)
      expect(plan).toMatch(index)
      expect(plan).not.toMatch(/Seq Scan on (cases|work_days)/)
    }
  },
)
