import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { GET as getFigures } from '#app/api/v1/figures/route.ts'
import { GET as getAgency } from '#app/api/v1/results/[agency]/route.ts'
import { GET as getTable } from '#app/api/v1/tables/[table]/route.ts'
import { GET as listTables } from '#app/api/v1/tables/route.ts'
import { GET as getKept } from '#app/log/figures/[file]/route.ts'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { canonicalJson } from '#lib/canonical-json.ts'
import { addMilliseconds, DAY, MINUTE } from '#lib/time.ts'
import { troubleOf } from '#platform/troubles.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makePolice, makeProvenCase } from '#tests/factories/case.ts'
import { makeRating, makeTen } from '#tests/factories/rating.ts'
import { publishFacts } from './jobs.ts'
import { logChangedTables } from './published-acts.ts'

const now = new Date('2026-11-24T03:00:00Z')
const TABLE = 'results.quan-3.2026-11'
/** By month of service, procedure and state: ten answers at once are published by part, too. */
const PARTS = 'results.quan-3.splits'

const ask = async <P extends Record<string, string>>(
  get: (request: Request, context: { params: Promise<P> }) => Promise<Response>,
  params: P,
) => get(new Request('http://localhost/x'), { params: Promise.resolve(params) })
const hash = (text: string) => createHash('sha256').update(text).digest('hex')
const entries = () => db.auditEntry.findMany({ where: { act: 'figures.published' }, orderBy: { id: 'asc' } })

it('a table that changed is an entry, once; the API says which, and what it said is kept for good', async () => {
  await makeTen('quan-3', now, [])
  expect(await logChangedTables(now)).toEqual({ published: [TABLE, PARTS], refused: [] })
  expect((await logChangedTables(addMilliseconds(now, 10 * MINUTE))).published, 'once').toEqual([])

  const live = await ask(getTable, { table: TABLE })
  const text = await live.text()
  expect(text).toBe(canonicalJson(JSON.parse(text)))
  const [r1] = JSON.parse(text).questions
  expect(r1).toEqual({
    ...{ questionnaire: 1, question: 'r1', respondents: 10 },
    counts: { 1: 2, 2: 2, 3: 2, 4: 2, 5: 2 },
  })
  const [entry, parts] = await entries()
  const sha256 = hash(text)
  expect(entry).toMatchObject({
    ...{ actorKind: 'system', subjectKind: 'figures', subjectId: TABLE },
    facts: { table: TABLE, sha256 },
  })
  const said = `${entry?.id}; table=${TABLE}; sha256=${sha256}`
  expect(live.headers.get('x-log-entry')).toBe(said)
  // The newest entry of the tables that it is made of.
  expect((await ask(getAgency, { agency: 'quan-3' })).headers.get('x-log-entry')).toContain(
    `${parts?.id}; table=${PARTS}; `,
  )
  expect((await ask(getAgency, { agency: 'quan-4' })).headers.get('x-log-entry')).toBeNull()
  expect(await (await ask(listTables, {})).json()).toEqual({
    tables: [
      { table: TABLE, sha256, at: now.toISOString() },
      { table: PARTS, sha256: expect.any(String), at: now.toISOString() },
    ],
    receipts: [],
  })

  const kept = await ask(getKept, { file: `${sha256}.json` })
  expect([await kept.text(), kept.headers.get('cache-control')]).toEqual([
    text,
    'public, max-age=31536000, immutable',
  ])
  expect((await ask(getKept, { file: `${sha256}.proof.json` })).status, 'not sealed yet').toBe(404)
  await sealLog()
  const proof = await (await ask(getKept, { file: `${sha256}.proof.json` })).json()
  expect(JSON.parse(proof.leaf)).toMatchObject({ act: 'figures.published', facts: { table: TABLE, sha256 } })
  expect((await ask(getTable, { table: TABLE })).headers.get('x-log-entry')).toContain(
    `; index=${proof.index}; `,
  )

  // Ten more answers: another entry, and the old content is still there.
  const later = addMilliseconds(now, DAY)
  await makeTen('quan-3', later, [])
  expect((await logChangedTables(later)).published).toEqual([TABLE, PARTS])
  expect(await (await ask(getKept, { file: `${sha256}.json` })).text()).toBe(text)
  expect(await entries()).toHaveLength(4)
  for (const file of ['x.json', `${'0'.repeat(64)}.json`, `${sha256}.txt`])
    expect((await ask(getKept, { file })).status, file).toBe(404)
  for (const table of ['results.nowhere.2026-11', 'results.quan-3', "x'", 'report.x'])
    expect((await ask(getTable, { table })).status, table).toBe(404)
})

it('nothing that waits is in a table, and no entry is of an answer’s transaction', async () => {
  for (let n = 0; n < 9; n++) await makeRating('quan-3', now)
  expect((await logChangedTables(now)).published).toEqual([])
  await makeRating('quan-3', now)
  expect((await logChangedTables(now)).published).toEqual([TABLE, PARTS])
  for (let n = 0; n < 9; n++) await makeRating('quan-3', addMilliseconds(now, DAY))
  expect((await logChangedTables(addMilliseconds(now, DAY))).published).toEqual([])
  const { rows } = await superuser.query(
    `SELECT FROM audit_entries e JOIN survey_responses r ON r.xmin::text = e.xmin::text`,
  )
  expect(rows).toEqual([])
})

it('counts that change as no release changes them get no entry, and a person is told', async () => {
  await makeTen('quan-3', now, [])
  await makeTen('quan-4', now, [])
  await logChangedTables(now)
  // Changes Quận 3 to all “very satisfied” in table and cells alike.
  for (const [table, column] of [
    ['survey_months', 'counts'],
    ['survey_cells', 'published'],
  ])
    await superuser.query(
      `UPDATE ${table} SET ${column} = '{"5": 10}' WHERE agency_id = 'quan-3' AND question = 'r1'`,
    )
  expect(await logChangedTables(now)).toEqual({ published: [], refused: [TABLE] })
  expect(await troubleOf('figures-log')).toMatchObject({ code: 'changed', facts: { tables: TABLE } })
  const live = await ask(getTable, { table: TABLE })
  const [, said] = /sha256=(\w+)/.exec(live.headers.get('x-log-entry') ?? '') ?? []
  expect(said).not.toBe(hash(await live.text()))
  // Invents ten answers in a past month that was compared since.
  const december = new Date('2026-12-03T03:00:00Z')
  await makeTen('quan-4', december, [])
  await logChangedTables(december)
  await superuser.query(
    `UPDATE survey_months SET counts = '{"1": 2, "2": 2, "3": 2, "4": 2, "5": 12}', respondents = 20
     WHERE agency_id = 'quan-4' AND question = 'r1' AND month = '2026-11-01'`,
  )
  expect((await logChangedTables(addMilliseconds(december, MINUTE))).refused).toEqual(
    ['results.quan-4.2026-11', TABLE].toSorted(),
  )
})

it('a month that is over and the splits are not changed by what looks like growth', async () => {
  await makeTen('quan-3', now, [])
  const december = new Date('2026-12-03T03:00:00Z')
  await makeTen('quan-4', december, [])
  await logChangedTables(december)
  const refusedAfter = async (change: string) => {
    await superuser.query('CREATE TABLE kept_months AS SELECT * FROM survey_months')
    await superuser.query('CREATE TABLE kept_parts AS SELECT * FROM survey_parts')
    await superuser.query(change)
    const { published, refused } = await logChangedTables(addMilliseconds(december, MINUTE))
    for (const table of ['months', 'parts'])
      await superuser.query(
        `DELETE FROM survey_${table}; INSERT INTO survey_${table} SELECT * FROM kept_${table}; DROP TABLE kept_${table}`,
      )
    expect(published, change).toEqual([])
    return refused
  }
  // Shares are computed from the options, so that the number of people may stay what it was.
  expect(
    await refusedAfter(`UPDATE survey_months SET counts = counts || '{"5": 60}'
      WHERE agency_id = 'quan-3' AND question = 'r1' AND month = '2026-11-01'`),
  ).toEqual([TABLE])
  expect(
    await refusedAfter(`INSERT INTO survey_months (agency_id, questionnaire_version, question, month, respondents, counts)
      VALUES ('quan-5', 1, 'r1', '2026-08-01', 30, '{"5": 30}')`),
  ).toEqual(['results.quan-5.2026-08'])
  expect(
    await refusedAfter(`UPDATE survey_parts SET published = '{"5": 10}' WHERE agency_id = 'quan-3'`),
  ).toEqual([PARTS])
})

it('answers of invited people are published once', async () => {
  const invited = (share: number) =>
    superuser.query(
      `INSERT INTO survey_invited_cells (agency_id, released, questionnaire_version, question, respondents, effective, counts, weighted)
     VALUES ('quan-3', '2026-11-01', 1, 'r1', 30, 30, '{"1": 20, "5": 10}', $1)
     ON CONFLICT (agency_id, released, questionnaire_version, question) DO UPDATE SET weighted = excluded.weighted`,
      [{ 1: 1 - share, 5: share }],
    )
  await invited(0.25)
  expect((await logChangedTables(now)).published).toEqual([PARTS])
  await invited(0.75)
  expect(await logChangedTables(now)).toEqual({ published: [], refused: [PARTS] })
})

it('a month of the figures is an entry of its own transaction, and never another', async () => {
  const { officer: _ } = await makePolice()
  const september = new Date('2026-09-10T03:00:00Z')
  for (let n = 0; n < 12; n++)
    await makeProvenCase({ unitId: 'quan-3', incidentType: 'robbed', now: september })
  await publishFacts(new Date('2026-10-15T00:00:00Z'))
  const [entry] = await entries()
  expect(entry?.subjectId).toBe('figures.2026-09')
  const live = await ask(getTable, { table: 'figures.2026-09' })
  const content = await live.clone().json()
  expect(content.areas).toEqual([expect.objectContaining({ area: 'quan-3', robbed: 10, reported: 10 })])
  expect(content.hours).toHaveLength(24)
  for (const hidden of ['counted', 'carry', 'within24h'])
    expect(JSON.stringify(content)).not.toContain(hidden)
  expect((await ask(getFigures, {})).headers.get('x-log-entry')).toBe(
    `${entry?.id}; table=figures.2026-09; sha256=${hash(await live.text())}`,
  )
  expect((await logChangedTables(now)).published).toEqual([])
  await superuser.query(`UPDATE facts_months SET shown = '{"quan-3": 15}' WHERE measure = 'robbed'`)
  expect((await logChangedTables(now)).refused).toEqual(['figures.2026-09'])
})
