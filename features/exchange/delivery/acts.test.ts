import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { carrierScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { db, transaction } from '#tests/db.ts'
import {
  confirm,
  confirmLast,
  makeSecret,
  openApproval,
  setDeliveryByTwo,
} from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { askSecret, endSecret, takeSecret } from '../keys/acts.ts'
import { liveWebhookSecrets } from '../keys/data.ts'
import { resumePush, setDelivery } from './acts.ts'
import { deliveryOf } from './data.ts'

const now = new Date()
const carrierId = 'vinaphone'
const url = 'https://hooks.vinaphone.vn/an-tam'
const requested = ok('requested')
const key = () => ({ submitKey: randomUUID() })
type Form = Parameters<typeof setDelivery>[1]
const pushed = (over: Partial<Form> = {}): Form => ({
  ...{ carrierId, way: 'push', webhookUrl: url, wayVersion: 0, ...key() },
  ...over,
})
const seen = async (actor: StaffActor, id = carrierId) => {
  const scope = carrierScope(actor)
  return scope && deliveryOf(scope, id)
}
const jobs = async () =>
  (await db.$queryRaw<unknown[]>`SELECT data FROM pgboss.job WHERE name = 'push'`).length

let relay: StaffActor
beforeEach(async () => {
  await makeStaff('auditor')
  relay = await makeStaff('relay')
})

describe('how lines reach a carrier', () => {
  test('is pull until somebody says otherwise', async () => {
    expect(await seen(relay)).toEqual({ way: 'pull', version: 0, webhook: null })
  })

  test('is changed with its address, audited without it, and put to work at once', async () => {
    expect(await setDelivery(relay, pushed({ webhookUrl: ` ${url}?token=t ` }), now)).toEqual(requested)
    expect(await seen(relay)).toEqual({ way: 'pull', version: 0, webhook: null })
    expect(await confirm(relay, await openApproval(), now)).toEqual(err('own_request'))
    await confirmLast(now)
    // The address, which may hold a token, is removed from the request.
    expect(JSON.stringify(await db.approval.findMany())).not.toContain('token')
    expect(await seen(relay)).toMatchObject({
      ...{ way: 'push', version: 1, webhook: { url: `${url}?token=t`, state: 'live', secrets: [] } },
    })
    const entry = await db.auditEntry.findFirstOrThrow({ where: { act: 'carrier.delivery' } })
    expect(entry).toMatchObject({ subjectId: carrierId, actorId: relay.id })
    expect(entry.facts).toEqual({ way: 'push', from: 'pull', host: 'hooks.vinaphone.vn' })
    expect(await jobs()).toBe(1)
  })

  test('keeps the address while another way is taken', async () => {
    await setDeliveryByTwo(relay, pushed(), now)
    await setDeliveryByTwo(relay, pushed({ way: 'letter', webhookUrl: '', wayVersion: 1 }), now)
    expect(await seen(relay)).toMatchObject({ way: 'letter', webhook: { url } })
    const bad = pushed({ way: 'pull', webhookUrl: 'http://127.0.0.1/', wayVersion: 2 })
    expect(await setDelivery(relay, bad, now)).toEqual(err('url_scheme'))
  })

  test('is changed once for one form, and by one of two who edit at once', async () => {
    const form = pushed()
    const twice = await Promise.all([setDelivery(relay, form, now), setDelivery(relay, form, now)])
    expect(twice).toEqual([requested, requested])
    await confirmLast(now)
    expect(await seen(relay)).toMatchObject({ version: 1 })
    const other = await makeStaff('relay')
    const [letter, pull] = await Promise.all([
      setDelivery(relay, pushed({ way: 'letter', wayVersion: 1 }), now),
      setDelivery(other, pushed({ way: 'pull', wayVersion: 1 }), now),
    ])
    expect([letter.ok, pull.ok].toSorted()).toEqual([false, true])
    expect(letter.ok ? pull : letter).toEqual(err('request_open'))
    await confirmLast(now, await makeStaff('relay'))
    expect(await seen(relay)).toMatchObject({ version: 2 })
    expect(await setDelivery(relay, pushed({ way: 'pull', wayVersion: 1 }), now)).toEqual(err('changed'))
  })

  test('is for the relay, and for the carrier’s own people', async () => {
    for (const role of ['officer', 'city_police', 'auditor', 'admin'] as const) {
      const other = await makeStaff(role)
      expect(await setDelivery(other, pushed(), now)).toEqual(err('forbidden'))
      expect(await askSecret(other, { carrierId, ...key() }, now)).toEqual(err('forbidden'))
    }
    const own = await makeStaff('carrier', { carrierId })
    expect(await setDelivery(own, pushed(), now)).toEqual(requested)
    expect(
      await confirm(await makeStaff('carrier', { carrierId: 'viettel' }), await openApproval(), now),
    ).toEqual(err('forbidden'))
    await confirmLast(now, await makeStaff('carrier', { carrierId }))
    expect(await seen(own)).toMatchObject({ way: 'push' })
    const stranger = await makeStaff('carrier', { carrierId: 'viettel' })
    const nothing = err('not_found')
    expect(await setDelivery(stranger, pushed({ wayVersion: 1 }), now)).toEqual(nothing)
    expect(await resumePush(stranger, { carrierId, ...key() }, now)).toEqual(nothing)
    expect(await askSecret(stranger, { carrierId, ...key() }, now)).toEqual(nothing)
    expect(await seen(stranger)).toBeNull()
    expect(await setDelivery(relay, pushed({ carrierId: 'nobody' }), now)).toEqual(nothing)
    expect(await resumePush(relay, { carrierId: 'gmobile', ...key() }, now)).toEqual(nothing)
  })

  test('goes on after it stopped, by a new address or by being told to', async () => {
    await setDeliveryByTwo(relay, pushed(), now)
    const stopped = { state: 'given_up', failures: 9, failingSince: now, nextTryAt: now } as const
    const anew = { state: 'live', failures: 0, failingSince: null, nextTryAt: null }
    await db.carrierWebhook.update({ where: { carrierId }, data: stopped })
    expect(await resumePush(relay, { carrierId, ...key() }, now)).toEqual(ok(null))
    expect(await seen(relay)).toMatchObject({ webhook: anew })
    await db.carrierWebhook.update({ where: { carrierId }, data: { ...stopped, state: 'gone' } })
    await setDeliveryByTwo(relay, pushed({ webhookUrl: `${url}/2`, wayVersion: 1 }), now)
    expect(await seen(relay)).toMatchObject({ webhook: { ...anew, url: `${url}/2` } })
    expect(await jobs()).toBe(3)
  })
})

describe('signing secrets', () => {
  const live = () => transaction((tx) => liveWebhookSecrets(tx, carrierId))

  test('are sealed, shown by the form that made them alone, and two at most', async () => {
    expect(await askSecret(relay, { carrierId, ...key() }, now)).toEqual(err('not_found'))
    await setDeliveryByTwo(relay, pushed(), now)
    const take = (by: StaffActor, approvalId: string, submitKey: string = randomUUID(), at = now) =>
      takeSecret(by, { approvalId, submitKey }, at)
    expect(await askSecret(relay, { carrierId, ...key() }, now)).toEqual(requested)
    const [approvalId, submitKey] = [await openApproval(), randomUUID()]
    // Nobody has the secret before it is confirmed; then only the asker gets it, once.
    expect(await take(relay, approvalId)).toEqual(err('not_confirmed'))
    const second = await makeStaff('relay')
    await confirmLast(now, second)
    expect(await live()).toEqual([])
    expect(await take(second, approvalId)).toEqual(err('not_confirmed'))
    const one = await take(relay, approvalId, submitKey)
    expect(await take(relay, approvalId, submitKey)).toEqual(one)
    expect(await take(relay, approvalId)).toEqual(err('not_confirmed'))
    if (!one.ok) throw new Error(one.error)
    expect(one.value).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const bytes = Buffer.from(one.value.slice(6), 'base64')
    expect(await live()).toEqual([bytes])
    const [row] = await db.webhookSecret.findMany()
    expect(Buffer.from(row?.sealed ?? []).includes(bytes)).toBe(false)
    await expect(take(second, approvalId, submitKey)).rejects.toThrow('another act')

    const at = new Date(now.getTime() + 1)
    expect((await makeSecret(relay, { carrierId, ...key() }, at)).ok).toBe(true)
    expect(await makeSecret(relay, { carrierId, ...key() }, at)).toEqual(err('two_live'))
    expect(await live()).toHaveLength(2)
    expect((await live())[1]).toEqual(bytes)
    expect(await db.auditEntry.count({ where: { act: 'carrier.secret_made' } })).toBe(2)
  })

  test('end once, of their own carrier alone', async () => {
    await setDeliveryByTwo(relay, pushed(), now)
    await makeSecret(relay, { carrierId, ...key() }, now)
    const secretId = (await seen(relay))?.webhook?.secrets[0]?.id ?? ''
    const elsewhere = { carrierId: 'viettel', secretId }
    expect(await endSecret(relay, { ...elsewhere, ...key() }, now)).toEqual(err('not_found'))
    expect(await endSecret(relay, { carrierId, secretId, ...key() }, now)).toEqual(ok(null))
    expect(await endSecret(relay, { carrierId, secretId, ...key() }, now)).toEqual(ok(null))
    expect(await live()).toEqual([])
    expect(await db.auditEntry.count({ where: { act: 'carrier.secret_ended' } })).toBe(1)
  })
})
