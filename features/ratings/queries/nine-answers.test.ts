import { expect, it } from 'vitest'
import { GET as ofAgencyMonths } from '#app/api/v1/results/[agency]/months/route.ts'
import { GET as ofAgency } from '#app/api/v1/results/[agency]/route.ts'
import { GET as ofMonths } from '#app/api/v1/results/months/route.ts'
import { GET as ofQuestion } from '#app/api/v1/results/questions/[version]/[question]/route.ts'
import { GET as ofCity } from '#app/api/v1/results/route.ts'
import { reportFigures } from '#features/city-report/queries/report-figures.ts'
import { exportAnswers } from '#features/results/commands/export.ts'
import { agencyResults } from '#features/results/queries/agency-results.ts'
import { results } from '#features/results/queries/results.ts'
import type { Month } from '#features/results/rules/month.ts'
import { makeRating } from '#tests/factories/rating.ts'
import { makeStaff } from '#tests/factories/staff.ts'

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

/** All that anybody, and the survey manager, can read of one agency at one moment: pages, JSON, CSV, report, export. */
async function look(): Promise<Record<string, unknown>> {
  const year = { from: '2026-01' as Month, to: '2026-12' as Month }
  const lines: string[] = []
  const exported = await exportAnswers(await makeStaff('survey_manager'), 1, now)
  for await (const part of exported ?? []) lines.push(part)
  const agency = await agencyResults('quan-11', now)
  return {
    page: JSON.stringify([await results(now), agency]),
    city: await ask(ofCity, {}),
    agency: await ask(ofAgency, { agency: 'quan-11' }),
    months: [await ask(ofMonths, {}), await ask(ofAgencyMonths, { agency: 'quan-11' })],
    question: await ask(ofQuestion, { version: '1', question: 'r1' }),
    report: JSON.stringify(await reportFigures({ period: year, scope: 'all', agencyIds: [] }, now)),
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
  // The optional question that the stranger alone answered is told of nobody.
  expect((await ask(ofQuestion, { version: '1', question: 'e1' })).join('')).not.toContain('online,1,')
})
