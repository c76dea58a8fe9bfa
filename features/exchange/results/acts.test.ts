import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { settleCase, settleForgotten } from '#features/cases/settling/acts.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, randomImei, stateOf, unblock } from '#tests/factories/case.ts'
import { acknowledge } from '../book/acts.ts'
import { carrierStates } from '../case-orders/data.ts'
import type { CarrierResult } from '../interface/rules.ts'
import type { EntryOutcome } from '../orders/rules.ts'
import { recordResults } from './acts.ts'

afterAll(closeSignals)

const now = new Date()
const CARRIERS = ['gmobile', 'mobifone', 'viettel', 'vietnamobile', 'vinaphone']

async function results(carrierId: string, outcome: EntryOutcome = 'applied', code?: CarrierResult['code']) {
  const lines = await db.bookEntry.findMany({ where: { carrierId }, orderBy: { seq: 'desc' } })
  return lines.map(({ orderId: order, imei }): CarrierResult => {
    const row = { order, imei, at: now.toISOString() }
    return outcome === 'rejected' ? { ...row, outcome, code: code ?? 'technical' } : { ...row, outcome }
  })
}
const orderOf = async (carrierId: string) => {
  const [order] = await db.carrierOrder.findMany({ where: { carrierId }, orderBy: { issuedAt: 'desc' } })
  if (!order) throw new Error('no order')
  return order
}
const statuses = async (carrierId: string, rows: readonly CarrierResult[]) =>
  (await recordResults(carrierId, rows, now)).map((answer) => answer.status)
const settleJobs = async (caseId: string): Promise<number> => {
  const { rows } = await superuser.query(
    `SELECT count(*)::int AS jobs FROM pgboss.job WHERE name = 'case-settle' AND data->>'caseId' = $1`,
    [caseId],
  )
  return rows[0].jobs
}

describe('results', () => {
  test('are answered row by row in the order sent, once each, in any order and in parts', async () => {
    const made = await makeBlockingCase({ imeis: [randomImei(), randomImei()] })
    const [last, first] = await results('viettel')
    if (!last || !first) throw new Error('no lines')
    expect(await statuses('viettel', [last])).toEqual(['recorded'])
    expect((await orderOf('viettel')).state).toBe('acknowledged')
    const before = await settleJobs(made.id)
    const answers = await recordResults('viettel', [last, first, first, last], now)
    expect(answers.map(({ imei }) => imei)).toEqual([last, first, first, last].map(({ imei }) => imei))
    expect(answers.map(({ status }) => status)).toEqual(['duplicate', 'recorded', 'duplicate', 'duplicate'])
    expect(await orderOf('viettel')).toMatchObject({ state: 'applied', failureCode: null })
    // The case is settled once, when the last carrier has answered.
    expect(await settleJobs(made.id)).toBe(before)
    expect(await statuses('viettel', [last, first])).toEqual(['duplicate', 'duplicate'])
    for (const carrier of CARRIERS) await recordResults(carrier, await results(carrier), now)
    expect(await settleJobs(made.id)).toBe(before + 1)
  })

  test('of carriers that answer at one moment the last one has the case looked at, and the newest decision comes first', async () => {
    const before = new Date(now.getTime() - 3_600_000)
    const old = await makeBlockingCase({ now: before })
    const made = await makeBlockingCase()
    const jobs = await settleJobs(made.id)
    const rows = await Promise.all(CARRIERS.map((carrier) => results(carrier)))
    await Promise.all(CARRIERS.map((carrier, at) => recordResults(carrier, rows[at] ?? [], now)))
    expect(await settleJobs(made.id)).toBeGreaterThan(jobs)
    const { rows: order } = await superuser.query(
      `SELECT data->>'caseId' AS id, max(priority) AS priority FROM pgboss.job WHERE name = 'case-settle'
       GROUP BY 1 ORDER BY 2 DESC`,
    )
    expect(order.map(({ id }) => id)).toEqual([made.id, old.id])
  })

  test('a case that nobody looked at, because a process ended in between, is moved on by the clocks', async () => {
    const made = await makeBlockingCase()
    for (const carrier of CARRIERS) await recordResults(carrier, await results(carrier), now)
    expect(await settleForgotten(now)).toBe(0)
    await superuser.query(`UPDATE cases SET state_since = state_since - interval '10 minutes'`)
    expect(await settleForgotten(now)).toBe(1)
    expect(await stateOf(made.id)).toBe('blocked')
    expect(await settleForgotten(now)).toBe(0)
  })

  test('sent ten times at once are recorded once', async () => {
    const made = await makeBlockingCase()
    const rows = await results('viettel')
    const all = await Promise.all(Array.from({ length: 10 }, () => statuses('viettel', rows)))
    expect(all.flat().filter((status) => status === 'recorded')).toHaveLength(1)
    const audited = await db.auditEntry.count({ where: { act: 'order.result' } })
    expect(audited).toBe(1)
    expect(await stateOf(made.id)).toBe('blocking')
  })

  test('for an order never sent, another IMEI or another carrier’s order are unknown and change nothing', async () => {
    await makeBlockingCase()
    const [mine] = await results('viettel')
    const [theirs] = await results('gmobile')
    if (!mine || !theirs) throw new Error('no lines')
    const rows = [{ ...mine, order: randomUUID() }, { ...mine, imei: randomImei() }, theirs]
    expect(await statuses('viettel', rows)).toEqual(['unknown', 'unknown', 'unknown'])
    expect(await db.bookEntry.count({ where: { outcome: { not: null } } })).toBe(0)
    expect(await statuses('viettel', [...rows, mine])).toEqual(['unknown', 'unknown', 'unknown', 'recorded'])
  })

  test('from the future are refused, row by row, though a clock may run a little ahead', async () => {
    await makeBlockingCase({ imeis: [randomImei(), randomImei()] })
    const [last, first] = await results('viettel')
    if (!last || !first) throw new Error('no lines')
    const ahead = (ms: number) => new Date(now.getTime() + ms).toISOString()
    const rows = [
      { ...last, at: ahead(3 * 3_600_000) },
      { ...first, at: ahead(60_000) },
    ]
    const [future, fine] = await recordResults('viettel', rows, now)
    expect(future).toMatchObject({ status: 'unknown', detail: 'at is in the future' })
    expect(fine?.status).toBe('recorded')
  })

  test('from before their order are recorded as of it, but for what was done already', async () => {
    await makeBlockingCase({ imeis: [randomImei(), randomImei(), randomImei()] })
    const rows = await results('viettel')
    const [early, late, already] = rows
    if (!early || !late || !already) throw new Error('no lines')
    const { issuedAt } = await orderOf('viettel')
    const hours = (before: number) => new Date(issuedAt.getTime() - before * 3_600_000).toISOString()
    const answers = await recordResults(
      'viettel',
      [
        { ...early, at: '1970-01-01T00:00:00Z' },
        { ...late, at: new Date(issuedAt.getTime() + 1000).toISOString() },
        { ...already, outcome: 'already', at: hours(24 * 40) },
      ],
      now,
    )
    expect(answers.map(({ status }) => status)).toEqual(['recorded', 'recorded', 'recorded'])
    expect(answers[0]).toMatchObject({ detail: 'at is before the order: recorded as of its issue' })
    const lines = await db.bookEntry.findMany({
      where: { carrierId: 'viettel' },
      select: { imei: true, outcomeAt: true },
    })
    expect(new Map(lines.map(({ imei, outcomeAt }) => [imei, outcomeAt]))).toEqual(
      new Map([
        [early.imei, issuedAt],
        [late.imei, new Date(issuedAt.getTime() + 1000)],
        [already.imei, new Date(hours(24 * 40))],
      ]),
    )
  })

  test('that get better correct a failure; what is applied is never taken back', async () => {
    await makeBlockingCase()
    expect(await statuses('viettel', await results('viettel', 'rejected', 'technical'))).toEqual(['recorded'])
    expect(await orderOf('viettel')).toMatchObject({ state: 'failed', failureCode: 'technical' })
    expect(await statuses('viettel', await results('viettel', 'rejected', 'technical'))).toEqual([
      'duplicate',
    ])
    expect(await statuses('viettel', await results('viettel', 'not_found'))).toEqual(['recorded'])
    expect(await orderOf('viettel')).toMatchObject({ state: 'failed', failureCode: 'not_found' })
    expect(await statuses('viettel', await results('viettel', 'already'))).toEqual(['recorded'])
    expect(await orderOf('viettel')).toMatchObject({ state: 'applied', failureCode: null })
    expect(await statuses('viettel', await results('viettel', 'applied'))).toEqual(['duplicate'])
    // A program can see that its result contradicts the recorded one.
    for (const code of ['technical', 'shared_imei'] as const)
      expect(await statuses('viettel', await results('viettel', 'rejected', code))).toEqual(['contradicts'])
    expect(await statuses('viettel', await results('viettel', 'not_found'))).toEqual(['contradicts'])
    expect((await orderOf('viettel')).state).toBe('applied')
  })
})

describe('acknowledging', () => {
  test('marks whole orders up to the sequence, and never goes back', async () => {
    await makeBlockingCase({ imeis: [randomImei(), randomImei()] })
    expect(await acknowledge('viettel', 1, now)).toEqual({ ok: true, value: 1 })
    expect((await orderOf('viettel')).state).toBe('sent')
    expect(await acknowledge('viettel', 2, now)).toEqual({ ok: true, value: 2 })
    expect((await orderOf('viettel')).state).toBe('acknowledged')
    expect(await acknowledge('viettel', 0, now)).toEqual({ ok: true, value: 2 })
    expect(await acknowledge('viettel', 3, now)).toEqual({ ok: false, error: 'beyond_head' })
    expect((await orderOf('gmobile')).state).toBe('sent')
  })

  test('at once with results and approvals leaves every order as the results say', async () => {
    const made = await Promise.all(Array.from({ length: 6 }, () => makeBlockingCase()))
    const rows = await results('viettel')
    await Promise.all([
      ...Array.from({ length: 6 }, (_, index) => acknowledge('viettel', index + 1, now)),
      ...rows.map((row) => recordResults('viettel', [row], now)),
      recordResults('viettel', rows, now),
      ...made.map(() => makeBlockingCase()),
    ])
    const orders = await db.carrierOrder.findMany({
      where: { carrierId: 'viettel', caseId: { in: made.map(({ id }) => id) } },
    })
    expect(orders.map((order) => order.state)).toEqual(made.map(() => 'applied'))
    const carrier = await db.carrier.findUniqueOrThrow({ where: { id: 'viettel' } })
    expect([carrier.ackedSeq, carrier.bookHead]).toEqual([6n, 12n])
  })
})

test('a case is blocked when the last carrier has applied it, and unblocked when the last that had it lifted it', async () => {
  const made = await makeBlockingCase()
  const scope = citizenScope(made.id, 'full')
  for (const carrierId of CARRIERS) {
    await settleCase(made.id, now)
    expect(await stateOf(made.id)).toBe('blocking')
    await recordResults(carrierId, await results(carrierId), now)
  }
  await settleCase(made.id, now)
  expect(await stateOf(made.id)).toBe('blocked')
  expect((await carrierStates(scope, made.id)).map((carrier) => carrier.state)).toEqual(
    CARRIERS.map(() => 'applied'),
  )

  await unblock(made)
  expect((await carrierStates(scope, made.id)).map((carrier) => carrier.state)).toEqual(
    CARRIERS.map(() => 'sent'),
  )
  for (const carrierId of CARRIERS) await recordResults(carrierId, await results(carrierId), now)
  await settleCase(made.id, now)
  expect(await stateOf(made.id)).toBe('unblocked')
  expect((await carrierStates(scope, made.id)).map((carrier) => carrier.state)).toEqual(
    CARRIERS.map(() => 'lifted'),
  )
  expect(await carrierStates(citizenScope(randomUUID(), 'full'), made.id)).toEqual([])
})
