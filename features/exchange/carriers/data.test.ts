import { afterAll, describe, expect, test } from 'vitest'
import { Prisma } from '#generated/prisma/client.ts'
import { carrierScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, HOUR, localDate } from '#lib/time.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, makePolice } from '#tests/factories/case.ts'
import { issueKey } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { recordResults } from '../commands/record-results.ts'
import { authenticateCarrier } from '../keys/data.ts'
import { answeredDays, carrierHealth, contactDays, firstSeen, refusalCounts } from './data.ts'

afterAll(closeSignals)

// Noon in the city: an hour either side is the same day.
const now = new Date('2026-11-28T05:00:00Z')
const scopeOf = async (carrierId: string) => {
  const scope = carrierScope(await makeStaff('carrier', { carrierId }))
  if (!scope) throw new Error('a carrier has a scope')
  return scope
}
const health = async (span: 14 | 90 = 14) => carrierHealth(await scopeOf('viettel'), 'viettel', span, now)

describe('a carrier’s health', () => {
  test('counts answers, times and refusals by the day of the answer, and hours in contact', async () => {
    const police = await makePolice()
    for (const hours of [1, 2, 10, 3])
      await makeBlockingCase({ now: addMilliseconds(now, -hours * HOUR) }, police)
    const orders = await db.carrierOrder.findMany({
      where: { carrierId: 'viettel' },
      orderBy: { issuedAt: 'desc' },
      include: { entries: true },
    })
    const [a, b, c, d] = orders.map(({ id: order, entries }) => ({ order, imei: entries[0]?.imei ?? '' }))
    const at = addMilliseconds(now, -10 * HOUR).toISOString()
    const done = [a, b, d].flatMap((one) => (one ? [{ ...one, outcome: 'applied' as const, at }] : []))
    await recordResults('viettel', done, now)
    if (c) await recordResults('viettel', [{ ...c, outcome: 'rejected', code: 'technical', at }], now)
    const made = await issueKey(
      await makeStaff('relay'),
      { carrierId: 'viettel', submitKey: crypto.randomUUID() },
      now,
    )
    for (const hours of [0, 1, 26])
      await authenticateCarrier(made.ok ? made.value : '', addMilliseconds(now, -hours * HOUR))
    const found = await health()
    expect(found?.days.at(-1)).toMatchObject({
      day: localDate(now),
      applied: 3,
      refused: 1,
      // Issued 1, 2 and 10 hours, or 1, 2 and 3, before: the middle is 2.
      medianSeconds: 7200,
      silentHours: 10,
    })
    expect(found?.days.at(-1)?.p90Seconds).toBeGreaterThan(7200)
    expect(found?.days.at(-2)?.silentHours).toBe(13)
    expect(found?.days.at(-3)?.silentHours).toBeNull()
    expect(found?.refusals).toEqual([{ code: 'technical', count: 1 }])
    expect(found?.isYoung).toBe(false)
  })

  test('on the first day says so, and is its own carrier’s alone', async () => {
    expect(await health()).toMatchObject({ isYoung: true, notedSince: null, refusals: [] })
    expect((await health(90))?.days).toHaveLength(90)
    expect(await carrierHealth(await scopeOf('gmobile'), 'viettel', 14, now)).toBeNull()
  })

  test('reads its span along indexes', { timeout: 120_000 }, async () => {
    const made = await makeBlockingCase()
    await superuser.query(`
      INSERT INTO carrier_orders (id, case_id, carrier_id, action, reason, legal_basis, state, issued_at, due_at, settled_at)
        SELECT gen_random_uuid(), '${made.id}', (ARRAY['viettel', 'gmobile', 'mobifone'])[1 + n % 3], 'block', 'robbed', '', 'applied',
          now() - n * interval '1 hour', now(), now() - n * interval '1 hour' FROM generate_series(1, 60000) n;
      INSERT INTO carrier_keys (id, carrier_id, key_hash, created_at) VALUES (gen_random_uuid(), 'viettel', '\\x00', now());
      INSERT INTO carrier_calls SELECT 'viettel', date_bin('10 minutes', now(), 'epoch') - n * interval '10 minutes', id, 1
        FROM carrier_keys, generate_series(1, 30000) n WHERE carrier_id = 'viettel';
      ANALYZE`)
    const since = addMilliseconds(new Date(), -14 * DAY)
    for (const query of [
      answeredDays('viettel', since),
      refusalCounts('viettel', since),
      contactDays('viettel', since),
      firstSeen('viettel'),
    ]) {
      const rows = await db.$queryRaw<Record<string, string>[]>(Prisma.sql`EXPLAIN ${query}`)
      const plan = rows.map((row) => Object.values(row)[0]).join('\n')
      expect(plan).toMatch(/orders_answered|carrier_calls_(pkey|slot_idx)/)
      expect(plan).not.toMatch(/Seq Scan on (carrier_orders|carrier_calls)/)
    }
  })
})
