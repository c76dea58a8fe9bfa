import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  request as send,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gate } from './gate.ts'
import { FORM_LIMIT } from './intake.ts'

/** What stands where Next does: it says what it was asked. */
let server: Server
let port = 0

beforeAll(async () => {
  server = createServer(async (request, response) => {
    if (!(await gate(request, response))) return
    const { said, type } = JSON.parse(String(request.headers['x-answer'] ?? '{}'))
    if (said) response.setHeader('content-security-policy', said)
    if (type) response.setHeader('content-type', type)
    response.end(JSON.stringify({ url: request.url, headers: request.headers }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => void server.close())

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** What Next would have been asked; null where the gate answered by itself. */
  readonly asked: { readonly url: string; readonly headers: Record<string, string> } | null
}

async function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const sent = send({ port, host: '127.0.0.1', path, method, headers, agent: false }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const body = await text(response)
  const asked = body.startsWith('{') ? JSON.parse(body) : null
  return { status: response.statusCode ?? 0, headers: response.headers, body, asked }
}

test.each([
  ['/', '/vi'],
  ['/en', '/en'],
  ['/ho-so/HCM-1?q=a', '/vi/track/HCM-1?q=a'],
  ['/en/track/HCM-1', '/en/track/HCM-1'],
  ['/ho-so/../danh-gia', '/vi/rate'],
  ['/api/v1/x?y', '/api/v1/x?y'],
  ['/_next/static/a.js', '/_next/static/a.js'],
  ['/icon.svg', '/icon.svg'],
  ['/danh-gia?a=%00b', '/vi/rate?a=b'],
  ['/api/%E0%A4', '/api/missing'],
])('%s leads Next to %s', async (path, url) => {
  const { status, asked } = await ask(path)
  expect([status, asked?.url]).toEqual([200, url])
})

test.each([
  ['/nowhere', '/vi/not-found'],
  ['/en/nowhere', '/en/not-found'],
  ['/%E0%A4', '/vi/not-found'],
  ['/_next/image?url=x', '/vi/not-found?url=x'],
  ['/gallery', '/vi/not-found'],
])('%s is answered 404, with the page for it', async (path, url) => {
  const { status, asked } = await ask(path)
  expect([status, asked?.url]).toEqual([404, url])
})

test.each([
  ['/vi/ho-so?a=b', '/ho-so?a=b'],
  ['/track', '/ho-so'],
  ['/en/ho-so/', '/en/track'],
  ['/rate/quan-1', '/danh-gia/quan-1'],
])('%s leads its reader to %s', async (path, location) => {
  const { status, headers } = await ask(path)
  expect([status, headers.location]).toEqual([307, location])
})

test('a page knows of its request what the gate says, whatever was sent', async () => {
  const forged = {
    'x-path': '/quan-tri',
    'x-search': '?forged',
    'x-next-intl-locale': 'en',
    'x-renewed': '1',
    'x-request-id': 'forged',
    'content-security-policy': "script-src 'nonce-forged'",
    'x-csrf-token': 'forged',
    'x-enrolment': 'forged',
    'x-forwarded-host': 'evil.example',
  }
  const { headers, asked } = await ask('/danh-gia/quan-1?a=b', { ...forged, host: 'antam.example' })
  expect(asked?.headers).toMatchObject({
    'x-path': '/danh-gia/quan-1',
    'x-search': '?a=b',
    'x-next-intl-locale': 'vi',
    'x-forwarded-host': 'antam.example',
    'x-request-id': headers['x-request-id'],
    'content-security-policy': headers['content-security-policy'],
  })
  expect(JSON.stringify(asked?.headers)).not.toContain('forged')
  expect(headers['content-security-policy']).toMatch(/'nonce-[\w+/]{22}=='/)
})

test('no two answers have one nonce', async () => {
  const [one, other] = await Promise.all([ask('/'), ask('/')])
  expect(one.headers['content-security-policy']).not.toBe(other.headers['content-security-policy'])
})

test('a sign-in page gets a token that goes with a cookie, and the same one again with it', async () => {
  const first = await ask('/dang-nhap', { 'x-csrf-token': 'forged' })
  const [cookie = ''] = first.headers['set-cookie'] ?? []
  expect(cookie).toMatch(/^antam-csrf=.+; Path=\/; HttpOnly; SameSite=Lax$/)
  const token = first.asked?.headers['x-csrf-token']
  expect(token).toMatch(/^[0-9a-f]{64}$/)
  const again = await ask('/dang-nhap', { cookie: cookie.split(';')[0] ?? '' })
  expect(again.asked?.headers['x-csrf-token']).toBe(token)
  expect(again.headers['set-cookie']).toBeUndefined()
})

test.each([
  ['DELETE', '/', {}, 405],
  ['POST', '/danh-gia', { origin: 'https://evil.example' }, 403],
  ['POST', '/danh-gia', { 'content-type': 'multipart/form-data; boundary=x' }, 400],
  ['GET', '/', { accept: 'text/x-component' }, 204],
])('%s %s with %o is answered here', async (method, path, headers, status) => {
  const answer = await ask(path, headers as Record<string, string>, method)
  expect([answer.status, answer.asked]).toEqual([status, null])
})

test.each([
  ['that says so', { 'content-length': String(FORM_LIMIT + 1_000_000) }],
  ['that does not', { 'transfer-encoding': 'chunked' }],
])('whoever sends too much, %s, can send all of it and is told', async (_, length) => {
  for (let time = 0; time < 5; time++) {
    const headers = { 'content-type': 'multipart/form-data; boundary=x', ...length }
    const sent = send({ port, host: '127.0.0.1', path: '/danh-gia', method: 'POST', headers, agent: false })
    // Node's client has the answer while it sends; it would fail here on a connection that was cut.
    sent.end(Buffer.alloc(FORM_LIMIT + 1_000_000, 'a'))
    const [[response]] = await Promise.all([once(sent, 'response'), once(sent, 'finish')])
    expect(response.statusCode).toBe(413)
    expect(await text(response)).toContain('lang="vi"')
    await once(sent, 'close')
    expect(sent.socket?.bytesWritten).toBeGreaterThan(FORM_LIMIT)
  }
})

test.each(['/', '/nowhere', '/api/x', '/k/x', '/icon.svg', '//x'])(
  '%s is answered with the headers of all',
  async (path) => {
    const { headers } = await ask(path)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': path.startsWith('/k/') ? 'no-referrer' : 'same-origin',
    })
  },
)

const CLOSED = "default-src 'none'; frame-ancestors 'none'"

test.each([
  ['/api/v1/figures', {}, CLOSED],
  ['/api/v1/khong-co', {}, CLOSED],
  ['/k/x', {}, CLOSED],
  ['//x', {}, CLOSED],
  ['/api/evidence/x', { said: "sandbox; default-src 'none'" }, "sandbox; default-src 'none'"],
  // The browser's own page around a PDF is none of ours.
  ['/api/posters/x', { type: 'application/pdf' }, "frame-ancestors 'none'"],
  // A worker lives by the policy of its script.
  ['/_next/static/worker.js', {}, undefined],
])('%s, which is no page, has the policy of its kind', async (path, answer, policy) => {
  const { headers } = await ask(path, { 'x-answer': JSON.stringify(answer) })
  expect(headers['content-security-policy']).toBe(policy)
})

test('what is refused before a page is known has one too, and a page keeps its own alone', async () => {
  expect((await ask('/', {}, 'PROPFIND')).headers['content-security-policy']).toBe(CLOSED)
  expect((await ask('/')).headers['content-security-policy']).not.toContain(CLOSED)
})
