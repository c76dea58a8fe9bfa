import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { carrierScope } from '#lib/access/scope.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, makePolice, randomImei } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { readOrderCursor, readOrderSearch } from '../orders/rules.ts'
import { carrierOrdersPage } from '../own-orders/data.ts'
import { ordersPage } from '../relay/data.ts'
import { recordResults } from '../results/acts.ts'
import { casesByPart, groupCount, ordersByImei } from './data.ts'

afterAll(closeSignals)

const now = new Date()
let relay: StaffActor
beforeEach(async () => {
  relay = await makeStaff('relay')
})

const page = (text: string, over = {}) =>
  ordersPage(relay, {
    ...{ group: null, carrierId: null, after: null, search: readOrderSearch(text, true) },
    ...over,
  })
const own = async (carrierId: string, text: string, of = carrierId) => {
  const scope = carrierScope(await makeStaff('carrier', { carrierId }))
  if (!scope) throw new Error('a carrier has a scope')
  const search = readOrderSearch(text, false)
  return carrierOrdersPage(scope, of, { group: null, after: null, search })
}

describe('orders are found', () => {
  test('by every part of their case’s number, its IMEIs and their own ids', async () => {
    const police = await makePolice()
    const made = await makeBlockingCase({ imeis: [randomImei(), randomImei()] }, police)
    await makeBlockingCase({}, police)
    const orders = await db.carrierOrder.findMany({ where: { caseId: made.id } })
    const ids = orders.map(({ id }) => id).sort()
    const found = async (text: string) => (await page(text)).orders.map(({ id }) => id).sort()
    const characters = made.number.replaceAll('-', '').slice(3)
    for (let from = 0; from + 4 <= characters.length; from++)
      expect(await found(characters.slice(from, from + 4).toLowerCase())).toEqual(expect.arrayContaining(ids))
    for (const text of [made.number, characters, `hcm ${characters}`, characters.slice(2, 9)])
      expect(await found(text)).toEqual(ids)
    for (const imei of made.imeis) {
      expect(await found(imei)).toEqual(ids)
      expect(await found(imei.slice(0, 14))).toEqual(ids)
      expect(await found(`${imei.slice(0, 14)}00`)).toEqual(ids)
    }
    expect(await found(ids[0] ?? '')).toEqual([ids[0]])
    const one = await page(made.number, { carrierId: 'viettel' })
    expect(one.orders.map(({ carrier }) => carrier.id)).toEqual(['viettel'])
    for (const text of [randomImei(), 'x', crypto.randomUUID()]) expect(await found(text)).toEqual([])
  })

  test('while they wait in a release, by the relay', async () => {
    const police = await makePolice()
    await db.carrier.update({ where: { id: 'viettel' }, data: { releaseMode: 'by_hand' } })
    const made = await makeBlockingCase({}, police)
    const waiting = await page(made.imeis[0] ?? '', { carrierId: 'viettel' })
    expect(waiting.orders.map(({ state }) => state)).toEqual(['queued'])
    // The carrier does not know the waiting order yet.
    expect((await own('viettel', made.imeis[0] ?? '')).orders).toEqual([])
  })

  test('by a carrier’s people by IMEI and id alone, and only their own', async () => {
    const made = await makeBlockingCase()
    const imei = made.imeis[0] ?? ''
    const [mine, theirs] = await Promise.all(
      ['viettel', 'gmobile'].map((carrierId) =>
        db.carrierOrder.findFirstOrThrow({ where: { caseId: made.id, carrierId } }),
      ),
    )
    const found = await own('viettel', imei)
    expect(found.orders.map(({ id }) => id)).toEqual([mine?.id])
    expect(found.counts).toEqual({ failed: 0, waiting: 1, done: 0 })
    expect(
      JSON.stringify(found.orders, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain(made.number)
    expect(found.orders[0]).not.toHaveProperty('caseId')
    expect((await own('viettel', mine?.id ?? '')).orders).toHaveLength(1)
    for (const text of [theirs?.id ?? '', made.number, made.number.slice(4, 8), randomImei()])
      expect(await own('viettel', text)).toMatchObject({ orders: [], counts: { waiting: 0 } })
    expect((await own('viettel', imei, 'gmobile')).orders).toEqual([])
  })

  test('with how many there are in each group, and page by page', async () => {
    const police = await makePolice()
    const imei = randomImei()
    for (let made = 0; made < 12; made++)
      await makeBlockingCase({ now: addMilliseconds(now, (made - 30) * HOUR) }, police)
    const lines = await db.bookEntry.findMany({ where: { carrierId: 'viettel' }, take: 5 })
    const row = { outcome: 'applied', at: now.toISOString() } as const
    await recordResults(
      'viettel',
      lines.map(({ orderId, imei }) => ({ order: orderId, imei, ...row })),
      now,
    )
    expect((await page('')).counts).toEqual({ failed: 0, waiting: 55, done: 5 })
    expect((await page('', { carrierId: 'viettel' })).counts).toEqual({ failed: 0, waiting: 7, done: 5 })
    // Sixty orders match the part that every number has here: two pages without a gap.
    await superuser.query(`UPDATE case_numbers SET grams = grams || 'ZZZZ'::text`)
    await superuser.query(`UPDATE cases SET number = left(number, 4) || 'ZZZZ-' || right(number, 6)`)
    const first = await page('ZZZZ')
    const second = await page('ZZZZ', { after: readOrderCursor(first.next ?? '') })
    expect([first.orders.length, second.orders.length, second.next]).toEqual([50, 10, null])
    expect(new Set([...first.orders, ...second.orders].map(({ id }) => id)).size).toBe(60)
    expect(first.counts).toEqual({ failed: 0, waiting: 55, done: 5 })
    expect((await page(imei)).counts).toEqual({ failed: 0, waiting: 0, done: 0 })
  })

  test('by nobody of the police', async () => {
    const { officer } = await makePolice()
    const made = await makeBlockingCase()
    const search = readOrderSearch(made.number, true)
    expect(await ordersPage(officer, { group: null, carrierId: null, after: null, search })).toMatchObject({
      orders: [],
      counts: { waiting: 0 },
    })
  })
})

test('the database looks none of it up by reading everything', { timeout: 120_000 }, async () => {
  const made = await makeBlockingCase()
  const { rows } = await superuser.query<{ name: string }>(`
    SELECT attname AS name FROM pg_attribute WHERE attrelid = 'cases'::regclass AND attnum > 0 AND attgenerated = ''
      AND NOT attisdropped`)
  const columns = rows.map(({ name }) => name).join(', ')
  await superuser.query(`
    INSERT INTO case_keys SELECT gen_random_uuid(), wrapped, wrap_key_version, created_at
      FROM case_keys, generate_series(1, 4000);
    CREATE TEMP TABLE pattern AS SELECT * FROM cases WHERE id = '${made.id}';
    INSERT INTO cases (${columns}) SELECT ${columns} FROM (SELECT (p).* FROM (
      SELECT jsonb_populate_record(pattern, jsonb_build_object('id', k.case_id, 'secret_hash', '\\x00', 'number',
        'HCM-AAAA-' || upper(lpad(to_hex(row_number() OVER ()), 4, '0')) || '-0')) AS p
      FROM case_keys k, pattern WHERE k.case_id <> pattern.id) made) rows;
    INSERT INTO carrier_orders (id, case_id, carrier_id, action, reason, legal_basis, state, issued_at, due_at)
      SELECT gen_random_uuid(), id, 'viettel', 'block', 'robbed', '',
        CASE WHEN row_number() OVER () % 1000 = 0 THEN 'failed' ELSE 'applied' END::order_state, now(), now()
      FROM cases WHERE id <> '${made.id}';
    SET session_replication_role = replica;
    INSERT INTO book_entries (carrier_id, seq, order_id, imei, action, reason, legal_basis, issued_at)
      SELECT carrier_id, 10 + row_number() OVER (), id, lpad(row_number() OVER ()::text, 15, '1'), action, reason, '', now()
      FROM carrier_orders WHERE state <> 'sent';
    RESET session_replication_role;
    -- What other tests have left in the indexes would make them dearer.
    REINDEX TABLE carrier_orders; ANALYZE`)
  const planOf = async (query: Prisma.Sql): Promise<string> => {
    const rows = await db.$queryRaw<Record<string, string>[]>(Prisma.sql`EXPLAIN ${query}`)
    return rows.map((row) => Object.values(row)[0]).join('\n')
  }
  const all = { carrierId: null, found: null }
  const plans: [string, Prisma.Sql][] = [
    ['case_numbers_grams_idx', casesByPart(made.number.slice(4, 8))],
    ['book_entries_pkey|book_entries_carrier_id_imei_seq_idx', ordersByImei(made.imeis[0] ?? '', null)],
    ['book_entries_carrier_id_imei_seq_idx', ordersByImei(made.imeis[0] ?? '', 'viettel')],
    ['orders_open', groupCount('failed', all)],
    ['orders_open', groupCount('waiting', { ...all, carrierId: 'viettel' })],
    ['carrier_orders_case_id', groupCount('done', { ...all, found: { caseIds: [made.id] } })],
    ['carrier_orders_pkey|orders_open', groupCount('failed', { ...all, found: { orderIds: [made.id] } })],
  ]
  for (const [index, query] of plans) {
    const plan = await planOf(query)
    expect(plan).toMatch(new RegExp(index))
    expect(plan).not.toMatch(/Seq Scan on (cases|case_numbers|book_entries|carrier_orders)/)
  }
  expect(await planOf(groupCount('done', all))).toContain('Limit')
})
