import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  hkdfSync,
  randomBytes,
  randomUUID,
  verify,
} from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { notify } from '#features/notices/acts.ts'
import { jobs as noticeJobs } from '#features/notices/jobs.ts'
import { eraseCase } from '#features/privacy/erasure/acts.ts'
import { exportData } from '#features/privacy/export/acts.ts'
import { sweep } from '#features/retention/jobs.ts'
import { citizenScope, phonesScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { unwrap } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import { startWorker } from '#platform/worker.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { type MadeCase, makeCase } from '#tests/factories/case.ts'
import { addDevice, forgetDevice, stopDevices } from './acts.ts'
import { devicesOf, hashEndpoint, pushKeys } from './data.ts'
import { jobs, pushToDevice } from './jobs.ts'

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}
let now: Date
let received: Received[]
/** Null: it never answers. */
let status: number | null
let service: Server
let origin: string
let made: MadeCase
const browser = createECDH('prime256v1')
const auth = randomBytes(16)
const open = new Set<ServerResponse>()

beforeEach(async () => {
  now = new Date()
  received = []
  status = 201
  browser.generateKeys()
  service = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    received.push({ headers: request.headers, body: Buffer.concat(chunks) })
    if (status === null) open.add(response)
    else response.writeHead(status).end()
  })
  await new Promise<void>((ready) => service.listen(0, '127.0.0.1', ready))
  origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  env().PUSH_ALLOW.splice(0, Number.POSITIVE_INFINITY, origin)
  Object.assign(env(), { ANTAM_PUSH_KEY: randomBytes(32) })
  made = await makeCase()
  await superuser.query('DELETE FROM pgboss.job')
})

afterEach(() => {
  for (const response of open) response.destroy()
  open.clear()
  service.close()
  env().PUSH_ALLOW.splice(0)
  Object.assign(env(), { ANTAM_PUSH_KEY: undefined })
})

const mine = () => citizenScope(made.id, 'full')
const subscription = (path: string = randomUUID()) =>
  JSON.stringify({
    endpoint: `${origin}/push/${path}`,
    keys: { p256dh: browser.getPublicKey('base64url'), auth: auth.toString('base64url') },
  })
const form = (path?: string) => ({
  ...{ subscription: subscription(path), ownDevice: true, number: made.number, locale: 'vi' as const },
  ...{ before: null, submitKey: randomUUID() },
})
const devices = () =>
  db.pushDevice.findMany({ orderBy: { madeAt: 'asc' }, omit: { sealed: true, endpointHash: true } })
const choose = async (path?: string) => {
  expect(await addDevice(mine(), form(path), now)).toMatchObject({ ok: true })
  return (await devices()).at(-1)?.id ?? ''
}
const news = async (template: 'take' | 'code_view_status' = 'take', contacts = 1) => {
  const stored = await db.caseKey.findFirstOrThrow({ where: { caseId: made.id } })
  await transaction(async (tx) => {
    for (let count = 0; count < contacts; count++)
      await notify(tx, {
        ...{
          key: unwrap(made.id, stored),
          to: { kind: 'email', value: 'anh@example.vn' },
          template,
          locale: 'vi',
        },
        params: { number: made.number, code: '123456' },
        at: now,
      })
  })
}
const queued = async () =>
  (await superuser.query(`SELECT data FROM pgboss.job WHERE name = 'push-device'`)).rows.map(
    ({ data }) => data.id,
  )
const ended = async () =>
  (await db.auditEntry.findMany({ where: { act: 'case.device_ended' }, orderBy: { id: 'asc' } })).map(
    ({ facts }) => facts,
  )

/** Decrypts a message as its browser does (RFC 8291, 3.4; RFC 8188, 2). */
function decrypt(body: Buffer): string {
  const [salt, idLength] = [body.subarray(0, 16), body.readUInt8(20)]
  const sender = body.subarray(21, 21 + idLength)
  const secret = browser.computeSecret(sender)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), sender])
  const ikm = Buffer.from(hkdfSync('sha256', secret, auth, info, 32))
  const derive = (name: string, length: number) =>
    Buffer.from(hkdfSync('sha256', ikm, salt, `Content-Encoding: ${name}\0`, length))
  const sealed = body.subarray(21 + idLength)
  const opener = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12))
  opener.setAuthTag(sealed.subarray(-16))
  const padded = Buffer.concat([opener.update(sealed.subarray(0, -16)), opener.final()])
  expect(padded.at(-1)).toBe(2)
  return padded.subarray(0, -1).toString()
}

/** Returns the sender of a message after verifying its signature (RFC 8292). */
function sender({ authorization = '' }: IncomingHttpHeaders) {
  const [, jwt = '', key = ''] = /^vapid t=([^,]+), ?k=([\w-]+)$/.exec(authorization) ?? []
  const [head = '', claims = '', signature = ''] = jwt.split('.')
  const point = Buffer.from(key, 'base64url')
  const coordinate = (from: number) => point.subarray(from, from + 32).toString('base64url')
  const publicKey = createPublicKey({
    key: { kty: 'EC', crv: 'P-256', x: coordinate(1), y: coordinate(33) },
    format: 'jwk',
  })
  const signed = Buffer.from(signature, 'base64url')
  expect(
    verify('sha256', Buffer.from(`${head}.${claims}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signed),
  ).toBe(true)
  return { key, ...JSON.parse(Buffer.from(claims, 'base64url').toString()) }
}

describe('a device that is told', () => {
  test('reads that there is news, and nothing of it; its push service knows us and reads nothing', async () => {
    const id = await choose()
    await news('take', 2)
    expect(await queued()).toEqual([id])
    await pushToDevice(id, () => now)
    expect(received).toHaveLength(1)
    const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = received
    expect(JSON.parse(decrypt(body))).toEqual({
      body: `Hồ sơ ${made.number}: có tin mới`,
      url: `/ho-so/${made.number}`,
    })
    expect(body.toString('latin1')).not.toContain(made.number)
    expect(headers).toMatchObject({
      ...{ 'content-encoding': 'aes128gcm', ttl: '259200', urgency: 'normal' },
      topic: id.replaceAll('-', ''),
    })
    const from = sender(headers)
    expect(from).toMatchObject({
      key: pushKeys()?.publicKey,
      aud: origin,
      sub: expect.stringMatching(/^mailto:\S+@/),
    })
    expect(from.exp * 1000 - Date.now()).toBeLessThan(DAY)
    expect(await devices()).toMatchObject([{ newsAt: null, lastSuccessAt: now, attempts: 0 }])
    expect(await db.messageCount.findMany({ where: { way: 'push' } })).toMatchObject([
      { outcome: 'accepted', count: 1 },
    ])
    await pushToDevice(id, () => now)
    expect(received).toHaveLength(1)
  })

  test('is told of no code, and of nothing that was not saved', async () => {
    await choose()
    await news('code_view_status')
    await expect(
      transaction(async (tx) => {
        const key = unwrap(made.id, await tx.caseKey.findFirstOrThrow({ where: { caseId: made.id } }))
        const to = { kind: 'email', value: 'anh@example.vn' } as const
        await notify(tx, {
          key,
          to,
          template: 'take',
          locale: 'vi',
          params: { number: made.number },
          at: now,
        })
        throw new Error('undone')
      }),
    ).rejects.toThrow('undone')
    expect(await queued()).toEqual([])
    expect(await devices()).toMatchObject([{ newsAt: null }])
  })

  test('is kept sealed, and written down without where it is', async () => {
    await choose('very-secret')
    const { rows } = await superuser.query(
      `SELECT row_to_json(d)::text || (SELECT string_agg(a.facts::text, '') FROM audit_entries a) AS all FROM push_devices d`,
    )
    for (const part of ['very-secret', Buffer.from('very-secret').toString('hex'), origin])
      expect(rows[0].all).not.toContain(part)
    expect(await db.auditEntry.findFirst({ where: { act: 'case.device_added' } })).toMatchObject({
      ...{ subjectId: made.id, actorKind: 'citizen' },
    })
  })

  test.each([404, 410])('is gone when its push service says %i', async (said) => {
    const id = await choose()
    await news()
    status = said
    await pushToDevice(id, () => now)
    expect([await devices(), await ended()]).toEqual([[], [{ why: 'gone', count: 1 }]])
  })

  test('is told again after 500, and of one message no more than ten times', async () => {
    const id = await choose()
    await news()
    status = 500
    await expect(pushToDevice(id, () => now)).rejects.toThrow(`device ${id} could not be told: 500`)
    expect(await devices()).toMatchObject([{ newsAt: now, attempts: 1 }])
    status = 201
    await pushToDevice(id, () => now)
    expect(await devices()).toMatchObject([{ newsAt: null, lastSuccessAt: now }])
    now = addMilliseconds(now, 1000)
    await news()
    await db.pushDevice.update({ where: { id }, data: { attempts: 10 } })
    status = 429
    await pushToDevice(id, () => now)
    expect(await devices()).toMatchObject([{ newsAt: null }])
  })

  test('is no more once our key, or what is known of services, is another', async () => {
    const [first, second] = [await choose(), await choose()]
    await news()
    env().PUSH_ALLOW.splice(0)
    await pushToDevice(first, () => now)
    env().PUSH_ALLOW.push(origin)
    Object.assign(env(), { ANTAM_PUSH_KEY: randomBytes(32) })
    await pushToDevice(second, () => now)
    expect([await devices(), received]).toEqual([[], []])
  })
})

test('a push service that does not answer keeps no mail waiting', async () => {
  await choose()
  status = null
  await news()
  const worker = await startWorker([...jobs, ...noticeJobs])
  try {
    await expect.poll(() => received.length, { timeout: 5_000 }).toBe(1)
    await news()
    await expect
      .poll(() => db.notice.count({ where: { caseId: made.id, state: 'sent', template: 'take' } }), {
        timeout: 5_000,
      })
      .toBe(2)
    expect(await devices()).toMatchObject([{ newsAt: now, lastSuccessAt: null }])
  } finally {
    for (const response of open) response.destroy()
    await worker.stop()
  }
})

describe('who chooses', () => {
  test('has shown the secret, calls the device their own, and names a push service that is known', async () => {
    expect(await addDevice(citizenScope(made.id, 'status'), form(), now)).toEqual(err('off'))
    expect(await addDevice(mine(), { ...form(), ownDevice: false }, now)).toEqual(err('not_own'))
    env().PUSH_ALLOW.splice(0)
    expect(await addDevice(mine(), form(), now)).toEqual(err('unsupported'))
    Object.assign(env(), { ANTAM_PUSH_KEY: undefined })
    expect(await addDevice(mine(), form(), now)).toEqual(err('off'))
    expect(await devices()).toEqual([])
  })

  test('has five devices at most, also where they come at once; one form makes one', async () => {
    const first = form('first')
    await Promise.all([addDevice(mine(), first, now), addDevice(mine(), first, now)])
    expect(await devices()).toHaveLength(1)
    const more = await Promise.all(Array.from({ length: 6 }, () => addDevice(mine(), form(), now)))
    expect(more.filter(({ ok }) => ok)).toHaveLength(4)
    expect(more.find(({ ok }) => !ok)).toEqual(err('too_many'))
    expect(await devices()).toHaveLength(5)
    // The same browser again is no sixth device, not even under another endpoint.
    expect(await addDevice(mine(), form('first'), now)).toMatchObject({ ok: true })
    const before = hashEndpoint(`${origin}/push/first`)
    expect(await addDevice(mine(), { ...form('moved'), before }, now)).toMatchObject({ ok: true })
    expect(await devices()).toHaveLength(5)
  })

  test('stops one, or all, of their own alone; a browser that is cleared is told of no case', async () => {
    const other = await makeCase()
    const [one] = [await choose('shared'), await choose()]
    expect(
      await addDevice(citizenScope(other.id, 'full'), { ...form('shared'), number: other.number }, now),
    ).toMatchObject({ ok: true })
    expect(await stopDevices(citizenScope(other.id, 'full'), one, now)).toBe(true)
    expect(await devices()).toHaveLength(3)
    expect(await stopDevices(citizenScope(made.id, 'status'), 'all', now)).toBe(false)
    expect(await stopDevices(mine(), 'no id', now)).toBe(false)
    await forgetDevice(hashEndpoint(`${origin}/push/shared`), now)
    expect((await devices()).map(({ caseId }) => caseId)).toEqual([made.id])
    expect(await stopDevices(mine(), 'all', now)).toBe(true)
    expect(await devices()).toEqual([])
    expect(await ended()).toEqual([
      ...[
        { why: 'cleared', count: 1 },
        { why: 'cleared', count: 1 },
      ],
      { why: 'stopped', count: 1 },
    ])
  })

  test('sees them in the export; a list of phones has its own, and reads no other', async () => {
    await choose()
    const data = await exportData(mine(), made.id, 'json', now)
    expect(data?.devices).toEqual([{ service: '127.0.0.1', madeAt: now, lastSuccessAt: null }])
    expect(await devicesOf(citizenScope(made.id, 'status'))).toEqual([])
    expect(await devicesOf(phonesScope(randomUUID(), new Uint8Array(32)))).toEqual([])
  })
})

test('devices go with the case: 90 days after its end, and at once with its erasure', async () => {
  await choose()
  await superuser.query(`UPDATE cases SET state = 'withdrawn', state_since = $2 WHERE id = $1`, [
    made.id,
    now,
  ])
  await sweep(addMilliseconds(now, 89 * DAY))
  expect(await devices()).toHaveLength(1)
  await sweep(addMilliseconds(now, 91 * DAY))
  expect(await devices()).toEqual([])
  await choose()
  expect(await eraseCase(made.id, 'asked', now)).toMatchObject({ ok: true })
  expect(await devices()).toEqual([])
})
