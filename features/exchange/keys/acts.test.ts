import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, expect, test } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { carrierScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { confirm, issueKey, openApproval } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { addContact } from '../contacts/acts.ts'
import { askKey, revokeKey, takeKey } from './acts.ts'
import { authenticateCarrier, keyEnd, keysOf, keysToTake } from './data.ts'

afterAll(closeSignals)

beforeEach(async () => {
  await makeStaff('auditor')
})

const now = new Date('2026-11-24T08:41:00Z')
const asked = (carrierId: string, submitKey: string = randomUUID()) => ({ carrierId, submitKey })
const carrierOfKey = async (apiKey: string) => (await authenticateCarrier(apiKey, now))?.carrierId ?? null

test('several keys are live at once; a revoked one opens nothing; none is stored as it is', async () => {
  const relay = await makeStaff('relay')
  const [one, two] = [
    await issueKey(relay, asked('viettel'), now),
    await issueKey(relay, asked('viettel'), now),
  ]
  if (!one.ok || !two.ok) throw new Error('refused')
  expect(await carrierOfKey(one.value)).toBe('viettel')
  expect(await carrierOfKey(two.value)).toBe('viettel')
  const stored = await db.carrierKey.findMany()
  expect(stored.map((key) => Buffer.from(key.keyHash).toString('latin1')).join()).not.toContain(one.value)

  const [newest] = await keysOf('viettel')
  if (!newest) throw new Error('no key')
  expect(await revokeKey(relay, { keyId: newest.id, submitKey: randomUUID() }, now)).toEqual(ok('viettel'))
  expect(await revokeKey(relay, { keyId: newest.id, submitKey: randomUUID() }, now)).toEqual(ok('viettel'))
  const left = [await carrierOfKey(one.value), await carrierOfKey(two.value)]
  expect(left.filter((carrier) => carrier === 'viettel')).toHaveLength(1)
  expect(await db.auditEntry.count({ where: { act: { startsWith: 'carrier.key_' } } })).toBe(3)
  expect(await carrierOfKey(`${one.value}x`)).toBeNull()
})

test('a key takes two people; who asked takes it once, and the same form shows that one to each', async () => {
  const [relay, own] = [await makeStaff('relay'), await makeStaff('carrier', { carrierId: 'viettel' })]
  const contact = { name: 'Trực', email: 'truc@viettel.example', phone: '0912345678' }
  await addContact(
    relay,
    {
      ...asked('viettel'),
      ...{ contactName: contact.name, contactEmail: contact.email, contactPhone: contact.phone },
    },
    now,
  )
  expect(await askKey(relay, asked('viettel'), now)).toEqual(ok('requested'))
  const [approvalId, submitKey] = [await openApproval(), randomUUID()]
  const take = (by: StaffActor, key: string = randomUUID(), at = now) =>
    takeKey(by, { approvalId, submitKey: key }, at)
  const notConfirmed = err('not_confirmed')
  expect(await take(relay)).toEqual(notConfirmed)
  expect(await confirm(relay, approvalId, now)).toEqual(err('own_request'))
  for (const role of ['admin', 'officer', 'auditor', 'supervisor', 'survey_manager'] as const)
    expect(await confirm(await makeStaff(role), approvalId, now), role).toEqual(err('forbidden'))
  const stranger = await makeStaff('carrier', { carrierId: 'gmobile' })
  expect(await confirm(stranger, approvalId, now)).toEqual(err('forbidden'))
  expect(await confirm(own, approvalId, now)).toMatchObject({ ok: true })
  // Confirming gives the second person no key, and nobody has one until it is taken.
  expect(await take(own)).toEqual(notConfirmed)
  expect(await keysOf('viettel')).toEqual([])
  expect(await keysToTake(relay, 'viettel', now)).toEqual([approvalId])
  expect(await take(relay, randomUUID(), addMilliseconds(now, 3 * DAY))).toEqual(notConfirmed)
  const made = await Promise.all(Array.from({ length: 5 }, () => take(relay, submitKey)))
  expect(new Set(made.map((one) => one.ok && one.value)).size).toBe(1)
  expect(await keysOf('viettel')).toHaveLength(1)
  expect(made[0]?.ok && (await carrierOfKey(made[0].value))).toBe('viettel')
  // Nobody else can read the key with this form, and no other form makes a second one.
  await expect(take(own, submitKey)).rejects.toThrow('another act')
  expect(await take(relay)).toEqual(notConfirmed)
  expect(await keysToTake(relay, 'viettel', now)).toEqual([])
  // Mails go to the contact on duty, the relay and the auditors.
  const { rows } = await superuser.query(
    "SELECT data->'notice'->>'template' AS told, data->>'to' AS who FROM pgboss.job WHERE name = 'exchange-notice'",
  )
  for (const told of ['second_asked', 'second_done'])
    for (const who of ['contact', 'staff']) expect(rows).toContainEqual({ told, who })
  expect(await db.lookupAlert.count({ where: { act: { in: ['approval.ask', 'approval.confirm'] } } })).toBe(2)
})

test('nobody else manages keys, and only of carriers that there are', async () => {
  for (const role of ['admin', 'officer', 'auditor'] as const) {
    expect(await issueKey(await makeStaff(role), asked('viettel'), now)).toEqual(err('forbidden'))
  }
  expect(await issueKey(await makeStaff('relay'), asked('nobody'), now)).toEqual(err('not_found'))
})

test('a carrier’s own person manages its keys; another carrier’s are as if there were none', async () => {
  const [relay, own] = [await makeStaff('relay'), await makeStaff('carrier', { carrierId: 'viettel' })]
  expect(await issueKey(own, asked('viettel'), now)).toMatchObject({ ok: true })
  expect(await issueKey(own, asked('gmobile'), now)).toEqual(err('not_found'))
  await issueKey(relay, asked('gmobile'), now)
  const [[mine], [theirs]] = [await keysOf('viettel'), await keysOf('gmobile')]
  expect(await revokeKey(own, { keyId: theirs?.id ?? '', submitKey: randomUUID() }, now)).toEqual(
    err('not_found'),
  )
  expect(await keysOf('gmobile')).toMatchObject([{ revokedAt: null }])
  expect(
    await revokeKey(own, { keyId: mine?.id ?? '', carrierName: 'Viettel', submitKey: randomUUID() }, now),
  ).toEqual(ok('viettel'))
  // An account without a carrier has no keys.
  expect(await issueKey(await makeStaff('carrier'), asked('viettel'), now)).toEqual(err('forbidden'))
})

test('the hour of a key’s last use is kept, and written once an hour', async () => {
  const made = must(await issueKey(await makeStaff('relay'), asked('viettel'), now))
  const used = async (at: string) => {
    await authenticateCarrier(made, new Date(at))
    return (await keysOf('viettel'))[0]?.lastUsedAt?.toISOString()
  }
  expect((await keysOf('viettel'))[0]?.lastUsedAt).toBeNull()
  expect(await used('2026-11-24T08:41:00Z')).toBe('2026-11-24T08:00:00.000Z')
  expect(await used('2026-11-24T09:00:00Z')).toBe('2026-11-24T09:00:00.000Z')
  // A delayed request does not set the time back.
  expect(await used('2026-11-24T08:59:59Z')).toBe('2026-11-24T09:00:00.000Z')
})

test('the last key is revoked only where that is said to be meant, even by two at once', async () => {
  const relay = await makeStaff('relay')
  for (const _ of [1, 2]) await issueKey(relay, asked('viettel'), now)
  const ids = (await keysOf('viettel')).map(({ id }) => id)
  const both = await Promise.all(
    ids.map((id) => revokeKey(relay, { keyId: id, submitKey: randomUUID() }, now)),
  )
  expect(both).toContainEqual(ok('viettel'))
  expect(both).toContainEqual(err('last_key'))
  const last = (await keysOf('viettel')).find(({ revokedAt }) => revokedAt === null)
  expect(
    await revokeKey(relay, { keyId: last?.id ?? '', carrierName: ' viettel ', submitKey: randomUUID() }, now),
  ).toEqual(ok('viettel'))
})

test('a key says that its carrier is on paper now', async () => {
  const made = must(await issueKey(await makeStaff('relay'), asked('gmobile'), now))
  expect(await authenticateCarrier(made, now)).toEqual({ carrierId: 'gmobile', way: 'pull' })
  await db.carrier.update({ where: { id: 'gmobile' }, data: { way: 'letter' } })
  expect(await authenticateCarrier(made, now)).toEqual({ carrierId: 'gmobile', way: 'letter' })
})

test('what ends with a key is told before: its calls of the last hour, the other keys, what waits', async () => {
  const [relay, own] = [await makeStaff('relay'), await makeStaff('carrier', { carrierId: 'viettel' })]
  const made = await issueKey(relay, asked('viettel'), now)
  await issueKey(relay, asked('viettel'), now)
  if (!made.ok) throw new Error('refused')
  const at = new Date(Math.floor(now.getTime() / 600_000) * 600_000 + 1)
  // Many calls with one key at once: every call is counted, none waits for another's lock.
  await Promise.all(Array.from({ length: 20 }, () => authenticateCarrier(made.value, at)))
  await authenticateCarrier(made.value, at)
  await authenticateCarrier(made.value, new Date(at.getTime() - 2 * 3_600_000))
  const keys = await keysOf('viettel')
  const used = keys.find(({ lastUsedAt }) => lastUsedAt !== null)
  const scope = carrierScope(own)
  if (!scope || !used) throw new Error('the carrier has a scope and a key')
  // Calls that came during a write are counted a moment after their answer.
  await expect
    .poll(() => keyEnd(scope, 'viettel', used.id, at))
    .toMatchObject({ key: { id: used.id }, calls: 21, others: [{ calls: 0 }], standing: { pending: 0 } })
  expect(await keyEnd(scope, 'gmobile', used.id, at)).toBeNull()
  await revokeKey(relay, { keyId: used.id, submitKey: randomUUID() }, now)
  expect(await keyEnd(scope, 'viettel', used.id, at)).toBeNull()
})

test('the last key is not ended by a name that is another carrier’s', async () => {
  const relay = await makeStaff('relay')
  await issueKey(relay, asked('viettel'), now)
  const [last] = await keysOf('viettel')
  for (const typed of [null, '', 'yes', 'Gmobile', 'viet tel'])
    expect(
      await revokeKey(
        relay,
        { keyId: last?.id ?? '', carrierName: typed ?? undefined, submitKey: randomUUID() },
        now,
      ),
    ).toEqual(err('last_key'))
  expect(await keysOf('viettel')).toMatchObject([{ revokedAt: null }])
  expect(
    await revokeKey(relay, { keyId: last?.id ?? '', carrierName: 'VIETTEL', submitKey: randomUUID() }, now),
  ).toMatchObject({ ok: true })
})
