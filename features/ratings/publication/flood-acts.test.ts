import { createHash, randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { GET as ofAgency } from '#app/api/v1/results/[agency]/route.ts'
import { GET as ofMonths } from '#app/api/v1/results/months/route.ts'
import { GET as ofCity } from '#app/api/v1/results/route.ts'
import { readReportFigures } from '#features/city-report/figures-data.ts'
import { readAgencyResults } from '#features/results/agency-data.ts'
import { readCityTrend, readResults } from '#features/results/data.ts'
import type { Month } from '#features/results/rules.ts'
import { LIMITS } from '#lib/access/limits.ts'
import { networkOf } from '#lib/access/network.ts'
import { addMilliseconds, DAY, HOUR, SECOND } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { answerAtKiosk, makePairedKiosk } from '#tests/factories/kiosk.ts'
import { makeRating } from '#tests/factories/rating.ts'
import { rate } from '../rating/acts.ts'
import { readChallenge } from '../rating/challenge-rules.ts'
import { issueForm } from '../rating/proof-acts.ts'
import { publishKiosks } from './acts.ts'

// The limits are the real ones: LIMIT_SCALE is 1.

const now = new Date('2026-11-24T03:00:00Z')
const at = (ms: number) => addMilliseconds(now, ms)
const ADDRESS = '203.0.113.9'

/** Solves the proof of work as a browser does. */
async function solved(when: Date): Promise<string> {
  const { challenge, salt, signature } = readChallenge((await issueForm(when)).puzzle)
  let number = 0
  while (createHash('sha256').update(`${salt}${number}`).digest('hex') !== challenge) number++
  return JSON.stringify({ algorithm: 'SHA-256', challenge, number, salt, signature })
}

/** Sends one answer of a flood: a form of ours, read for five seconds, with its proof. */
async function flood(agencyId: string, when: Date, address = ADDRESS, version = 1) {
  const { issued } = await issueForm(addMilliseconds(when, -5 * SECOND))
  const rated = await rate(
    {
      agencyId,
      questionnaireVersion: version,
      typed: {
        ...{ r1: '5', r2: 'early', r3: '0', r4: '5', r5: '5', r6: 'right' },
        serviceDate: when.toISOString().slice(0, 10),
      },
      submitKey: randomUUID(),
      sender: { kind: 'address', address, issued, proof: await solved(when) },
    },
    when,
  )
  return rated.ok ? 'ok' : rated.error.kind
}

let others = 0
const people = async (count: number, agencyId: string, r1: string, when = now) => {
  for (let n = 0; n < count; n++)
    await makeRating(
      agencyId,
      when,
      { r1 },
      { address: `10.7.${Math.floor(++others / 250)}.${others % 250}` },
    )
}
const figuresOf = async (id: string) => {
  const found = await readAgencyResults(id, now)
  return { responses: found?.responses, share: found?.share?.value, beside: found?.sameNetwork }
}

describe('sixty answers of one address', () => {
  it('are one answer: what is public has the weight of one, and says how many are not added', async () => {
    await people(13, 'hoc-mon', '5')
    await people(17, 'hoc-mon', '1')
    await people(100, 'quan-7', '4')
    const before = await figuresOf('hoc-mon')
    expect(before).toEqual({ responses: 30, share: 13 / 30, beside: 0 })
    const sent: string[] = []
    for (let n = 0; n < 62; n++) sent.push(await flood('hoc-mon', at(n * SECOND)))
    expect(sent.filter((one) => one === 'ok')).toHaveLength(LIMITS.survey_address.amount)
    expect(await figuresOf('hoc-mon'), 'while they wait').toEqual(before)
    // Eight others and the flood's first answer are nine people.
    await people(8, 'hoc-mon', '3')
    expect(await figuresOf('hoc-mon')).toEqual(before)
    await people(1, 'hoc-mon', '3')
    expect(await figuresOf('hoc-mon')).toEqual({ responses: 40, share: 14 / 40, beside: 50 })
    expect((await readResults(now)).agencies.find(({ agency }) => agency.id === 'hoc-mon')?.band).toBe(
      'below',
    )
    expect(await db.sameNetwork.findMany()).toMatchObject([{ agencyId: 'hoc-mon', answers: 59 }])
    expect(await db.surveyResponse.count({ where: { sameNetwork: true, counted: true } })).toBe(59)
    // Page, JSON, CSV and report show the same.
    const ask = async (accept: string) =>
      (await ofCity(new Request('http://localhost/', { headers: { accept } }), {} as never)).text()
    expect(JSON.parse(await ask('application/json')).city).toMatchObject({ responses: 140, sameNetwork: 50 })
    expect(await ask('text/csv')).toMatch(/^hoc-mon,.*,40,0\.35,.*,50,0\.\d+,,\r$/m)
    const agency = await ofAgency(new Request('http://localhost/'), {
      params: Promise.resolve({ agency: 'hoc-mon' }),
    } as never)
    expect(await agency.json()).toMatchObject({ responses: 40, sameNetwork: 50, group: { sameNetwork: 50 } })
    const period = { from: '2026-11' as Month, to: '2026-11' as Month }
    const report = await readReportFigures({ period, scope: 'all', agencyIds: [] }, now)
    expect(report.total).toMatchObject({ responses: 140, sameNetwork: 50 })
    expect(report.agencies.find(({ id }) => id === 'hoc-mon')).toMatchObject({
      responses: 40,
      sameNetwork: 50,
    })
  })

  it('are one answer in the next hour, in the next ten and under another version of the questions too', async () => {
    const [first] = await db.questionnaire.findMany({ where: { version: 1 }, omit: { trialFigures: true } })
    if (!first) throw new Error('no questionnaire')
    await db.questionnaire.create({
      data: {
        ...first,
        questions: first.questions as object[],
        version: 2,
        trialPercent: 50,
        trialEndsAt: at(90 * DAY),
      },
    })
    for (let n = 0; n < 20; n++) expect(await flood('quan-3', at(n * SECOND))).toBe('ok')
    await people(9, 'quan-3', '1')
    expect(await figuresOf('quan-3')).toMatchObject({ responses: 10, share: 0.1 })
    for (let n = 0; n < 20; n++) expect(await flood('quan-3', at(HOUR + n * SECOND))).toBe('ok')
    for (let n = 0; n < 5; n++) expect(await flood('quan-3', at(2 * HOUR), ADDRESS, 2)).toBe('ok')
    await people(10, 'quan-3', '1')
    expect(await figuresOf('quan-3')).toMatchObject({ responses: 20, share: 0.05, beside: 30 })
    expect(await db.surveyTally.findMany({ where: { questionnaireVersion: 2 } })).toMatchObject([
      { waiting: 5, waitingPeople: 0 },
    ])
    // On another day it counts as another person.
    expect(await flood('quan-3', at(DAY))).toBe('ok')
    expect(await db.surveyTally.findFirst({ where: { questionnaireVersion: 1 } })).toMatchObject({
      waitingPeople: 1,
    })
  })

  it('split nothing by code or way, and the whole /56 of a subscriber is one network', async () => {
    for (let n = 0; n < 40; n++)
      expect(
        await flood('quan-3', at(n * SECOND), networkOf(`2001:db8:7:${(0x1200 + n).toString(16)}::1`)),
      ).toBe('ok')
    await people(29, 'quan-3', '2')
    expect(await figuresOf('quan-3')).toMatchObject({ responses: 30, share: 1 / 30, beside: 30 })
    const split = await db.surveyCodeSplit.findFirstOrThrow()
    expect(split.heldPeopleWithoutCode).toBe(30)
    expect(split.heldWithoutCode).toEqual({ '2': 29, '5': 1 })
  })
})

describe('a kiosk’s link', () => {
  it('posted forty times in two seconds, and ten times by hand, moves no figure', async () => {
    await people(13, 'so-du-lich', '5')
    await people(17, 'so-du-lich', '1')
    const before = await figuresOf('so-du-lich')
    const kiosk = await makePairedKiosk('so-du-lich', now)
    const script: unknown[] = []
    for (let n = 0; n < 40; n++) script.push(await answerAtKiosk(kiosk, { r1: '5' }, at(n * 50), now))
    expect(
      script.filter((one) => one === 'ok'),
      'twenty seconds between two',
    ).toHaveLength(1)
    for (let n = 1; n <= 10; n++)
      expect(await answerAtKiosk(kiosk, { r1: '5' }, at(n * 21 * SECOND), at(HOUR))).toBe('ok')
    await publishKiosks(at(14 * DAY))
    expect(await figuresOf('so-du-lich')).toEqual(before)
    expect(await db.kioskWeek.count(), 'six an hour count, thirty are needed').toBe(0)
  })
})

it('ten posters are ten people on ten networks, and one on one', async () => {
  for (let n = 0; n < 10; n++)
    await makeRating('quan-4', now, { r1: '5' }, { address: `198.51.100.${n}`, channel: 'poster' })
  for (let n = 0; n < 10; n++)
    await makeRating('quan-5', now, { r1: '5' }, { address: '198.51.100.200', channel: 'poster' })
  expect(await figuresOf('quan-4')).toMatchObject({ responses: 10 })
  expect(await figuresOf('quan-5')).toMatchObject({ responses: 0 })
})

describe('figures of before the rule', () => {
  it('stay as they were published, and every series breaks at its day', async () => {
    const month = (m: string, top: number) => ({
      agencyId: 'quan-3',
      questionnaireVersion: 1,
      question: 'r1',
      month: new Date(`${m}-01`),
      respondents: 60,
      counts: { '5': top, '1': 60 - top },
    })
    const months = ['2026-03', '2026-04', '2026-05', '2026-06', '2026-07', '2026-08', '2026-09']
    await db.surveyMonth.createMany({ data: months.map((m) => month(m, 40)) })
    const series = async () =>
      (await readCityTrend(now)).own.map(({ points }) => points.map(({ month: m }) => m))
    expect(await series()).toEqual([months])
    await db.ruleChange.create({ data: { rule: 'one_network', since: new Date('2026-09-15') } })
    expect(await series()).toEqual([months.slice(0, 6), ['2026-09']])
    expect((await readCityTrend(now)).rule).toBe('2026-09-15')
    // The route reads the clock itself.
    vi.useFakeTimers({ now, toFake: ['Date'] })
    const open = await (await ofMonths(new Request('http://localhost/'), {} as never)).json()
    expect(open.months.map(({ rule }: { rule: string }) => rule)).toEqual([
      ...Array(6).fill('all'),
      'one_network',
    ])
    expect((await readAgencyResults('quan-3', now))?.trend).toMatchObject({
      rule: '2026-09-15',
      own: [{}, {}],
    })
    const period = { from: '2026-01' as Month, to: '2026-12' as Month }
    const report = await readReportFigures({ period, scope: 'all', agencyIds: [] }, now)
    expect(report.counting).toMatchObject({ rule: 'one_network', since: '2026-09-15' })
    expect(report.trend.map(({ centre }) => centre !== null)).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      false,
    ])
    expect(report.trend[0]).toMatchObject({ responses: 60, satisfied: 0.6667 })
  })
})
