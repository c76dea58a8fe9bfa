import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FORM_LIMIT, refusalOf } from './intake.ts'

/** Says why it refuses a request, or gives its body back. */
let server: Server
let origin = ''

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const refusal = await refusalOf(request)
    // As Next does, it comes to the body a little later.
    await sleep(5)
    response.writeHead(refusal?.status ?? 200).end(refusal ? refusal.words : await text(request))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

interface Sent {
  readonly method?: string
  readonly body?: BodyInit
  readonly headers?: Record<string, string>
}

const post = (body: BodyInit, headers: Record<string, string> = {}): Sent => ({
  method: 'POST',
  body,
  headers,
})

const answer = async ({ method = 'GET', body, headers = {} }: Sent) => {
  // The body's own type, unless another is said.
  const made = new Response(body ?? null)
  const type = made.headers.get('content-type')
  const bytes = Buffer.from(await made.arrayBuffer())
  const length = method === 'POST' ? { 'content-length': String(bytes.length) } : {}
  const asked = send(`${origin}/bao-mat-may`, {
    agent: false,
    method,
    headers: { ...(type && { 'content-type': type }), ...length, ...headers },
  })
  asked.on('error', () => {}).end(bytes)
  const [response] = (await once(asked, 'response')) as [
    NodeJS.ReadableStream & { statusCode: number; headers: IncomingHttpHeaders },
  ]
  return { status: response.statusCode, body: await text(response), type }
}

const status = async (sent: Sent) => {
  const { status } = await answer(sent)
  return status === 200 ? 'on' : status
}

const ACTION = JSON.stringify({ id: '7f84', bound: '$@1' })
const STATE = JSON.stringify([{ values: { story: '$$F1' }, errors: {} }])

/** A form as a page of ours has it, for a browser without scripts. */
function ours(changes: Record<string, string> = {}): FormData {
  const form = new FormData()
  const written = {
    $ACTION_REF_1: '',
    '$ACTION_1:0': ACTION,
    '$ACTION_1:1': STATE,
    $ACTION_KEY: 'k',
    ...changes,
  }
  for (const [name, value] of Object.entries(written)) form.set(name, value)
  return form
}

test('a form of our own page may go on, and its body is left to be read again', async () => {
  const form = ours({ name: 'Nguyễn Thị Ánh', story: 'á'.repeat(400_000) })
  const { status, body, type } = await answer(post(form, { origin }))
  expect(status).toBe(200)
  const again = await new Response(body, { headers: { 'content-type': type ?? '' } }).formData()
  expect([...again]).toEqual([...form])
})

test('nor need it say how long it is', async () => {
  const made = new Response(ours({ name: 'x' }))
  const asked = send(origin, {
    method: 'POST',
    headers: { 'content-type': made.headers.get('content-type') ?? '', 'transfer-encoding': 'chunked' },
  })
  const bytes = Buffer.from(await made.arrayBuffer())
  asked.write(bytes.subarray(0, 40))
  await sleep(20)
  asked.end(bytes.subarray(40))
  const [response] = await once(asked, 'response')
  expect(response.statusCode).toBe(200)
  expect(await text(response)).toBe(bytes.toString())
})

test('a form that grows too large while it comes is refused', async () => {
  const made = new Response(ours({ name: 'x'.repeat(FORM_LIMIT) }))
  const asked = send(origin, {
    method: 'POST',
    headers: { 'content-type': made.headers.get('content-type') ?? '', 'transfer-encoding': 'chunked' },
  })
  asked.on('error', () => {}).end(Buffer.from(await made.arrayBuffer()))
  const [response] = await once(asked, 'response')
  expect(response.statusCode).toBe(413)
})

test.each([
  ['of another site', post('a=b', { origin: 'https://evil.example' }), 403],
  ['with another method', { method: 'DELETE' }, 405],
  ['without boundary', post('x', { 'content-type': 'multipart/form-data' }), 400],
  ['that is no multipart', post('x', { 'content-type': 'multipart/form-data; boundary=y' }), 400],
  ['that is empty', post('', { 'content-type': 'multipart/form-data; boundary=y' }), 400],
  ['that is too large', post('x', { 'content-length': String(FORM_LIMIT + 1) }), 413],
])('a form %s is refused', async (_, sent, status) => {
  expect((await answer(sent)).status).toBe(status)
})

test('a reader with a foreign Origin is not refused', async () => {
  expect(await status({ headers: { origin: 'null' } })).toBe('on')
})

/** A form as React sends it from a page of ours. */
function byScript(args: string | null, more: Record<string, string> = {}): Sent {
  const form = new FormData()
  for (const [name, value] of ours()) form.set(`_1_${name}`, value)
  for (const [name, value] of Object.entries(more)) form.set(name, value)
  if (args !== null) form.set('0', args)
  return post(form, { 'next-action': '7f84' })
}

test('a form that a script sends may go on', async () => {
  const typed = { values: { story: '$$F1' }, errors: { place: 'x' } }
  expect(await status(byScript(JSON.stringify([typed, '$K1'])))).toBe('on')
})

test.each([
  byScript(null),
  byScript('{{{'),
  byScript('[]'),
  byScript('[{},null]'),
  byScript('[{},"x"]'),
  byScript('[{},"$K2"]'),
  byScript('["$F9","$K1"]'),
  byScript('[{"values":"$Q1"},"$K1"]'),
  byScript('[{},"$K1",1]'),
  byScript('[{},"$K1"]', { '1': '{{{' }),
  post('[{},"$K1"]', { 'next-action': '7f84', 'content-type': 'text/plain;charset=UTF-8' }),
  post('a=b', { 'next-action': '7f84', 'content-type': 'application/x-www-form-urlencoded' }),
  post('', { 'next-action': '7f84' }),
])('what a script sends otherwise goes no further: %#', async (request) => {
  expect(await status(request)).toBe(400)
})

test.each([
  { $ACTION_ID_7f84: '' },
  { '$ACTION_1:0': '{"id":"7f84"}' },
  { '$ACTION_1:0': '{"id":"7f84","bound":"$@7"}' },
  { '$ACTION_1:1': '[]' },
  { '$ACTION_1:1': 'null' },
  { '$ACTION_1:1': '["$F1"]' },
  { '$ACTION_1:1': '[{"values":{"story":"$Q1"}}]' },
  { '$ACTION_1:1': '[{},1]' },
  { '$ACTION_1:1': '{{{' },
  { '$ACTION_1:1': '['.repeat(1_000_000) },
  { $ACTION_REF_1: '', '$ACTION_2:1': '[{}]' },
])('hidden fields that were edited go no further: %#', async (changes) => {
  expect(await status(post(ours(changes)))).toBe(400)
})

test('nor does a form that says for no action', async () => {
  const form = new FormData()
  form.set('name', 'x')
  expect(await status(post(form))).toBe(400)
})
