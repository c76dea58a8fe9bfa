import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { watchCarriers } from '#features/exchange/flags/jobs.ts'
import { recordAnswers } from '#features/exchange/questions/acts.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { staffScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { PLANNED_ANEW } from '#platform/db.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProvenCase,
  move,
  PARTICULARS,
  randomImei,
} from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { writeWaitingQuery } from '../clocks/data.ts'
import { lookUpImei } from '../imeis/acts.ts'
import { type Reader, writeCountsQuery, writeQueueQuery } from './data.ts'
import { countQueueSize, countViewsOf, findCases, readGlance, readQueuePage } from './page-data.ts'
import { searchQuery } from './row-data.ts'
import { WHOLE_QUEUE as ALL, QUEUE_SORTS, QUEUE_VIEWS, type QueueFilter, type QueueView } from './rules.ts'
import { readSearch } from './search-rules.ts'

const now = new Date('2026-11-24T03:00:00Z')

let officer: StaffReader
let supervisor: StaffReader
let city: StaffReader
beforeEach(async () => {
  ;({ officer, supervisor } = await makePolice())
  city = await makeStaff('city_police')
})

const numbers = async (actor: StaffReader, filter: Partial<QueueFilter> = {}) =>
  (await readQueuePage(actor, { ...ALL, ...filter }, null, now)).rows.map((row) => row.number)
const counts = async (actor: StaffReader, at: Date) =>
  Object.fromEntries([...(await countViewsOf(actor, at))].map(([view, { count }]) => [view, count]))
const found = async (actor: StaffReader, text: string) =>
  (await findCases(actor, text, now))?.rows.map((row) => row.number)

describe('the queue', () => {
  test('what is due first stands on top, and a district sees its own', async () => {
    const late = await makeCase({ now: addMilliseconds(now, -30 * HOUR) })
    const fresh = await makeCase({ now })
    const elsewhere = await makeCase({ now: addMilliseconds(now, -HOUR), unitId: 'quan-1' })
    expect(await numbers(officer)).toEqual([late.number, fresh.number])
    expect(await numbers(city)).toEqual([late.number, elsewhere.number, fresh.number])
    expect(await numbers(city, { unitId: 'quan-1' })).toEqual([elsewhere.number])
    // An officer cannot ask for another district.
    expect(await numbers(officer, { unitId: 'quan-1' })).toEqual([])
  })

  test('a temporary block that nobody confirms rises to the top, and counts as overdue', async () => {
    const old = await makeCase({ now: addMilliseconds(now, -2 * HOUR) })
    const urgent = await makeProvenCase({ now })
    expect(await numbers(supervisor)).toEqual([old.number, urgent.number])
    await move(urgent.id, officer, { move: 'hold', text: 'Kẻ trộm đang rao bán máy.' }, now)
    const [first, second] = (await readQueuePage(supervisor, ALL, null, now)).rows
    expect(first).toMatchObject({ number: urgent.number, holdDueAt: addMilliseconds(now, 4 * HOUR) })
    expect(second?.number).toBe(old.number)
    const late = addMilliseconds(now, 5 * HOUR)
    expect(await counts(supervisor, now)).toMatchObject({ overdue: 0 })
    expect(await counts(supervisor, late)).toMatchObject({ overdue: 1 })
    // Police are late with it even while the reporter has a question to answer.
    await move(urgent.id, officer, { move: 'take' }, now)
    const question = { move: 'request_info', reasonCode: 'proof', text: 'Bạn còn hộp máy không?' } as const
    await move(urgent.id, officer, question, now)
    expect(await counts(supervisor, late)).toMatchObject({ overdue: 1 })
    // Once confirmed, it no longer has that clock.
    await move(urgent.id, supervisor, { move: 'confirm_hold', text: 'Đồng ý.' }, now)
    expect(await counts(supervisor, late)).toMatchObject({ overdue: 0 })
    expect(await numbers(supervisor)).toEqual([old.number, urgent.number])
  })

  test('a carrier that is late to say which phones a number was in raises the case, until it answers or a week is over', async () => {
    const asked = addMilliseconds(now, -30 * HOUR)
    const old = await makeCase({ now: addMilliseconds(now, -2 * HOUR) })
    const without = await makeCase({ now: asked, imeis: [], particulars: { phoneNumbers: ['+84901234567'] } })
    await db.consent.create({
      data: { caseId: without.id, purpose: 'imei_of_number', version: '2026-11-28', at: asked },
    })
    await move(without.id, officer, { move: 'take' }, asked)
    expect(await numbers(officer)).toEqual([old.number, without.number])
    const overdue = async () => (await counts(officer, now)).overdue
    expect(await overdue()).toBe(0)
    await lookUpImei(without.id, asked)
    expect(await numbers(officer)).toEqual([without.number, old.number])
    expect((await readQueuePage(officer, ALL, null, now)).rows[0]).toMatchObject({ lookup: 'late' })
    expect(await overdue()).toBe(1)
    const { id: question } = await db.carrierQuestion.findFirstOrThrow()
    await recordAnswers('mobifone', [{ question, answer: 'unknown' }], now)
    expect(await numbers(officer)).toEqual([old.number, without.number])
    expect(await overdue()).toBe(0)

    await db.carrierQuestion.deleteMany()
    await lookUpImei(without.id, asked)
    expect(await overdue()).toBe(1)
    await watchCarriers(addMilliseconds(asked, 7 * DAY))
    expect(await overdue()).toBe(0)
    expect((await readQueuePage(officer, ALL, null, now)).rows[1]).toMatchObject({ lookup: null })
  })

  test('filters: state, whose it is, conflicts', async () => {
    const mine = await makeCase({ now })
    const nobodys = await makeCase({ now: addMilliseconds(now, HOUR) })
    await move(mine.id, officer, { move: 'take' }, now)
    const blocking = await makeBlockingCase({ now }, { officer, supervisor })
    expect(await numbers(officer, { view: 'mine' })).toEqual([mine.number])
    expect(await numbers(officer, { view: 'nobody' })).toEqual([nobodys.number])
    expect(await numbers(officer, { state: 'blocking' })).toEqual([blocking.number])
    expect(await numbers(officer, { state: 'under_review' })).toEqual([mine.number])
    expect(await numbers(officer)).not.toContain(blocking.number)
    await db.case.update({ where: { id: mine.id }, data: { held: 'conflict' } })
    expect(await numbers(officer, { view: 'conflicts' })).toEqual([mine.number])
  })

  test('a row names who, what and where while it waits, and what a machine read in its files', async () => {
    const waiting = await makeCase({ now, incidentType: 'robbed' })
    const [row] = (await readQueuePage(officer, ALL, null, now)).rows
    expect(row).toMatchObject({
      number: waiting.number,
      incidentType: 'robbed',
      told: { name: 'Nguyễn Thị Ánh', place: 'Ngã tư Võ Thị Sáu', dayOnly: false },
      proof: { files: 0, hint: null },
    })
    const proven = await makeProvenCase({ now: addMilliseconds(now, -HOUR) })
    const first = (await readQueuePage(officer, ALL, null, now)).rows[0]
    expect(first).toMatchObject({ number: proven.number, proof: { files: 1, hint: 'unread' } })
    // A case that waits for carriers has its names only in its file.
    await makeBlockingCase({ now }, { officer, supervisor })
    const blocking = (await readQueuePage(officer, { ...ALL, state: 'blocking' }, null, now)).rows
    expect(blocking.map(({ told }) => told)).toEqual([null])
  })

  test('each list has its cases while they belong there, and leaves out what is the reader’s own to be confirmed', async () => {
    const verified = await makeProvenCase({ now })
    const list = (view: QueueView, actor = supervisor) => numbers(actor, { view })
    await move(verified.id, officer, { move: 'take' }, now)
    expect(await list('mine', officer)).toEqual([verified.number])
    await move(verified.id, officer, { move: 'verify' }, now)
    expect(await list('mine', officer)).toEqual([])
    expect(await list('others', officer)).toEqual([verified.number])
    expect(await list('todo')).toEqual([verified.number])
    expect(await list('approve')).toEqual([verified.number])
    expect(await list('approve', officer)).toEqual([])
    await move(verified.id, supervisor, { move: 'send_back' }, now)
    expect(await list('approve')).toEqual([])
    expect(await list('sent_back', officer)).toEqual([verified.number])
    await move(verified.id, officer, { move: 'verify' }, now)
    expect(await list('sent_back', officer)).toEqual([])
    expect(await list('approve')).toEqual([verified.number])
    const held = await makeProvenCase({ now })
    await move(held.id, supervisor, { move: 'hold', text: 'Kẻ trộm đang rao bán máy.' }, now)
    expect(await list('holds')).toEqual([])
    expect(await list('holds', await makeStaff('supervisor'))).toEqual([held.number])
    const unknown = await makeCase({ now, imeis: [] })
    expect(await list('no_imei')).toEqual([unknown.number])
    expect((await list('nobody')).toSorted()).toEqual([held.number, unknown.number].toSorted())
  })

  test('the migration that made the lists placed what waited as its triggers do', async () => {
    const [back, verified, held] = [
      await makeProvenCase({ now }),
      await makeProvenCase({ now }),
      await makeProvenCase({ now }),
    ]
    for (const { id } of [back, verified]) {
      await move(id, officer, { move: 'take' }, now)
      await move(id, officer, { move: 'verify' }, now)
    }
    await move(back.id, supervisor, { move: 'send_back' }, now)
    await move(held.id, supervisor, { move: 'hold', text: 'Kẻ trộm đang rao bán máy.' }, now)
    await makeCase({ now, imeis: [] })
    await makeBlockingCase({ now })
    const places = async () =>
      (await superuser.query('SELECT * FROM queue_places ORDER BY case_id, list')).rows
    const placed = await places()
    expect(new Set(placed.map(({ list }) => list))).toEqual(
      new Set(['all', 'nobody', officer.id, 'sent_back', 'approve', 'hold', 'no_imei']),
    )
    const migration = readFileSync('prisma/migrations/20261128114900_queue_lists/migration.sql', 'utf8')
    await superuser.query('DELETE FROM queue_places')
    await superuser.query(migration.slice(migration.indexOf('INSERT INTO "queue_places"')))
    expect(await places()).toEqual(placed)
  })

  test('lists are sorted by what came or happened last, and narrowed', async () => {
    const [lost, robbed] = [
      await makeCase({ now: addMilliseconds(now, -HOUR), incidentType: 'lost' }),
      await makeProvenCase({ now, incidentType: 'robbed' }),
    ]
    await db.case.update({ where: { id: lost.id }, data: { incidentAt: now, tacMismatch: true } })
    expect(await numbers(officer)).toEqual([lost.number, robbed.number])
    expect(await numbers(officer, { sort: 'received' })).toEqual([robbed.number, lost.number])
    expect(await numbers(officer, { sort: 'happened' })).toEqual([lost.number, robbed.number])
    expect(await numbers(officer, { kind: 'lost' })).toEqual([lost.number])
    expect(await numbers(officer, { proof: 'yes' })).toEqual([robbed.number])
    expect(await numbers(officer, { proof: 'no' })).toEqual([lost.number])
    expect(await numbers(officer, { flag: 'tac' })).toEqual([lost.number])
    expect(await numbers(officer, { flag: 'tac', kind: 'robbed' })).toEqual([])
    expect(await countQueueSize(officer, { ...ALL, kind: 'lost' }, now)).toMatchObject({
      count: 1,
      more: false,
    })
    expect(await numbers(officer, { state: 'submitted', flag: 'tac', proof: 'no' })).toEqual([lost.number])
    const [first, second] = [
      await readQueuePage(officer, { ...ALL, sort: 'received' }, null, now),
      await readQueuePage(officer, { ...ALL, sort: 'happened' }, null, now),
    ].map(({ rows }) => rows[0])
    const behind = (row: typeof first, sort: 'received' | 'happened') =>
      row && readQueuePage(officer, { ...ALL, sort }, { key: row, direction: 'after', skipped: 1 }, now)
    expect((await behind(first, 'received'))?.rows.map(({ number }) => number)).toEqual([lost.number])
    expect((await behind(second, 'happened'))?.rows.map(({ number }) => number)).toEqual([robbed.number])
  })

  test('somebody who serves several units sees theirs in one order, page by page', async () => {
    const both = await makeStaff('officer', { unitId: 'quan-3' })
    const serving = { ...both, serves: ['quan-3', 'quan-1'] } as StaffReader
    const made: string[] = []
    for (let n = 0; n < 30; n++)
      made.push(
        (await makeCase({ now: addMilliseconds(now, n * HOUR), unitId: n % 2 === 0 ? 'quan-3' : 'quan-1' }))
          .number,
      )
    const first = await readQueuePage(serving, ALL, null, now)
    expect(first.rows.map(({ number }) => number)).toEqual(made.slice(0, 25))
    const rest =
      first.next &&
      (await readQueuePage(serving, ALL, { key: first.next, direction: 'after', skipped: 25 }, now))
    expect(rest?.rows.map(({ number }) => number)).toEqual(made.slice(25))
    expect(rest).toMatchObject({ skipped: 25, next: null })
  })

  test('pages forth and back show every case once, though several are due at one moment', async () => {
    const made: string[] = []
    for (let n = 0; n < 60; n++)
      made.push((await makeCase({ now: addMilliseconds(now, Math.floor(n / 7) * HOUR) })).number)
    const seen: string[] = []
    const pages: string[][] = []
    let page = await readQueuePage(officer, ALL, null, now)
    expect(page.previous).toBeNull()
    for (;;) {
      const rows = page.rows.map((row) => row.number)
      seen.push(...rows)
      pages.push(rows)
      if (!page.next) break
      page = await readQueuePage(
        officer,
        ALL,
        { key: page.next, direction: 'after', skipped: seen.length },
        now,
      )
    }
    expect(seen.toSorted()).toEqual(made.toSorted())
    for (const expected of pages.toReversed().slice(1)) {
      if (!page.previous) throw new Error('a page before this one was not offered')
      page = await readQueuePage(officer, ALL, { key: page.previous, direction: 'before', skipped: 0 }, now)
      expect(page.rows.map((row) => row.number)).toEqual(expected)
      expect(page.next).not.toBeNull()
    }
    expect(page.previous).toBeNull()
  })

  test('the counts are of what police owe', async () => {
    const late = await makeProvenCase({ now: addMilliseconds(now, -30 * HOUR) })
    await makeCase({ now: addMilliseconds(now, -20 * HOUR) })
    const waiting = await makeCase({ now: addMilliseconds(now, -90 * HOUR) })
    await move(waiting.id, officer, { move: 'take' }, addMilliseconds(now, -80 * HOUR))
    await move(
      waiting.id,
      officer,
      { move: 'request_info', reasonCode: 'proof' },
      addMilliseconds(now, -80 * HOUR),
    )
    await db.case.update({ where: { id: waiting.id }, data: { dueAt: addMilliseconds(now, -HOUR) } })
    expect(await counts(officer, now)).toEqual({
      todo: 2,
      all: 3,
      // The reporter owes it an answer.
      mine: 0,
      others: 1,
      done: 1,
      nobody: 2,
      sent_back: 0,
      conflicts: 0,
      overdue: 1,
      today: 1,
      no_imei: 0,
    })
    await move(late.id, officer, { move: 'take' }, now)
    await move(late.id, officer, { move: 'verify' }, now)
    expect(await counts(supervisor, now)).toMatchObject({ overdue: 0, approve: 1 })
    expect(await counts(await makeStaff('officer', { unitId: 'quan-1' }), now)).toMatchObject({ today: 0 })
  })
})

describe('search', () => {
  const imei = '356789100000019'

  test('a case is found by its number, IMEI in any writing, phone, contact, document and name', async () => {
    const written = randomImei()
    const { number } = await makeCase({
      now,
      imeis: [written],
      particulars: {
        fullName: 'Đỗ Thị Ánh Đào',
        nationalId: '079190054321',
        contact: { kind: 'email', value: 'dao@example.vn' },
        phoneNumbers: ['+84912345678'],
        serialNumber: 'R58N30ABCDE',
      },
    })
    await makeCase({ now })
    const spaced = `${written.slice(0, 2)} ${written.slice(2, 8)}-${written.slice(8)}`
    for (const text of [
      number,
      number.toLowerCase().replaceAll('-', ''),
      written,
      spaced,
      written.slice(0, 14),
      '0912 345 678',
      '+84912345678',
      'dao@example.vn',
      '079190054321',
      'r58n30abcde',
      'do thi anh dao',
      'ĐỖ THỊ ÁNH ĐÀO',
      'Ánh Đào',
      'dao do',
    ]) {
      expect([text, await found(officer, text)]).toEqual([text, [number]])
    }
    for (const text of ['do thi anh dao nguyen', 'da', '0912345679', imei]) {
      expect([text, await found(officer, text)]).toEqual([text, []])
    }
  })

  test('a case is found by four characters of its number and more, from wherever in it, in the own unit alone', async () => {
    const made = await makeCase({ now })
    const code = made.number.slice(4).replaceAll('-', '')
    const elsewhere = await makeCase({ now, unitId: 'quan-1' })
    for (const text of [
      code.slice(0, 4),
      code.slice(4, 8),
      code.slice(2, 7),
      code.slice(5),
      `hcm-${code.slice(0, 6)}`,
    ])
      expect([text, await found(officer, text)]).toEqual([text, [made.number]])
    expect((await found(officer, code.slice(0, 3))) ?? []).toEqual([])
    expect(await found(officer, elsewhere.number.slice(4, 8))).toEqual([])
    expect(await found(city, elsewhere.number.slice(4, 8))).toEqual([elsewhere.number])
  })

  test('other districts find nothing of it, city police do', async () => {
    const { number, imeis } = await makeCase({ now })
    const stranger = await makeStaff('officer', { unitId: 'quan-1' })
    for (const text of [number, imeis[0] ?? '', 'Nguyễn Thị Ánh', 'anh@example.vn']) {
      expect(await found(stranger, text)).toEqual([])
      expect(await found(city, text)).toEqual([number])
    }
  })

  test('of more cases with one contact than are shown the newest are shown', async () => {
    const made: string[] = []
    for (let n = 0; n < 52; n++) made.push((await makeCase({ now: addMilliseconds(now, n) })).number)
    const first = made[0] ?? ''
    await db.case.update({ where: { number: first }, data: { submittedAt: addMilliseconds(now, DAY) } })
    expect(await found(officer, 'anh@example.vn')).toEqual([first, ...made.slice(3).toReversed()])
  })

  test('many of one name: fifty are shown, and it is said that there are more', async () => {
    for (let n = 0; n < 51; n++) await makeCase({ now: addMilliseconds(now, n) })
    const result = await findCases(officer, 'nguyen', now)
    expect(result?.rows).toHaveLength(50)
    expect(result?.more).toBe(true)
    expect(await findCases(officer, '  ', now)).toBeNull()
  })
})

/** Adds enough cases for the planner to care, most of them long over. */
async function fill(): Promise<void> {
  const { id } = await makeCase({ now })
  const { rows } = await superuser.query<{ name: string }>(`
    SELECT attname AS name FROM pg_attribute WHERE attrelid = 'cases'::regclass AND attnum > 0 AND attgenerated = ''
      AND NOT attisdropped`)
  const columns = rows.map(({ name }) => name).join(', ')
  await superuser.query(`
    INSERT INTO case_keys SELECT gen_random_uuid(), wrapped, wrap_key_version, created_at
      FROM case_keys, generate_series(1, 10000);
    CREATE TEMP TABLE pattern AS SELECT * FROM cases WHERE id = '${id}';
    INSERT INTO cases (${columns}) SELECT ${columns} FROM (SELECT (p).* FROM (
      SELECT jsonb_populate_record(pattern, jsonb_build_object(
        'id', k.case_id, 'number', 'X' || row_number() OVER (), 'secret_hash', '\\x00',
        'state', CASE WHEN row_number() OVER () % 5 = 0 THEN 'submitted' ELSE 'blocked' END,
        'needs_work', row_number() OVER () % 5 = 0,
        'unit_id', CASE WHEN row_number() OVER () % 2 = 0 THEN '${officer.unitId}'
          ELSE (SELECT array_agg(id) FROM police_areas WHERE edition_id = '2016')[1 + row_number() OVER () % 24] END,
        'due_at', now() + row_number() OVER () * interval '1 minute')) AS p
      FROM case_keys k, pattern WHERE k.case_id <> pattern.id) made) rows;
    SET session_replication_role = replica;
    INSERT INTO case_imeis SELECT id, 1, lpad(row_number() OVER ()::text, 14, '1'), lpad(row_number() OVER ()::text, 15, '1'), false, false
      FROM cases WHERE id <> '${id}';
    INSERT INTO blind_index SELECT 'name_word', decode(md5((row_number() OVER () % 300)::text), 'hex'), id FROM cases;
    INSERT INTO queue_places
      SELECT case_id, l.list, unit_id, act_by, submitted_at, incident_at, with_citizen, kind, has_files, flags, not_by
      FROM queue_places, unnest('{${officer.id},approve,hold,sent_back,conflict,no_imei}'::text[]) AS l (list)
      WHERE queue_places.list = 'all' ON CONFLICT DO NOTHING;
    UPDATE queue_places SET submitted_at = submitted_at + random() * interval '9 days',
      incident_at = submitted_at + random() * interval '9 days';
    SET session_replication_role = DEFAULT;
    ANALYZE`)
}

describe('how the database runs it', () => {
  const planOf = async (query: Prisma.Sql): Promise<string> => {
    const rows = await db.$queryRaw<Record<string, string>[]>(Prisma.sql`EXPLAIN ${query}`)
    return rows.map((row) => Object.values(row)[0]).join('\n')
  }

  test('every list walks an index of its own, in order, and sorts and scans nothing', {
    timeout: 120_000,
  }, async () => {
    await fill()
    // Counting stops: early on a tab, later in the open list.
    expect((await countViewsOf(city, now)).get('all')).toEqual({ count: 99, more: true })
    expect(await countQueueSize(city, ALL, now)).toMatchObject({ count: 999, more: true })
    const area = staffScope(officer)
    const smaller = staffScope({ ...officer, unitId: 'quan-1', serves: ['quan-1'] })
    const all = staffScope(city)
    if (!area || !all || !smaller) throw new Error('police have a scope')
    const at = addMilliseconds(new Date(), 150 * HOUR)
    const from = { key: { at, id: officer.id }, direction: 'after' } as const
    const middle = { key: { at: addMilliseconds(now, 4 * DAY), id: officer.id }, direction: 'after' } as const
    const reader: Reader = { accountId: officer.id, now: at, endOfDay: addMilliseconds(at, DAY) }
    const ORDER = { due: 'act_by', received: 'submitted_at', happened: 'incident_at' } as const
    // Recent decisions are found by their maker and then sorted, because they are few.
    const lists = QUEUE_VIEWS.filter((view) => view !== 'done').flatMap((view) =>
      (view === 'overdue' || view === 'today' ? (['due'] as const) : QUEUE_SORTS).flatMap((sort) =>
        ([null, 'after', 'before'] as const).flatMap((direction): [string, Prisma.Sql][] => {
          const place = direction && { ...(sort === 'due' ? from : middle), direction }
          const filter = { ...ALL, view, sort }
          return [
            [`queue_places_list_unit_id_${ORDER[sort]}`, writeQueueQuery(area, filter, reader, place, 26)],
            [`queue_places_list_${ORDER[sort]}`, writeQueueQuery(all, filter, reader, place, 26)],
          ]
        }),
      ),
    )
    const blocked: QueueFilter = { ...ALL, state: 'blocked' }
    const plans: [string, Prisma.Sql][] = [
      ...lists,
      ['queue_places_list_unit_id_act_by', writeCountsQuery(area, QUEUE_VIEWS, reader, 99)],
      ['queue_places_list_act_by', writeCountsQuery(all, QUEUE_VIEWS, reader, 99)],
      ['cases_unit_id_state_text_act_by_id_idx', writeQueueQuery(smaller, blocked, reader, from, 26)],
      ['cases_state_text_act_by_id_idx', writeQueueQuery(all, blocked, reader, from, 26)],
      ['cases_state_text_act_by_id_idx', writeWaitingQuery('blocked', now, null, 500)],
      ['cases_state_text_act_by_id_idx', writeWaitingQuery('blocked', now, middle.key, 500)],
      ['case_imeis_key14', searchQuery(area, readSearch('356789100000019', now), 51)],
      ['blind_index_pkey', searchQuery(area, readSearch('nguyen thi anh', now), 51)],
      ['case_numbers_grams_idx', searchQuery(area, readSearch('7K3Q', now), 51)],
    ]
    // Each is planned for its values: a plan for all of them would not know how many rows a page has (ADR 119).
    expect(lists.filter(([, query]) => !query.sql.startsWith(PLANNED_ANEW.sql))).toEqual([])
    for (const [index, query] of plans) {
      const plan = await planOf(query)
      const lines = plan.split('\n')
      // The rows of a page may be sorted again after they are joined; a whole list may not.
      const counts = query.sql.includes('count(*)')
      const bad = lines.filter(
        (line) =>
          /Seq Scan on (cases|case_imeis|case_keys|blind_index|queue_places|evidence)/.test(line) ||
          // The few rows that are counted may be sorted as well; the measurement has more.
          (!counts &&
            /(^|->)\s*(Incremental )?Sort /.test(line) &&
            // Two lists that are shown as one are merged from a page of each.
            Number(/rows=(\d+)/.exec(line)?.[1]) > 2 * 26),
      )
      expect([index, lines.some((line) => line.includes(index)), bad]).toEqual([index, true, []])
    }
  })
})

test('beside the list stands what a line may tell: no papers, nothing opened, no name once it is not police work', async () => {
  const waiting = await makeProvenCase({ now })
  const over = await makeBlockingCase({ now }, { officer, supervisor })
  const shown = await readGlance(officer, waiting.number, now)
  expect(shown).toMatchObject({ next: 'take', files: [{ kind: 'invoice' }], reading: { hint: 'unread' } })
  const { fullName: name, place, nationalId, address, story, contact } = PARTICULARS
  expect(shown?.row.told).toEqual({ name, place, dayOnly: false })
  for (const sealed of [nationalId, address, story, contact.value, '901234567'])
    expect(JSON.stringify(shown)).not.toContain(sealed)
  expect(await db.disclosure.count({ where: { caseId: waiting.id } })).toBe(0)
  expect((await readGlance(officer, over.number, now))?.row.told).toBeNull()
  const strangers = [await makeStaff('officer', { unitId: 'quan-1' }), await makeStaff('auditor')]
  for (const who of strangers) expect(await readGlance(who, waiting.number, now)).toBeNull()
})
