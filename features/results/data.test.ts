import { randomUUID } from 'node:crypto'
import { beforeEach, expect, it, vi } from 'vitest'
import { GET as ofAgencyMonths } from '#app/api/v1/results/[agency]/months/route.ts'
import { GET as ofAgency } from '#app/api/v1/results/[agency]/route.ts'
import { GET as ofAll } from '#app/api/v1/results/answers/route.ts'
import { GET as ofMonth } from '#app/api/v1/results/months/[month]/route.ts'
import { GET as ofMonths } from '#app/api/v1/results/months/route.ts'
import { GET as ofQuestion } from '#app/api/v1/results/questions/[version]/[question]/route.ts'
import { GET as ofCity } from '#app/api/v1/results/route.ts'
import edition from '#cities/hcm/agencies-2025.json' with { type: 'json' }
import { loadEdition, reorganise } from '#features/agencies/changes/acts.ts'
import { editionSchema } from '#features/agencies/changes/edition-rules.ts'
import type { TypedChange } from '#features/agencies/changes/form-rules.ts'
import { previewChange } from '#features/agencies/changes/page-data.ts'
import { readReportFigures } from '#features/city-report/figures-data.ts'
import { rate } from '#features/ratings/rating/acts.ts'
import { localDate } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { type AgencyTrend, readAgencyResults } from './agency-data.ts'
import { readCityTrend, readMonthResults, readResults } from './data.ts'
import { readQuestionResults } from './questions/data.ts'
import type { Month } from './rules.ts'

// The routes are tested as well: page, JSON and CSV must have the same figures.

const now = new Date('2026-11-24T03:00:00Z')
const asOf = localDate(now)
const october = new Date('2026-10-20T03:00:00Z')

// The routes read the clock themselves.
beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ['Date'] })
})

let sent = 0
async function answer(
  agencyId: string,
  r1: string,
  times: number,
  more: Record<string, string> | ((n: number) => Record<string, string>) = {},
  at = now,
) {
  for (let n = 0; n < times; n++) {
    const typed = {
      r1,
      r2: 'early',
      r3: '0',
      r4: '5',
      r5: '5',
      r6: 'right',
      serviceDate: '2026-10-20',
      ...(typeof more === 'function' ? more(n) : more),
    }
    const address = `10.1.${Math.floor(++sent / 250)}.${sent % 250}`
    const sender = { kind: 'address', address, issued: '', proof: '' } as const
    const one = { agencyId, questionnaireVersion: 1, typed, submitKey: randomUUID(), sender }
    expect((await rate(one, at)).ok).toBe(true)
  }
}

type Route<P> = (request: Request, context: { params: Promise<P> }) => Promise<Response>
const ask = <P>(route: Route<P>, params: P, accept: string) =>
  route(new Request('http://localhost/', { headers: { accept } }), { params: Promise.resolve(params) })
const json = async <P>(route: Route<P>, params: P) => (await ask(route, params, '*/*')).json()
const csv = async <P>(route: Route<P>, params: P) => (await ask(route, params, 'text/csv')).text()

it('adds up a small dataset worked out by hand, the same in page, JSON and CSV', async () => {
  await answer('quan-3', '5', 16)
  await answer('quan-3', '2', 4)
  await answer('quan-3', '1', 7)
  await answer('quan-1', '1', 9)
  await answer('so-y-te', '4', 10, { e5: 'yes' })
  const { city, groups, agencies } = await readResults(now)
  const of = (id: string) => agencies.find(({ agency }) => agency.id === id)
  // Quận 3: the oldest 20 of 27, 16 of them satisfied; Wilson's interval for 16 of 20.
  expect(of('quan-3')).toMatchObject({
    responses: 20,
    standing: 'few',
    share: { value: 0.8 },
    band: null,
  })
  expect(of('quan-3')?.share?.low).toBeCloseTo(0.584, 3)
  expect(of('quan-3')?.share?.high).toBeCloseTo(0.9193, 3)
  expect(of('quan-1')).toMatchObject({ responses: 0, standing: 'suppressed', share: null })
  expect(city).toMatchObject({ responses: 30, standing: 'full' })
  expect(city.share?.value).toBeCloseTo(26 / 30, 10)
  expect([groups.districts.responses, groups.departments.responses]).toEqual([20, 10])

  expect((await json(ofCity, {})).city).toEqual({
    responses: 30,
    suppressed: false,
    satisfied: 0.8667,
    low: 0.7032,
    high: 0.9469,
    sameNetwork: 0,
  })
  const table = await csv(ofCity, {})
  expect(table).toContain(
    `quan-3,district,Quận 3,District 3,20,0.8,0.584,0.9193,false,,,,,,,${asOf},0,,,\r\n`,
  )
  expect(table).toContain(`quan-1,district,Quận 1,District 1,0,,,,true,,,,,,,${asOf},0,,,\r\n`)
  const questions = await csv(ofAgency, { agency: 'quan-3' })
  expect(questions).toContain(
    `quan-3,1,r1,5,16,20,0.8,0.584,0.9193,0.8,0.584,0.9193,1,current,,,,,,${asOf}\r\n`,
  )
  expect(questions).not.toContain(',e1,')
  // Every option code has its words, as on the question's own route.
  for (const asked of (await json(ofAgency, { agency: 'quan-3' })).questions) {
    const alone = await json(ofQuestion, { version: '1', question: asked.question })
    expect(asked.options).toEqual(alone.options)
  }
  expect((await ask(ofAgency, { agency: 'quan-99' }, '*/*')).status).toBe(404)
  // One file has the same figures of all agencies, with their words.
  const all = await csv(ofAll, {})
  expect(all).toMatch(
    /^quan-3,Quận 3,District 3,district,,,1,1,current,r1,.*,5,Rất hài lòng,.*,16,20,0.8,0.584,0.9193,/m,
  )
  expect(all).not.toContain('quan-1,')
  const told = await json(ofAll, {})
  expect(told).toMatchObject({ licence: 'CC BY 4.0', asOf })
  expect(told.answers).toHaveLength(all.trimEnd().split('\r\n').length - 1)
})

it('tells of months by hand, the same in page, JSON and CSV, and the whole is their sum', async () => {
  // October: 10 of quan-3, 8 satisfied. November: 20 of quan-3, 12 satisfied, and 10 of so-y-te, all satisfied.
  await answer('quan-3', '5', 8, {}, october)
  await answer('quan-3', '1', 2, {}, october)
  await answer('quan-3', '4', 12)
  await answer('quan-3', '2', 8)
  await answer('so-y-te', '5', 10)
  const points = (await readCityTrend(now)).own.flatMap((series) => series.points)
  expect(points.map(({ month, responses, share }) => [month, responses, share?.value])).toEqual([
    ['2026-10', 10, 0.8],
    ['2026-11', 30, 22 / 30],
  ])
  // Wilson's interval for 8 of 10; limits are drawn from six months on.
  expect(await csv(ofMonths, {})).toContain(`2026-10,10,0.8,0.4902,0.9433,,,false,${asOf},one_network\r\n`)
  expect((await json(ofMonths, {})).months[1]).toMatchObject({ month: '2026-11', satisfied: 0.7333 })

  const agency = await readAgencyResults('quan-3', now)
  const own = agency?.trend.own.flatMap((series) => series.points) ?? []
  expect(own.map(({ responses, share }) => [responses, share?.value])).toEqual([
    [10, 0.8],
    [20, 0.6],
  ])
  expect(agency?.responses).toBe(30)
  expect(await csv(ofAgencyMonths, { agency: 'quan-3' })).toContain('2026-11,20,0.6,')

  const november = await readMonthResults('2026-11' as never, now)
  expect([november?.city.responses, november?.groups.departments.responses]).toEqual([30, 10])
  expect(await csv(ofMonth, { month: '2026-11' })).toContain(
    `,20,0.6,0.3866,0.7812,false,,,,,,,${asOf},0,,,\r\n`,
  )
  expect((await ask(ofMonth, { month: '2026-09' }, '*/*')).status).toBe(404)
  expect((await ask(ofMonth, { month: 'x' }, '*/*')).status).toBe(404)
})

it('tells of one question over all agencies, the same in page, JSON and CSV', async () => {
  await answer('quan-3', '4', 10, (n) => ({ r2: n < 7 ? 'early' : 'ontime' }))
  await answer('so-y-te', '4', 10, { r2: 'ontime' })
  await answer('quan-1', '4', 9, { r2: 'early' })
  const found = await readQuestionResults(1, 'r2', now)
  expect(found?.city).toEqual({ respondents: 20, counts: { early: 7, ontime: 13 } })
  expect(found?.groups.districts).toEqual({ respondents: 10, counts: { early: 7, ontime: 3 } })
  expect(found?.agencies.map(({ agency }) => agency.id)).toEqual(['quan-3', 'so-y-te'])
  const params = { version: '1', question: 'r2' }
  const early = { option: 'early', count: 7, share: 0.35, low: 0.1812, high: 0.5671 }
  expect((await json(ofQuestion, params)).city.counts).toContainEqual(early)
  const own = { option: 'early', count: 7, share: 0.7, low: 0.3968, high: 0.8922 }
  const asked = (await json(ofAgency, { agency: 'quan-3' })).questions as { question: string }[]
  expect(asked.find(({ question }) => question === 'r2')).toMatchObject({
    counts: expect.arrayContaining([own]),
  })
  const table = await csv(ofQuestion, params)
  expect(table).toContain(`quan-3,1,r2,early,7,10,0.7,0.3968,0.8922,,,,1,current,,,,,,${asOf}\r\n`)
  // A question with a scale has its share in the CSV, as in the JSON.
  const scale = { version: '1', question: 'r1' }
  const { satisfied, low, high } = (await json(ofQuestion, scale)).agencies[0]
  expect(await csv(ofQuestion, scale)).toContain(`,${satisfied},${low},${high},1,current,,,,,,${asOf}\r\n`)
  for (const [version, question] of [
    ['1', 'r99'],
    ['2', 'r1'],
    ['1e0', 'r1'],
  ] as const) {
    expect((await ask(ofQuestion, { version, question }, '*/*')).status).toBe(404)
  }
})

it('tells codes apart by hand', async () => {
  // 11 with a code, all satisfied; 19 without, 9 satisfied.
  await answer('quan-3', '5', 11, (n) => ({ dossierCode: `H29-${n}` }))
  await answer('quan-3', '4', 9)
  await answer('quan-3', '1', 9)
  expect((await readAgencyResults('quan-3', now))?.codes).toBeNull()
  await answer('quan-3', '1', 1)
  const codes = (await readAgencyResults('quan-3', now))?.codes
  expect([codes?.withCode.responses, codes?.withCode.share?.value]).toEqual([11, 1])
  expect([codes?.withoutCode.responses, codes?.withoutCode.share?.value]).toEqual([19, 9 / 19])
  expect((await json(ofAgency, { agency: 'quan-3' })).codes.without).toMatchObject({
    responses: 19,
    satisfied: 0.4737,
  })
})

it('compares each agency with the others of its group', async () => {
  const tens = (agencyId: string, r1: string, people: number) => ({
    agencyId,
    questionnaireVersion: 1,
    question: 'r1',
    respondents: people,
    published: { [r1]: people },
    heldRespondents: 0,
    held: {},
  })
  await db.surveyCell.createMany({
    data: [
      tens('quan-1', '1', 100),
      tens('quan-3', '5', 100),
      tens('quan-4', '5', 20),
      tens('so-y-te', '5', 50),
    ],
  })
  const { agencies } = await readResults(now)
  const bands = agencies.flatMap(({ agency, responses, band }) => (responses > 0 ? [[agency.id, band]] : []))
  // so-y-te is alone in its group, quan-4 has too few.
  expect(bands).toEqual([
    ['quan-1', 'below'],
    ['quan-3', 'above'],
    ['quan-4', null],
    ['so-y-te', null],
  ])
  expect(await csv(ofCity, {})).toMatch(/^quan-1,.*,false,below,,,,,,\d{4}-\d\d-\d\d,0,0\.\d+,,\r$/m)
})

it('follows an agency through a reorganisation, with a break between', async () => {
  const [spring, autumn] = [new Date('2025-06-15T03:00:00Z'), new Date('2025-11-24T03:00:00Z')]
  const before = { serviceDate: '2025-06-10' }
  await answer('quan-3', '5', 5, before, spring)
  await answer('quan-3', '1', 5, before, spring)
  await loadEdition(editionSchema.parse(edition), autumn)
  const change = { edition: '2025', on: '2025-07-01' }
  const made = { basedOn: null, submitKey: randomUUID() }
  expect((await reorganise({ kind: 'system' }, change, made, autumn)).ok).toBe(true)
  await answer('phuong-ban-co', '5', 10, { serviceDate: '2025-07-01' }, autumn)

  const ward = await readAgencyResults('phuong-ban-co', autumn)
  expect(ward?.trend.from.map(({ on, agencies }) => [on, agencies.map(({ id }) => id)])).toEqual([
    ['2025-07-01', ['quan-3']],
  ])
  const monthsOf = (series: AgencyTrend['own']) =>
    series.flatMap(({ points }) => points.map(({ month, share }) => [month, share?.value]))
  expect(monthsOf(ward?.trend.before ?? [])).toEqual([['2025-06', 0.5]])
  expect(monthsOf(ward?.trend.own ?? [])).toEqual([['2025-11', 1]])
  expect((await readAgencyResults('quan-3', autumn))?.responses).toBe(10)
  const wholeCity = await readCityTrend(autumn)
  expect(wholeCity.breaks).toEqual(['2025-07-01'])
  expect(monthsOf(wholeCity.own)).toEqual([
    ['2025-06', 0.5],
    ['2025-11', 1],
  ])
  // The trend of each question on a scale has the same break.
  const asked = await readQuestionResults(1, 'r1', autumn)
  expect(asked?.trend).toEqual(wholeCity)
  expect((await readQuestionResults(1, 'r4', autumn))?.trend?.breaks).toEqual(['2025-07-01'])
  expect((await readQuestionResults(1, 'r2', autumn))?.trend).toBeNull()

  // The old district is in the totals, but listed separately from those of today.
  const { city, agencies, former } = await readResults(autumn)
  expect(city.responses).toBe(20)
  expect(former.map(({ agency }) => agency.id)).toEqual(['quan-3'])
  expect(agencies.some(({ agency }) => agency.id === 'quan-3')).toBe(false)
})

it('breaks where an agency splits and goes on, and what that does today is not its part’s past', async () => {
  const september = new Date('2026-09-20T03:00:00Z')
  await answer('quan-3', '5', 10, { serviceDate: '2026-09-20' }, september)
  await answer('quan-3', '4', 10, {}, october)
  const typed: TypedChange = {
    ...{ kind: 'split', agency: 'quan-3', from: [], into: '', parts: 'Quận 31', keeps: 'on' },
    ...{ agencyKind: '', nameVi: '', nameEn: '', abbreviation: '', on: '2026-11-15', basis: 'NQ 2/2026' },
  }
  const seen = await previewChange(await makeStaff('survey_manager'), { typed }, october)
  if ('refused' in seen) throw new Error('refused')
  const decision = { basedOn: seen.preview.basedOn, submitKey: randomUUID() }
  expect((await reorganise({ kind: 'system' }, { typed }, decision, october)).ok).toBe(true)
  await answer('quan-3', '1', 10, { serviceDate: '2026-11-20' })
  await answer('quan-31', '4', 10, { serviceDate: '2026-11-20' })

  const seriesOf = (series: AgencyTrend['own'] = []) =>
    series.map(({ points }) => points.map(({ month, share }) => [month, share?.value]))
  const whole = [
    ['2026-09', 1],
    ['2026-10', 1],
  ]
  const goesOn = (await readAgencyResults('quan-3', now))?.trend
  expect(seriesOf(goesOn?.own)).toEqual([whole, [['2026-11', 0]]])
  expect(goesOn).toMatchObject({ before: [], breaks: ['2026-11-15'], from: [] })
  const isNew = (await readAgencyResults('quan-31', now))?.trend
  expect(seriesOf(isNew?.before)).toEqual([whole])
  expect(seriesOf(isNew?.own)).toEqual([[['2026-11', 1]]])
  expect(isNew?.breaks).toEqual(['2026-11-15'])
  // The report has the same breaks.
  const report = {
    scope: 'chosen',
    agencyIds: ['quan-3'],
    period: { from: '2026-01' as Month, to: '2026-12' as Month },
  } as const
  expect((await readReportFigures(report, now)).breaks?.map(({ on }) => on)).toEqual(goesOn?.breaks)
})

it('tells of a question only where enough have answered it', async () => {
  await answer('so-y-te', '4', 20, { e5: 'yes', e1: 'online' })
  const found = await readAgencyResults('so-y-te', now)
  const counts = (key: string) => found?.questions.find(({ question }) => question.key === key)?.counts
  expect(counts('e1')).toEqual({ online: 20 })
  // Delicate questions need 30 answers.
  expect(counts('e5')).toBeNull()
  expect(await readAgencyResults('quan-1', now)).toMatchObject({ responses: 0, questions: [] })
  expect(await readAgencyResults('quan-99', now)).toBeNull()
})

it('reads the results without reading the answers', async () => {
  await answer('quan-3', '5', 10)
  await superuser.query('DELETE FROM survey_responses')
  expect((await readResults(now)).city.responses).toBe(10)
})
