import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { runClocks } from '#features/cases/commands/clocks.ts'
import { taskCounts } from '#features/tasks/queries/counts.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, HOUR, MINUTE } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, makeCase, makePolice, makeProvenCase, move } from '#tests/factories/case.ts'
import { makeObjection } from '#tests/factories/objection.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { answerComplaint, complainOfLateness } from './acts.ts'
import { complaintsOfUnit, complaintsWaiting, lateGroups, latenessOf, lateWork } from './data.ts'
import { runLateness } from './jobs.ts'

/** Monday, 09:00 in the city: the decision on a report of this moment is due on Thursday at 17:00. */
const now = new Date('2026-12-07T02:00:00Z')
const citizen = { kind: 'citizen' } as const

beforeEach(async () => {
  await db.latenessBegin.updateMany({ data: { beganAt: new Date('2026-11-01T00:00:00Z') } })
})

const notices = (caseId: string, template: string) => db.notice.findMany({ where: { caseId, template } })
const mails = () =>
  db.$queryRaw<{ notice: string; account: string; count: number }[]>`
    SELECT data->>'notice' AS notice, data->>'accountId' AS account, (data->>'count')::int AS count
    FROM pgboss.job WHERE name = 'account-notice' AND data->>'notice' LIKE 'late_%' ORDER BY created_on, id`

/** Runs the clocks for a number of days, half past each hour of the day's work. */
async function pass(days: number): Promise<void> {
  for (let day = 0; day < days; day++)
    for (let hour = 0; hour < 9; hour++) {
      const at = addMilliseconds(now, day * DAY + hour * HOUR + 30 * MINUTE)
      await runClocks(at)
      await runLateness(at)
    }
}

/** When the person, the unit, city police and the inspectorate were told of each deadline, as the city writes it. */
async function toldOf(subjectId: string) {
  const rows = await db.lateDeadline.findMany({ where: { subjectId }, orderBy: [{ dueAt: 'asc' }] })
  const say = (at: Date | null) => (at === null ? '-' : formatInstant('vi', at, 'moment'))
  return rows.map((row) =>
    [row.kind, say(row.personAt), say(row.unitAt), say(row.cityAt), say(row.inspectorateAt)].join(' | '),
  )
}

describe('thirty days without an act', () => {
  it('tells the right people at the right time, for each kind of work', async () => {
    const { officer } = await makePolice()
    await Promise.all([makeStaff('city_police'), makeStaff('auditor')])
    const submitted = await makeCase({ now })
    const taken = await makeProvenCase({ now })
    await move(taken.id, officer, { move: 'take' }, now)
    const verified = await makeProvenCase({ now })
    await move(verified.id, officer, { move: 'take' }, now)
    await move(verified.id, officer, { move: 'verify' }, now)
    const appealed = await makeProvenCase({ now })
    await move(appealed.id, officer, { move: 'take' }, now)
    await move(appealed.id, officer, { move: 'reject', reasonCode: 'not_owner' }, now)
    await move(appealed.id, citizen, { move: 'appeal' }, now)
    const asked = await makeProvenCase({ now })
    await move(asked.id, officer, { move: 'take' }, now)
    await move(asked.id, officer, { move: 'request_info', reasonCode: 'proof' }, now)
    const blocked = await makeBlockingCase({ now })
    await move(blocked.id, citizen, { move: 'request_unblock' }, now)
    const objectedTo = await makeBlockingCase({ now })
    const objection = await makeObjection(objectedTo.imeis[0] ?? '', { now })
    const erasing = await makeBlockingCase({ now })
    await db.dataRequest.create({
      data: {
        id: randomUUID(),
        caseId: erasing.id,
        unitId: 'quan-3',
        kind: 'erase',
        eventSeq: 1,
        askedAt: now,
        dueAt: addMilliseconds(now, 2 * DAY),
      },
    })
    const held = await makeProvenCase({ now })
    await move(held.id, officer, { move: 'take' }, now)
    await move(held.id, officer, { move: 'hold' }, now)
    await pass(30)
    const table = {
      submitted: await toldOf(submitted.id),
      taken: await toldOf(taken.id),
      verified: await toldOf(verified.id),
      appealed: await toldOf(appealed.id),
      asked: await toldOf(asked.id),
      unblock: await toldOf(blocked.id),
      objection: await toldOf(objection.id),
      erasing: await toldOf(erasing.id),
      held: await toldOf(held.id),
    }
    expect(table).toMatchInlineSnapshot(`
      {
        "appealed": [
          "appeal | Thứ Năm 10/12/2026, 17:30 | Thứ Năm 10/12/2026, 17:30 | Thứ Sáu 11/12/2026, 17:30 | Thứ Ba 15/12/2026, 17:30",
        ],
        "asked": [],
        "erasing": [
          "erase | Thứ Tư 09/12/2026, 09:30 | Thứ Tư 09/12/2026, 09:30 | Thứ Năm 10/12/2026, 17:30 | Thứ Hai 14/12/2026, 17:30",
        ],
        "held": [
          "hold | - | Thứ Hai 07/12/2026, 13:30 | Thứ Ba 08/12/2026, 17:30 | Thứ Năm 10/12/2026, 17:30",
          "decision | Thứ Năm 10/12/2026, 17:30 | Thứ Năm 10/12/2026, 17:30 | Thứ Sáu 11/12/2026, 17:30 | Thứ Ba 15/12/2026, 17:30",
        ],
        "objection": [
          "objection | Thứ Hai 21/12/2026, 17:30 | Thứ Hai 21/12/2026, 17:30 | Thứ Ba 22/12/2026, 17:30 | Thứ Năm 24/12/2026, 17:30",
        ],
        "submitted": [
          "first_action | Thứ Ba 08/12/2026, 09:30 | Thứ Ba 08/12/2026, 09:30 | Thứ Tư 09/12/2026, 17:30 | Thứ Sáu 11/12/2026, 17:30",
          "decision | Thứ Năm 10/12/2026, 17:30 | Thứ Năm 10/12/2026, 17:30 | Thứ Sáu 11/12/2026, 17:30 | Thứ Ba 15/12/2026, 17:30",
        ],
        "taken": [
          "decision | Thứ Năm 10/12/2026, 17:30 | Thứ Năm 10/12/2026, 17:30 | Thứ Sáu 11/12/2026, 17:30 | Thứ Ba 15/12/2026, 17:30",
        ],
        "unblock": [
          "unblock_decision | Thứ Năm 10/12/2026, 17:30 | Thứ Năm 10/12/2026, 17:30 | Thứ Sáu 11/12/2026, 17:30 | Thứ Ba 15/12/2026, 17:30",
        ],
        "verified": [
          "decision | Thứ Năm 10/12/2026, 17:30 | Thứ Năm 10/12/2026, 17:30 | Thứ Sáu 11/12/2026, 17:30 | Thứ Ba 15/12/2026, 17:30",
        ],
      }
    `)
    for (const { id } of [submitted, taken, verified, appealed, blocked, erasing, held]) {
      const told = await db.lateDeadline.count({ where: { subjectId: id, personAt: { not: null } } })
      expect(await notices(id, 'late')).toHaveLength(told)
    }
    expect(await notices(objection.id, 'objection_late')).toHaveLength(1)
    expect(await notices(asked.id, 'late')).toHaveLength(0)
  })
})

describe('runLateness', () => {
  const late = addMilliseconds(now, 25 * HOUR)

  it('tells each thing once with several workers at the same moment, and one mail a supervisor however many are late', async () => {
    const [{ supervisor }, other] = [await makePolice(), await makePolice('quan-1')]
    const cases = await Promise.all(Array.from({ length: 6 }, () => makeCase({ now })))
    await Promise.all([runLateness(late), runLateness(late), runLateness(late)])
    await runLateness(addMilliseconds(late, HOUR))
    for (const { id } of cases) {
      expect(await notices(id, 'late')).toHaveLength(1)
      expect(await db.auditEntry.count({ where: { act: 'lateness.told_person', subjectId: id } })).toBe(1)
    }
    const told = (await mails()).filter(({ account }) => account === supervisor.id)
    expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(6)
    expect((await mails()).filter(({ account }) => account === other.supervisor.id)).toEqual([])
  })

  it('does not call late what is decided at that second, before or after it is looked at', async () => {
    const { officer } = await makePolice()
    const made = await Promise.all(Array.from({ length: 8 }, () => makeCase({ now })))
    const at = addMilliseconds(now, 24 * HOUR + 1)
    await Promise.all([
      runLateness(at),
      ...made.map(({ id }) => move(id, officer, { move: 'take' }, at)),
      runLateness(at),
    ])
    await runLateness(addMilliseconds(at, 7 * HOUR))
    for (const { id } of made) {
      const rows = await db.lateDeadline.findMany({ where: { subjectId: id } })
      // Told before the officer took it, or not at all; either way nothing stays open.
      expect(await notices(id, 'late')).toHaveLength(rows.length)
      expect(rows.every(({ endedAt }) => endedAt !== null)).toBe(true)
    }
  })

  it('says nothing at the very moment, and tells a millisecond later', async () => {
    const { id } = await makeCase({ now })
    await runLateness(addMilliseconds(now, 24 * HOUR))
    expect(await notices(id, 'late')).toHaveLength(0)
    await runLateness(addMilliseconds(now, 24 * HOUR + 1))
    expect(await notices(id, 'late')).toHaveLength(1)
  })

  it('tells city police and the inspectorate nothing of what was done meanwhile', async () => {
    const { officer } = await makePolice()
    await Promise.all([makeStaff('city_police'), makeStaff('auditor')])
    const { id } = await makeCase({ now })
    await runLateness(late)
    await move(id, officer, { move: 'take' }, addMilliseconds(late, HOUR))
    for (let day = 1; day < 3; day++) await runLateness(addMilliseconds(late, day * DAY + 8 * HOUR))
    expect((await mails()).map(({ notice }) => notice)).not.toContain('late_city')
    expect(await db.lateDeadline.findFirst({ where: { subjectId: id } })).toMatchObject({ cityAt: null })
  })

  it('tells of what had passed before the upgrade once, to everybody in one, marked', async () => {
    await db.latenessBegin.updateMany({ data: { beganAt: addMilliseconds(now, 40 * DAY) } })
    await makePolice()
    const [city, auditor] = await Promise.all([makeStaff('city_police'), makeStaff('auditor')])
    const cases = await Promise.all(Array.from({ length: 5 }, () => makeCase({ now })))
    const upgrade = addMilliseconds(now, 40 * DAY)
    await runLateness(upgrade)
    await runLateness(addMilliseconds(upgrade, HOUR))
    await runLateness(addMilliseconds(upgrade, 9 * DAY))
    for (const { id } of cases) {
      // Two deadlines, one message.
      expect(await notices(id, 'late')).toHaveLength(1)
      expect(await db.lateDeadline.count({ where: { subjectId: id, fromBefore: true } })).toBe(2)
    }
    const told = (await mails()).filter(({ account }) => account === city.id || account === auditor.id)
    expect(told).toHaveLength(2)
    expect(told.every(({ count }) => count === 10)).toBe(true)
  })

  it('keeps telling where one case cannot be looked at', async () => {
    const [broken, whole] = [await makeCase({ now }), await makeCase({ now })]
    await db.case.update({ where: { id: broken.id }, data: { sealed: Buffer.from('nothing') } })
    await runLateness(late)
    expect(await notices(broken.id, 'late')).toHaveLength(0)
    expect(await db.lateDeadline.count({ where: { subjectId: broken.id } })).toBe(0)
    expect(await notices(whole.id, 'late')).toHaveLength(1)
  })
})

describe('complainOfLateness', () => {
  const late = addMilliseconds(now, 25 * HOUR)
  const press = (id: string, submitKey: string = randomUUID(), access: 'full' | 'status' = 'full') =>
    complainOfLateness(citizenScope(id, access), { subjectId: id, submitKey }, late)

  it('is one complaint however often it is pressed, for which city police have three working days', async () => {
    const { id } = await makeCase({ now })
    await runLateness(late)
    const key = randomUUID()
    const pressed = await Promise.all([
      ...Array.from({ length: 5 }, () => press(id, key)),
      ...Array.from({ length: 5 }, () => press(id, randomUUID(), 'status')),
    ])
    expect(pressed.filter(({ ok }) => ok).length).toBeGreaterThan(0)
    expect(await press(id)).toEqual({ ok: true, value: true })
    expect(await db.lateDeadline.count({ where: { subjectId: id, complainedAt: { not: null } } })).toBe(1)
    expect(await db.auditEntry.count({ where: { act: 'lateness.complain', subjectId: id } })).toBe(1)
    // Tuesday: three working days later is Friday.
    expect((await latenessOf(citizenScope(id, 'full'), id))[0]?.complaint?.dueAt).toEqual(
      new Date('2026-12-11T10:00:00Z'),
    )
  })

  it('is refused while nobody was told that it is late, and for another person’s case', async () => {
    const [mine, other] = [await makeCase({ now }), await makeCase({ now })]
    expect(await press(mine.id)).toMatchObject({ ok: false, error: 'not_late' })
    await runLateness(late)
    const foreign = { subjectId: other.id, submitKey: randomUUID() }
    expect(await complainOfLateness(citizenScope(mine.id, 'full'), foreign, late)).toMatchObject({
      ok: false,
      error: 'forbidden',
    })
    expect(await latenessOf(citizenScope(mine.id, 'full'), other.id)).toEqual([])
  })

  it('waits for city police in the list and the bell, and its answer is read by the person; the first answer wins', async () => {
    const { supervisor } = await makePolice()
    const [one, two] = [await makeStaff('city_police'), await makeStaff('city_police')]
    const auditor = await makeStaff('auditor')
    const { id, number } = await makeCase({ now })
    await runLateness(late)
    await press(id)
    expect(await taskCounts(one, late)).toMatchObject({ late_complaint: 1 })
    expect(await taskCounts(supervisor, late)).not.toHaveProperty('late_complaint')
    const [complaint] = await complaintsWaiting(one)
    expect(complaint).toMatchObject({ number, kind: 'first_action' })
    expect(await complaintsWaiting(supervisor)).toEqual([])
    expect((await lateWork(supervisor))?.map((row) => row.number)).toEqual([number])
    expect((await lateWork(auditor))?.map((row) => row.number)).toEqual([number])
    expect(await lateWork((await makePolice('quan-1')).supervisor)).toEqual([])
    const input = (text: string) => ({ id: complaint?.id ?? '', text, submitKey: randomUUID() })
    expect(await answerComplaint(supervisor, input('Không'), late)).toMatchObject({ error: 'forbidden' })
    expect(await answerComplaint(one, input('  '), late)).toMatchObject({ error: 'text_missing' })
    const answers = await Promise.all([
      answerComplaint(one, input('Hồ sơ được giao lại hôm nay.'), late),
      answerComplaint(two, input('Hồ sơ được giao lại hôm nay.'), late),
    ])
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers).toContainEqual({ ok: false, error: 'answered' })
    expect(await notices(id, 'late_answered')).toHaveLength(1)
    expect((await latenessOf(citizenScope(id, 'full'), id))[0]?.complaint?.answer).toBe(
      'Hồ sơ được giao lại hôm nay.',
    )
    expect(await complaintsOfUnit(one, 'quan-3', now)).toEqual({ made: 1, waiting: 0 })
  })

  it('reaches the holder of a phone, who learns no unit', async () => {
    const blocked = await makeBlockingCase({ now })
    const objection = await makeObjection(blocked.imeis[0] ?? '', { now })
    const at = addMilliseconds(now, 20 * DAY)
    await runLateness(at)
    await complainOfLateness(
      citizenScope(objection.id, 'full'),
      { subjectId: objection.id, submitKey: randomUUID() },
      at,
    )
    const city = await makeStaff('city_police')
    const [complaint] = await complaintsWaiting(city)
    await answerComplaint(
      city,
      { id: complaint?.id ?? '', text: 'Đang kiểm tra máy.', submitKey: randomUUID() },
      at,
    )
    expect(await notices(objection.id, 'objection_late_answered')).toHaveLength(1)
    expect(await notices(blocked.id, 'late_answered')).toHaveLength(0)
  })
})

describe('lateGroups', () => {
  it('counts what is open, by kind, with the oldest day', async () => {
    await makeCase({ now })
    await makeCase({ now: addMilliseconds(now, HOUR) })
    await runLateness(addMilliseconds(now, 26 * HOUR))
    expect(await lateGroups()).toEqual([
      { kind: 'first_action', oldestDueAt: addMilliseconds(now, 24 * HOUR), count: 2 },
    ])
  })
})
