import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { makeReceiver, pushTo } from '#tests/factories/receiver.ts'
import { confirm, openApproval } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import {
  addReceiver,
  askReceiverAddress,
  askReceiverKey,
  askReceiverSecret,
  endReceiverSecret,
  setReceiverActive,
  takeReceiverKey,
} from './acts.ts'
import { authenticateReceiver, findReceiver, openReceivers } from './data.ts'

const now = new Date('2026-12-01T03:00:00Z')
const key = () => ({ submitKey: randomUUID() })
const receiverId = 'momo'
let relay: StaffActor
beforeEach(async () => {
  await makeStaff('auditor')
  relay = await makeStaff('relay')
})

test('is one of the table of hotlines, added once, by the relay alone', async () => {
  const add = (by: StaffActor, id: string) => addReceiver(by, { receiverId: id, ...key() }, now)
  expect(await add(relay, 'bank-of-nowhere')).toEqual(err('receiver_missing'))
  for (const role of ['admin', 'officer', 'city_police', 'auditor', 'carrier'] as const)
    expect(await add(await makeStaff(role, { carrierId: 'viettel' }), receiverId), role).toEqual(
      err('forbidden'),
    )
  const added = await Promise.all([add(relay, receiverId), add(relay, receiverId)])
  expect(added.every(({ ok }) => ok)).toBe(true)
  expect(await db.auditEntry.count({ where: { act: 'receiver.added' } })).toBe(1)
  // Nobody can choose a receiver without a key.
  expect(await openReceivers()).toEqual([])
  expect(await findReceiver(await makeStaff('admin'), receiverId, now)).toBeNull()
})

test('gets a key by two people of the relay; who asked takes it, once', async () => {
  await addReceiver(relay, { receiverId, ...key() }, now)
  expect(await askReceiverKey(relay, { receiverId, ...key() }, now)).toEqual(ok('requested'))
  const approvalId = await openApproval()
  const take = (by: StaffActor, at = now) => takeReceiverKey(by, { approvalId, ...key() }, at)
  const notConfirmed = err('not_confirmed')
  expect(await take(relay)).toEqual(notConfirmed)
  expect(await confirm(relay, approvalId, now)).toEqual(err('own_request'))
  for (const role of ['admin', 'officer', 'auditor', 'carrier'] as const)
    expect(await confirm(await makeStaff(role, { carrierId: 'viettel' }), approvalId, now), role).toEqual(
      err('forbidden'),
    )
  const other = await makeStaff('relay')
  expect(await confirm(other, approvalId, now)).toMatchObject({ ok: true })
  expect(await take(other)).toEqual(notConfirmed)
  expect(await take(relay, addMilliseconds(now, 3 * DAY))).toEqual(notConfirmed)
  const taken = await take(relay)
  expect(await authenticateReceiver(taken.ok ? taken.value : '', now)).toBe(receiverId)
  expect(await take(relay)).toEqual(notConfirmed)
  expect(await db.receiverKey.count()).toBe(1)
})

test('has alerts pushed to a public address alone, and not over one that was changed meanwhile', async () => {
  await makeReceiver(relay, receiverId, now)
  const ask = (url: string, version = 0) =>
    askReceiverAddress(relay, { receiverId, url, version, ...key() }, now)
  expect(await ask('http://bank.example.vn/')).toEqual(err('url_scheme'))
  expect(await ask('https://10.0.0.1/')).toEqual(err('url_host'))
  expect(await ask('https://bank.example.vn/', 3)).toEqual(err('changed'))
  await pushTo(relay, receiverId, 'https://nhan.momo.vn/antam?token=secret', now)
  expect(await db.alertReceiver.findUnique({ where: { id: receiverId } })).toMatchObject({
    url: 'https://nhan.momo.vn/antam?token=secret',
    version: 1,
  })
  const [entry] = await db.auditEntry.findMany({ where: { act: 'receiver.address' } })
  expect(entry?.facts).toEqual({ host: 'nhan.momo.vn' })
  // At most two secrets sign at once, while the receiver changes over.
  expect(await askReceiverSecret(relay, { receiverId, ...key() }, now)).toMatchObject({ ok: true })
  const { id: secretId } = await db.receiverSecret.findFirstOrThrow()
  const end = () => endReceiverSecret(relay, { receiverId, secretId, ...key() }, now)
  expect([await end(), await end()].every(({ ok }) => ok)).toBe(true)
  expect(await db.auditEntry.count({ where: { act: 'receiver.secret_ended' } })).toBe(1)
})

test('that is stopped can be chosen by nobody, until it is taken up again', async () => {
  await makeReceiver(relay, receiverId, now)
  const set = (active: 'on' | 'off') => setReceiverActive(relay, { receiverId, active, ...key() }, now)
  await set('off')
  await set('off')
  expect(await openReceivers()).toEqual([])
  expect(await db.auditEntry.count({ where: { act: 'receiver.active' } })).toBe(1)
  await set('on')
  expect((await openReceivers()).map(({ id }) => id)).toEqual([receiverId])
})
