import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { readHolder } from '#features/disputes/drafts/rules.ts'
import { notify } from '#features/notices/acts.ts'
import { listMessageTroubles, listMissingWays } from '#features/notices/data.ts'
import { sendNotice } from '#features/notices/jobs.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, MINUTE } from '#lib/time.ts'
import { storedCaseKey } from '#tests/case-key.ts'
import { db, transaction } from '#tests/db.ts'
import { saveStep } from '../steps/acts.ts'
import { draftView } from './page-data.ts'
import { requestResume } from './resume-acts.ts'
import { startDraft } from './start-acts.ts'

// As in production: without a gateway, SMS reach nobody.
beforeAll(() => {
  Object.assign(process.env, { OUTBOX: 'off', SMTP_URL: 'smtp://127.0.0.1:1' })
})

const now = new Date('2026-11-24T03:00:00Z')
const PHONE = '0912 345 678'

async function save(typed: Record<string, string>) {
  const cookie = await startDraft({ locale: 'vi', answers: {}, now })
  const form = { step: 'contact', typed, locale: 'vi', address: randomUUID(), now } as const
  const shown = { value: cookie, officerId: null }
  const saved = await saveStep({ ...form, cookie: shown })
  return { faults: saved.ok ? saved.value.faults : null, view: await draftView(shown, now) }
}

test('a phone number alone is no contact, and no code is sent there', async () => {
  const { faults, view } = await save({ contactEmail: '', contactPhone: PHONE })
  expect(faults).toEqual({ contactEmail: 'report.contactEmail.no_sms' })
  expect(view).toMatchObject({ report: { contact: null }, incomplete: 'incident' })
  expect(await db.notice.count()).toBe(0)
})

test('an address is one, also beside a number', async () => {
  const { faults, view } = await save({ contactEmail: 'lan@example.vn', contactPhone: PHONE })
  expect(faults).toEqual({})
  expect(view?.report.contact?.contact).toEqual({ kind: 'email', value: 'lan@example.vn' })
})

test('the holder of a blocked phone is asked for an address too', () => {
  const typed = { contactPhone: PHONE, contactEmail: '' }
  expect(readHolder(typed, now, false).faults).toMatchObject({ contactEmail: 'report.contactEmail.no_sms' })
  expect(readHolder(typed, now, true).faults).not.toHaveProperty('contactEmail')
})

test('a draft is not looked for by a number that no code reaches', async () => {
  const contact = { kind: 'phone', value: '+84912345678' } as const
  const asked = {
    contact,
    address: randomUUID(),
    asker: null,
    locale: 'vi',
    submitKey: randomUUID(),
    now,
  } as const
  expect(await requestResume(asked)).toEqual(err('no_sms'))
})

test('what an old contact by phone should have been told is counted, and told to the person who runs the product', async () => {
  expect(listMissingWays()).toEqual([expect.stringContaining('SMS_HTTP_URL')])
  expect(await listMessageTroubles(now)).toEqual([])
  const key = await storedCaseKey(now)
  const to = { kind: 'phone', value: '+84912345678' } as const
  const params = { number: 'HCM-7K3Q-9XWD-4' }
  await transaction((tx) => notify(tx, { key, to, template: 'take', locale: 'vi', params, at: now }))
  const { id } = await db.notice.findFirstOrThrow()
  await sendNotice(id, now)
  expect(await db.notice.findUnique({ where: { id } })).toMatchObject({
    state: 'failed',
    error: 'no_gateway',
  })
  expect(await listMessageTroubles(new Date())).toEqual([
    expect.stringMatching(/^SMS: no gateway .* 1 messages/),
  ])
})

test('messages that have waited for a quarter of an hour are told, by their way', async () => {
  const key = await storedCaseKey(now)
  const to = { kind: 'email', value: 'lan@example.vn' } as const
  const params = { number: 'HCM-7K3Q-9XWD-4' }
  await transaction((tx) => notify(tx, { key, to, template: 'take', locale: 'vi', params, at: now }))
  expect(await listMessageTroubles(addMilliseconds(now, 14 * MINUTE))).toEqual([])
  expect(await listMessageTroubles(addMilliseconds(now, 16 * MINUTE))).toEqual([
    'mail: 1 messages have waited for more than 15 minutes',
  ])
})

test('the page of the code says so once a code is known not to have gone out', async () => {
  const cookie = { value: await startDraft({ locale: 'vi', answers: {}, now }), officerId: null }
  const form = { step: 'contact', locale: 'vi', address: randomUUID(), now } as const
  await saveStep({ ...form, cookie, typed: { contactEmail: 'lan@example.vn' } })
  expect(await draftView(cookie, now)).toMatchObject({ codeNotArrived: false })
  const { id } = await db.notice.findFirstOrThrow()
  // Nothing listens there.
  await expect(sendNotice(id, now)).rejects.toThrow(id)
  expect(await draftView(cookie, now)).toMatchObject({ codeNotArrived: true })
})
