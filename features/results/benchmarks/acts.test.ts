import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { err, ok } from '#lib/result.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { importBenchmarks } from './acts.ts'
import { readBenchmarks } from './data.ts'

const now = new Date('2026-12-01T03:00:00Z')
const HEAD = 'agency,measure,period,value,ceiling,low,high'
const sent = (...lines: readonly string[]) => ({
  table: [HEAD, ...lines].join('\n'),
  source: 'Bộ Nội vụ, 06/2026',
  submitKey: randomUUID(),
})

it('a table of other indices is taken whole or not at all, once, with an entry, and an agency’s own figure comes before the City’s', async () => {
  const manager = await makeStaff('survey_manager')
  const faulty = await importBenchmarks(
    manager,
    sent('quan-3,sipas,2025,83,,,', 'quan-3,sipas,2025,84,,,'),
    now,
  )
  expect(faulty).toEqual(err({ kind: 'rows', faults: [{ line: 3, fault: 'repeated' }] }))
  expect(await db.surveyBenchmark.count()).toBe(0)

  const table = sent(
    'quan-3,qd766,2026-Q3,80,100,,',
    'quan-3,qd766,2026-10,86.4,100,,',
    'quan-3,qd766,2025,79,100,,',
    ',qd766,2026-11,90,100,,',
    ',sipas,2025,83.5,100,82,85',
  )
  expect(await importBenchmarks(manager, table, now)).toEqual(ok(5))
  expect(await importBenchmarks(manager, table, now)).toEqual(ok(5))
  expect(await importBenchmarks(manager, { ...table, submitKey: randomUUID() }, now)).toEqual(ok(0))
  expect(await db.auditEntry.count({ where: { act: 'survey.benchmarks' } })).toBe(1)

  expect(await readBenchmarks('quan-3')).toMatchObject([
    { measure: 'qd766', agencyId: 'quan-3', value: 86.4, source: 'Bộ Nội vụ, 06/2026', toldOn: '2026-12-01' },
    { measure: 'sipas', agencyId: '', low: 82, high: 85 },
  ])
  expect(await readBenchmarks('quan-4')).toMatchObject([{ measure: 'qd766', agencyId: '', value: 90 }, {}])
})

it('nobody else takes one, and the database refuses a figure above its ceiling', async () => {
  for (const role of ['agency_viewer', 'auditor'] as const)
    expect(await importBenchmarks(await makeStaff(role), sent('quan-3,sipas,2025,83,,,'), now)).toMatchObject(
      {
        error: { kind: 'forbidden' },
      },
    )
  await expect(
    superuser.query(
      `INSERT INTO survey_benchmarks VALUES ('quan-3', 'sipas', '2025', 101, 100, NULL, NULL, 'x', now())`,
    ),
  ).rejects.toThrow('survey_benchmarks_in_bounds')
})
