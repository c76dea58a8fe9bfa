import { describe, expect, it } from 'vitest'
import { GET as ofAgencyMonths } from '#app/api/v1/results/[agency]/months/route.ts'
import { GET as ofAgency } from '#app/api/v1/results/[agency]/route.ts'
import { GET as ofKiosks } from '#app/api/v1/results/kiosks/route.ts'
import { GET as ofMonths } from '#app/api/v1/results/months/route.ts'
import { GET as ofQuestion } from '#app/api/v1/results/questions/[version]/[question]/route.ts'
import { GET as ofCity } from '#app/api/v1/results/route.ts'
import { readReportFigures } from '#features/city-report/figures-data.ts'
import { readAgencyResults } from '#features/results/agency-data.ts'
import { exportAnswers } from '#features/results/answers-acts.ts'
import { readResults } from '#features/results/data.ts'
import type { Month } from '#features/results/rules.ts'
import { networkOf } from '#lib/access/network.ts'
import { db } from '#tests/db.ts'
import { answerAtKiosk, makePairedKiosk } from '#tests/factories/kiosk.ts'
import { makeRating } from '#tests/factories/rating.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { publishKiosks } from './acts.ts'

const now = new Date('2026-11-24T03:00:00Z')
const STRANGER = { r1: '1', r3: '1', e1: 'online' }

type Route<P> = (request: Request, context: { params: Promise<P> }) => Promise<Response>
const ask = async <P>(route: Route<P>, params: P) =>
  Promise.all(
    ['application/json', 'text/csv'].map(async (accept) =>
      (
        await route(new Request('http://localhost/', { headers: { accept } }), {
          params: Promise.resolve(params),
        })
      ).text(),
    ),
  )

/** Reads all that anybody, or the survey manager, can read of one agency at one moment: pages, JSON, CSV, report, export. */
async function look(): Promise<Record<string, unknown>> {
  const year = { from: '2026-01' as Month, to: '2026-12' as Month }
  const lines: string[] = []
  const exported = await exportAnswers(await makeStaff('survey_manager'), 1, now)
  for await (const part of exported ?? []) lines.push(part)
  const agency = await readAgencyResults('quan-11', now)
  return {
    page: JSON.stringify([await readResults(now), agency]),
    city: await ask(ofCity, {}),
    agency: await ask(ofAgency, { agency: 'quan-11' }),
    months: [await ask(ofMonths, {}), await ask(ofAgencyMonths, { agency: 'quan-11' })],
    question: await ask(ofQuestion, { version: '1', question: 'r1' }),
    report: JSON.stringify(await readReportFigures({ period: year, scope: 'all', agencyIds: [] }, now)),
    export: lines.toSorted(),
  }
}

it('nine answers of one address and a stranger’s move no figure, before, between and after', async () => {
  const before = await look()
  const own = { address: '203.0.113.9' }
  for (let n = 0; n < 9; n++) await makeRating('quan-11', now, { r1: '5' }, own)
  expect(await look()).toEqual(before)
  await makeRating('quan-11', now, STRANGER, { address: '198.51.100.77' })
  expect(await look()).toEqual(before)
  for (let n = 0; n < 7; n++) await makeRating('quan-11', now, { r1: '5' }, own)
  expect(await look()).toEqual(before)
})

it('nine answers of nine addresses still tell the tenth, as README and the page of the rules say', async () => {
  for (let n = 0; n < 9; n++) await makeRating('quan-11', now, { r1: '5' }, { address: `203.0.113.${n}` })
  await makeRating('quan-11', now, STRANGER, { address: '198.51.100.77' })
  const [json] = (await ask(ofCity, {})) as [string]
  expect(JSON.parse(json).city).toMatchObject({ responses: 10, satisfied: 0.9 })
  // The optional question that only the stranger answered is not published.
  expect((await ask(ofQuestion, { version: '1', question: 'e1' })).join('')).not.toContain('online,1,')
})

describe('a stranger’s answer on the web', () => {
  it('is not told by nine and more answers at a kiosk, before it and after it, nor by the week’s end', async () => {
    const kiosk = await makePairedKiosk('quan-11', now)
    const at = (n: number) => new Date(now.getTime() - n * 60_000)
    const before = await look()
    for (let n = 0; n < 40; n++) expect(await answerAtKiosk(kiosk, { r1: '5' }, at(n), now)).toBe('ok')
    expect(await look()).toEqual(before)
    await makeRating('quan-11', now, STRANGER, { address: '198.51.100.77' })
    expect(await look()).toEqual(before)
    for (let n = 40; n < 80; n++) expect(await answerAtKiosk(kiosk, { r1: '5' }, at(n), now)).toBe('ok')
    expect(await look()).toEqual(before)
    const week = new Date('2026-12-02T03:00:00Z')
    await publishKiosks(week)
    const { city, agency, months, question, report, export: exported } = await look()
    const [json] = agency as [string]
    // Eighty answers, of which six an hour count: too few for a week. The stranger's answer waits for people.
    expect(JSON.parse(json)).toMatchObject({ kiosks: null, responses: 0 })
    expect([city, months, question, report, exported]).toEqual([
      before.city,
      before.months,
      before.question,
      before.report,
      before.export,
    ])
  })

  it('is not told by as many answers as there are /64 in one /56 of IPv6', async () => {
    const before = await look()
    for (let n = 0; n < 256; n += 4) {
      const address = networkOf(`2001:db8:7:${(0x1200 + n).toString(16)}::1`)
      await makeRating('quan-11', now, { r1: '5' }, { address })
    }
    await makeRating('quan-11', now, STRANGER, { address: '198.51.100.77' })
    expect(await look()).toEqual(before)
    expect(await db.surveyTally.findFirstOrThrow()).toMatchObject({ waiting: 65, waitingPeople: 2 })
  })

  it('is not told by nine that came by posters, of one network, nor by their way', async () => {
    const before = await look()
    for (let n = 0; n < 9; n++)
      await makeRating('quan-11', now, { r1: '5' }, { address: '203.0.113.9', channel: 'poster' })
    await makeRating('quan-11', now, STRANGER, { address: '198.51.100.77' })
    expect(await look()).toEqual(before)
    // Ten networks release them. How many came by a poster is published only in steps of thirty.
    for (let n = 0; n < 8; n++)
      await makeRating('quan-11', now, { r1: '5' }, { address: `203.0.113.${n + 20}`, channel: 'poster' })
    const [json] = (await ask(ofAgency, { agency: 'quan-11' })) as [string]
    expect(JSON.parse(json)).toMatchObject({ responses: 10, channels: null, codes: null })
  })
})

describe('the answers of kiosks', () => {
  const monday = new Date('2026-11-23T01:00:00Z')
  const tuesdayAfter = new Date('2026-12-01T01:00:00Z')
  const weekOf = async (at = tuesdayAfter) => {
    await publishKiosks(at)
    const [json, csv] = await ask(ofKiosks, {})
    return { rows: JSON.parse(json ?? '').kiosks as { count: number; respondents: number }[], csv }
  }

  it('are published by whole weeks from thirty that count on, and apart from all else', async () => {
    const kiosks = await Promise.all([1, 2].map(() => makePairedKiosk('quan-11', monday)))
    // Two hours and two kiosks: four times six answers count.
    for (const [which, kiosk] of kiosks.entries())
      for (let n = 0; n < 16; n++) {
        const at = new Date(monday.getTime() + which * 1000 + n * 450_000)
        expect(await answerAtKiosk(kiosk, { r1: n % 2 ? '5' : '2' }, at)).toBe('ok')
      }
    expect((await weekOf()).rows, 'twenty-four count').toEqual([])
    const [kiosk] = kiosks
    if (kiosk === undefined) throw new Error('no kiosk')
    const tuesday = Date.parse('2026-11-24T01:00:00Z')
    for (let n = 0; n < 6; n++) await answerAtKiosk(kiosk, { r1: '5' }, new Date(tuesday + n * 60_000))
    const early = await weekOf(new Date('2026-11-30T16:00:00Z'))
    expect(early.rows, 'a day after its end at the earliest').toEqual([])
    const { rows, csv } = await weekOf()
    expect(rows.filter((row) => (row as { question?: string }).question === 'r1')).toMatchObject([
      { agency: 'quan-11', week: '2026-11-23', option: '2', count: 16, respondents: 38 },
      { agency: 'quan-11', week: '2026-11-23', option: '5', count: 22, respondents: 38 },
    ])
    expect(csv).toContain('quan-11,2026-11-23,1,r1,2,16,38,')
    const [city] = (await ask(ofCity, {})) as [string]
    expect(JSON.parse(city).city).toMatchObject({ responses: 0, suppressed: true })
    const [agency] = (await ask(ofAgency, { agency: 'quan-11' })) as [string]
    expect(JSON.parse(agency)).toMatchObject({
      responses: 0,
      band: null,
      kiosks: { headline: { responses: 38, satisfied: 0.5789 }, week: '2026-11-23' },
    })
    const year = { from: '2026-01' as Month, to: '2026-12' as Month }
    const report = await readReportFigures({ period: year, scope: 'all', agencyIds: [] }, tuesdayAfter)
    expect(report.kiosks).toMatchObject([{ id: 'quan-11', responses: 38, satisfied: 0.5789 }])
    expect(report.total).toMatchObject({ responses: 0, standing: 'suppressed' })
    expect(await publishKiosks(tuesdayAfter), 'once').toBe(0)
  })

  it('wait for a later week where they are short, and are not lost', async () => {
    const kiosk = await makePairedKiosk('quan-11', monday)
    const give = async (from: Date, hours: number) => {
      for (let n = 0; n < hours * 6; n++)
        expect(await answerAtKiosk(kiosk, {}, new Date(from.getTime() + n * 600_000))).toBe('ok')
    }
    await give(monday, 4)
    expect((await weekOf()).rows).toEqual([])
    await give(new Date('2026-12-02T01:00:00Z'), 1)
    expect((await weekOf(new Date('2026-12-05T01:00:00Z'))).rows).toEqual([])
    const { rows } = await weekOf(new Date('2026-12-08T01:00:00Z'))
    expect(rows[0]).toMatchObject({ week: '2026-11-30', respondents: 30 })
    expect(await db.kioskResponse.count({ where: { counted: false } })).toBe(0)
  })

  it('are released by no answer on the web, and release none, at whichever number each stands', async () => {
    const kiosk = await makePairedKiosk('quan-11', monday)
    for (let n = 0; n < 29; n++) await answerAtKiosk(kiosk, {}, new Date(monday.getTime() + n * 600_000))
    for (let n = 0; n < 25; n++) await makeRating('quan-11', now, {}, { address: `203.0.113.${n}` })
    expect((await weekOf()).rows).toEqual([])
    expect(await db.surveyTally.findFirstOrThrow()).toMatchObject({ published: 20, waiting: 5 })
    await answerAtKiosk(kiosk, {}, new Date(monday.getTime() + 29 * 600_000))
    expect((await weekOf()).rows.length).toBeGreaterThan(0)
    expect(await db.surveyTally.findFirstOrThrow()).toMatchObject({ published: 20, waiting: 5 })
  })
})
