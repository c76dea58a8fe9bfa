import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { countTasks } from '#features/tasks/data.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { answerAtKiosk, makePairedKiosk } from '#tests/factories/kiosk.ts'
import { makeRating } from '#tests/factories/rating.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { seeFlow, watchFlows } from './acts.ts'
import { forgetFlows, listFlows } from './data.ts'

const now = new Date('2026-11-24T03:00:00Z')
const later = (ms: number) => addMilliseconds(now, ms)
const send = async (count: number, agencyId: string, address: (n: number) => string, typed = {}) => {
  for (let n = 0; n < count; n++)
    await makeRating(
      agencyId,
      now,
      { r1: String(1 + (n % 5)), r4: String(1 + (n % 4)), ...typed },
      { address: address(n) },
    )
}

it('tells the manager within the hour of many answers from few networks, in fives, and of quiet agencies nothing', async () => {
  const manager = await makeStaff('survey_manager')
  await send(20, 'quan-3', (n) => `203.0.113.${n % 3}`)
  await send(4, 'quan-3', (n) => `203.0.113.${n + 10}`)
  await send(19, 'quan-4', () => '198.51.100.1')
  await send(25, 'quan-5', (n) => `198.51.100.${n}`)
  expect(await watchFlows(later(HOUR / 2))).toBe(1)
  expect(await listFlows(manager)).toMatchObject([
    { agencyId: 'quan-3', answers: 20, networks: 10, signs: ['few_networks'], name: { nameVi: 'Quận 3' } },
  ])
  expect(await listFlows(await makeStaff('agency_viewer', { agencyId: 'quan-3' }))).toEqual([])
  expect(await countTasks(manager, now)).toMatchObject({ survey_flow: 1 })
})

it('tells of equal answers from many networks, and of a kiosk in one hand', async () => {
  await send(24, 'quan-3', (n) => `203.0.113.${n}`, { r1: '5', r4: '5' })
  const kiosk = await makePairedKiosk('quan-4', now)
  for (let n = 0; n < 22; n++) await answerAtKiosk(kiosk, { r1: '5' }, later(n * 30_000), later(HOUR))
  await watchFlows(later(HOUR))
  const flows = await listFlows(await makeStaff('survey_manager'))
  expect(
    flows.map(({ agencyId, signs, equalAnswers }) => [agencyId, signs, equalAnswers]).toSorted(),
  ).toEqual([
    ['quan-3', ['equal'], 20],
    ['quan-4', ['kiosk_equal'], 20],
  ])
})

it('is looked at once, and a new sign of the day is told again', async () => {
  const manager = await makeStaff('survey_manager')
  await send(24, 'quan-3', (n) => `203.0.113.${n % 4}`)
  await watchFlows(now)
  const seen = { agencyId: 'quan-3', day: '2026-11-24' }
  expect(await seeFlow(await makeStaff('auditor'), { ...seen, submitKey: randomUUID() }, now)).toMatchObject({
    ok: false,
  })
  expect(await seeFlow(manager, { ...seen, submitKey: randomUUID() }, now)).toMatchObject({ ok: true })
  expect(await seeFlow(manager, { ...seen, submitKey: randomUUID() }, now)).toMatchObject({ ok: false })
  expect(await db.auditEntry.count({ where: { act: 'survey.flow_seen' } })).toBe(1)
  await watchFlows(later(HOUR))
  expect(await listFlows(manager)).toEqual([])
  await send(20, 'quan-3', (n) => `198.51.100.${n}`)
  await watchFlows(later(2 * HOUR))
  expect((await listFlows(manager))[0]?.signs.toSorted()).toEqual(['few_networks', 'sudden'])
  expect(await forgetFlows(later(80 * DAY))).toBe(0)
  expect(await forgetFlows(later(100 * DAY))).toBe(1)
})

it('counts where addresses are counted: nothing of it stands beside an answer or says a time, and it is gone at midnight', async () => {
  await send(3, 'quan-3', (n) => `203.0.113.${n}`)
  const { rows } = await superuser.query(`
    SELECT count(*) FILTER (WHERE r.xmin::text IN (SELECT xmin::text FROM survey_responses))::int AS beside,
      count(DISTINCT ends_at) FILTER (WHERE hits = 3)::int AS ends, max(hits)::int AS most FROM rate_limits r`)
  expect(rows[0]).toMatchObject({ beside: 0, ends: 1, most: 3 })
  const { rows: ends } = await superuser.query(`SELECT DISTINCT ends_at FROM rate_limits WHERE hits = 3`)
  expect(ends.map(({ ends_at }) => ends_at.toISOString())).toEqual(['2026-11-24T17:00:00.000Z'])
  expect(await db.surveyFlow.count(), 'under twenty nothing is kept').toBe(0)
})
