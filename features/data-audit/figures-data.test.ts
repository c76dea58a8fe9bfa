import { expect, test } from 'vitest'
import { publishReceiptRoots } from '#features/ratings/receipts/acts.ts'
import { publishFacts } from '#features/statistics/jobs.ts'
import { logChangedTables } from '#features/statistics/published-acts.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { makeProvenCase } from '#tests/factories/case.ts'
import { makeRating, makeTen } from '#tests/factories/rating.ts'
import { verifyData } from './acts.ts'
import { figuresCheck, receiptsCheck } from './figures-data.ts'
import type { Read } from './rules.ts'

const read: Read = async <Row extends object>(sql: string, values: readonly unknown[] = []) =>
  (await superuser.query(sql, [...values])).rows as Row[]
const verify = () => verifyData(read, null, [figuresCheck, receiptsCheck])

test('published tables and receipts are what the log says; each change of either is a fault', async () => {
  const now = new Date()
  const before = addMilliseconds(now, -40 * DAY)
  await makeTen('quan-3', before, [])
  await makeTen('quan-3', now, [])
  for (let n = 0; n < 12; n++)
    await makeProvenCase({ unitId: 'quan-3', incidentType: 'robbed', now: addMilliseconds(now, -80 * DAY) })
  await publishFacts(now)
  await publishReceiptRoots(now)
  await logChangedTables(now)
  expect(await verify()).toMatchObject({ faults: [], notes: [] })
  expect((await verify()).held).toMatchObject([{ count: expect.any(Number) }, { count: 1 }])

  const [[month]] = [
    (await superuser.query<{ m: string }>(`SELECT to_char(min(month), 'YYYY-MM') AS m FROM survey_months`))
      .rows,
  ]
  const changes: readonly (readonly [string, string])[] = [
    [
      `UPDATE survey_months SET counts = '{"5": 10}' WHERE question = 'r1' AND month = (SELECT min(month) FROM survey_months)`,
      `the counts of results.quan-3.${month?.m} are not what was published`,
    ],
    [
      `UPDATE survey_cells SET published = '{"5": 20}' WHERE question = 'r1'`,
      'question r1 at quan-3 is not the sum of its months',
    ],
    [
      `DELETE FROM survey_months WHERE question = 'r2' AND month = (SELECT min(month) FROM survey_months)`,
      `the counts of results.quan-3.${month?.m} are not what was published`,
    ],
    [
      `UPDATE facts_months SET shown = shown || '{"quan-4": 5}' WHERE measure = 'robbed' AND split = 'area'`,
      'the figures of',
    ],
    [`UPDATE published_tables SET sha256 = sha256('x') WHERE name LIKE 'figures.%'`, 'is not what entry'],
    [`DELETE FROM published_tables WHERE name LIKE 'results.%'`, 'is not what entry'],
    [`DELETE FROM published_figures`, 'is gone'],
    [
      `DELETE FROM survey_receipts WHERE leaf = (SELECT min(leaf) FROM survey_receipts WHERE received_month < date_trunc('month', now()))`,
      '9 receipts, and entry',
    ],
    [
      `UPDATE survey_receipts SET leaf = sha256('x') WHERE leaf = (SELECT min(leaf) FROM survey_receipts WHERE received_month < date_trunc('month', now()))`,
      'are others than entry',
    ],
    [`UPDATE survey_receipt_roots SET root = sha256('x')`, 'is not what entry'],
  ]
  for (const [change, fault] of changes) {
    await superuser.query('BEGIN')
    try {
      await superuser.query('SET LOCAL session_replication_role = replica')
      await superuser.query(change)
      expect((await verify()).faults.join('\n'), change).toContain(fault)
    } finally {
      await superuser.query('ROLLBACK')
    }
  }
  expect((await verify()).faults).toEqual([])

  // Ten more answers of this month wait for their entry: no fault, and told.
  for (let n = 0; n < 10; n++) await makeRating('quan-3', now)
  expect(await verify()).toMatchObject({ faults: [], notes: [expect.stringContaining('1 tables')] })
  await logChangedTables(addMilliseconds(now, 1))
  expect(await verify()).toMatchObject({ faults: [], notes: [] })
})
