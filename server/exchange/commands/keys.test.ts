import { afterAll, expect, test } from 'vitest'
import { closeSignals } from '#server/platform/signals.ts'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { carrierOfKey, keysOf } from '../loaders/keys.ts'
import { issueKey, revokeKey } from './keys.ts'

afterAll(closeSignals)

const now = new Date()

test('several keys are live at once; a revoked one opens nothing; none is stored as it is', async () => {
  const relay = await makeStaff('relay')
  const [one, two] = [await issueKey(relay, 'viettel', now), await issueKey(relay, 'viettel', now)]
  if (!one.ok || !two.ok) throw new Error('refused')
  expect(await carrierOfKey(one.value)).toBe('viettel')
  expect(await carrierOfKey(two.value)).toBe('viettel')
  const stored = await db.carrierKey.findMany()
  expect(stored.map((key) => Buffer.from(key.keyHash).toString('latin1')).join()).not.toContain(one.value)

  const [newest] = await keysOf('viettel')
  if (!newest) throw new Error('no key')
  expect(await revokeKey(relay, newest.id, now)).toEqual({ ok: true, value: 'viettel' })
  expect(await revokeKey(relay, newest.id, now)).toEqual({ ok: true, value: 'viettel' })
  const left = [await carrierOfKey(one.value), await carrierOfKey(two.value)]
  expect(left.filter((carrier) => carrier === 'viettel')).toHaveLength(1)
  expect(await db.auditEntry.count({ where: { act: { startsWith: 'carrier.key_' } } })).toBe(3)
  expect(await carrierOfKey(`${one.value}x`)).toBeNull()
})

test('only the relay manages keys, and only of carriers that there are', async () => {
  for (const role of ['admin', 'officer', 'auditor', 'carrier'] as const) {
    expect(await issueKey(await makeStaff(role), 'viettel', now)).toEqual({ ok: false, error: 'forbidden' })
  }
  expect(await issueKey(await makeStaff('relay'), 'nobody', now)).toEqual({ ok: false, error: 'not_found' })
})
