import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { newImei } from '../answers.ts'
import { productUrl } from '../fixtures.ts'
import { formWith } from '../forms/form.ts'
import { expect, test, visitor } from '../forms/people.ts'

interface Raw {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** Sends raw bytes that no client would send, and reads until the server closes. Fails after `seconds`. */
async function send(lines: readonly string[], body = '', seconds = 20): Promise<Raw> {
  const { hostname, port } = new URL(productUrl())
  const socket = connect(Number(port), hostname)
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
  const late = sleep(seconds * 1000, null, { ref: false }).then(() => {
    socket.destroy()
    throw new Error(`no end after ${seconds} s: ${lines[0]}`)
  })
  const all = await Promise.race([text(socket).catch(() => ''), late])
  const [head = '', ...rest] = all.split('\r\n\r\n')
  return { status: Number(/^HTTP\/1.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body: rest.join('\r\n\r\n') }
}

const host = () => `Host: ${new URL(productUrl()).host}`
const get = (path: string, ...headers: readonly string[]) =>
  send([`GET ${path} HTTP/1.1`, host(), 'Connection: close', ...headers])

const policyOf = ({ head }: Raw): string => /^content-security-policy: (.*)$/im.exec(head)?.[1] ?? ''

/** Headers that a page trusts about its request, forged by a stranger. */
const FORGED = [
  "content-security-policy: script-src 'nonce-EVIL'",
  'x-csrf-token: EVIL',
  'x-enrolment: EVIL',
  'x-path: /ho-so/EVIL',
  'x-search: ?EVIL=1',
  'x-request-id: EVIL',
  'x-stale-form: 1',
  'x-target-missing: 1',
  'x-forwarded-host: evil.example',
  'x-middleware-subrequest: proxy:proxy:proxy:proxy:proxy',
  'x-middleware-rewrite: /vi/admin/cases',
  'x-middleware-prefetch: 1',
  'x-nextjs-data: 1',
  'x-invoke-path: /vi/admin/cases',
]

/** Other spellings of a path, which bypass any check of how a path begins. */
const ways = (path: string): readonly string[] => [
  path,
  `/api/..${path}`,
  `/api/%2e%2e${path}`,
  `/api/.%2E${path}`,
  `/k/..${path}`,
  `/k/%2e%2e${path}`,
  `/.well-known/..${path}`,
  `/_next/static/../..${path}`,
  `/_next/static/%2e%2e/%2e%2e${path}`,
  `/.${path}`,
  `/en/..${path}`,
  `/api/%252e%252e${path}`,
  `/api/..%2f${path.slice(1)}`,
  `/api/..\\${path.slice(1)}`,
  `/api/..;${path}`,
  `/${path}`,
  `/k${path}`,
  `/.well-known${path}`,
]

test('a page comes under its own nonce by every path, and believes nothing that a stranger wrote', async () => {
  for (const path of [
    '/en/sign-in',
    '/dang-nhap',
    '/en/check',
    '/vi/check',
    '/en/admin/cases',
    '/quan-tri/ho-so',
  ]) {
    for (const way of ways(path)) {
      const answer = await get(way, ...FORGED)
      expect(answer.status, way).toBeGreaterThanOrEqual(200)
      expect(answer.status, way).toBeLessThan(500)
      // Next answers `{}` to a browser's prefetch.
      expect(answer.body, way).not.toBe('{}')
      expect(/EVIL|evil\.example/.exec(answer.head + answer.body)?.[0], way).toBeUndefined()
      if (!answer.body.includes('<html')) continue
      const nonce = /'nonce-([^']+)'/.exec(policyOf(answer))?.[1]
      // A document without a nonce has one of the fixed policies, none of which allows inline scripts.
      if (nonce === undefined)
        expect(policyOf(answer), way).toMatch(
          /^default-src '(none|self' 'wasm-unsafe-eval)'; frame-ancestors 'none'$|script-src 'none'; style-src 'self';/,
        )
      else {
        const scripts = [...answer.body.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag)
        expect(
          scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`)),
          way,
        ).toEqual([])
      }
    }
  }
})

test('another site’s form does nothing by any path', async () => {
  const who = visitor()
  const page = await who.open('/en/check')
  const { fields } = formWith(page.body, 'name="imei"')
  const [, id = ''] = /&quot;id&quot;:&quot;([0-9a-f]+)/.exec(page.body) ?? []
  expect(id).not.toBe('')
  const boundary = '----xyz'
  const write = (parts: readonly (readonly [string, string])[]) =>
    `${parts
      .map(
        ([name, value]) =>
          `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join('')}--${boundary}--\r\n`
  const imei = newImei()
  const plain = write([...fields.filter(([name]) => name !== 'imei'), ['imei', imei]])
  const script = write([
    ['_1_imei', imei],
    ['0', '[{"values":{},"errors":{}},"$K1"]'],
  ])
  const post = (way: string, body: string, ...headers: readonly string[]) =>
    send(
      [
        `POST ${way} HTTP/1.1`,
        host(),
        'Connection: close',
        `Content-Type: multipart/form-data; boundary=${boundary}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        ...headers,
      ],
      body,
    )
  expect((await post('/en/check', plain, `Origin: ${productUrl()}`)).body).toContain('data-imei-result')
  for (const way of ways('/en/check')) {
    for (const from of [
      ['Origin: http://evil.example', 'X-Forwarded-Host: evil.example'],
      ['Sec-Fetch-Site: cross-site', 'X-Forwarded-Host: evil.example'],
      ['Referer: http://evil.example/'],
    ]) {
      for (const [body, ...headers] of [[plain], [script, `Next-Action: ${id}`]] as const) {
        const answer = await post(way, body ?? '', ...from, ...headers)
        expect(answer.status, way).toBeLessThan(500)
        expect(answer.status, way).toBeGreaterThanOrEqual(300)
        expect(answer.body.includes('data-imei-result'), way).toBe(false)
      }
    }
  }
})

test('what no browser sends is answered or ended in bounded time', async () => {
  for (const path of [
    '/',
    // Paths that Next itself or the proxy redirects.
    '/vi/',
    '/vi/kiem-tra-imei',
    '/vi/check',
    '/en/report',
    '/api/v1/results',
    '/api/health/live',
    '/_next/static/x',
    '/k/x',
    '/nowhere',
  ]) {
    for (const to of ['websocket', 'h2c', 'TLS/1.0', 'x']) {
      const upgraded = await send(
        [
          `GET ${path} HTTP/1.1`,
          host(),
          'Connection: Upgrade, HTTP2-Settings',
          `Upgrade: ${to}`,
          'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA',
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
          'Sec-WebSocket-Version: 13',
        ],
        '',
      )
      expect(upgraded.status, `${to} ${path}`).toBeLessThan(500)
      expect(upgraded.status, `${to} ${path}`).toBeGreaterThanOrEqual(200)
    }
  }
  for (const path of ['/robots.txt', '/icon.svg']) {
    for (const range of ['bytes=99999999999-', 'bytes=-0', 'bytes=5-1', 'x', 'bytes=0-0,1-1,2-2'])
      expect((await get(path, `Range: ${range}`)).status, `${path} ${range}`).toBeLessThan(500)
  }
  for (const lines of [
    ['GET http://evil.example/x HTTP/1.1', host()],
    ['GET http://evil.example/en/check HTTP/1.1', 'Host: evil.example'],
    ['GET / HTTP/1.1', host(), 'Host: evil.example'],
    ['GET / HTTP/1.1', 'Host: a b@c:99999/'],
    ['GET / HTTP/1.1', 'Host: '],
    ['GET / HTTP/1.1'],
    ['GET * HTTP/1.1', host()],
    ['CONNECT evil.example:443 HTTP/1.1', host()],
    ['TRACE / HTTP/1.1', host(), 'X-Secret: y'],
    ['GET / HTTP/1.1', host(), `X: ${'a'.repeat(20_000)}`],
    ['FLY / HTTP/1.1', host()],
    ['GET /\x01 HTTP/1.1', host()],
    ['nonsense'],
  ]) {
    const answer = await send([...lines, 'Connection: close'])
    expect(answer.status, lines.join()).toBeLessThan(500)
    expect(answer.body, lines.join()).not.toContain('X-Secret')
  }
  // The process is still alive and serves requests.
  expect((await get('/api/health/live')).status).toBe(200)
})

test('many sockets that ask for another protocol hold nothing open', async () => {
  const { hostname, port } = new URL(productUrl())
  const sockets = Array.from({ length: 100 }, () => {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {}).resume()
    socket.write(`GET / HTTP/1.1\r\n${host()}\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`)
    return socket
  })
  const ended = Promise.all(sockets.map((socket) => socket.destroyed || once(socket, 'close')))
  const waited = sleep(20_000, 'open', { ref: false })
  expect(await Promise.race([ended.then(() => 'ended'), waited])).toBe('ended')
})
