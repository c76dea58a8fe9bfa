import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { closeSignals } from '#platform/signals.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, makePolice, unblock } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { askExemption } from '../exemptions/acts.ts'
import { chosenOrders } from '../relay/data.ts'
import { recordResults } from '../results/acts.ts'
import { askExemptions, confirmExemptions, retryOrder, retryOrders } from './acts.ts'
import { MOST_ORDERS_AT_ONCE, readChosen } from './rules.ts'

afterAll(closeSignals)

const now = new Date()
const reason = 'Nhà mạng đang thay hệ thống.'
let one: StaffActor
let two: StaffActor
let cases: Awaited<ReturnType<typeof makeBlockingCase>>[]
let ids: string[]

beforeEach(async () => {
  ;[one, two] = [await makeStaff('relay'), await makeStaff('relay')]
  const police = await makePolice()
  cases = []
  for (let made = 0; made < 3; made++) cases.push(await makeBlockingCase({}, police))
  const lines = await db.bookEntry.findMany({ where: { carrierId: 'gmobile' }, orderBy: { seq: 'asc' } })
  ids = lines.map(({ orderId }) => orderId)
  const row = { outcome: 'rejected', code: 'technical', at: now.toISOString() } as const
  await recordResults(
    'gmobile',
    lines.map(({ orderId: order, imei }) => ({ order, imei, ...row })),
    now,
  )
})

const errors = (rows: readonly { readonly error: string | null }[]) => rows.map(({ error }) => error)
const statesOf = async () =>
  (await db.carrierOrder.findMany({ where: { id: { in: ids } }, orderBy: { issuedAt: 'asc' } })).map(
    ({ state }) => state,
  )

describe('after an outage, many orders', () => {
  test('are sent again in one press, each with a result of its own; pressed twice, once', async () => {
    const [, second] = cases
    if (second) await unblock(second)
    const form = { orderIds: [...ids, randomUUID()], submitKey: randomUUID() }
    const done = await retryOrders(one, form, now)
    expect(errors(done)).toEqual([null, 'overtaken', null, 'not_found'])
    expect(await retryOrders(one, form, now)).toEqual(done)
    const sent = await db.carrierOrder.findMany({ where: { retryOfId: { in: ids } } })
    expect(sent.map(({ id }) => id).sort()).toEqual(done.flatMap(({ newId }) => newId ?? []).sort())
    expect(await statesOf()).toEqual(['superseded', 'failed', 'superseded'])
    expect(await db.auditEntry.count({ where: { act: 'order.retry', actorId: one.id } })).toBe(2)
  })

  test('have one winner each where two people press at once, and a polite refusal for the other', async () => {
    const [a, b, alone] = await Promise.all([
      retryOrders(one, { orderIds: ids, submitKey: randomUUID() }, now),
      retryOrders(two, { orderIds: ids.toReversed(), submitKey: randomUUID() }, now),
      retryOrder(two, { orderId: ids[1] ?? '', submitKey: randomUUID() }, now),
    ])
    for (const id of ids) {
      const told = [...a, ...b].filter(({ orderId }) => orderId === id).map(({ error }) => error)
      const won = told.filter((error) => error === null).length + (id === ids[1] && alone.ok ? 1 : 0)
      expect(won).toBe(1)
      expect(told.filter((error) => error !== null).every((error) => error === 'not_failed')).toBe(true)
    }
    expect(await db.carrierOrder.count({ where: { retryOfId: { in: ids } } })).toBe(3)
  })

  test('are exempted by two people, who each act once on all of them', async () => {
    const asked = { orderIds: ids, submitKey: randomUUID(), reason }
    expect(errors(await askExemptions(one, asked, now))).toEqual([null, null, null])
    expect(await statesOf()).toEqual(['failed', 'failed', 'failed'])
    const read = new Map(
      (await chosenOrders(two, ids)).map(({ id, exemption }) => [
        id,
        { approvalId: exemption?.id ?? '', digest: exemption?.digest ?? '' },
      ]),
    )
    expect(errors(await confirmExemptions(one, { read, submitKey: randomUUID() }, now))).toEqual(
      Array(3).fill('own_request'),
    )
    // One reason changed after the second person read it; one exemption was never asked.
    await askExemption(one, { orderId: ids[0] ?? '', reason: 'Khác', submitKey: randomUUID() }, now)
    const form = { read, submitKey: randomUUID() }
    const confirmed = await confirmExemptions(two, form, now)
    expect(errors(confirmed)).toEqual(['request_gone', null, null])
    expect(await confirmExemptions(two, form, now)).toMatchObject([
      { error: 'request_gone' },
      ...confirmed.slice(1),
    ])
    expect(await statesOf()).toEqual(['failed', 'exempt', 'exempt'])
    expect(errors(await askExemptions(one, { ...asked, submitKey: randomUUID() }, now))).toEqual([
      null,
      'closed',
      'closed',
    ])
  })

  test('are for the relay alone, and no more than fifty at once', async () => {
    const { officer } = await makePolice()
    expect(errors(await retryOrders(officer, { orderIds: ids, submitKey: randomUUID() }, now))).toEqual(
      Array(3).fill('forbidden'),
    )
    expect(await chosenOrders(officer, ids)).toEqual([])
    expect((await chosenOrders(one, [...ids, randomUUID()])).map(({ id }) => id)).toEqual(ids)
    const many = Array.from({ length: 60 }, () => randomUUID())
    expect(readChosen([...many, many[0] ?? '', 'x'])).toHaveLength(MOST_ORDERS_AT_ONCE)
    expect(readChosen('nothing')).toEqual([])
    expect(await retryOrders(one, { orderIds: many, submitKey: randomUUID() }, now)).toHaveLength(
      MOST_ORDERS_AT_ONCE,
    )
  })
})
