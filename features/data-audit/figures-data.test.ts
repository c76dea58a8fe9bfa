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

test('published tables and receipts are what the log says, and new counts wait for their entry', async () => {
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

  // Ten more answers of this month wait for their entry: a note, not a fault.
  for (let n = 0; n < 10; n++) await makeRating('quan-3', now)
  expect(await verify()).toMatchObject({ faults: [], notes: [expect.stringContaining('1 tables')] })
  await logChangedTables(addMilliseconds(now, 1))
  expect(await verify()).toMatchObject({ faults: [], notes: [] })
})
