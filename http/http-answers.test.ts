import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { CLOSED_POLICY } from '#lib/access/content-security-policy.ts'
import { log } from '#platform/log.ts'
import { noteAction, Overloaded } from '#platform/overload.ts'
import { completeAnswers } from './http-answers.ts'
import { routesOf } from './request-route.ts'

/** Milliseconds; short, because the tests wait for requests that are never answered. */
const DEADLINE = 300

beforeAll(() => {
  vi.stubEnv('NODE_ENV', 'production')
  completeAnswers(routesOf(['/k/[link]']), DEADLINE)
})
let server: Server
afterEach(() => server.close())

interface Sent {
  readonly path?: string
  readonly method?: string
  readonly headers?: Record<string, string>
}

/** Sends a request to a server that answers as Next would. */
async function ask(answer: RequestListener, { path = '/', method = 'GET', headers = {} }: Sent = {}) {
  server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const sent = request({ port, host: '127.0.0.1', path, method, headers, agent: false }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

/** A page that threw an error: an empty document, compressed and in chunks. */
const broken: RequestListener = (_, response) => {
  response.statusCode = 500
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.setHeader('content-encoding', 'gzip')
  response.write('<html id="__next_error__">')
  response.write('x'.repeat(100_000))
  response.end()
}
const after = (before: () => unknown): RequestListener => {
  return async (asked, response) => {
    await Promise.resolve(before())
    broken(asked, response)
  }
}
const FORM = { 'content-type': 'multipart/form-data; boundary=x' }

test('a page that failed is answered in words and nothing else, in its language', async () => {
  const vi = await ask(broken, { path: '/ho-so?a=b' })
  expect(vi.status).toBe(500)
  expect(vi.body).toContain('<html lang="vi">')
  expect(vi.body).toContain('Hệ thống đang gặp trục trặc')
  expect(vi.body).not.toContain('__next_error__')
  expect(vi.headers['content-encoding']).toBeUndefined()
  const nonce = /<style nonce="([^"]+)"/.exec(vi.body)?.[1]
  expect(vi.headers['content-security-policy']).toContain(`'nonce-${nonce}'`)
  expect([vi.headers['cache-control'], vi.headers['x-robots-tag']]).toEqual(['no-store', 'noindex'])
  const english = (await ask(broken, { path: '/en/track' })).body
  expect(english).toContain('Something went wrong on our side')
  // Whom to call, as on the page that the application draws, and the same address again.
  expect(english).toContain('113')
  expect(english).toContain('<a href="">')
  expect((await ask(broken, { path: '/en', method: 'HEAD' })).body).toBe('')
})

test('one that failed for want of room says when to come again', async () => {
  const page = await ask(after(() => new Overloaded(7)))
  expect([page.status, page.headers['retry-after']]).toEqual([503, '7'])
  expect(page.body).toContain('Hệ thống đang bận')
  const bare: RequestListener = (_, response) => {
    expect(new Overloaded(7).retryAfterSeconds).toBe(7)
    response.writeHead(500).end()
  }
  const program = await ask(bare, { path: '/api/case/data' })
  expect([program.status, program.headers['retry-after']]).toEqual([503, '7'])
  expect(program.headers['content-type']).toBe('application/problem+json')
})

test('what a handler says itself stays as it is', async () => {
  const said: RequestListener = (_, response) =>
    response.writeHead(500, { 'content-type': 'application/problem+json' }).end('{"a":1}')
  const own: RequestListener = (_, response) => {
    response.setHeader('content-type', 'application/problem+json')
    response.writeHead(500).end('{"a":1}')
  }
  expect((await ask(own, { path: '/api/x' })).body).toBe('{"a":1}')
  expect((await ask((_, response) => response.end('fine'))).body).toBe('fine')
  expect((await ask((_, response) => response.writeHead(404).end('none'))).body).toBe('none')
  expect((await ask(said, { path: '/api/x' })).status).toBe(500)
})

test('headers that only Next itself may set do not reach it', async () => {
  let seen: NodeJS.Dict<string | string[]> = {}
  const headers = { 'x-middleware-prefetch': '1', 'x-middleware-request-x-path': '/a', 'x-nextjs-data': '1' }
  const own = { 'next-action': 'a', rsc: '1', 'next-url': '/a', 'x-request': 'b' }
  await ask(
    (asked, response) => {
      seen = { ...asked.headers }
      response.end()
    },
    { headers: { ...headers, ...own } },
  )
  expect(Object.keys(seen).filter((name) => name in headers)).toEqual([])
  expect(seen).toMatchObject(own)
})

test('a redirect without a policy gets one that allows nothing, and another keeps its own', async () => {
  const bare: RequestListener = (_, response) => {
    response.statusCode = 308
    response.setHeader('location', '/x')
    response.end('/x')
  }
  const own: RequestListener = (_, response) => {
    response.setHeader('content-security-policy', "img-src 'self'")
    response.writeHead(308, { location: '/x' }).end()
  }
  expect((await ask(bare, { path: '//x' })).headers['content-security-policy']).toBe(CLOSED_POLICY)
  expect((await ask(own, { path: '//x' })).headers['content-security-policy']).toBe("img-src 'self'")
})

test('what only the sender can mend is not called a fault of ours', async () => {
  const status = async (sent: Sent, answer = broken) => (await ask(answer, sent)).status
  expect(await status({ method: 'TRACE' })).toBe(405)
  expect(await status({ path: '/api/%ff' })).toBe(404)
  expect(await status({ path: '/robots.txt', headers: { range: 'bytes=99-' } })).toBe(416)
  expect(await status({ path: '/ho-so', headers: { range: 'bytes=99-' } })).toBe(500)
  expect(await status({ method: 'POST', headers: FORM })).toBe(400)
  expect(await status({ method: 'POST', headers: FORM }, after(noteAction))).toBe(500)
  expect(await status({ method: 'POST', headers: { ...FORM, 'next-action': 'x' } })).toBe(400)
  expect(
    await status(
      { method: 'POST', headers: FORM },
      after(() => new Overloaded(1)),
    ),
  ).toBe(503)
})

test('a redirect in answer to a form is followed by reading, and a form of an earlier build opens its page anew', async () => {
  const leads: RequestListener = (_, response) => response.writeHead(307, { location: '/x' }).end()
  expect((await ask(leads, { method: 'POST' })).status).toBe(303)
  expect((await ask(leads)).status).toBe(307)
  expect((await ask(leads, { method: 'POST', headers: { 'next-action': 'x' } })).status).toBe(307)
  const unknown: RequestListener = (_, response) => {
    response.setHeader('x-nextjs-action-not-found', '1')
    response.statusCode = 404
    response.write('Server action not found.')
    response.end()
  }
  const anew = await ask(unknown, { path: '/en/report?a=b', method: 'POST' })
  expect([anew.status, anew.headers.location]).toEqual([303, '/en/report?a=b&renewed=1'])
  expect((await ask(unknown, { method: 'POST', headers: { 'next-action': 'x' } })).status).toBe(404)
})

test('a page is answered in bounded time, and what is written afterwards is dropped', async () => {
  let late: (() => void) | undefined
  const answer = await ask((_, response) => {
    late = () => response.writeHead(200).end('late')
  })
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5'])
  expect(late).not.toThrow()
  // Handlers may hold a long poll open.
  const poll = await ask((_, response) => void setTimeout(() => response.end('polled'), DEADLINE * 2), {
    path: '/api/carrier/v1/changes',
  })
  expect(poll.body).toBe('polled')
})

test('a secret link that is not answered is logged by its pattern', async () => {
  const error = vi.spyOn(log(), 'error')
  expect((await ask(() => {}, { path: '/k/HCM-AAAA-BBBB-C.SECRET?a=SECRET' })).status).toBe(503)
  expect((await ask(() => {}, { path: '/en/track/HCM-AAAA-BBBB-C' })).status).toBe(503)
  expect(error.mock.calls.map(([facts]) => facts)).toEqual([
    { route: '/k/[link]' },
    { route: '/track/[number]' },
  ])
})

test('the socket’s own address ends X-Forwarded-For, also where the client sent one', async () => {
  const says: RequestListener = (asked, response) => response.end(String(asked.headers['x-forwarded-for']))
  expect((await ask(says)).body).toBe('127.0.0.1')
  expect((await ask(says, { headers: { 'x-forwarded-for': '8.8.8.8' } })).body).toBe('8.8.8.8, 127.0.0.1')
})
