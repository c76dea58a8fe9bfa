import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { readCarrierFigures } from '#features/statistics/data.ts'
import { publishFacts } from '#features/statistics/jobs.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { carrierScope } from '#lib/access/scope.ts'
import { isTestImei } from '#lib/imei/imei.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, MINUTE } from '#lib/time.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { makeBlockingCase, randomImei } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { acknowledge } from '../book/acts.ts'
import { changes } from '../book/data.ts'
import { findLoads } from '../carriers/data.ts'
import { askExemption } from '../exemptions/acts.ts'
import { watchCarriers } from '../flags/jobs.ts'
import { listFile, manifest } from '../lists/data.ts'
import { retryOrder } from '../orders/acts.ts'
import type { EntryOutcome } from '../orders/rules.ts'
import { listCarrierStandings, ordersPage } from '../relay/data.ts'
import { recordResults } from '../results/acts.ts'
import { startDrill, stopDrill } from './acts.ts'
import { findDrill, listDrills } from './data.ts'
import { stepDrill } from './jobs.ts'

afterAll(closeSignals)

const now = new Date()
const wish = (carrierId = 'viettel') => ({ carrierId, phones: 3, phaseMinutes: 15, submitKey: randomUUID() })

let relay: StaffActor
let own: StaffActor
beforeEach(async () => {
  relay = await makeStaff('relay')
  own = await makeStaff('carrier', { carrierId: 'viettel' })
})

async function start(carrierId = 'viettel', by = relay): Promise<string> {
  return must(await startDrill(by, wish(carrierId), now))
}

const book = async (carrierId = 'viettel') => {
  const read = must(
    await changes(carrierId, { after: 0, limit: 1000, wait: 0 }, new AbortController().signal),
  )
  return read.entries
}

async function answer(outcome: EntryOutcome, carrierId = 'viettel', at = addMilliseconds(now, MINUTE)) {
  const lines = await db.bookEntry.findMany({ where: { carrierId, outcome: null } })
  const when = { at: at.toISOString() }
  const told =
    outcome === 'rejected' ? { outcome, code: 'technical' as const, ...when } : { outcome, ...when }
  return recordResults(
    carrierId,
    lines.map(({ orderId: order, imei }) => ({ order, imei, ...told })),
    at,
  )
}

const jobsOf = async (drillId: string): Promise<number> => {
  const { rows } = await superuser.query(
    `SELECT count(*)::int AS jobs FROM pgboss.job WHERE name = 'drill-step' AND data->>'drillId' = $1`,
    [drillId],
  )
  return rows[0].jobs
}

test('a drill goes its whole way by the carrier’s own interface, and the report tells how fast', async () => {
  const made = await makeBlockingCase()
  const drillId = await start()
  const lines = await book()
  expect(lines.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
  expect(lines.map(({ drill }) => drill ?? false)).toEqual([false, true, true, true, true])
  expect(lines.slice(1).every(({ imei, action }) => isTestImei(imei) && action === 'block')).toBe(true)
  expect(lines[1]?.order).toBe(lines[2]?.order)

  expect(await acknowledge('viettel', 5, addMilliseconds(now, 2_000))).toEqual(ok(5))
  const told = await answer('applied')
  expect(told.map(({ status }) => status)).toEqual(told.map(() => 'recorded'))
  expect(await jobsOf(drillId)).toBe(4)
  await stepDrill(drillId, addMilliseconds(now, MINUTE))
  await stepDrill(drillId, addMilliseconds(now, MINUTE))
  expect((await book()).slice(5).map(({ action, reason }) => `${action} ${reason}`)).toEqual(
    Array.from({ length: 4 }, () => 'unblock recovered'),
  )

  expect((await book()).slice(5).map(({ imei }) => imei)).toEqual(lines.slice(1).map(({ imei }) => imei))

  await acknowledge('viettel', 9, addMilliseconds(now, MINUTE))
  await answer('applied', 'viettel', addMilliseconds(now, 2 * MINUTE))
  await stepDrill(drillId, addMilliseconds(now, 2 * MINUTE))
  const report = await findDrill(carrierScope(own) as never, drillId)
  expect(report).toMatchObject({
    turnedAt: addMilliseconds(now, MINUTE),
    endedAt: addMilliseconds(now, 2 * MINUTE),
  })
  expect(report?.orders.map(({ action, state }) => `${action} ${state}`)).toEqual([
    ...Array.from({ length: 3 }, () => 'block applied'),
    ...Array.from({ length: 3 }, () => 'unblock applied'),
  ])
  expect(report?.orders[0]).toMatchObject({
    acknowledgedAt: addMilliseconds(now, 2_000),
    settledAt: addMilliseconds(now, MINUTE),
  })
  const acts = await db.auditEntry.findMany({
    where: { act: { startsWith: 'drill.' } },
    orderBy: { id: 'asc' },
  })
  expect(acts.map(({ act, actorKind, caseId }) => [act, actorKind, caseId])).toEqual([
    ['drill.start', 'staff', null],
    ['drill.turn', 'system', null],
    ['drill.end', 'system', null],
  ])
  expect(made.imeis).toHaveLength(1)
})

test('it ends by itself where the carrier says nothing, or refuses', async () => {
  const silent = await start('gmobile')
  await stepDrill(silent, addMilliseconds(now, 14 * MINUTE))
  expect(await book('gmobile')).toHaveLength(4)
  await stepDrill(silent, addMilliseconds(now, 15 * MINUTE))
  expect(await book('gmobile')).toHaveLength(8)
  await stepDrill(silent, addMilliseconds(now, 29 * MINUTE))
  await stepDrill(silent, addMilliseconds(now, 30 * MINUTE))
  expect((await db.drill.findUniqueOrThrow({ where: { id: silent } })).endedAt).toEqual(
    addMilliseconds(now, 30 * MINUTE),
  )

  const refused = await start('mobifone')
  await answer('rejected', 'mobifone')
  await stepDrill(refused, addMilliseconds(now, MINUTE))
  await answer('not_found', 'mobifone')
  await stepDrill(refused, addMilliseconds(now, MINUTE))
  expect((await db.drill.findUniqueOrThrow({ where: { id: refused } })).endedAt).toEqual(
    addMilliseconds(now, MINUTE),
  )
  // Later answers are recorded as usual.
  expect((await answer('applied', 'gmobile')).every(({ status }) => status === 'recorded')).toBe(true)
})

describe('a drill is stopped early', () => {
  const stop = (drillId: string, by = relay, submitKey = randomUUID()) =>
    stopDrill(by, { drillId, submitKey }, addMilliseconds(now, MINUTE))
  const ended = (drillId: string) => db.drill.findUniqueOrThrow({ where: { id: drillId } })
  const unblocks = async () => (await book()).filter(({ action }) => action === 'unblock')

  test('among its blocks: each has its unblock at once, and another may start', async () => {
    const drillId = await start()
    expect(await stop(drillId)).toEqual(ok(null))
    expect(await ended(drillId)).toMatchObject({
      endedAt: addMilliseconds(now, MINUTE),
      stoppedById: relay.id,
    })
    const blocked = (await book()).filter(({ action }) => action === 'block').map(({ imei }) => imei)
    expect((await unblocks()).map(({ imei }) => imei)).toEqual(blocked)
    const [stopped] = await db.auditEntry.findMany({ where: { act: 'drill.stop' } })
    expect(stopped).toMatchObject({ actorId: relay.id, facts: { carrier: 'viettel', during: 'blocking' } })
    // Its job finds it ended; the carrier's answers are recorded as usual.
    await stepDrill(drillId, addMilliseconds(now, 15 * MINUTE))
    expect(await unblocks()).toHaveLength(4)
    expect((await answer('applied')).every(({ status }) => status === 'recorded')).toBe(true)
    expect((await ended(drillId)).endedAt).toEqual(addMilliseconds(now, MINUTE))
    await start()
  })

  test('among its unblocks: it only ends', async () => {
    const drillId = await start('viettel', own)
    await answer('applied')
    await stepDrill(drillId, addMilliseconds(now, MINUTE))
    expect(await stop(drillId, own)).toEqual(ok(null))
    expect(await unblocks()).toHaveLength(4)
  })

  test('once, by a person who may start it, and not when it is over', async () => {
    const drillId = await start()
    const key = randomUUID()
    const stranger = await makeStaff('carrier', { carrierId: 'gmobile' })
    expect(await stop(drillId, stranger)).toEqual(err('not_found'))
    expect(await stop(drillId, await makeStaff('admin'))).toEqual(err('forbidden'))
    expect(await stop(randomUUID())).toEqual(err('not_found'))
    const racing = await Promise.all([stop(drillId), stop(drillId, own), stop(drillId)])
    expect(racing.filter(({ ok }) => ok)).toHaveLength(1)
    expect(racing.filter((one) => !one.ok && one.error === 'closed')).toHaveLength(2)
    const second = await start()
    expect(await stop(second, relay, key)).toEqual(await stop(second, relay, key))
    expect(await unblocks()).toHaveLength(8)
  })
})

describe('a drill counts nowhere else', () => {
  test('not in a list’s deltas, its count, or what the guard counts', async () => {
    await makeBlockingCase()
    const drillId = await start()
    const asked = { seq: 5, since: 0, digits: null }
    const rows = async () => (await manifest('viettel', asked))?.files.map((file) => file.rows)
    expect(await rows()).toEqual([1, 1, 0, 0])
    await stopDrill(relay, { drillId, submitKey: randomUUID() }, now)
    expect(
      (await manifest('viettel', { seq: 9, since: 5, digits: null }))?.files.map((file) => file.rows),
    ).toEqual([1, 0, 0, 0])
    expect(
      await transaction((tx) =>
        findLoads(tx, ['viettel'], addMilliseconds(now, -HOUR), { orders: 200, percent: 5 }),
      ),
    ).toMatchObject([{ blocklistSize: 1, recent: 1 }])
  })

  test('not in clocks, flags and reminders', async () => {
    await start()
    const lines = await db.bookEntry.findMany({ where: { carrierId: 'viettel' }, orderBy: { seq: 'asc' } })
    const last = lines.at(-1)
    if (!last) throw new Error('a drill has lines')
    const told = { order: last.orderId, imei: last.imei, outcome: 'applied', at: now.toISOString() } as const
    await recordResults('viettel', [told], now)
    // One of these times is by day.
    for (const hours of [90, 99]) expect(await watchCarriers(addMilliseconds(now, hours * HOUR))).toBe(0)
    expect(await db.carrierFlag.count()).toBe(0)
  })

  test('not in public figures, nor in its carrier’s own', async () => {
    const september = new Date('2026-09-10T03:00:00Z')
    await makeBlockingCase({ now: september })
    const started = must(await startDrill(relay, wish(), september))
    await answer('applied', 'viettel', addMilliseconds(september, HOUR))
    await stepDrill(started, addMilliseconds(september, HOUR))
    await publishFacts(new Date('2026-10-20T03:00:00Z'))
    expect(await db.factsCarrier.findMany({ where: { carrierId: 'viettel' } })).toMatchObject([{ orders: 1 }])
    const scope = carrierScope(own)
    const figures = scope && (await readCarrierFigures(scope, 'viettel', addMilliseconds(september, 2 * DAY)))
    expect(figures?.recent.orders).toBe(1)
  })

  test('not in the list in force, not in the relay’s list and clocks, and nothing is retried or exempted', async () => {
    const drillId = await start()
    const list = await listFile('viettel', 4)
    expect(list?.rows).toBe(0)
    expect(await ordersPage(relay, { group: null, carrierId: null, after: null, search: null })).toEqual({
      orders: [],
      counts: { failed: 0, waiting: 0, done: 0 },
      more: false,
      next: null,
    })
    await answer('rejected')
    const viettel = (await listCarrierStandings(addMilliseconds(now, 99 * HOUR))).find(
      ({ id }) => id === 'viettel',
    )
    expect(viettel).toMatchObject({ head: 4, waiting: 0, failed: 0, late: 0, veryLate: 0, oldest: null })
    const [order] = await db.carrierOrder.findMany({ where: { drillId } })
    const asked = { orderId: order?.id ?? '', submitKey: randomUUID() }
    expect(await retryOrder(relay, asked, now)).toEqual(err('not_found'))
    expect(await askExemption(relay, { ...asked, reason: 'x' }, now)).toEqual(err('not_found'))
  })

  test('and the database takes no real number into one, no test number out of one, and no order out of its drill', async () => {
    const { id: caseId } = await makeBlockingCase()
    const drillId = await start()
    const [drilled] = await db.carrierOrder.findMany({ where: { drillId } })
    const [real] = await db.carrierOrder.findMany({ where: { caseId, carrierId: 'viettel' } })
    const line = (orderId: string | undefined, imei: string) =>
      superuser.query(
        `INSERT INTO book_entries (carrier_id, seq, order_id, imei, action, reason, legal_basis, issued_at)
         VALUES ('viettel', 99, $1, $2, 'block', 'lost', '', now())`,
        [orderId, imei],
      )
    await expect(line(drilled?.id, randomImei())).rejects.toThrow(/a drill orders test numbers/)
    await expect(line(real?.id, '001010123456789')).rejects.toThrow(/a drill orders test numbers/)
    const moved = (set: string, id = '') =>
      superuser.query(`UPDATE carrier_orders SET ${set} WHERE id = $1`, [id])
    await expect(moved('drill_id = NULL', drilled?.id)).rejects.toThrow(/stays of the case or drill/)
    await expect(moved(`drill_id = '${drillId}', case_id = NULL`, real?.id)).rejects.toThrow(/stays of/)
  })
})

describe('who starts one', () => {
  test('the relay for any carrier, a carrier’s person for their own, nobody else', async () => {
    expect(await startDrill(own, wish('gmobile'), now)).toEqual(err('not_found'))
    expect(await startDrill(relay, wish('nobody'), now)).toEqual(err('not_found'))
    for (const role of ['admin', 'officer', 'auditor'] as const) {
      expect(await startDrill(await makeStaff(role), wish(), now)).toEqual(err('forbidden'))
    }
    expect(await db.drill.count()).toBe(0)
    const drillId = await start('viettel', own)
    const theirs = await start('gmobile')
    const scope = carrierScope(own)
    if (!scope) throw new Error('no scope')
    expect((await listDrills(scope)).drills.map(({ id }) => id)).toEqual([drillId])
    expect(await findDrill(scope, theirs)).toBeNull()
  })

  test('at once: one starts, the others are told; the same form twice is one drill', async () => {
    const form = wish()
    const [first, again] = [await startDrill(relay, form, now), await startDrill(relay, form, now)]
    expect(again).toEqual(first)
    const others = await Promise.all(Array.from({ length: 4 }, () => startDrill(own, wish(), now)))
    expect(others).toEqual(others.map(() => err('running')))
    const racing = await Promise.all(Array.from({ length: 4 }, () => startDrill(relay, wish('gmobile'), now)))
    expect(racing.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await db.drill.count()).toBe(2)
  })
})

test('steps at once make the unblocks once', async () => {
  const drillId = await start()
  await answer('applied')
  await Promise.all(Array.from({ length: 4 }, () => stepDrill(drillId, addMilliseconds(now, MINUTE))))
  expect(await book()).toHaveLength(8)
})

test('drills are read page by page, newest first', async () => {
  for (let n = 0; n < 23; n++) {
    const at = addMilliseconds(now, n * MINUTE)
    await db.drill.create({
      data: {
        ...{ id: randomUUID(), carrierId: 'viettel', phones: 1, phaseMinutes: 15, startedById: relay.id },
        ...{ startedAt: at, turnedAt: at, dueAt: at, endedAt: at },
      },
    })
  }
  const scope = carrierScope(own)
  if (!scope) throw new Error('no scope')
  const first = await listDrills(scope)
  const second = await listDrills(scope, first.next ?? '')
  const times = [...first.drills, ...second.drills].map(({ startedAt }) => startedAt.getTime())
  expect(times).toEqual(times.toSorted((a, b) => b - a))
  expect([first.drills.length, second.drills.length, second.next]).toEqual([20, 3, null])
})
