import { randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { discloseCase } from '#features/cases/disclosure/acts.ts'
import { lookUpImei } from '#features/cases/imeis/acts.ts'
import { askWhose } from '#features/cases/questions/acts.ts'
import { readQuestions, recordAnswers } from '#features/exchange/questions/acts.ts'
import { destroyPersonalData } from '#features/privacy/erasure/data.ts'
import { exportData } from '#features/privacy/export/acts.ts'
import type { StaffActor, StaffReader } from '#lib/access/actor.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, MINUTE } from '#lib/time.ts'
import { env } from '#platform/env.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import {
  type MadeCase,
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProvenCase,
  move,
  randomImei,
} from '#tests/factories/case.ts'
import { makeReceiver, pushTo } from '#tests/factories/receiver.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { allowAlerts, giveSharing, withdrawSharing } from '../consents/acts.ts'
import { sharedWith } from '../consents/data.ts'
import { askReceiverTest, revokeReceiverKey } from '../receivers/acts.ts'
import { authenticateReceiver, findReceiver, openReceivers, receiverStandings } from '../receivers/data.ts'
import { offerAlerts, readAlerts, recordAlertResults } from './acts.ts'
import { pushAlerts, sendTest } from './jobs.ts'

afterAll(closeSignals)

const now = new Date()
const never = new AbortController().signal
const NUMBER = '+84901234567'
const BANK = 'vietcombank'
const key = () => ({ submitKey: randomUUID() })

let relay: StaffActor
let officer: StaffReader
beforeEach(async () => {
  await makeStaff('auditor')
  relay = await makeStaff('relay')
  ;({ officer } = await makePolice())
  await makeReceiver(relay, BANK, now)
})

const full = (made: MadeCase) => citizenScope(made.id, 'full')
const share = (made: MadeCase, shareNumber = '0901 234 567', banks = [BANK], at = now) =>
  giveSharing(full(made), { caseId: made.id, share: banks, shareNumber, ...key() }, at)
const read = async (receiverId = BANK, after = 0) => {
  const found = must(await readAlerts(receiverId, { after, limit: 100, wait: 0 }, never))
  return found.entries
}
const types = async (receiverId = BANK) => (await read(receiverId)).map(({ type }) => type)
const shared = async (made: MadeCase) =>
  (await sharedWith(full(made), made.id)).map(({ state, outcome }) => [state, outcome])
async function look(made: MadeCase, by = officer) {
  await discloseCase(by, { number: made.number, reason: 'ownership', note: '', ...key() }, now)
  return allowAlerts(by, { number: made.number, ...key() }, now)
}

describe('an alert', () => {
  test('waits until police have looked, and tells number, times and what was verified, never a person', async () => {
    const made = await makeProvenCase()
    expect(await share(made)).toEqual(ok(true))
    await offerAlerts(made.id, now)
    expect(await read()).toEqual([])
    expect(await shared(made)).toEqual([['waiting', null]])
    expect(await allowAlerts(officer, { number: made.number, ...key() }, now)).toEqual(err('unseen'))
    expect(await allowAlerts(relay as StaffReader, { number: made.number, ...key() }, now)).toEqual(
      err('forbidden'),
    )
    const stranger = (await makePolice('quan-1')).officer
    expect(await allowAlerts(stranger, { number: made.number, ...key() }, now)).toEqual(err('not_found'))
    expect(await look(made)).toEqual(ok(true))
    await Promise.all(Array.from({ length: 4 }, () => offerAlerts(made.id, now)))
    const [alert, ...more] = await read()
    expect(more).toEqual([])
    expect(alert).toMatchObject({
      specversion: '1.0',
      type: 'device.reported',
      subject: NUMBER,
      time: now.toISOString(),
      sequence: '1',
      data: { verified: { contact: true, number: false, ownership: false } },
    })
    const text = JSON.stringify(alert)
    for (const secret of [made.number, made.id, 'Ánh', '079190012345', ...made.imeis])
      expect(text).not.toContain(secret)
    expect(await shared(made)).toEqual([['sent', null]])
    expect(await db.auditEntry.count({ where: { act: 'receiver.read' } })).toBe(1)
    await read()
    expect(await db.auditEntry.count({ where: { act: 'receiver.read' } })).toBe(1)
  })

  test('goes at once where the carrier has recognised the person as the number’s subscriber', async () => {
    const made = await makeCase({ imeis: [], particulars: { phoneNumbers: [NUMBER] } })
    await db.consent.create({
      data: { caseId: made.id, purpose: 'imei_of_number', version: '2026-11-30', at: now },
    })
    await lookUpImei(made.id, now)
    await share(made)
    await share(made, '0987 654 321', [BANK])
    const asked = await readQuestions('mobifone', { after: 0, limit: 10, wait: 0 }, never)
    const question = (asked.ok && asked.value.entries[0]?.question) || ''
    await recordAnswers('mobifone', [{ question, imeis: [randomImei()] }], now)
    const { rows } = await superuser.query(`SELECT data FROM pgboss.job WHERE name = 'alert-case'`)
    expect(rows.map(({ data }) => data.caseId)).toContain(made.id)
    await offerAlerts(made.id, now)
    expect(await read()).toMatchObject([
      { type: 'device.reported', subject: NUMBER, data: { verified: { number: true, ownership: false } } },
    ])
  })

  test('asks the number’s carrier whose it is, then the others, and goes on the word of one', async () => {
    const made = await makeProvenCase()
    await share(made)
    const asked = async (carrier: string) => {
      const read = await readQuestions(carrier, { after: 0, limit: 10, wait: 0 }, never)
      return read.ok ? read.value.entries : []
    }
    await Promise.all(Array.from({ length: 3 }, () => askWhose(made.id, now)))
    const [question, ...more] = await asked('mobifone')
    expect(question).toMatchObject({
      ...{ kind: 'subscriber_of_number', msisdn: NUMBER },
      subscriber: { idKind: 'cccd', idNumber: '079190012345' },
    })
    expect([more, await asked('viettel'), await read()]).toEqual([[], [], []])
    const wrong = { question: question?.question ?? '', imeis: [randomImei()] }
    expect(await recordAnswers('mobifone', [wrong], now)).toMatchObject([{ status: 'unknown' }])
    // The number was ported to another carrier.
    const answer = { question: question?.question ?? '', answer: 'not_subscriber' } as const
    await recordAnswers('mobifone', [answer], now)
    await offerAlerts(made.id, now)
    await askWhose(made.id, now)
    expect(await read()).toEqual([])
    const [ported] = await asked('viettel')
    await recordAnswers('viettel', [{ question: ported?.question ?? '', answer: 'yes' }], now)
    await offerAlerts(made.id, now)
    expect(await read()).toMatchObject([
      { type: 'device.reported', subject: NUMBER, data: { verified: { number: true, ownership: false } } },
    ])
    expect(await db.carrierQuestion.count({ where: { caseId: made.id, carrierId: 'mobifone' } })).toBe(1)
  })

  test('asks nobody on the words of a consent that did not say so, and takes the question back with the consent', async () => {
    const [before, made] = [await makeProvenCase(), await makeProvenCase()]
    await share(before)
    await superuser.query(`UPDATE alert_consents SET version = '2026-12-01' WHERE case_id = $1`, [before.id])
    await askWhose(before.id, now)
    expect(await db.carrierQuestion.count()).toBe(0)
    await share(made, '0901 234 567', [BANK])
    await askWhose(made.id, now)
    const open = () => db.carrierQuestion.count({ where: { open: true } })
    expect(await open()).toBe(1)
    const withdrawn = { caseId: made.id, receiverId: BANK, submitKey: randomUUID() }
    expect(await withdrawSharing(full(made), withdrawn, now)).toMatchObject({ ok: true })
    expect(await open()).toBe(0)
  })

  test('asks nobody of a case that is over, and anew where an appeal takes it up again', async () => {
    const made = await makeProvenCase()
    await share(made)
    await askWhose(made.id, now)
    const open = () => db.carrierQuestion.count({ where: { open: true } })
    expect(await open()).toBe(1)
    await move(made.id, officer, { move: 'take' })
    await move(made.id, officer, { move: 'reject', reasonCode: 'not_owner' })
    expect(await open()).toBe(0)
    await move(made.id, { kind: 'citizen' }, { move: 'appeal', text: 'Máy là của tôi.' })
    for (let twice = 0; twice < 2; twice++) await askWhose(made.id, now)
    expect(await open()).toBe(1)
    // The person was told that no carrier is asked about their number any more.
    await db.consent.create({
      data: { caseId: made.id, purpose: 'sim_question', version: '2026-11-30', at: now, withdrawnAt: now },
    })
    await db.carrierQuestion.updateMany({ data: { open: false } })
    await askWhose(made.id, now)
    expect(await open()).toBe(0)
  })

  test('does not go for another number than the carrier has recognised', async () => {
    const made = await makeCase({ imeis: [], particulars: { phoneNumbers: [NUMBER] } })
    await db.consent.create({
      data: { caseId: made.id, purpose: 'imei_of_number', version: '2026-11-30', at: now },
    })
    await lookUpImei(made.id, now)
    await share(made, '0987 654 321')
    const asked = await readQuestions('mobifone', { after: 0, limit: 10, wait: 0 }, never)
    const question = (asked.ok && asked.value.entries[0]?.question) || ''
    await recordAnswers('mobifone', [{ question, imeis: [randomImei()] }], now)
    await offerAlerts(made.id, now)
    expect(await read()).toEqual([])
  })

  test('does not go without a contact that was confirmed', async () => {
    const made = await makeProvenCase({ particulars: { contact: null } })
    await share(made)
    await look(made)
    await offerAlerts(made.id, now)
    expect(await read()).toEqual([])
  })

  test('follows the case: verified, blocked, cleared; each once', async () => {
    const made = await makeBlockingCase()
    await share(made)
    await offerAlerts(made.id, now)
    expect(await types()).toEqual(['device.reported', 'device.verified'])
    await superuser.query(`UPDATE cases SET state = 'blocked' WHERE id = $1`, [made.id])
    await offerAlerts(made.id, now)
    await offerAlerts(made.id, now)
    await superuser.query(`UPDATE cases SET state = 'unblocked' WHERE id = $1`, [made.id])
    await offerAlerts(made.id, now)
    await offerAlerts(made.id, now)
    const told = await read()
    expect(told.map(({ type }) => type)).toEqual([
      'device.reported',
      'device.verified',
      'device.blocked',
      'device.cleared',
    ])
    expect(told.map(({ sequence }) => sequence)).toEqual(['1', '2', '3', '4'])
    expect(new Set(told.map(({ data }) => data.case)).size).toBe(1)
    expect(told[1]?.data.verified.ownership).toBe(true)
  })

  test('begins once a number and day, also where ten are asked for at once', async () => {
    const many = await Promise.all(Array.from({ length: 10 }, () => makeProvenCase()))
    for (const made of many) {
      await share(made)
      await look(made)
    }
    await Promise.all(many.map(({ id }) => offerAlerts(id, now)))
    expect(await types()).toEqual(['device.reported'])
    const tomorrow = addMilliseconds(now, DAY)
    await Promise.all(many.map(({ id }) => offerAlerts(id, tomorrow)))
    const told = await read()
    expect(told.map(({ type }) => type)).toEqual(['device.reported', 'device.reported'])
    expect(new Set(told.map(({ data }) => data.case)).size).toBe(2)
  })
})

describe('a consent', () => {
  test('is for a receiver that there is, and a number that is one', async () => {
    const made = await makeProvenCase()
    expect(await share(made, '0901 234 567', ['bank-of-nowhere'])).toEqual(
      err({ share: 'alerts.unknown_receiver' }),
    )
    expect(await share(made, '0901 234 567', ['bidv'])).toMatchObject({ ok: false })
    expect(await share(made, '12', [BANK])).toEqual(err({ shareNumber: 'report.mobile.length' }))
    expect(await share(made, ' ', [BANK])).toEqual(err({ shareNumber: 'alerts.number_empty' }))
    expect(await share(made, '0901 234 567', [])).toEqual(err({ share: 'alerts.none_chosen' }))
    expect(await db.alertConsent.count()).toBe(0)
  })

  test('is the person’s alone, by the secret and not by a code', async () => {
    const [made, other] = [await makeProvenCase(), await makeProvenCase()]
    const asked = { caseId: made.id, share: [BANK], shareNumber: '0901234567' }
    for (const scope of [citizenScope(made.id, 'status'), full(other)])
      expect(await giveSharing(scope, { ...asked, ...key() }, now)).toEqual(err({ form: 'track.not_now' }))
    await share(made)
    expect(await withdrawSharing(full(other), { caseId: made.id, receiverId: BANK, ...key() }, now)).toEqual(
      err('not_now'),
    )
    expect(await sharedWith(full(other), made.id)).toEqual([])
  })

  test('that is taken back stops what follows, and takes the number out of what was not read', async () => {
    const made = await makeProvenCase()
    await share(made)
    await look(made)
    await offerAlerts(made.id, now)
    const form = { caseId: made.id, receiverId: BANK, ...key() }
    const done = await Promise.all(Array.from({ length: 3 }, () => withdrawSharing(full(made), form, now)))
    expect(done.every(({ ok }) => ok)).toBe(true)
    expect(await db.auditEntry.count({ where: { act: 'share.withdrawn' } })).toBe(1)
    const [alert] = await read()
    expect(alert).toMatchObject({ sequence: '1', type: 'device.reported' })
    expect(alert).not.toHaveProperty('subject')
    await move(made.id, officer, { move: 'take' })
    await offerAlerts(made.id, now)
    expect(await types()).toEqual(['device.reported'])
    expect(await shared(made)).toEqual([['withdrawn', null]])
    // A consent given again is a new consent.
    expect(await share(made)).toMatchObject({ ok: true })
    expect(await db.alertConsent.count()).toBe(2)
  })

  test('is in what a person takes along; an erasure leaves that it was given, without the number', async () => {
    const made = await makeProvenCase()
    await share(made)
    await look(made)
    await offerAlerts(made.id, now)
    const [alert] = await read()
    await recordAlertResults(
      BANK,
      [{ alert: alert?.id ?? '', outcome: 'locked', at: now.toISOString() }],
      now,
    )
    const data = await exportData(full(made), made.id, 'json', now)
    expect(data?.shares).toMatchObject([
      {
        receiver: BANK,
        name: 'Vietcombank',
        phoneNumber: NUMBER,
        version: '2026-12-02',
        alerts: [{ event: 'reported', outcome: 'locked' }],
      },
    ])
    await transaction((tx) => destroyPersonalData(tx, made.id))
    expect(await db.alertConsent.findMany()).toMatchObject([
      { sealed: null, numberHash: null, receiverId: BANK },
    ])
    expect(await db.bankAlert.findMany()).toMatchObject([{ numberHash: null }])
    const [again] = await read()
    expect(again).toMatchObject({ sequence: '1' })
    expect(again).not.toHaveProperty('subject')
  })
})

describe('an answer', () => {
  async function told() {
    const made = await makeProvenCase()
    await share(made)
    await look(made)
    await offerAlerts(made.id, now)
    const [alert] = await read()
    return { made, alert: alert?.id ?? '' }
  }
  const say = (alert: string, outcome: 'locked' | 'call_needed' | 'not_subscriber', at = now, by = BANK) =>
    recordAlertResults(by, [{ alert, outcome, at: at.toISOString() }], now).then(([one]) => one?.status)

  test('stands on the case, the same one twice is harmless, and the later of two stands', async () => {
    const { made, alert } = await told()
    expect(await say(alert, 'call_needed', addMilliseconds(now, -MINUTE))).toBe('recorded')
    expect(await shared(made)).toEqual([['answered', 'call_needed']])
    expect(await say(alert, 'locked')).toBe('recorded')
    expect(await say(alert, 'locked')).toBe('duplicate')
    expect(await say(alert, 'call_needed', addMilliseconds(now, -HOUR))).toBe('duplicate')
    expect(await shared(made)).toEqual([['answered', 'locked']])
    const answers = await db.auditEntry.findMany({ where: { act: 'share.answered' }, orderBy: { id: 'asc' } })
    expect(answers).toMatchObject([
      { actorKind: 'receiver', actorId: BANK, caseId: made.id },
      { facts: { outcome: 'locked', receiver: BANK } },
    ])
  })

  test('from the future, to no alert, or to another receiver’s changes nothing', async () => {
    const { made, alert } = await told()
    await makeReceiver(relay, 'bidv', now)
    expect(await say(alert, 'locked', addMilliseconds(now, HOUR))).toBe('unknown')
    expect(await say(randomUUID(), 'locked')).toBe('unknown')
    expect(await say(alert, 'locked', now, 'bidv')).toBe('unknown')
    expect(await read('bidv')).toEqual([])
    expect(await shared(made)).toEqual([['sent', null]])
  })

  test('that the number is another person’s ends what is sent, and the figures count it', async () => {
    const { made, alert } = await told()
    expect(await say(alert, 'not_subscriber')).toBe('recorded')
    expect(await shared(made)).toEqual([['ended', 'not_subscriber']])
    await superuser.query(`UPDATE cases SET state = 'blocked' WHERE id = $1`, [made.id])
    await offerAlerts(made.id, now)
    expect(await types()).toEqual(['device.reported'])
    expect(await receiverStandings(relay, now)).toMatchObject([
      { id: BANK, isReached: true, consents: 1, sent: 1, answered: 1, notSubscriber: 1, medianSeconds: 0 },
    ])
    expect(await receiverStandings(officer, now)).toEqual([])
  })
})

describe('a receiver', () => {
  test('can be chosen once two people have given it a key, and not after a stolen one is revoked', async () => {
    expect((await openReceivers()).map(({ id }) => id)).toEqual([BANK])
    const apiKey = await makeReceiver(relay, 'momo', now)
    expect(await authenticateReceiver(apiKey, now)).toBe('momo')
    expect(await authenticateReceiver(`${apiKey}x`, now)).toBeNull()
    const { id: keyId } = await db.receiverKey.findFirstOrThrow({ where: { receiverId: 'momo' } })
    await revokeReceiverKey(relay, { receiverId: 'momo', keyId, ...key() }, now)
    expect(await authenticateReceiver(apiKey, now)).toBeNull()
    expect((await openReceivers()).map(({ id }) => id)).toEqual([BANK])
  })

  test('reads on from where it is, gapless, and is refused beyond its last', async () => {
    const made = await makeBlockingCase()
    await share(made)
    await offerAlerts(made.id, now)
    const page = await readAlerts(BANK, { after: 1, limit: 1, wait: 0 }, never)
    expect(page).toMatchObject(ok({ after: 1, next: 2, head: 2, entries: [{ sequence: '2' }] }))
    expect(await readAlerts(BANK, { after: 3, limit: 1, wait: 0 }, never)).toEqual(err('beyond_head'))
    const waiting = readAlerts(BANK, { after: 2, limit: 10, wait: 10 }, never)
    await superuser.query(`UPDATE cases SET state = 'blocked' WHERE id = $1`, [made.id])
    await offerAlerts(made.id, now)
    expect(await waiting).toMatchObject(ok({ entries: [{ type: 'device.blocked' }] }))
  })
})

describe('what is pushed', () => {
  let server: Server
  let url: string
  let answer: number
  let got: { readonly headers: IncomingHttpHeaders; readonly body: string }[]
  beforeEach(async () => {
    got = []
    answer = 204
    server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request.setEncoding('utf8')) body += chunk
      got.push({ headers: request.headers, body })
      response.writeHead(answer).end()
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    env().PUSH_ALLOW.splice(0, Number.POSITIVE_INFINITY, origin)
    url = `${origin}/alerts`
  })
  afterEach(() => {
    server.close()
    env().PUSH_ALLOW.splice(0)
  })
  const clock = () => now
  const push = () => pushAlerts(BANK, clock, never)

  test('is each event by itself, signed, in order, once it came through', async () => {
    const secret = await pushTo(relay, BANK, url, now)
    const made = await makeBlockingCase()
    await share(made)
    await offerAlerts(made.id, now)
    await Promise.all([push(), push(), push()])
    await push()
    expect(got).toHaveLength(2)
    expect(got[0]?.headers['content-type']).toContain('application/cloudevents+json')
    const opened = got.map(({ headers, body }) =>
      new Webhook(secret).verify(body, headers as Record<string, string>),
    )
    expect(opened).toMatchObject([
      { type: 'device.reported', subject: NUMBER, id: got[0]?.headers['webhook-id'] },
      { type: 'device.verified', sequence: '2' },
    ])
    expect(opened).toEqual(await read())
    expect(await db.alertReceiver.findUnique({ where: { id: BANK } })).toMatchObject({
      pushedSeq: 2n,
      leaseId: null,
      failures: 0,
    })
  })

  test('comes again under its id after a failure, and stops where the address wants no more', async () => {
    await pushTo(relay, BANK, url, now)
    const made = await makeProvenCase()
    await share(made)
    await look(made)
    await offerAlerts(made.id, now)
    answer = 500
    await push()
    expect(await db.alertReceiver.findUnique({ where: { id: BANK } })).toMatchObject({
      state: 'live',
      failures: 1,
      lastFault: 'status',
      pushedSeq: 0n,
    })
    await push()
    expect(got).toHaveLength(1)
    answer = 410
    await pushAlerts(BANK, () => addMilliseconds(now, HOUR), never)
    expect(got.map(({ headers }) => headers['webhook-id'])).toEqual([
      got[0]?.headers['webhook-id'],
      got[0]?.headers['webhook-id'],
    ])
    expect(await db.alertReceiver.findUnique({ where: { id: BANK } })).toMatchObject({ state: 'gone' })
    const { rows } = await superuser.query(`SELECT data FROM pgboss.job WHERE name = 'exchange-notice'`)
    expect(rows.map(({ data }) => data.notice.template)).toContain('receiver_gone')
    expect(await shared(made)).toEqual([['queued', null]])
  })

  test('a test message is signed, about nobody, and its answer stands on the page', async () => {
    const form = { receiverId: BANK, submitKey: randomUUID() }
    const run = async () => {
      const { rows } = await superuser.query(`SELECT data FROM pgboss.job WHERE name = 'alert-test'`)
      await sendTest(BANK, rows.at(-1)?.data.messageId ?? '', clock)
      return rows
    }
    expect(await askReceiverTest(relay, { ...form, ...key() }, now)).toEqual(err('url_missing'))
    const secret = await pushTo(relay, BANK, url, now)
    expect(await askReceiverTest(relay, form, now)).toMatchObject({ ok: true })
    await askReceiverTest(relay, form, now)
    expect(await run()).toHaveLength(1)
    const [sent] = got
    const event = new Webhook(secret).verify(sent?.body ?? '', sent?.headers as Record<string, string>)
    expect(event).toMatchObject({ type: 'device.test', id: form.submitKey, data: {} })
    expect(event).not.toHaveProperty('subject')
    expect(await findReceiver(relay, BANK, now)).toMatchObject({ testStatus: 204, testFault: null })
    answer = 500
    await run()
    expect(await findReceiver(relay, BANK, now)).toMatchObject({
      ...{ testStatus: 500, testFault: 'status' },
      // A failed test holds up no alert.
      ...{ failures: 0, state: 'live', pushedSeq: 0 },
    })
    // A secret or address that ended between the request and the sending is the test's fault.
    await db.receiverSecret.updateMany({ data: { revokedAt: now } })
    await run()
    expect(await findReceiver(relay, BANK, now)).toMatchObject({ testStatus: null, testFault: 'no_secret' })
    await db.alertReceiver.update({ where: { id: BANK }, data: { url: null } })
    await run()
    expect(await findReceiver(relay, BANK, now)).toMatchObject({ testFault: 'url' })
    expect(got).toHaveLength(2)
  })
})
