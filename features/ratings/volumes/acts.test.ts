import { createHmac, randomUUID } from 'node:crypto'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { POST } from '#app/api/survey/v1/volumes/route.ts'
import { GET as ofMonths } from '#app/api/v1/results/months/route.ts'
import { GET as ofCity } from '#app/api/v1/results/route.ts'
import { GET as ofVolumes } from '#app/api/v1/results/volumes/route.ts'
import { readAgencyResults } from '#features/results/agency-data.ts'
import { readResults } from '#features/results/data.ts'
import { placeOf } from '#features/results/rules.ts'
import { err, ok } from '#lib/result.ts'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { importVolumes, takeVolumes } from './acts.ts'

const now = new Date('2026-12-10T03:00:00Z')
afterEach(() => {
  vi.useRealTimers()
})

/** Stores public answers of an agency: `each` answers a month, with about this share of satisfied ones. */
async function publish(agencyId: string, share: number, each: number, months = 12) {
  for (let m = 0; m < months; m++) {
    const top = Math.round(share * each) + (m % 3) - 1
    const of = { agencyId, questionnaireVersion: 1, question: 'r1' }
    const counts = { '5': top, '1': each - top }
    await db.surveyMonth.create({
      data: { ...of, month: new Date(Date.UTC(2025, m, 1)), respondents: each, counts },
    })
    const before = await db.surveyCell.findFirst({ where: of })
    const published = (before?.published ?? { '5': 0, '1': 0 }) as { '5': number; '1': number }
    const data = {
      respondents: (before?.respondents ?? 0) + each,
      published: { '5': published['5'] + top, '1': published['1'] + each - top },
      heldRespondents: 0,
      held: {},
    }
    const key = { agencyId_questionnaireVersion_question: of }
    await db.surveyCell.upsert({ where: key, create: { ...of, ...data }, update: data })
  }
}
const AGENCIES = ['quan-1', 'quan-3', 'quan-4', 'quan-5', 'quan-6', 'quan-7']
async function city() {
  for (const [at, id] of AGENCIES.entries()) await publish(id, 0.5 + at * 0.07, 40)
}
const give = async (table: string, more: { submitKey?: string; source?: string } = {}) =>
  importVolumes(
    await makeStaff('survey_manager'),
    {
      table: `agency,month,procedure,cases\n${table}`,
      source: 'Trung tâm hành chính công',
      submitKey: randomUUID(),
      ...more,
    },
    now,
  )
const yearOf = (id: string, cases: number) =>
  Array.from({ length: 12 }, (_, m) => `${id},2025-${String(m + 1).padStart(2, '0')},,${cases}`).join('\n')

it('takes a table whole or not at all, once, replaces what was told before, and is written down', async () => {
  expect(await give('quan-3,2026-11,,1200\nquan-99,2026-11,,5')).toEqual(
    err({ kind: 'rows', faults: [{ line: 3, fault: 'agency' }] }),
  )
  expect(await db.surveyVolume.count()).toBe(0)
  const submitKey = randomUUID()
  const manager = await makeStaff('survey_manager')
  const asked = { table: 'quan-3,2026-11,,1200\nquan-3,2026-11,1.000656,300', source: 'TTPVHCC', submitKey }
  const twice = await Promise.all([importVolumes(manager, asked, now), importVolumes(manager, asked, now)])
  expect(twice).toEqual([ok(2), ok(2)])
  expect(await give('quan-3,2026-11,,1300')).toEqual(ok(1))
  expect(await db.surveyVolume.findMany({ orderBy: { procedure: 'asc' } })).toMatchObject([
    { procedure: '', cases: 1300, source: 'Trung tâm hành chính công' },
    { procedure: '1.000656', cases: 300, source: 'TTPVHCC' },
  ])
  expect(await db.auditEntry.count({ where: { act: 'survey.volumes' } })).toBe(2)
  expect(await importVolumes(await makeStaff('auditor'), { ...asked, submitKey: randomUUID() }, now)).toEqual(
    err({ kind: 'forbidden' }),
  )
  expect(await give('', { source: ' ' })).toMatchObject({ error: { kind: 'source' } })
  expect(await give('')).toMatchObject({ error: { kind: 'columns' } })
})

it('tells beside a figure what it stands for, and compares no agency that too few of its people answered', async () => {
  await city()
  const place = async (id: string) => {
    const found = (await readResults(now)).agencies.find(({ agency }) => agency.id === id)
    return found && placeOf(found)
  }
  expect(await place('quan-1')).toBe('below')
  // 480 answers are ten per thousand of 48,000 cases, and one of 480,000. Without cases, or with fewer cases than answers, there
  // is no rate.
  await give(yearOf('quan-1', 4_000))
  expect(await place('quan-1')).toBe('below')
  expect((await readAgencyResults('quan-1', now))?.coverage).toEqual({
    cases: 48_000,
    answers: 480,
    perThousand: 10,
  })
  for (const [cases, coverage] of [
    [40_000, { perThousand: 1 }],
    [0, { perThousand: null }],
    [3, { perThousand: null }],
  ] as const) {
    await give(yearOf('quan-1', cases))
    expect(await place('quan-1'), String(cases)).toBe('uncovered')
    expect((await readAgencyResults('quan-1', now))?.coverage).toMatchObject(coverage)
  }
  // The others are compared as before, still with this agency among them.
  expect(await place('quan-7')).toBe('above')
})

it('lets everybody work out the headline, an interval and the share by volume from the open data alone', async () => {
  // The routes read the clock themselves.
  vi.useFakeTimers({ now, toFake: ['Date'] })
  await city()
  for (const [at, id] of AGENCIES.entries()) await give(yearOf(id, 1_000 + 1_000 * at))
  // As the page of the open data says: three files, and nothing else.
  const csv = async (route: (request: Request, context: never) => Promise<Response>) => {
    const answer = await route(new Request('http://localhost/?format=csv'), {
      params: Promise.resolve({}),
    } as never)
    const [head = '', ...lines] = (await answer.text()).replace('\ufeff', '').trim().split('\r\n')
    return lines.map((line) =>
      Object.fromEntries(line.split(',').map((cell, n) => [head.split(',')[n] ?? '', cell])),
    )
  }
  const [agencies, volumes, json] = await Promise.all([
    csv(ofCity as never),
    csv(ofVolumes as never),
    (await ofCity(new Request('http://localhost/'), {} as never)).json(),
  ])
  const public_ = agencies.filter((row) => row.suppressed === 'false')
  const sum = (rows: Record<string, string>[], of: (row: Record<string, string>) => number) =>
    rows.reduce((all, row) => all + of(row), 0)
  const headline =
    sum(public_, (row) => Number(row.responses) * Number(row.satisfied)) /
    sum(public_, (row) => Number(row.responses))
  expect(headline).toBeCloseTo(json.city.satisfied, 3)
  // Wilson's interval of n/φ people.
  const { factor } = json.dispersion
  const wilson = (p: number, n: number) => {
    const [known, z] = [n / factor, 1.959964]
    const far = z * Math.sqrt((p * (1 - p)) / known + z ** 2 / (4 * known ** 2))
    return [-far, far].map((side) => (p + z ** 2 / (2 * known) + side) / (1 + z ** 2 / known))
  }
  const own = public_.find((row) => row.agency === 'quan-3') ?? {}
  const [low, high] = wilson(Number(own.satisfied), Number(own.responses))
  expect(low).toBeCloseTo(Number(own.low), 3)
  expect(high).toBeCloseTo(Number(own.high), 3)
  const casesOf = (id: string | undefined) =>
    sum(
      volumes.filter((row) => row.agency === id),
      (row) => Number(row.cases),
    )
  const cases = sum(public_, (row) => casesOf(row.agency))
  const weighted = sum(public_, (row) => (casesOf(row.agency) / cases) * Number(row.satisfied))
  expect(weighted).toBeCloseTo(json.weighted.satisfied, 3)
  expect(json.weighted).toMatchObject({ agencies: 6, cases })
  // The larger agencies have more satisfied people here, so by volume the city is above the plain sum.
  expect(weighted).toBeGreaterThan(headline + 0.03)
  expect(json.dispersion.values).toBe(72)
  expect((await csv(ofMonths as never)).length).toBe(12)
})

const SECRET = Buffer.alloc(32, 7).toString('base64')
beforeAll(() => void Object.assign(process.env, { VOLUMES_SECRET: SECRET }))

it('takes the cases of the one-stop system, signed, all or none, and the same again changes nothing', async () => {
  const send = (body: object, secret = SECRET) => {
    const text = JSON.stringify(body)
    const [id, at] = [randomUUID(), Math.floor(Date.now() / 1000)]
    const signature = createHmac('sha256', Buffer.from(secret, 'base64'))
      .update(`${id}.${at}.${text}`)
      .digest('base64')
    const headers = {
      'content-type': 'application/json',
      ...{ 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}` },
    }
    return POST(
      new Request('http://localhost/api/survey/v1/volumes', { method: 'POST', headers, body: text }),
      {
        params: Promise.resolve({}),
      },
    )
  }
  const rows = [{ agency: 'quan-3', month: '2026-10', cases: 900 }]
  expect((await send({ source: 'iGate', rows }, Buffer.alloc(32, 8).toString('base64'))).status).toBe(401)
  expect(
    (await send({ source: 'iGate', rows: [{ agency: 'quan-3', month: '2026-10', cases: -1 }] })).status,
  ).toBe(422)
  const bad = await send({
    source: 'iGate',
    rows: [...rows, { agency: 'quan-77', month: '2026-10', cases: 5 }],
  })
  expect([bad.status, (await bad.json()).errors]).toEqual([422, [{ at: '/rows/1', detail: 'agency' }]])
  expect(await db.surveyVolume.count()).toBe(0)
  expect(await (await send({ source: 'iGate', rows })).json()).toEqual({ changed: 1 })
  expect(await (await send({ source: 'iGate', rows })).json()).toEqual({ changed: 0 })
  expect(
    await takeVolumes({ source: 'iGate', rows: [{ agency: 'quan-3', month: '2026-10', cases: 950 }] }, now),
  ).toEqual(ok(1))
  expect(await db.surveyVolume.findMany()).toMatchObject([{ cases: 950, source: 'iGate' }])
})
