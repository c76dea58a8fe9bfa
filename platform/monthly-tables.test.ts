import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { checkReadiness } from '#features/health/data.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { keepMonths, tablesWithRowsOutside } from './monthly-tables.ts'

const FAR = new Date('2031-05-20T00:00:00Z')
const month = (day: string) => new Date(`${day}T00:00:00Z`)
const receipt = (n: number, receivedMonth: Date) =>
  db.surveyReceipt.create({ data: { numberHash: Buffer.alloc(32, n), receivedMonth } })
const placeOf = async (table: string) =>
  (
    await superuser.query(`SELECT DISTINCT tableoid::regclass::text AS place FROM ${table} ORDER BY 1`)
  ).rows.map(({ place }) => place)

test('a row whose month is not there is kept and told of, and taken into its month once that is made', async () => {
  await receipt(1, month('2031-05-01'))
  expect(await tablesWithRowsOutside()).toEqual(['survey_receipts'])
  // On a busy machine the first checks may be late.
  await expect
    .poll(async () => (await checkReadiness()).find(({ name }) => name === 'schema'))
    .toMatchObject({ ok: true, stopped: expect.stringContaining('survey_receipts') })
  const { made, takenOver } = await keepMonths('survey_receipts', FAR, null)
  expect([made.at(-1), takenOver]).toEqual(['survey_receipts_2031_05', 1])
  expect(await placeOf('survey_receipts')).toEqual(['survey_receipts_2031_05'])
  expect(await tablesWithRowsOutside()).toEqual([])
  expect(await keepMonths('survey_receipts', FAR, null)).toEqual({ made: [], dropped: [], takenOver: 0 })
  // New rows go to their own month, and the parent's trigger fires in each partition.
  await receipt(2, month('2031-04-01'))
  expect(await placeOf('survey_receipts')).toEqual(['survey_receipts_2031_04', 'survey_receipts_2031_05'])
  const { rows } = await superuser.query(
    `SELECT count(*)::int AS count FROM pg_trigger WHERE tgrelid = 'survey_receipts_2031_05'::regclass
       AND tgname = 'survey_receipts_excluded'`,
  )
  expect(rows).toEqual([{ count: 1 }])
})

test('the parts in which rows are written again are each key’s once, however many there are', async () => {
  const keys = ['00', '01', '7f', '80', 'fe', 'ff'].map((start) =>
    start.padEnd(32, start === 'ff' ? 'f' : '0'),
  )
  await superuser.query(
    `INSERT INTO submissions (key, act, outcome, at) SELECT key::uuid, 'survey.rate', '""'::jsonb, '2026-11-01'::timestamptz FROM unnest($1::text[]) AS key
     UNION ALL SELECT gen_random_uuid(), 'survey.rate', '""', '2026-11-01' FROM generate_series(1, 60)`,
    [keys],
  )
  await superuser.query(
    `INSERT INTO survey_receipts (number_hash, received_month) SELECT sha256(n::text::bytea), '2026-11-01' FROM generate_series(1, 60) AS n`,
  )
  for (const [table, count] of [
    ['submissions', 66],
    ['survey_receipts', 60],
  ] as const)
    for (const parts of [1, 2, 7, 300]) {
      let written = 0
      for (let part = 0; part < parts; part++) {
        const { rows } = await superuser.query(
          `SELECT survey_shuffle($1, '2026-10-01', $2, $3, 'salt') AS done`,
          [table, part, parts],
        )
        written += rows[0].done
      }
      expect([table, parts, written]).toEqual([table, parts, count])
    }
})

test('what goes by its age goes a month at a time, and nothing else of it; published answers never do', async () => {
  await db.carrierWebhook.create({ data: { carrierId: 'viettel', url: 'https://viettel.example/push' } })
  const tried = (at: string) =>
    db.pushTry.create({
      data: {
        id: randomUUID(),
        carrierId: 'viettel',
        messageId: randomUUID(),
        after: 0,
        upTo: 1,
        at: new Date(at),
        tookMs: 9,
      },
    })
  await keepMonths('push_tries', FAR, null)
  for (const at of ['2031-03-31T23:59:59.999Z', '2031-04-01T00:00:00Z', '2031-04-30T00:00:00Z'])
    await tried(at)
  const { dropped } = await keepMonths('push_tries', FAR, month('2031-04-30'))
  expect(dropped.at(0)).toBe('push_tries_before')
  expect(dropped.at(-1)).toBe('push_tries_2031_03')
  expect((await db.pushTry.findMany({ orderBy: { at: 'asc' } })).map(({ at }) => at.toISOString())).toEqual([
    '2031-04-01T00:00:00.000Z',
    '2031-04-30T00:00:00.000Z',
  ])
  // A row from before all partitions: it is in the default partition, and is deleted there by its age.
  await tried('2020-01-31T00:00:00Z')
  await keepMonths('push_tries', FAR, month('2031-04-30'))
  expect(await db.pushTry.count()).toBe(2)
  for (const table of ['survey_responses', 'survey_receipts'] as const)
    await expect(keepMonths(table, FAR, month('2020-01-01'))).rejects.toThrow('not dropped by their age')
  await expect(keepMonths('cases' as 'push_tries', FAR, null)).rejects.toThrow('not kept by months')
})

test('what runs as the owner of the tables is for the application alone, and looks names up where nobody else writes', async () => {
  const { rows } = await superuser.query(
    `SELECT proname AS name, has_function_privilege('public', oid, 'EXECUTE') AS "forAll",
       has_function_privilege('antam_app', oid, 'EXECUTE') AS "forApplication",
       (SELECT split_part(setting, '=', 2) FROM unnest(proconfig) AS setting WHERE setting LIKE 'search_path=%') AS path
     FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace`,
  )
  expect(rows.map(({ name }) => name)).toContain('keep_partitions')
  for (const { name, path, forAll, forApplication } of rows)
    expect([name, forAll, forApplication, path]).toEqual([
      name,
      false,
      true,
      expect.stringMatching(/public, pg_temp$/),
    ])
  // Creates partitions although the application may create no tables.
  const [may] = await db.$queryRaw<
    object[]
  >`SELECT current_user, has_schema_privilege('public', 'CREATE') AS make`
  expect(may).toEqual({ current_user: 'antam_app', make: false })
  const { made } = await keepMonths('survey_receipts', month('2031-06-20'), null)
  expect(made.at(-1)).toBe('survey_receipts_2031_06')
})
