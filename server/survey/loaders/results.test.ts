import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { db } from '#server/platform/db.ts'
import { GET as ofAgency } from '../../../app/api/v1/results/[agency]/route.ts'
import { GET as ofCity } from '../../../app/api/v1/results/route.ts'
import { rate } from '../commands/rate.ts'
import { agencyResults, results } from './results.ts'

const now = new Date('2026-11-24T03:00:00Z')

async function answer(agencyId: string, r1: string, times: number, more: Record<string, string> = {}) {
  for (let n = 0; n < times; n++) {
    const typed = {
      r1,
      r2: 'early',
      r3: '0',
      r4: '5',
      r5: '5',
      r6: 'right',
      serviceDate: '2026-11-20',
      ...more,
    }
    const address = `10.1.${n}.${r1}`
    const sender = { kind: 'address', address, issued: '', proof: '' } as const
    const sent = { agencyId, questionnaireVersion: 1, typed, submitKey: randomUUID(), sender }
    expect((await rate(sent, now)).ok).toBe(true)
  }
}

it('adds up a small dataset worked out by hand, the same in page, JSON and CSV', async () => {
  await answer('quan-3', '5', 16)
  await answer('quan-3', '2', 4)
  await answer('quan-3', '1', 7)
  await answer('quan-1', '1', 9)
  await answer('so-y-te', '4', 10, { e5: 'yes' })
  const { city, groups, agencies } = await results(now)
  const of = (id: string) => agencies.find(({ agency }) => agency.id === id)
  // Quận 3: the oldest 20 of 27, 16 of them satisfied; Wilson's interval for 16 of 20.
  expect(of('quan-3')).toMatchObject({ responses: 20, standing: 'few', share: { satisfied: 0.8 } })
  expect(of('quan-3')?.share?.low).toBeCloseTo(0.584, 3)
  expect(of('quan-3')?.share?.high).toBeCloseTo(0.9193, 3)
  expect(of('quan-1')).toMatchObject({ responses: 0, standing: 'suppressed', share: null })
  expect(city).toMatchObject({ responses: 30, standing: 'full' })
  expect(city.share?.satisfied).toBeCloseTo(26 / 30, 10)
  expect([groups.districts.responses, groups.departments.responses]).toEqual([20, 10])

  const request = (accept: string) => new Request('http://localhost/api/v1/results', { headers: { accept } })
  const params = Promise.resolve({ agency: 'quan-3' })
  const json = await (await ofCity(request('*/*'), { params })).json()
  expect(json.city).toEqual({
    responses: 30,
    suppressed: false,
    satisfied: 0.8667,
    low: 0.7032,
    high: 0.9469,
  })
  const csv = await (await ofCity(request('text/csv'), { params })).text()
  expect(csv).toContain('quan-3,district,Quận 3,District 3,20,0.8,0.584,0.9193,false\r\n')
  expect(csv).toContain('quan-1,district,Quận 1,District 1,0,,,,true\r\n')
  const questions = await (await ofAgency(request('text/csv'), { params })).text()
  expect(questions).toContain('quan-3,1,r1,5,16\r\n')
  expect(questions).not.toContain(',e1,')
  const missing = await ofAgency(request('*/*'), { params: Promise.resolve({ agency: 'quan-99' }) })
  expect(missing.status).toBe(404)
})

it('tells of a question only where enough have answered it', async () => {
  await answer('so-y-te', '4', 20, { e5: 'yes', e1: 'online' })
  const found = await agencyResults('so-y-te', now)
  const counts = (key: string) => found?.questions.find(({ question }) => question.key === key)?.counts
  expect(counts('e1')).toEqual({ online: 20 })
  // Sensitive: from 30 answers on.
  expect(counts('e5')).toBeNull()
  expect(await agencyResults('quan-1', now)).toMatchObject({ responses: 0, questions: [] })
  expect(await agencyResults('quan-99', now)).toBeNull()
})

it('reads the results without reading the answers', async () => {
  await answer('quan-3', '5', 10)
  await db.surveyResponse.deleteMany()
  expect((await results(now)).city.responses).toBe(10)
})
