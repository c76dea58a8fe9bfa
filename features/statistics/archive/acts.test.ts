import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { GET as getAnswers } from '#app/api/v1/archive/[month]/answers/route.ts'
import { GET as getBlocking } from '#app/api/v1/archive/[month]/blocking/route.ts'
import { GET as getSnapshot } from '#app/api/v1/archive/[month]/route.ts'
import { GET as listArchive } from '#app/api/v1/archive/route.ts'
import { GET as getKept } from '#app/log/figures/[file]/route.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { makeTen } from '#tests/factories/rating.ts'
import { logChangedTables } from '../published-acts.ts'
import { takeSnapshot } from './acts.ts'

const now = new Date('2026-11-24T03:00:00Z')
const later = addMilliseconds(now, 10 * DAY)

const ask = async <P extends Record<string, string>>(
  get: (request: Request, context: { params: Promise<P> }) => Promise<Response>,
  params: P,
  format = 'json',
) => get(new Request(`http://localhost/x?format=${format}`), { params: Promise.resolve(params) })

it('keeps the open data of a month for good, by date and hash, however the figures go on', async () => {
  expect(await takeSnapshot(now), 'nothing is public').toBeNull()
  await makeTen('quan-3', now, [])
  await logChangedTables(now)
  expect(await takeSnapshot(now)).toBe('2026-11')
  const of = { month: '2026-11' }
  const whole = async () =>
    Promise.all([getSnapshot, getAnswers, getBlocking].map(async (get) => (await ask(get, of, 'csv')).text()))
  const before = await whole()
  const [r1] = (await (await ask(getAnswers, of)).json()).answers.filter(
    (row: { question: string; option: string }) => row.question === 'r1' && row.option === '5',
  )
  expect(r1).toMatchObject({ agency: 'quan-3', name_vi: 'Quận 3', count: 2, respondents: 10, share: 0.2 })

  await makeTen('quan-3', later, [])
  await makeTen('quan-4', later, [])
  await logChangedTables(later)
  expect(await takeSnapshot(addMilliseconds(now, DAY)), 'once a month').toBeNull()
  expect(await whole()).toEqual(before)
  expect(await takeSnapshot(later)).toBe('2026-12')
  expect(await whole()).toEqual(before)
  const next = await (await ask(getAnswers, { month: '2026-12' })).json()
  expect(new Set(next.answers.map(({ agency }: { agency: string }) => agency))).toEqual(
    new Set(['quan-3', 'quan-4']),
  )

  const { snapshots } = await (await ask(listArchive, {})).json()
  expect(snapshots).toMatchObject([
    { month: '2026-12', takenOn: '2026-12-04' },
    { month: '2026-11', takenOn: '2026-11-24' },
  ])
  const { sha256 } = snapshots[1]
  const kept = await (await ask(getKept, { file: `${sha256}.json` })).text()
  expect(createHash('sha256').update(kept).digest('hex')).toBe(sha256)
  const one = await (await ask(getSnapshot, of)).json()
  expect(one.citation.bibtex).toContain(sha256)
  expect(one.citation.vi).toContain('/ket-qua/luu-tru/2026-11')
  expect(
    await db.auditEntry.count({ where: { act: 'figures.published', subjectId: 'archive.2026-11' } }),
  ).toBe(1)
  for (const month of ['2026-10', 'x'])
    for (const get of [getSnapshot, getAnswers, getBlocking])
      expect((await ask(get, { month })).status).toBe(404)
})

it('has one snapshot of a month where two workers take it at once', async () => {
  await makeTen('quan-3', now, [])
  await logChangedTables(now)
  expect((await Promise.all([takeSnapshot(now), takeSnapshot(now)])).toSorted()).toEqual(['2026-11', null])
})
