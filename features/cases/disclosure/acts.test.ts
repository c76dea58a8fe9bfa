import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { acknowledgeAlert } from '#features/disclosures/lookups/alerts-acts.ts'
import { alertPage } from '#features/disclosures/lookups/data.ts'
import { jobs } from '#features/disclosures/lookups/jobs.ts'
import { isOpenTo, whoLooked } from '#features/disclosures/openings/data.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, HOUR, MINUTE } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  AGREES,
  type MadeCase,
  makeCase,
  makePolice,
  makeProof,
  makeProvenCase,
  move,
  openProof,
  PARTICULARS,
} from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { outbox, readable } from '#tests/outbox.ts'
import { decideCase } from '../decisions/acts.ts'
import { readCaseFile } from '../file/page-data.ts'
import { discloseCase, searchedFor } from './acts.ts'
import { DISCLOSURE_LIFE, type DisclosureInput, LOOKUPS_AN_HOUR } from './rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
let officer: StaffReader
let colleague: StaffReader
let made: MadeCase
beforeEach(async () => {
  ;({ officer, supervisor: colleague } = await makePolice())
  made = await makeCase({ now })
})

const open = (reader = officer, change: Partial<DisclosureInput> = {}, at = now) =>
  discloseCase(
    reader,
    { number: made.number, submitKey: randomUUID(), reason: 'ownership', note: '', ...change },
    at,
  )
const idShown = async (reader: StaffReader, at = now) =>
  (await readCaseFile(reader, made.number, at))?.particulars.nationalId
const MASK = '••• ••• •• 2345'

describe('opening papers and contact', () => {
  test('shows them to this person, in this session, for half an hour', async () => {
    const before = await readCaseFile(officer, made.number, now)
    expect(before?.particulars).toEqual({
      ...PARTICULARS,
      nationalId: MASK,
      contact: { kind: 'email', value: 'a•••@e•••.vn' },
      address: '•••',
      phoneNumbers: ['•••• ••• 567'],
    })
    expect(await open()).toEqual(ok(true))
    expect((await readCaseFile(officer, made.number, now))?.particulars).toEqual(PARTICULARS)
    expect(await idShown(officer, addMilliseconds(now, DISCLOSURE_LIFE - 1))).toBe(PARTICULARS.nationalId)
    expect(await idShown(officer, addMilliseconds(now, DISCLOSURE_LIFE))).toBe(MASK)
    expect(await idShown(colleague)).toBe(MASK)
    expect(await idShown({ ...officer, sessionId: randomUUID() })).toBe(MASK)
  })

  test('is known of everybody who ever did it, each with their latest time', async () => {
    const openers = async () => (await readCaseFile(colleague, made.number, now))?.openers
    expect(await openers()).toEqual([])
    const later = addMilliseconds(now, DISCLOSURE_LIFE)
    await open()
    await open(colleague, {}, addMilliseconds(now, MINUTE))
    await open(officer, {}, later)
    expect(await openers()).toEqual([
      { accountId: officer.id, at: later },
      { accountId: colleague.id, at: addMilliseconds(now, MINUTE) },
    ])
  })

  test('is written down, and told to the citizen by office alone; whose words it has stay sealed', async () => {
    await open(officer, { reason: 'other', note: 'Người báo tới trụ sở.' })
    const scope = citizenScope(made.id, 'full')
    expect(await whoLooked(scope, made.id)).toEqual({
      days: [{ at: now, unitId: 'quan-3', reason: 'other', count: 1 }],
      more: false,
    })
    expect((await whoLooked(citizenScope(made.id, 'status'), made.id)).days).toEqual([])
    expect((await whoLooked(citizenScope(randomUUID(), 'full'), made.id)).days).toEqual([])
    const entry = await db.auditEntry.findFirstOrThrow({ where: { act: 'case.disclose' } })
    expect(entry).toMatchObject({
      actorId: officer.id,
      subjectId: made.id,
      facts: { opened: 'identity contact evidence', files: 0, reason: 'other' },
    })
    const { rows } = await superuser.query('SELECT note::text FROM disclosures')
    expect(rows[0].note).not.toContain(Buffer.from('trụ sở').toString('hex'))
    expect((await readCaseFile(colleague, made.number, now))?.openings[0]).toMatchObject({
      accountId: officer.id,
      note: 'Người báo tới trụ sở.',
    })
  })

  test('needs words for another reason, a case of one’s own district, and a role that handles cases', async () => {
    expect(await open(officer, { reason: 'other', note: ' ' })).toEqual(err('note_missing'))
    const stranger = await makeStaff('officer', { unitId: 'quan-1' })
    expect(await open(stranger)).toEqual(err('not_found'))
    expect(await open(await makeStaff('city_police'))).toEqual(ok(true))
    for (const role of [
      'relay',
      'auditor',
      'admin',
      'carrier',
      'survey_manager',
      'agency_viewer',
      'shop',
    ] as const)
      expect(await open(await makeStaff(role))).toEqual(err('forbidden'))
    expect(await db.disclosure.count()).toBe(1)
  })

  test('twice at once, by one key or two, is one opening', async () => {
    const submitKey = randomUUID()
    await Promise.all([open(officer, { submitKey }), open(officer, { submitKey }), open(), open()])
    expect(await db.disclosure.count()).toBe(1)
    expect(await db.lookup.count()).toBe(1)
  })

  test('of a conflict opens every side to the person who settles it, and one to others', async () => {
    await makeProof(made.id)
    await move(made.id, await makeStaff('officer'), { move: 'hold' }, now)
    const rival = await makeProvenCase({ now, imeis: made.imeis })
    await move(rival.id, officer, { move: 'take' }, now)
    const accepted = {
      number: rival.number,
      version: 2,
      submitKey: randomUUID(),
      decision: 'accept_counterclaim',
      reason: 'Hóa đơn có vẻ thật.',
      check: AGREES,
    } as const
    await openProof(officer, rival.id, now)
    expect(await decideCase(officer, accepted, now)).toEqual(ok(true))
    const city = await makeStaff('city_police')
    await open(city, { reason: 'appeal' })
    expect(await isOpenTo(city, rival.id, now)).toBe(true)
    const district = (await makePolice()).officer
    await open(district)
    expect(await isOpenTo(district, rival.id, now)).toBe(false)
  })
})

describe('look-ups', () => {
  const search = (text: string, at = now, by = officer) => searchedFor(by, text, at)
  const many = async (count: number, at = now) => {
    for (let n = 0; n < count; n++) await search('Ánh', addMilliseconds(at, n))
  }

  test('a search by somebody’s data is written down by its kind; a case number is nobody’s', async () => {
    for (const text of ['anh@example.vn', '0912 345 678', 'Ánh Đào', made.number, ' ']) await search(text)
    const entries = await db.auditEntry.findMany({
      where: { act: 'case.search' },
      orderBy: { id: 'asc' },
    })
    expect(entries.map(({ subjectId }) => subjectId)).toEqual(['email', 'phone national_id serial', 'name'])
    expect(JSON.stringify(entries.map(({ facts }) => facts))).toBe('[{},{},{}]')
  })

  test('the 51st within an hour raises one alert, openings and searches together', async () => {
    const auditor = await makeStaff('auditor')
    await many(LOOKUPS_AN_HOUR - 1)
    await open(officer, {}, addMilliseconds(now, MINUTE))
    expect((await alertPage(auditor, null)).alerts).toEqual([])
    await search('Ánh', addMilliseconds(now, 2 * MINUTE))
    const [alert] = (await alertPage(auditor, null)).alerts
    expect(alert).toMatchObject({ accountId: officer.id, count: 51, since: now })
    await search('Ánh', addMilliseconds(now, 3 * MINUTE))
    await search('Ánh', addMilliseconds(now, 3 * MINUTE), colleague)
    expect((await alertPage(auditor, null)).alerts).toMatchObject([{ count: 52 }])

    const { rows } = await superuser.query("SELECT data FROM pgboss.job WHERE name = 'lookup-alert'")
    expect(rows).toMatchObject([{ data: { accountId: auditor.id } }])
    await jobs[0]?.run(rows[0].data, now, new AbortController().signal)
    const [mail = { content: '' }] = outbox(process.env.DATA_DIR ?? '')
    expect(mail.content).toContain(`To: ${auditor.id}`)
    const text = readable(mail.content)
    expect(text).toContain(officer.name)
    expect(text).not.toContain(made.number)
  })

  test('look-ups of an earlier hour count no more, and another hour has an alert of its own', async () => {
    await many(LOOKUPS_AN_HOUR)
    await search('Ánh', addMilliseconds(now, HOUR + MINUTE))
    expect(await db.lookupAlert.count()).toBe(0)
    await many(LOOKUPS_AN_HOUR + 1, addMilliseconds(now, 2 * HOUR))
    await many(LOOKUPS_AN_HOUR + 1, addMilliseconds(now, 4 * HOUR))
    expect(await db.lookupAlert.count()).toBe(2)
  })

  test('many at once are all counted, and raise one alert', { timeout: 30_000 }, async () => {
    await many(LOOKUPS_AN_HOUR - 5)
    await Promise.all(Array.from({ length: 10 }, () => search('Ánh', addMilliseconds(now, MINUTE))))
    const auditor = await makeStaff('auditor')
    expect(await db.lookup.count()).toBe(LOOKUPS_AN_HOUR + 5)
    expect((await alertPage(auditor, null)).alerts).toMatchObject([{ count: 55 }])
  })

  test('an auditor says once what came of an alert; nobody else does', async () => {
    await many(LOOKUPS_AN_HOUR + 1)
    const [one, two] = [await makeStaff('auditor'), await makeStaff('auditor')]
    const [alert] = (await alertPage(one, null)).alerts
    expect(await alertPage(officer, null)).toEqual({ alerts: [], next: null })
    const see = (by: StaffReader, note: string, alertId = alert?.id ?? '') =>
      acknowledgeAlert(by, { alertId, alertNote: note, submitKey: randomUUID() }, now)
    expect(await see(officer, 'x')).toEqual(err('forbidden'))
    expect(await see(one, ' ')).toEqual(err('seen_note_missing'))
    expect(await see(one, 'x', randomUUID())).toEqual(err('not_found'))
    const both = await Promise.all([see(one, 'Đã hỏi.'), see(two, 'Đã hỏi.')])
    expect(both.map((result) => (result.ok ? 'ok' : result.error)).sort()).toEqual(['done', 'ok'])
    expect((await alertPage(one, null)).alerts[0]).toMatchObject({ seenNote: 'Đã hỏi.', seenAt: now })
    expect(await db.auditEntry.count({ where: { act: 'alert.acknowledge' } })).toBe(1)
  })

  test('after an alert is looked into, as many again raise another, and no look-up is in two', async () => {
    const auditor = await makeStaff('auditor')
    await many(LOOKUPS_AN_HOUR + 1)
    const [first] = (await alertPage(auditor, null)).alerts
    const told = { alertId: first?.id ?? '', alertNote: 'Đã hỏi.', submitKey: randomUUID() }
    expect((await acknowledgeAlert(auditor, told, addMilliseconds(now, MINUTE))).ok).toBe(true)
    await many(LOOKUPS_AN_HOUR, addMilliseconds(now, 2 * MINUTE))
    expect((await alertPage(auditor, null)).alerts).toMatchObject([{ count: LOOKUPS_AN_HOUR + 1 }])
    await many(3, addMilliseconds(now, 3 * MINUTE))
    expect((await alertPage(auditor, null)).alerts).toMatchObject([
      { count: LOOKUPS_AN_HOUR + 3, since: addMilliseconds(now, 2 * MINUTE), seenAt: null },
      { id: first?.id, count: LOOKUPS_AN_HOUR + 1 },
    ])
    const { rows } = await superuser.query("SELECT FROM pgboss.job WHERE name = 'lookup-alert'")
    expect(rows).toHaveLength(2)
  })

  test('alerts are paged by key, and each is on one page', async () => {
    const row = { accountId: officer.id, since: now, raisedAt: now, lastAt: now, count: 51 }
    await db.lookupAlert.createMany({
      data: Array.from({ length: 12 }, () => ({ ...row, id: randomUUID() })),
    })
    const auditor = await makeStaff('auditor')
    const first = await alertPage(auditor, null)
    const second = await alertPage(auditor, first.next)
    expect(second.next).toBeNull()
    expect(new Set([...first.alerts, ...second.alerts].map(({ id }) => id)).size).toBe(12)
  })
})
