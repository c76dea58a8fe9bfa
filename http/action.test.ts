import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { OtherContent } from '#platform/idempotency/commands.ts'
import { run } from './action.ts'
import { refusedForm, showsRefusedForm } from './refused-form.ts'

let request = new Headers()
vi.mock('next/headers', () => ({ headers: async () => request }))
vi.mock('next-intl/server', () => ({
  getLocale: async () => 'vi',
  getTranslations: async () => Object.assign((key: string) => key, { has: () => true }),
}))

async function shownAgain(typed: Readonly<Record<string, string>>) {
  const form = new FormData()
  for (const [name, text] of Object.entries(typed)) form.append(name, text)
  const { values } = await run(z.object({}), form, async () => ({ faults: { form: 'general.invalid' } }))
  return values
}

test('what may be somebody’s secret is typed again', async () => {
  const secrets = { password: 'x', newPassword: 'x', otp: '123456', contactCode: '123456' }
  expect(await shownAgain({ ...secrets, caseNumber: 'HCM-1' })).toEqual({ caseNumber: 'HCM-1' })
})

test.each(['7K2M9-QX4TD-A8B3C-5EFGH', '7k2m9 qx4td a8b3c 5efgh', '7K2M9-QX4TD-A8B3C-5EFG', ''])(
  'a case’s secret stays as it was typed, for the slip may be in the number beside it: %s',
  async (caseSecret) => {
    expect(await shownAgain({ caseNumber: 'HCM-1', caseSecret })).toEqual({ caseNumber: 'HCM-1', caseSecret })
  },
)

test('a fault whose words name what it is about has no field’s name before it', async () => {
  const fault = (named: boolean) => ({ fault: 'report.imei.claimed', values: { imei: '1' }, named })
  const names = async (named: boolean) =>
    (await run(z.object({}), new FormData(), async () => ({ faults: { imei1: fault(named) } }))).names
  expect(await names(true)).toEqual({})
  expect(await names(false)).toEqual({ imei1: 'imei1' })
})

test('a form that was refused is sent again under its key; one that is done, under another', async () => {
  const sent = async (key: string, outcome: Awaited<ReturnType<Parameters<typeof run>[2]>>) => {
    const form = new FormData()
    form.set('submitKey', key)
    return (await run(z.object({}), form, async () => outcome)).submitKey
  }
  const key = '0b0f3f64-6a2b-4c3e-9d58-3b6f6d1f2a11'
  expect(await sent(key, { faults: { form: 'general.invalid' } })).toBe(key)
  expect(await sent('x', { faults: { form: 'general.invalid' } })).toBeUndefined()
  for (const outcome of [{ done: 'made' }, { result: { codes: 'A B' } }]) {
    const next = await sent(key, outcome)
    expect(next).toMatch(/^[0-9a-f-]{36}$/)
    expect(next).not.toBe(key)
  }
})

test('a form that was sent before with other content keeps what is typed, under a key of its own', async () => {
  const key = '0b0f3f64-6a2b-4c3e-9d58-3b6f6d1f2a11'
  const form = new FormData()
  for (const [name, text] of [
    ['submitKey', key],
    ['reason', 'Có giấy tờ.'],
  ] as const)
    form.set(name, text)
  const state = await run(z.object({}), form, async () => {
    throw new OtherContent()
  })
  expect(state).toMatchObject({ notice: 'general.sent_before', values: { reason: 'Có giấy tờ.' } })
  expect(state.submitKey).toMatch(/^[0-9a-f-]{36}$/)
  expect(state.submitKey).not.toBe(key)
})

test('the answer to a form that was refused without a script knows it, for its title; no other answer does', async () => {
  const answer = async (
    id: string,
    outcome: Awaited<ReturnType<Parameters<typeof run>[2]>>,
    more: Record<string, string> = {},
  ) => {
    request = new Headers({ 'x-request-id': id, ...more })
    await run(z.object({}), new FormData(), async () => outcome)
    return showsRefusedForm()
  }
  const refused = { faults: { form: 'general.invalid' } }
  expect(await answer('a', refused)).toBe(true)
  expect(await answer('b', { done: 'made' })).toBe(false)
  // With a script, the browser changes the title.
  expect(await answer('c', refused, { 'next-action': '1' })).toBe(false)
  request = new Headers({ 'x-request-id': 'd' })
  expect(await showsRefusedForm()).toBe(false)
  for (const [search, shows] of [
    ['?error=wrong', true],
    ['?fault=too_large', true],
    ['?done=1', false],
  ] as const) {
    request = new Headers({ 'x-search': search })
    expect(await showsRefusedForm()).toBe(shows)
  }
})

test('what was written in a form that was refused without a script is known to the answer, with its labels', async () => {
  request = new Headers()
  const form = new FormData()
  for (const [name, text] of [
    ['reason', 'Hồ sơ đã kết thúc.'],
    ['note', ' '],
    ['requestId', 'x'],
  ] as const)
    form.append(name, text)
  await run(z.object({}), form, async () => ({ faults: { form: 'sign_in.request_gone' } }))
  expect(await refusedForm()).toMatchObject({
    notice: 'sign_in.request_gone',
    values: { reason: 'Hồ sơ đã kết thúc.' },
    written: { reason: 'reason' },
  })
  request = new Headers()
  expect(await refusedForm()).toBeNull()
})

test.each([
  { origin: 'https://evil.example' },
  { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
  { referer: 'https://evil.example/' },
])('an action does nothing that another site sends: %o', async (headers) => {
  let done = 0
  const act = async () => {
    done++
    return { done: 'done' }
  }
  request = new Headers({ host: 'antam.example', ...headers })
  const refused = await run(z.object({}), new FormData(), act)
  expect([refused.notice, done]).toEqual(['general.foreign', 0])
  request = new Headers({ host: 'antam.example', origin: 'http://antam.example' })
  expect((await run(z.object({}), new FormData(), act)).done).toBe('done')
})

test.each([null, undefined, 'x', [], { a: 1 }])(
  'a script that sends no form is told what is missing: %o',
  async (form) => {
    const schema = z.object({ place: z.string('general.invalid') })
    const { errors } = await run(schema, form as unknown as FormData, async () => ({ done: 'done' }))
    expect(errors).toEqual({ place: 'general.invalid' })
  },
)
