import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { markAbsent } from '#features/accounts/absences/acts.ts'
import { setMailPreferences } from '#features/accounts/preferences/acts.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { makePolice, makeProvenCase, move } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { jobs, tellOfTheMorning } from './jobs.ts'

const now = new Date('2026-11-24T03:00:00Z')
const never = new AbortController().signal

const queued = () =>
  db.$queryRaw<{ to: string; notice: string; count: number | null; at: Date }[]>`
    SELECT data->>'accountId' AS to, data->>'notice' AS notice, (data->>'count')::int AS count, start_after AS at
    FROM pgboss.job WHERE name = 'account-notice' ORDER BY created_on`
const noticesFor = async (id: string) =>
  (await queued()).filter(({ to }) => to === id).map(({ notice }) => notice)

const NEVER = { choices: { sent_back: 'never' }, quietFrom: null, quietUntil: null } as const

async function sendBackCase() {
  const { officer, supervisor } = await makePolice()
  const { id } = await makeProvenCase({ now })
  await move(id, officer, { move: 'take' }, now)
  await move(id, officer, { move: 'verify' }, now)
  await move(id, supervisor, { move: 'send_back' }, now)
  return { officer, supervisor }
}

beforeEach(async () => {
  await db.$executeRaw`DELETE FROM pgboss.job WHERE name = 'account-notice'`
})

test('a temporary block is told to those who may confirm it: not to the asker, nor to who cannot sign in', async () => {
  const [one, two] = [await makePolice(), await makePolice()]
  const [invited, elsewhere] = [
    await makeStaff('supervisor'),
    await makeStaff('supervisor', { unitId: 'quan-1' }),
  ]
  await db.staffAccount.update({ where: { id: invited.id }, data: { passwordHash: null } })
  const { id } = await makeProvenCase({ now })
  await move(id, one.supervisor, { move: 'hold' }, now)
  expect(await noticesFor(two.supervisor.id)).toEqual(['hold_asked'])
  for (const other of [one.supervisor, one.officer, invited, elsewhere])
    expect(await noticesFor(other.id), other.name).toEqual([])
})

test('where the unit’s other approvers are absent, a temporary block is told to city police', async () => {
  const [one, two, city, cityAway] = [
    await makePolice(),
    await makePolice(),
    await makeStaff('city_police'),
    await makeStaff('city_police'),
  ]
  for (const away of [two.supervisor, cityAway]) {
    const absence = { accountId: away.id, from: '2026-11-23', until: '2026-11-24', submitKey: randomUUID() }
    expect(await markAbsent(away, absence, now)).toMatchObject({ ok: true })
  }
  await move((await makeProvenCase({ now })).id, one.supervisor, { move: 'hold' }, now)
  expect(await noticesFor(two.supervisor.id)).toEqual([])
  expect(await noticesFor(cityAway.id)).toEqual([])
  expect(await noticesFor(city.id)).toEqual(['hold_asked'])
})

test('what is sent back is told to the person who has it, by their choice and not in their quiet hours', async () => {
  const { officer, supervisor } = await makePolice()
  // At 10 in the city, within the quiet hours from 9 to 12.
  await setMailPreferences(officer, { choices: { sent_back: 'at_once' }, quietFrom: 9, quietUntil: 12 }, now)
  const made = await makeProvenCase({ now })
  await move(made.id, officer, { move: 'take' }, now)
  await move(made.id, officer, { move: 'verify' }, now)
  await move(made.id, supervisor, { move: 'send_back' }, now)
  expect((await queued()).map(({ notice, at }) => [notice, at])).toEqual([
    ['case_sent_back', new Date('2026-11-24T05:00:00Z')],
  ])
  await setMailPreferences(officer, NEVER, now)
  await move(made.id, officer, { move: 'verify' }, now)
  await move(made.id, supervisor, { move: 'send_back' }, now)
  expect(await queued()).toHaveLength(1)
})

test('in the morning each person is told how many things wait that they chose it for, and nothing else', async () => {
  const { officer, supervisor } = await sendBackCase()
  expect(await queued()).toEqual([])
  await tellOfTheMorning(now)
  expect((await queued()).map(({ to, notice, count }) => ({ to, notice, count }))).toContainEqual({
    to: officer.id,
    notice: 'morning',
    count: 1,
  })
  expect(await noticesFor(supervisor.id)).toEqual([])
  const [job] = await db.$queryRaw<{ data: object }[]>`
    SELECT data FROM pgboss.job WHERE name = 'account-notice' AND data->>'accountId' = ${officer.id}`
  expect(Object.keys(job?.data ?? {}).toSorted()).toEqual(['accountId', 'count', 'id', 'notice'])
  await setMailPreferences(officer, NEVER, now)
  await db.$executeRaw`DELETE FROM pgboss.job WHERE name = 'account-notice'`
  await tellOfTheMorning(addMilliseconds(now, DAY))
  expect(await noticesFor(officer.id)).toEqual([])
})

test('a morning that is gone through again, after a fault or beside another worker, tells each person once', async () => {
  const { officer } = await sendBackCase()
  await Promise.all([tellOfTheMorning(now), tellOfTheMorning(now)])
  await tellOfTheMorning(addMilliseconds(now, HOUR))
  expect(await noticesFor(officer.id)).toEqual(['morning'])
  await tellOfTheMorning(addMilliseconds(now, DAY))
  expect(await noticesFor(officer.id)).toEqual(['morning', 'morning'])
})

test('a worker that starts tells of the morning until noon, and not later', async () => {
  const { officer } = await sendBackCase()
  const [job] = jobs
  const startAt = (hour: string) => job?.run({} as never, new Date(`2026-11-24T${hour}:30:00+07:00`), never)
  for (const hour of ['06', '12', '23']) await startAt(hour)
  expect(await noticesFor(officer.id)).toEqual([])
  await startAt('11')
  expect(await noticesFor(officer.id)).toEqual(['morning'])
})
