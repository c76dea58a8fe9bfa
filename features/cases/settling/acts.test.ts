import { afterAll, expect, test } from 'vitest'
import { recordResults } from '#features/exchange/results/acts.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, stateOf } from '#tests/factories/case.ts'
import { settleForgotten } from './acts.ts'

afterAll(closeSignals)

const now = new Date()
/** More than one statement looks at. */
const WAITING = 1_200

const columnsOf = async (table: string): Promise<string> => {
  const { rows } = await superuser.query<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped`,
    [table],
  )
  return rows.map(({ name }) => name).join(', ')
}

/** Makes cases like one, with its orders, that are due before every other. */
async function makeLike(id: string, count: number): Promise<void> {
  const [cases, orders] = [await columnsOf('cases'), await columnsOf('carrier_orders')]
  await superuser.query(`
    SET session_replication_role = replica;
    CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, ${count}) n;
    INSERT INTO case_keys SELECT made.id, wrapped, wrap_key_version, created_at FROM case_keys, made
      WHERE case_id = '${id}';
    INSERT INTO cases (${cases}) SELECT ${cases} FROM (SELECT (p).* FROM (
      SELECT jsonb_populate_record(c, jsonb_build_object('id', made.id, 'number', 'X' || made.n,
        'due_at', c.due_at - interval '1 hour')) AS p
      FROM cases c, made WHERE c.id = '${id}') one) rows;
    INSERT INTO carrier_orders (${orders}) SELECT ${orders} FROM (SELECT (p).* FROM (
      SELECT jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid(), 'case_id', made.id)) AS p
      FROM carrier_orders o, made WHERE o.case_id = '${id}') one) rows;
    SET session_replication_role = DEFAULT;
    ANALYZE carrier_orders`)
}

test('a case whose carriers have answered is settled though many before it wait for theirs', async () => {
  const [open, answered] = [await makeBlockingCase(), await makeBlockingCase()]
  await makeLike(open.id, WAITING)
  const lines = await db.bookEntry.findMany({ where: { order: { caseId: answered.id } } })
  for (const { carrierId, orderId: order, imei } of lines)
    await recordResults(carrierId, [{ order, imei, outcome: 'applied', at: now.toISOString() }], now)
  const later = addMilliseconds(now, HOUR)
  const stopped = AbortSignal.abort()
  expect(await settleForgotten(later, stopped)).toBe(0)
  expect(await settleForgotten(later)).toBe(1)
  expect([await stateOf(answered.id), await stateOf(open.id)]).toEqual(['blocked', 'blocking'])
  expect(await db.case.count({ where: { state: 'blocking' } })).toBe(WAITING + 1)
})
