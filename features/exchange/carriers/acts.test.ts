import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { manifest } from '../queries/list.ts'
import { setDigits } from './acts.ts'

const now = new Date('2026-11-25T03:00:00Z')
const to = (digits: 14 | 15, carrierId = 'viettel') => ({
  carrierId,
  imeiDigits: digits,
  submitKey: randomUUID(),
})
const digitsNow = async (digits: 14 | 15 | null = null) =>
  (await manifest('viettel', { seq: 0, since: 0, digits }))?.digits

test('the relay sets how many digits a carrier’s files have, and an address may say otherwise', async () => {
  const relay = await makeStaff('relay')
  expect(await digitsNow()).toBe(15)
  const input = to(14)
  expect(await setDigits(relay, input, now)).toMatchObject({ ok: true })
  expect(await setDigits(relay, input, now)).toMatchObject({ ok: true })
  expect([await digitsNow(), await digitsNow(15)]).toEqual([14, 15])
  const entries = await db.auditEntry.findMany({ where: { act: 'carrier.digits' } })
  expect(entries.map(({ facts }) => facts)).toEqual([{ from: 15, to: 14 }])
})

test('nobody sets it for another’s carrier', async () => {
  const own = await makeStaff('carrier', { carrierId: 'vinaphone' })
  expect(await setDigits(own, to(14), now)).toMatchObject({ ok: false, error: 'not_found' })
  expect(await setDigits(own, to(14, 'vinaphone'), now)).toMatchObject({ ok: true })
  expect(await setDigits(await makeStaff('admin'), to(14), now)).toMatchObject({ error: 'forbidden' })
  expect(await setDigits(await makeStaff('relay'), to(14, 'none'), now)).toMatchObject({
    error: 'not_found',
  })
  expect(await digitsNow()).toBe(15)
})
