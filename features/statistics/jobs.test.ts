import { beforeEach, expect, it } from 'vitest'
import { GET } from '#app/api/v1/figures/route.ts'
import { switchEdition } from '#features/areas/acts.ts'
import { followEdition } from '#features/cases/edition/acts.ts'
import { movesThat } from '#features/cases/moves/rules.ts'
import type { BlockReason } from '#features/exchange/orders/rules.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makePolice, makeProvenCase, move, type Police } from '../../tests/factories/case.ts'
import { readAreaMonths, readCityMonths, readPublicFacts } from './data.ts'
import { publishFacts } from './jobs.ts'

// The routes are tested as well: page, JSON and CSV must have the same figures.

const september = new Date('2026-09-10T03:00:00Z') // 10 a.m. in the city; the incidents two hours before
const october = new Date('2026-10-31T16:59:00Z') // a minute before November
const published = new Date('2026-11-15T00:00:00Z')

let police: Police
beforeEach(async () => {
  police = await makePolice()
})

async function report(times: number, unitId: string, incidentType: BlockReason, at: Date) {
  const made = []
  for (let n = 0; n < times; n++) made.push((await makeProvenCase({ unitId, incidentType, now: at })).id)
  return made
}

/** Verifies, approves and blocks cases, every carrier after the given hours. */
async function block(caseIds: readonly string[], at: Date, hours: number) {
  for (const id of caseIds) {
    await move(id, police.officer, { move: 'take' }, at)
    await move(id, police.officer, { move: 'verify' }, at)
    await move(id, police.supervisor, { move: 'approve' }, at)
    const done = addMilliseconds(at, hours * HOUR)
    await db.carrierOrder.updateMany({ where: { caseId: id }, data: { state: 'applied', settledAt: done } })
    await move(id, { kind: 'system' }, { move: 'carriers_applied', text: '' }, done)
  }
}

const ask = async (query: string, accept: string): Promise<Response> =>
  GET(new Request(`http://localhost/api/v1/figures${query}`, { headers: { accept } }), {
    params: Promise.resolve({}),
  })

it('says the same on the page, as JSON and as CSV, as worked out by hand', async () => {
  // September: 12 robberies in Quận 3 (7 blocked in an hour, 1 after 20 days), 4 in Quận 4, 3 in Quận 5.
  const robbed = await report(12, 'quan-3', 'robbed', september)
  await report(4, 'quan-4', 'robbed', september)
  await report(3, 'quan-5', 'robbed', september)
  await block(robbed.slice(0, 7), september, 1)
  await block(robbed.slice(7, 8), addMilliseconds(september, 20 * DAY), 2)
  // October, in its last minute: 6 more in Quận 3, none blocked.
  await report(6, 'quan-3', 'robbed', october)

  expect(await publishFacts(published)).toEqual(['2026-09', '2026-10'])
  expect(await publishFacts(published), 'once').toEqual([])

  // Robberies, and all reports alike: Quận 3 has 12 → 10, 2 over; Quận 4 has 4 and those 2 → 5, 1 over; Quận 5 has 3 and
  // that one → 0, 4 over; October 6 and those 4 → 10.
  // Blocked in time: 7 → 5. Verified: 8 → 5. Blocked: seven and one → 5.
  const facts = await readPublicFacts(null)
  expect(await readCityMonths(3), 'of the home page').toEqual(facts?.city)
  expect((await readCityMonths(1)).map(({ month }) => month)).toEqual(['2026-10'])
  const areas = await readAreaMonths()
  const cell = (month: string, area: string) => {
    const row = areas.find((one) => one.month === month && one.area === area)
    return [row?.robbed, row?.reported, row?.blockedInTime, row?.verified, row?.blocked]
  }
  expect(cell('2026-09', 'quan-3')).toEqual([10, 10, 5, 5, 5])
  expect(cell('2026-09', 'quan-4')).toEqual([5, 5, 0, 0, 0])
  expect(cell('2026-09', 'quan-5')).toEqual([0, 0, 0, 0, 0])
  expect(cell('2026-10', 'quan-3')).toEqual([10, 10, 0, 0, 0])
  expect(facts?.city.map(({ month, robbed: count }) => [month, count])).toEqual([
    ['2026-09', 15],
    ['2026-10', 10],
  ])
  // The same people by hour: at 8 a.m. and at 9:59 p.m.
  expect(facts?.hours.filter(({ reported }) => reported > 0).map((one) => [one.hour, one.robbed])).toEqual([
    ['08', 15],
    ['21', 10],
  ])
  expect(facts?.spanTotal.share, 'twenty-five are too few for a share').toBeNull()
  // The counts behind a share, if there were enough: 19 and 6 reports, 7 of them blocked in time.
  const truly = await db.factsMonth.findMany({
    where: { split: 'area', measure: { in: ['reported', 'in_time'] } },
    orderBy: [{ measure: 'asc' }, { month: 'asc' }],
    select: { counted: true },
  })
  expect(truly.map(({ counted }) => counted)).toEqual([7, 0, 19, 6])
  // Seven orders of September to each carrier, and one: fewer than ten, so nothing is published.
  expect(facts?.carriers.map(({ orders, share }) => [orders, share])).toEqual(Array(5).fill([null, null]))

  const json = await (await ask('', 'application/json')).json()
  expect(json.months.map((row: { robbed: number }) => row.robbed)).toEqual([15, 10])
  expect(json.areas).toHaveLength(2 * 24)
  const csv = (await (await ask('', 'text/csv')).text()).split('\r\n')
  expect(csv).toHaveLength(1 + 2 * 24 + 1)
  expect(csv.find((line) => line.startsWith('2026-09,quan-3,'))).toBe(
    '2026-09,quan-3,Quận 3,District 3,10,0,0,0,10,5,,5,5,0,0',
  )
  expect(await (await ask('?table=hours', 'text/csv')).text()).toContain('\r\n08,15,0,0,0,15\r\n')
})

it('tells an area with few reports in a month by its quarter, and one with enough by its month', async () => {
  const august = new Date('2026-08-10T03:00:00Z')
  await report(10, 'quan-4', 'robbed', august)
  await report(20, 'quan-3', 'robbed', september)
  await report(5, 'quan-4', 'robbed', september)
  await report(15, 'quan-4', 'robbed', october)
  await publishFacts(published)
  const months = (await readPublicFacts(null))?.months ?? []
  const [asked] = months.filter((month) => month === '2026-09')
  const facts = await readPublicFacts(asked ?? null)
  const count = (areas: readonly { area: string; reported: number }[], id: string) =>
    areas.find(({ area }) => area === id)?.reported
  expect(facts?.quarter?.months).toEqual(['2026-08', '2026-09'])
  expect(facts?.quarter?.areas.some(({ area }) => area === 'quan-3')).toBe(false)
  expect(count(facts?.areas ?? [], 'quan-3')).toBe(20)
  expect(count(facts?.areas ?? [], 'quan-4')).toBe(5)
  expect(count(facts?.quarter?.areas ?? [], 'quan-4')).toBe(15)
  expect((await readPublicFacts(null))?.quarter).toBeNull()
})

it('leaves what happened in a district to it when wards come, and all rows together are the city', async () => {
  await report(10, 'quan-3', 'robbed', september)
  expect(await publishFacts(new Date('2026-10-15T00:00:00Z'))).toEqual(['2026-09'])
  await switchEdition('2025', october)
  await followEdition(october)
  await report(10, 'phuong-xuan-hoa', 'robbed', october)
  expect(await publishFacts(published)).toEqual(['2026-10'])

  const areas = (await readAreaMonths()).filter(({ reported }) => reported > 0)
  expect(areas.map(({ month, area, reported }) => [month, area, reported])).toEqual([
    ['2026-09', 'quan-3', 10],
    ['2026-10', 'phuong-xuan-hoa', 10],
  ])
  expect((await readCityMonths(2)).map(({ reported }) => reported)).toEqual([10, 10])
  expect((await readPublicFacts(null))?.areas.map(({ area }) => area)).toContain('quan-3')
})

it('tells how fast each carrier was, and who never was', async () => {
  const cases = await report(10, 'quan-3', 'snatched', september)
  await block(cases.slice(0, 6), september, 2)
  await block(cases.slice(6), september, 30)
  await db.carrierOrder.updateMany({
    where: { carrierId: 'gmobile' },
    data: { state: 'acknowledged', settledAt: null },
  })
  await publishFacts(published)
  const carriers = (await readPublicFacts(null))?.carriers.filter(({ month }) => month === '2026-09') ?? []
  expect(
    carriers.map((one) => [one.carrierId, one.orders, one.share, one.medianSeconds, one.p90Seconds]),
  ).toEqual(
    ['viettel', 'vinaphone', 'mobifone', 'vietnamobile']
      .map((id) => [id, 10, 0.6, 2 * 3600, 30 * 3600] as unknown[])
      .concat([['gmobile', 10, 0, null, null]]),
  )
})

it('publishes no month before it is over for 14 days, and what came later changes nothing', async () => {
  await report(5, 'quan-3', 'stolen', september)
  expect(await publishFacts(new Date('2026-10-14T16:59:59Z'))).toEqual([])
  expect(await publishFacts(new Date('2026-10-14T17:00:00Z'))).toEqual(['2026-09'])
  await report(20, 'quan-3', 'stolen', september)
  await publishFacts(published)
  expect((await readPublicFacts(null))?.city[0]?.stolen).toBe(5)
})

it('tells a phone that came back from one that was blocked wrongly', async () => {
  const cases = await report(11, 'quan-3', 'lost', september)
  await block(cases, september, 1)
  const later = addMilliseconds(september, 5 * HOUR)
  for (const [at, id] of cases.entries()) {
    await move(id, { kind: 'citizen' }, { move: 'request_unblock' }, later)
    const reasonCode = at < 6 ? 'recovered' : 'wrong'
    await move(id, police.officer, { move: 'verify_unblock', reasonCode }, later)
    await move(id, police.supervisor, { move: 'approve_unblock' }, later)
    await move(id, { kind: 'system' }, { move: 'carriers_lifted', text: '' }, later)
  }
  await publishFacts(published)
  const facts = await readPublicFacts(null)
  expect([facts?.spanTotal.recovered, facts?.spanTotal.wrong]).toEqual([5, 5])
})

it('counts the moves that are public figures along an index, which holds each of them', async () => {
  const { rows } = await superuser.query<{ indexdef: string }>(
    `SELECT indexdef FROM pg_indexes WHERE indexname = 'case_events_counted'`,
  )
  const held = [...(rows[0]?.indexdef.matchAll(/'(\w+)'/g) ?? [])].map(([, move]) => move)
  expect(held.toSorted()).toEqual(movesThat((rule) => rule.publicFigure !== undefined).toSorted())
})
