import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { jobs as accountJobs } from '#features/accounts/preferences/jobs.ts'
import { runClocks } from '#features/cases/clocks/acts.ts'
import { askAboutData } from '#features/privacy/requests/acts.ts'
import { countTasks } from '#features/tasks/data.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, MINUTE } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { env } from '#platform/env.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, makeCase, makePolice, makeProvenCase, move } from '#tests/factories/case.ts'
import { makeObjection } from '#tests/factories/objection.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { messageOf, readable } from '#tests/outbox.ts'
import { answerComplaint, complainOfLateness } from './acts.ts'
import { complaintsOfUnit, complaintsWaiting, lateGroups, latenessOf, lateWork } from './data.ts'
import { runLateness } from './jobs.ts'

/** Monday, 09:00 local time: the decision on a report made now is due on Thursday at 17:00. */
const now = new Date('2026-12-07T02:00:00Z')
const citizen = { kind: 'citizen' } as const

beforeEach(async () => {
  await db.latenessBegin.updateMany({ data: { beganAt: new Date('2026-11-01T00:00:00Z') } })
})

const notices = (caseId: string, template: string) => db.notice.findMany({ where: { caseId, template } })
const mails = () =>
  db.$queryRaw<{ notice: string; account: string | null; count: number }[]>`
    SELECT data->>'notice' AS notice, data->>'accountId' AS account, (data->>'count')::int AS count
    FROM pgboss.job WHERE name = 'account-notice' AND data->>'notice' LIKE 'late_%' ORDER BY created_on, id`

async function pass(days: number): Promise<void> {
  for (let day = 0; day < days; day++)
    for (let hour = 0; hour < 9; hour++) {
      const at = addMilliseconds(now, day * DAY + hour * HOUR + 30 * MINUTE)
      await runClocks(at)
      await runLateness(at)
    }
}

/** Returns the days on which somebody was told, as in docs/rules.md; `–`: nobody. */
const onDays = (moments: readonly (Date | null)[]): string =>
  moments.flatMap((at) => (at === null ? [] : [dayOf(at)])).join(', ') || '–'
const dayOf = (at: Date): string => formatInstant('en', at, 'moment').replace(/ \d{4},.*/, '')
const momentOf = (at: Date): string => formatInstant('en', at, 'moment').replace(/ \d{4},/, ',')

const OWED: Readonly<Record<string, string>> = {
  first_action: 'first look',
  appeal: 'decision',
  unblock_decision: 'decision',
  objection: 'decision',
  correct: 'answer',
  hold: 'second person',
}

function documented(): string[][] {
  const [, table = ''] = readFileSync('docs/rules.md', 'utf8').split('### What silence does')
  const lines = table.split('\n').filter((line) => line.startsWith('| '))
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

describe('thirty days without an act', () => {
  it('tells the people of the document on the days of the document, for each kind of work', async () => {
    Object.assign(env(), { ALERT_MAIL: 'giam-sat@thanhtra.example' })
    onTestFinished(() => void Object.assign(env(), { ALERT_MAIL: undefined }))
    const { officer } = await makePolice()
    await Promise.all([makeStaff('city_police'), makeStaff('auditor')])
    const taken = async () => {
      const made = await makeProvenCase({ now })
      await move(made.id, officer, { move: 'take' }, now)
      return made
    }
    const led = async (...moves: readonly Parameters<typeof move>[2][]) => {
      const made = await taken()
      for (const one of moves) await move(made.id, one.move === 'appeal' ? citizen : officer, one, now)
      return made
    }
    const blocked = () => makeBlockingCase({ now })
    const wish = async (act: 'ask_correction' | 'request_unblock') => {
      const { id } = await blocked()
      if (act === 'request_unblock') await move(id, citizen, { move: act }, now)
      else {
        const { version } = await db.case.findUniqueOrThrow({ where: { id } })
        const input = { caseId: id, version, act, message: 'Sai màu máy.', submitKey: randomUUID() }
        const asked = await askAboutData(citizenScope(id, 'full'), input, now)
        expect(asked).toEqual({ ok: true, value: null })
      }
      return { id }
    }
    const left: Readonly<Record<string, { readonly id: string }>> = {
      'a report that nobody takes up': await makeCase({ now }),
      'a report that was taken up': await taken(),
      'a report that was verified': await led({ move: 'verify' }),
      'an appeal': await led({ move: 'reject', reasonCode: 'not_owner' }, { move: 'appeal' }),
      'a request to unblock': await wish('request_unblock'),
      'an objection': await makeObjection((await blocked()).imeis[0] ?? '', { now }),
      'a request to correct data': await wish('ask_correction'),
      'a temporary block that was asked for': await led({ move: 'hold' }),
      'a question to its person': await led({ move: 'request_info', reasonCode: 'proof' }),
    }
    await pass(30)
    const rows: string[][] = []
    const told = { unit: 0, city: 0, inspectorate: 0 }
    for (const [work, { id }] of Object.entries(left)) {
      const messages = await db.notice.findMany({ where: { caseId: id }, orderBy: { createdAt: 'asc' } })
      const sent = (template: string) => messages.filter((one) => one.template === template)
      const late = [...sent('late'), ...sent('objection_late')]
      const deadlines = await db.lateDeadline.findMany({
        where: { subjectId: id },
        orderBy: { dueAt: 'asc' },
      })
      // A message was sent exactly at the time in the row.
      expect(late.map(({ createdAt }) => createdAt)).toEqual(
        deadlines.flatMap(({ personAt }) => personAt ?? []),
      )
      for (const { kind, dueAt, personAt, unitAt, cityAt, inspectorateAt } of deadlines) {
        if (unitAt) told.unit++
        if (cityAt) told.city++
        if (inspectorateAt) told.inspectorate++
        const steps = [personAt, unitAt, cityAt, inspectorateAt].map((at) => onDays([at]))
        rows.push([work, OWED[kind] ?? kind, momentOf(dueAt), ...steps])
      }
      const [reminders, ended] = [sent('remind_reply'), sent('expire')].map((of) =>
        of.map(({ createdAt }) => createdAt),
      )
      if (reminders?.length && ended?.length) {
        const due = addMilliseconds(now, 15 * DAY)
        const words = `reminded ${onDays(reminders)}; told of its end ${onDays(ended)}`
        rows.push([work, 'its answer', momentOf(due), words, '–', '–', '–'])
      }
    }
    expect(rows).toEqual(documented().slice(1))
    // The mails of everybody who is told at a step count all of its deadlines; the outside mailbox gets the auditor's mail.
    const mailed = Map.groupBy(
      await mails(),
      ({ notice, account }) => `${notice} ${account === null ? 'outside' : 'staff'}`,
    )
    const sums = Object.fromEntries(
      [...mailed].map(([to, of]) => [to, of.reduce((sum, { count }) => sum + count, 0)]),
    )
    // The outside mail links to the list and offers no choice, because its reader has no account here.
    const sendNotice = accountJobs[0]?.run as (data: object, at: Date, signal: AbortSignal) => Promise<void>
    const mail = { id: randomUUID(), accountId: null, notice: 'late_inspectorate', count: told.inspectorate }
    await sendNotice(mail, now, new AbortController().signal)
    const text = readable(messageOf(env().DATA_DIR, mail.id)?.content ?? '')
    expect(text).toContain('To: giam-sat@thanhtra.example')
    expect(text).toContain('/quan-tri/ho-so/tre-han')
    expect(text).not.toMatch(/List-Unsubscribe|HCM-/)
    const supervisors = await db.staffAccount.count({ where: { role: 'supervisor', unitId: 'quan-3' } })
    expect(sums).toEqual({
      'late_unit staff': told.unit * supervisors,
      'late_city staff': told.city,
      'late_inspectorate staff': told.inspectorate,
      'late_inspectorate outside': told.inspectorate,
    })
  })
})

describe('an odd day', () => {
  it.each([
    // The first look is due within 24 hours, holidays too; offices are told on working days.
    [
      'a minute to midnight on 31 December',
      '2026-12-31T23:59',
      '2027-01-01T23:59',
      '2027-01-04T17:00',
      '2027-01-06T17:00',
    ],
    ['the eve of Tết', '2027-02-03T17:00', '2027-02-04T17:00', '2027-02-11T17:00', '2027-02-15T17:00'],
    [
      'a year whose holidays nobody entered: by weekends alone',
      '2030-02-01T09:00',
      '2030-02-02T09:00',
      '2030-02-04T17:00',
      '2030-02-06T17:00',
    ],
  ])('begins no other clock: %s', async (_, sent, due, city, inspectorate) => {
    const local = (text: string) => new Date(`${text}+07:00`)
    await makePolice()
    const { id } = await makeCase({ now: local(sent) })
    const told = async () =>
      (await db.lateDeadline.findFirst({ where: { subjectId: id, kind: 'first_action' } })) ?? null
    await runLateness(local(due))
    expect(await told()).toBeNull()
    await runLateness(addMilliseconds(local(due), 1))
    expect(await told()).toMatchObject({ dueAt: local(due), cityAt: null })
    for (const [step, at] of [
      ['cityAt', local(city)],
      ['inspectorateAt', local(inspectorate)],
    ] as const) {
      await runLateness(addMilliseconds(at, -1))
      expect((await told())?.[step]).toBeNull()
      await runLateness(at)
      expect((await told())?.[step]).toEqual(at)
    }
    expect(await notices(id, 'late')).not.toHaveLength(0)
  })

  it('takes nothing from the steps where both contacts are dead, and tries them once', async () => {
    await makePolice()
    await Promise.all([makeStaff('city_police'), makeStaff('auditor')])
    const secondContact = { kind: 'phone', value: '+84912345678', inForceAt: now.toISOString() } as const
    const dead = await makeCase({ now, particulars: { secondContact } })
    const nobody = await makeCase({ now, particulars: { contact: null } })
    const late = addMilliseconds(now, 25 * HOUR)
    await runLateness(late)
    expect(await notices(dead.id, 'late')).toHaveLength(2)
    await db.notice.updateMany({ where: { caseId: dead.id }, data: { state: 'failed' } })
    for (let day = 1; day < 6; day++) await runLateness(addMilliseconds(late, day * DAY + 8 * HOUR))
    const of = (subjectId: string) =>
      db.lateDeadline.findFirstOrThrow({ where: { subjectId, kind: 'first_action' } })
    for (const { id } of [dead, nobody]) {
      const row = await of(id)
      expect([row.unitAt, row.cityAt, row.inspectorateAt].every((at) => at !== null)).toBe(true)
    }
    expect((await of(nobody.id)).personAt).toBeNull()
    expect(await notices(nobody.id, 'late')).toHaveLength(0)
    // Tells of the decision that was missed meanwhile, and not of the first look again.
    expect(await notices(dead.id, 'late')).toHaveLength(4)
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
      // Told before the officer took it, or not at all; in both cases nothing stays open.
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
    // It is Tuesday: three working days later is Friday.
    expect((await latenessOf(citizenScope(id, 'full'), id))[0]?.complaint?.dueAt).toEqual(
      new Date('2026-12-11T10:00:00Z'),
    )
  })

  it('is refused while nobody was told that it is late, and for another person’s case', async () => {
    const [mine, other] = [await makeCase({ now }), await makeCase({ now })]
    expect(await press(mine.id)).toMatchObject(err('not_late'))
    await runLateness(late)
    const foreign = { subjectId: other.id, submitKey: randomUUID() }
    expect(await complainOfLateness(citizenScope(mine.id, 'full'), foreign, late)).toMatchObject(
      err('forbidden'),
    )
    expect(await latenessOf(citizenScope(mine.id, 'full'), other.id)).toEqual([])
  })

  it('waits for city police in the list and the bell, and its answer is read by the person; the first answer wins', async () => {
    const { supervisor } = await makePolice()
    const [one, two] = [await makeStaff('city_police'), await makeStaff('city_police')]
    const auditor = await makeStaff('auditor')
    const { id, number } = await makeCase({ now })
    await runLateness(late)
    await press(id)
    expect(await countTasks(one, late)).toMatchObject({ late_complaint: 1 })
    expect(await countTasks(supervisor, late)).not.toHaveProperty('late_complaint')
    const [complaint] = await complaintsWaiting(one)
    expect(complaint).toMatchObject({ number, kind: 'first_action' })
    expect(await complaintsWaiting(supervisor)).toEqual([])
    expect((await lateWork(supervisor))?.map((row) => row.number)).toEqual([number])
    expect((await lateWork(auditor))?.map((row) => row.number)).toEqual([number])
    expect(await lateWork((await makePolice('quan-1')).supervisor)).toEqual([])
    const input = (answer: string) => ({
      complaintId: complaint?.id ?? '',
      answer,
      submitKey: randomUUID(),
    })
    expect(await answerComplaint(supervisor, input('Không'), late)).toMatchObject({ error: 'forbidden' })
    expect(await answerComplaint(one, input('  '), late)).toMatchObject({ error: 'text_missing' })
    const answers = await Promise.all([
      answerComplaint(one, input('Hồ sơ được giao lại hôm nay.'), late),
      answerComplaint(two, input('Hồ sơ được giao lại hôm nay.'), late),
    ])
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers).toContainEqual(err('done'))
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
      { complaintId: complaint?.id ?? '', answer: 'Đang kiểm tra máy.', submitKey: randomUUID() },
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
