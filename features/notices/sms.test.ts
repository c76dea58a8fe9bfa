import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { POST } from '#app/api/messages/reports/route.ts'
import { addMilliseconds, MINUTE } from '#lib/time.ts'
import { storedCaseKey } from '#tests/case-key.ts'
import { db, transaction } from '#tests/db.ts'
import { type SmsGateway, signedReport, startSmsGateway } from '../../tools/gateways/sms.ts'
import { notify } from './acts.ts'
import { sendNotice } from './jobs.ts'

const SECRET = Buffer.alloc(32, 7).toString('base64')
let gateway: SmsGateway
beforeAll(async () => {
  gateway = await startSmsGateway({ token: 'let-me-in' })
  Object.assign(process.env, {
    SMS_HTTP_URL: gateway.url,
    SMS_HTTP_TOKEN: 'let-me-in',
    SMS_REPORT_SECRET: SECRET,
    PUBLIC_URL: 'https://antam.example.vn',
  })
})
afterAll(() => gateway.stop())
beforeEach(() => gateway.behave('well'))

const at = new Date('2026-11-24T03:40:00Z')
const PHONE = { kind: 'phone', value: '+84912345678' } as const

async function queued(template: 'take' | 'code_view_status' = 'take', to: 'phone' | 'email' = 'phone') {
  const key = await storedCaseKey(at)
  const params = { number: 'HCM-7K3Q-9XWD-4', code: '482913' }
  const contact = to === 'phone' ? PHONE : { kind: 'email' as const, value: 'lan@example.vn' }
  await transaction((tx) => notify(tx, { key, to: contact, template, locale: 'vi', params, at }))
  return (await db.notice.findFirstOrThrow({ where: { caseId: key.caseId } })).id
}
const stored = (id: string) => db.notice.findUniqueOrThrow({ where: { id } })
const takenOf = (id: string) => gateway.taken.filter((sms) => sms.id === id)
const counts = async () =>
  (await db.messageCount.findMany({ orderBy: { outcome: 'asc' } })).map(
    ({ way, outcome, code, count, segments }) => `${way} ${outcome} ${code} ${count}/${segments}`,
  )

it('hands an SMS over under its own id, in the alphabet that costs least, and says where to report', async () => {
  const id = await queued()
  await sendNotice(id, at)
  expect(takenOf(id)).toMatchObject([
    {
      to: '+84912345678',
      text: expect.stringMatching(/^An Tam: Cong an dang xac minh ho so HCM-7K3Q-9XWD-4/),
      encoding: 'GSM-7',
      segments: 1,
      reports: 'https://antam.example.vn/api/messages/reports',
    },
  ])
  expect(await stored(id)).toMatchObject({ state: 'sent', way: 'sms', delivery: null })
  expect(await counts()).toEqual(['sms accepted  1/1'])
})

it('hands it over again where the gateway did not say that it had it, and the gateway keeps one', async () => {
  const id = await queued()
  gateway.behave('mute')
  await expect(sendNotice(id, at)).rejects.toThrow(id)
  expect(await stored(id)).toMatchObject({ state: 'queued', attempts: 1 })
  gateway.behave('well')
  await sendNotice(id, at)
  expect(takenOf(id)).toHaveLength(1)
  expect(await stored(id)).toMatchObject({ state: 'sent', way: 'sms', attempts: 2 })
})

it.each([
  ['down', 'down'],
  ['busy', 'too_many'],
  ['broken', '502'],
  ['locked', '401'],
] as const)('tries again later a gateway that is %s, and says why', async (mode, code) => {
  const id = await queued()
  gateway.behave(mode)
  await expect(sendNotice(id, at)).rejects.toThrow(`could not be sent: ${code}`)
  expect(await stored(id)).toMatchObject({ state: 'queued', error: code })
  expect(await counts()).toEqual([`sms tried ${code} 1/0`])
  // The gateway works again after an hour.
  gateway.behave('well')
  await sendNotice(id, addMilliseconds(at, 60 * MINUTE))
  expect(await stored(id)).toMatchObject({ state: 'sent', error: null })
})

it('stops at once at a number that the gateway refuses for good', async () => {
  const id = await queued()
  gateway.behave('refusing')
  await sendNotice(id, at)
  expect(await stored(id)).toMatchObject({ state: 'failed', error: 'invalid_number', attempts: 1 })
  expect(await counts()).toEqual(['sms refused invalid_number 1/0'])
  gateway.behave('well')
  await sendNotice(id, at)
  expect(takenOf(id)).toEqual([])
})

it('sends no code that has expired', async () => {
  const id = await queued('code_view_status')
  await sendNotice(id, addMilliseconds(at, 15 * MINUTE))
  expect(takenOf(id)).toEqual([])
  expect(await stored(id)).toMatchObject({ state: 'failed', error: 'stale' })
  const other = await queued('code_view_status')
  await sendNotice(other, addMilliseconds(at, 14 * MINUTE))
  expect(takenOf(other)).toHaveLength(1)
})

async function reported(
  reports: readonly object[],
  { secret = SECRET, sent = new Date(), change = (body: string) => body } = {},
) {
  const { headers, body } = signedReport(secret, reports, sent)
  const url = 'https://antam.example.vn/api/messages/reports'
  const request = new Request(url, { method: 'POST', headers, body: change(body) })
  const answer = await POST(request, { params: Promise.resolve({}) })
  return { status: answer.status, said: await answer.json() }
}
const delivered = (id: string) => ({ id, status: 'delivered' })
const undelivered = (id: string) => ({ id, status: 'undelivered', code: 'absent' })

it('keeps what the gateway reports, once', async () => {
  const id = await queued()
  await sendNotice(id, at)
  expect(await reported([delivered(id)])).toEqual({ status: 200, said: { news: 1 } })
  expect(await reported([delivered(id), delivered(id)])).toEqual({ status: 200, said: { news: 0 } })
  expect(await stored(id)).toMatchObject({ state: 'sent', delivery: 'delivered' })
  expect(await counts()).toContain('sms delivered  1/0')
})

it('believes “delivered” after “undelivered”, and nothing after “delivered”', async () => {
  const id = await queued()
  await sendNotice(id, at)
  await reported([undelivered(id)])
  expect(await stored(id)).toMatchObject({ delivery: 'undelivered' })
  await reported([delivered(id)])
  await reported([undelivered(id)])
  expect(await stored(id)).toMatchObject({ delivery: 'delivered' })
})

it('takes one of many reports at once as news', async () => {
  const id = await queued()
  await sendNotice(id, at)
  const answers = await Promise.all(Array.from({ length: 8 }, () => reported([delivered(id)])))
  expect(answers.reduce((sum, { said }) => sum + said.news, 0)).toBe(1)
  expect(await counts()).toContain('sms delivered  1/0')
})

it('changes nothing for a mail, for what is gone, or for what was not handed over', async () => {
  const mail = await queued('take', 'email')
  const waiting = await queued()
  const gone = '5f0c9d4e-8a52-4d0e-9c1e-2f7d8f3f1a11'
  expect(await reported([delivered(mail), undelivered(waiting), delivered(gone)])).toMatchObject({
    said: { news: 0 },
  })
  expect(await stored(waiting)).toMatchObject({ state: 'queued', delivery: null })
})

it('a report that comes before the answer does is kept, and the message is still handed over', async () => {
  const id = await queued()
  expect(await reported([delivered(id)])).toMatchObject({ said: { news: 1 } })
  await sendNotice(id, at)
  expect(takenOf(id)).toHaveLength(1)
  expect(await stored(id)).toMatchObject({ state: 'sent', delivery: 'delivered' })
})

it('refuses what is not signed, signed by another, changed, or older than five minutes', async () => {
  const id = await queued()
  await sendNotice(id, at)
  const fakes = [
    { secret: Buffer.alloc(32, 8).toString('base64') },
    { sent: addMilliseconds(new Date(), -6 * MINUTE) },
    { sent: addMilliseconds(new Date(), 6 * MINUTE) },
    { change: (body: string) => body.replace('undelivered', 'delivered') },
  ]
  for (const fake of fakes) expect((await reported([undelivered(id)], fake)).status).toBe(401)
  expect((await reported([{ id, status: 'read' }])).status).toBe(422)
  expect((await reported([{ id: 'x', status: 'delivered' }])).status).toBe(422)
  expect((await reported([])).status).toBe(422)
  expect((await reported([delivered(id)], { change: (body) => body.padEnd(70_000) })).status).toBe(413)
  expect(await stored(id)).toMatchObject({ delivery: null })
})
