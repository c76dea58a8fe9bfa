import { randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sealLog } from '#features/audit/sealing/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { env } from '#platform/env.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser, withoutTriggers } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { makeBlockingCase, makePolice, randomImei, unblock } from '#tests/factories/case.ts'
import { makeSecret, setDeliveryByTwo } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { outbox, readable } from '#tests/outbox.ts'
import { acknowledge } from '../book/acts.ts'
import { changes } from '../book/data.ts'
import { askTest, resumePush } from '../delivery/acts.ts'
import { awaitTestOutcome } from '../delivery/data.ts'
import { endSecret } from '../keys/acts.ts'
import { sendCarrierNotice } from '../notices/jobs.ts'
import { listCarrierStandings } from '../relay/data.ts'
import { webhookForUpdate } from './data.ts'
import { pushBook, pushWhatIsDue, sendTest } from './jobs.ts'
import { PUSH } from './rules.ts'

afterAll(closeSignals)
const data = process.env.DATA_DIR ?? ''

const carrierId = 'vinaphone'
const never = new AbortController().signal
const key = () => ({ submitKey: randomUUID() })

interface Got {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
/** What the receiver got, and the status that it answers; null: no answer. */
let got: Got[]
let answer: (one: Got) => number | null
let retryAfter: string | undefined
let server: Server
let url: string
let relay: StaffActor
let secret: string

let now: Instant
const clock = () => now
const push = (stopping = never) => pushBook(carrierId, clock, stopping)

const madeSecret = async (): Promise<string> => {
  return must(await makeSecret(relay, { carrierId, ...key() }, now))
}
const webhook = () => db.carrierWebhook.findUniqueOrThrow({ where: { carrierId } })
const tries = () => db.pushTry.findMany({ orderBy: [{ at: 'asc' }, { id: 'asc' }] })
const acked = async () => Number((await db.carrier.findUniqueOrThrow({ where: { id: carrierId } })).ackedSeq)
const jobs = async (name: string) =>
  (await superuser.query('SELECT * FROM pgboss.job WHERE name = $1 ORDER BY created_on', [name])).rows
const bodies = () => got.map(({ body }) => JSON.parse(body))
const ids = () => got.map(({ headers }) => headers['webhook-id'])

beforeEach(async () => {
  now = new Date()
  got = []
  answer = () => 204
  retryAfter = undefined
  server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const one = { headers: request.headers, body }
    got.push(one)
    const status = answer(one)
    if (status === null) request.socket.destroy()
    else
      response
        .writeHead(status, { location: '/elsewhere', ...(retryAfter && { 'retry-after': retryAfter }) })
        .end('ok')
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  env().PUSH_ALLOW.splice(0, Number.POSITIVE_INFINITY, origin)
  url = `${origin}/an-tam`
  relay = await makeStaff('relay')
  await setDeliveryByTwo(relay, { carrierId, way: 'push', webhookUrl: url, wayVersion: 0, ...key() }, now)
  secret = await madeSecret()
})

afterEach(() => {
  server.close()
  env().PUSH_ALLOW.splice(0)
})

describe('what is pushed', () => {
  test('waits a little for the proofs of blocks, and for nothing where a phone is to be freed', async () => {
    const made = await makeBlockingCase()
    const sending = pushBook(carrierId, () => now, never, 30)
    await new Promise((soon) => setTimeout(soon, 500))
    expect(bodies()).toEqual([])
    await sealLog()
    await sending
    expect(bodies()).toMatchObject([{ entries: [{ leaf: expect.any(Number) }], proofs: [{ seq: 1 }] }])
    await unblock(made)
    await pushBook(carrierId, () => now, never, 30)
    expect(bodies()[1]).toMatchObject({ entries: [{ action: 'unblock', leaf: null }] })
  })

  test('is what `changes` says, signed, and received counts as acknowledged', async () => {
    const made = await makeBlockingCase({ imeis: [randomImei(), randomImei()] })
    await push()
    const read = await changes(carrierId, { after: 0, limit: 10, wait: 0, version: 2 }, never)
    expect(bodies()).toEqual([read.ok && read.value])
    expect(new Webhook(secret).verify(got[0]?.body ?? '', got[0]?.headers as Record<string, string>)).toEqual(
      bodies()[0],
    )
    expect(bodies()[0]).toMatchObject({
      carrier: carrierId,
      entries: [{ leaf: null }, { leaf: null }],
      proofs: [],
    })
    expect(got[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'an-tam' })
    expect(await acked()).toBe(2)
    expect(await db.carrierOrder.findFirst({ where: { caseId: made.id, carrierId } })).toMatchObject({
      state: 'acknowledged',
    })
    expect(await tries()).toMatchObject([{ after: 0n, upTo: 2n, status: 204, fault: null }])
    expect(await webhook()).toMatchObject({ messageId: null, leaseId: null, failures: 0, lastSuccessAt: now })
    await push()
    expect(got).toHaveLength(1)
  })

  test('goes out by itself with each order, to carriers that are pushed to alone', async () => {
    const before = (await jobs('push')).length
    const police = await makePolice()
    const made = await makeBlockingCase({}, police)
    await unblock(made)
    const added = (await jobs('push')).slice(before)
    expect(added.map(({ data }) => data)).toEqual([{ carrierId }, { carrierId }])
  })

  test('comes in the order of the book, in messages of so many lines', async () => {
    const police = await makePolice()
    for (let count = 0; count < 3; count++) {
      await makeBlockingCase({ imeis: [randomImei(), randomImei()] }, police)
      if (count < 2) await push()
    }
    await push()
    expect(bodies().map(({ after, next, head }) => [after, next, head])).toEqual([
      [0, 2, 2],
      [2, 4, 4],
      [4, 6, 6],
    ])
    // More lines than one message may have.
    await superuser.query(`UPDATE carriers SET acked_seq = 0 WHERE id = $1`, [carrierId])
    const order = await db.carrierOrder.findFirstOrThrow({ where: { carrierId } })
    await withoutTriggers(() =>
      superuser.query(
        `INSERT INTO book_entries (carrier_id, seq, order_id, imei, action, reason, legal_basis, issued_at)
         SELECT $1, n, $2, lpad((10000000 + n)::text, 15, '9'), 'block', 'lost', '', now()
         FROM generate_series(7, $3::int) n`,
        [carrierId, order.id, PUSH.lines + 10],
      ),
    )
    await superuser.query(`UPDATE carriers SET book_head = $2 WHERE id = $1`, [carrierId, PUSH.lines + 10])
    got = []
    await push()
    expect(bodies().map(({ after, next, entries }) => [after, next, entries.length])).toEqual([
      [0, PUSH.lines, PUSH.lines],
      [PUSH.lines, PUSH.lines + 10, 10],
    ])
  })

  test('is signed with both secrets while one takes the other’s place', async () => {
    const second = await madeSecret()
    await makeBlockingCase()
    await push()
    const verify = (word: string) =>
      new Webhook(word).verify(got.at(-1)?.body ?? '', got.at(-1)?.headers as Record<string, string>)
    expect([verify(secret), verify(second)]).toHaveLength(2)
    const [old] = await db.webhookSecret.findMany({ orderBy: { createdAt: 'asc' } })
    await endSecret(relay, { carrierId, secretId: old?.id ?? '', ...key() }, now)
    await makeBlockingCase({}, await makePolice())
    await push()
    expect([...(await db.webhookSecret.findMany({ where: { revokedAt: null } }))]).toHaveLength(1)
    const signatures = got.map(({ headers }) => String(headers['webhook-signature']).split(' ').length)
    expect(signatures).toEqual([2, 1])
  })

  test('is nothing without a secret, and nothing while another way is taken', async () => {
    const [only] = await db.webhookSecret.findMany()
    await endSecret(relay, { carrierId, secretId: only?.id ?? '', ...key() }, now)
    await makeBlockingCase()
    await push()
    await madeSecret()
    await setDeliveryByTwo(relay, { carrierId, way: 'letter', webhookUrl: url, wayVersion: 1, ...key() }, now)
    await push()
    expect(got).toEqual([])
    await setDeliveryByTwo(relay, { carrierId, way: 'push', webhookUrl: url, wayVersion: 2, ...key() }, now)
    await push()
    expect(got).toHaveLength(1)
  })
})

describe('a message that does not come through', () => {
  test('stays the same by id and content until it does, even where the book grows meanwhile', async () => {
    const police = await makePolice()
    await makeBlockingCase({}, police)
    answer = () => 503
    await push()
    await push()
    // Only one try: the next is not due yet.
    expect(got).toHaveLength(1)
    const { nextTryAt, ...failing } = await webhook()
    expect(failing).toMatchObject({ failures: 1, failingSince: now, leaseId: null, state: 'live' })
    expect((await jobs('push')).map((job) => job.start_after)).toContainEqual(nextTryAt)
    await makeBlockingCase({}, police)
    now = addMilliseconds(now, 6_000)
    answer = () => null
    await push()
    expect(await webhook()).toMatchObject({ failures: 2 })
    now = addMilliseconds(now, 11_000)
    answer = () => 200
    await push()
    expect(ids()[0]).toBe(ids()[1])
    expect(ids()[1]).toBe(ids()[2])
    expect(ids()[3]).not.toBe(ids()[2])
    expect(got[1]?.body).toBe(got[0]?.body)
    expect(got[2]?.body).toBe(got[0]?.body)
    const times = got.map(({ headers }) => Number(headers['webhook-timestamp']))
    expect(times[2]).toBeGreaterThan(times[0] ?? 0)
    expect(bodies().at(-1)).toMatchObject({ after: 1, next: 2 })
    expect(await acked()).toBe(2)
    expect((await tries()).map(({ fault, status }) => [fault, status])).toEqual([
      ['status', 503],
      ['connection', null],
      [null, 200],
      [null, 200],
    ])
    expect(await webhook()).toMatchObject({ failures: 0, failingSince: null, nextTryAt: null })
  })

  test('because its worker was killed is sent again by the next, under the same id, and counts once', async () => {
    await makeBlockingCase()
    // The worker dies after the carrier has received the message and before anybody recorded that.
    let dies = true
    const died = new Promise<void>((resolve) => {
      answer = () => {
        if (dies) resolve()
        return dies ? null : 204
      }
    })
    const killed = pushBook(carrierId, clock, never)
    await died
    await killed
    await superuser.query('DELETE FROM push_tries')
    const lost = { leaseId: randomUUID(), leaseUntil: addMilliseconds(now, PUSH.leaseMs), failures: 0 }
    await db.carrierWebhook.update({
      where: { carrierId },
      data: { ...lost, failingSince: null, nextTryAt: null },
    })
    dies = false
    await push()
    expect(got).toHaveLength(1)
    // A job is queued for the moment after the lease lapses.
    const lapses = addMilliseconds(now, PUSH.leaseMs)
    const later = (await jobs('push')).map(({ start_after }) => start_after).filter((at) => at >= lapses)
    expect(later).toEqual([addMilliseconds(lapses, 1_000)])
    now = lapses
    // If that job is lost, the job of every minute finds what is due.
    await pushWhatIsDue(now)
    expect((await jobs('push')).at(-1)?.data).toEqual({ carrierId })
    await push()
    expect(ids()).toEqual([ids()[0], ids()[0]])
    expect(await acked()).toBe(1)
    expect(await db.auditEntry.count({ where: { act: 'carrier.acknowledge' } })).toBe(1)
  })

  test('is left alone for as long as the receiver asks', async () => {
    await makeBlockingCase()
    answer = () => 429
    retryAfter = '600'
    await push()
    expect((await webhook()).nextTryAt).toEqual(addMilliseconds(now, 600_000))
    now = addMilliseconds(now, 599_000)
    await push()
    expect(got).toHaveLength(1)
    now = addMilliseconds(now, 1_000)
    await push()
    expect(got).toHaveLength(2)
  })

  test('is sent by one of many who try at once', async () => {
    await makeBlockingCase()
    await Promise.all(Array.from({ length: 8 }, () => push()))
    expect(got).toHaveLength(1)
  })

  test('is no longer sent when the carrier has read it itself', async () => {
    const police = await makePolice()
    await makeBlockingCase({}, police)
    answer = () => 500
    await push()
    await acknowledge(carrierId, 1, now)
    await makeBlockingCase({}, police)
    now = addMilliseconds(now, HOUR)
    answer = () => 200
    await push()
    expect(bodies().at(-1)).toMatchObject({ after: 1, next: 2 })
    expect(ids()[1]).not.toBe(ids()[0])
  })

  test('goes to a corrected address at once', async () => {
    await makeBlockingCase()
    answer = () => 404
    await push()
    answer = () => 200
    await setDeliveryByTwo(
      relay,
      { carrierId, way: 'push', webhookUrl: `${url}/2`, wayVersion: 1, ...key() },
      now,
    )
    await push()
    expect(ids()).toEqual([ids()[0], ids()[0]])
    expect(await acked()).toBe(1)
  })

  test('is refused where it would be redirected, or where its address is allowed no more', async () => {
    await makeBlockingCase()
    answer = () => 307
    await push()
    expect(got).toHaveLength(1)
    env().PUSH_ALLOW.splice(0)
    now = addMilliseconds(now, HOUR)
    await push()
    expect(got).toHaveLength(1)
    expect((await tries()).map(({ fault, status }) => [fault, status])).toEqual([
      ['redirect', 307],
      ['url', null],
    ])
  })
})

describe('pushing stops', () => {
  const told = async () => ({
    mails: (await jobs('exchange-notice'))
      .map(({ data }) => data)
      // Its way and its secret were asked for and confirmed.
      .filter(({ notice }) => !notice.template.startsWith('second_')),
    audited: await db.auditEntry.findMany({ where: { act: 'carrier.push_stopped' } }),
  })

  test('at 410, and tells everybody of the relay', async () => {
    await makeBlockingCase()
    answer = () => 410
    await push()
    expect(await webhook()).toMatchObject({ state: 'gone', nextTryAt: null })
    const stopped = (await listCarrierStandings(now)).filter(({ pushStopped }) => pushStopped)
    expect(stopped.map(({ id }) => id)).toEqual([carrierId])
    const { mails, audited } = await told()
    const [mail] = mails
    expect(mails).toHaveLength(1)
    expect(mail).toMatchObject({ to: 'staff', toId: relay.id, notice: { template: 'push_gone', carrierId } })
    await sendCarrierNotice(mail, now)
    const sent = readable(outbox(data)[0]?.content ?? '')
    for (const text of ['VinaPhone', '410', '/quan-tri/nha-mang/vinaphone']) expect(sent).toContain(text)
    expect(audited).toMatchObject([{ subjectId: carrierId, facts: { why: 'gone' }, actorKind: 'system' }])
    now = addMilliseconds(now, HOUR)
    await push()
    await pushWhatIsDue(now)
    expect(got).toHaveLength(1)
    answer = () => 200
    await resumePush(relay, { carrierId, ...key() }, now)
    await push()
    expect(ids()).toEqual([ids()[0], ids()[0]])
    expect(await acked()).toBe(1)
  })

  test('after 72 hours without one success', async () => {
    await makeBlockingCase()
    answer = () => 500
    await push()
    now = addMilliseconds(now, 72 * HOUR - 1)
    await push()
    expect(await webhook()).toMatchObject({ state: 'live', failures: 2 })
    now = addMilliseconds(now, 2 * HOUR)
    await push()
    expect(await webhook()).toMatchObject({ state: 'given_up', failures: 3, nextTryAt: null })
    expect((await told()).audited).toMatchObject([{ facts: { why: 'given_up' } }])
  })

  test('when the worker is asked to, between two messages', async () => {
    await makeBlockingCase()
    const stopping = AbortSignal.abort()
    await push(stopping)
    expect(got).toEqual([])
  })
})

describe('a test message', () => {
  test('is signed, has no lines, acknowledges nothing, and stands among the tries', async () => {
    await makeBlockingCase()
    await acknowledge(carrierId, 1, now)
    const form = { carrierId, ...key() }
    expect(await askTest(relay, form, now)).toEqual({ ok: true, value: null })
    await askTest(relay, form, now)
    const asked = await jobs('push-test')
    expect(asked).toHaveLength(1)
    await sendTest(carrierId, asked[0]?.data.messageId, clock)
    expect(bodies()).toMatchObject([{ after: 1, next: 1, head: 1, entries: [] }])
    expect(ids()).toEqual([asked[0]?.data.messageId])
    expect(
      new Webhook(secret).verify(got[0]?.body ?? '', got[0]?.headers as Record<string, string>),
    ).toBeTruthy()
    expect(await tries()).toMatchObject([{ after: 1n, upTo: 1n, status: 204 }])
    expect(await acked()).toBe(1)
  })

  test('has its outcome on the next page, also where nobody sends it soon', async () => {
    const asked = async () => {
      const form = { carrierId, ...key() }
      await askTest(relay, form, now)
      return form.submitKey
    }
    const outcome = (actor: StaffActor, id: string) => awaitTestOutcome(actor, carrierId, id, now, 600)
    const received = await asked()
    const waited = outcome(relay, received)
    await sendTest(carrierId, received, clock)
    expect(await waited).toBe('received')
    answer = () => 500
    const failed = await asked()
    await sendTest(carrierId, failed, clock)
    expect(await outcome(relay, failed)).toBe('failed')
    expect(await outcome(relay, await asked())).toBe('under_way')
    expect(await outcome(await makeStaff('carrier', { carrierId: 'viettel' }), received)).toBe('under_way')
  })

  test('needs an address and a secret', async () => {
    const [only] = await db.webhookSecret.findMany()
    await endSecret(relay, { carrierId, secretId: only?.id ?? '', ...key() }, now)
    expect(await askTest(relay, { carrierId, ...key() }, now)).toEqual({ ok: false, error: 'no_secret' })
    const other = { carrierId: 'viettel', ...key() }
    expect(await askTest(relay, other, now)).toEqual({ ok: false, error: 'not_found' })
    await sendTest('viettel', randomUUID(), clock)
    expect(got).toEqual([])
  })
})

test('a message is whole in the database', async () => {
  await expect(
    db.carrierWebhook.update({ where: { carrierId }, data: { messageId: randomUUID() } }),
  ).rejects.toThrow()
  expect(await transaction((tx) => webhookForUpdate(tx, carrierId))).toMatchObject({
    message: null,
    pushes: true,
  })
})
