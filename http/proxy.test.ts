import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { NextRequest } from 'next/server'
import { expect, test, vi } from 'vitest'
import { lookAgainForMaintenance, maintenanceFile } from '#platform/maintenance.ts'
import nextConfig from '../next.config.js'
import proxy, { config } from '../proxy.ts'
import { ownRequestHeaders } from './kept-pages.ts'
import { PUBLIC_FILES } from './public-files.ts'

interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The path and query that Next receives; null if the proxy answers itself. */
  readonly url: string | null
  /** The headers that the page receives. */
  readonly told: ReadonlyMap<string, string>
}

const SITE = 'http://antam.example'

function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Answer {
  const response = proxy(
    new NextRequest(new URL(path, SITE), { method, headers: { host: 'antam.example', ...headers } }),
  )
  const to = response.headers.get('x-middleware-rewrite')
  const goesOn = to ?? (response.headers.has('x-middleware-next') ? `${SITE}${path}` : null)
  const names = response.headers.get('x-middleware-override-headers')?.split(',') ?? []
  const told = new Map(
    names.flatMap((name) => {
      const value = response.headers.get(`x-middleware-request-${name}`)
      return value === null ? [] : [[name, value] as const]
    }),
  )
  const url = goesOn === null ? null : goesOn.slice(SITE.length)
  return { status: response.status, headers: response.headers, url, told }
}

test.each([
  ['/xac-minh?a=b', '/vi/verify?a=b'],
  ['/en/sign-in', '/en/sign-in'],
  ['/ho-so/HCM-1?q=a', '/vi/track/HCM-1?q=a'],
  ['/en/track/HCM-1', '/en/track/HCM-1'],
  ['/ho-so/../danh-gia?q=a', '/vi/rate?q=a'],
  ['/hoi-dap?utm_source=zalo&q=a', '/vi/help?q=a'],
  ['/danh-gia/quan-3?v=2&v=3', '/vi/rate/quan-3?v=2&v=3'],
  ['/icon.svg', '/icon.svg'],
  ['/share-vi.png', '/share-vi.png'],
  ['/manifest-en.webmanifest', '/manifest-en.webmanifest'],
  ['/danh-gia?q=%00b', '/vi/rate?q=b'],
])('%s leads Next to %s', (path, url) => {
  expect(ask(path)).toMatchObject({ status: 200, url })
})

test('during maintenance every page is one in words, with 503; the status page and files are answered', () => {
  const until = new Date(Date.now() + 30 * 60_000).toISOString()
  writeFileSync(maintenanceFile(), JSON.stringify({ until }))
  lookAgainForMaintenance()
  try {
    for (const [path, method] of [
      ['/', 'GET'],
      ['/bao-mat-may', 'POST'],
      ['/quan-tri/ho-so', 'GET'],
      ['/en/status', 'POST'],
    ] as const) {
      const answer = ask(path, {}, method)
      expect([path, answer.status, answer.url]).toEqual([path, 503, null])
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(1_700)
    }
    for (const path of ['/trang-thai', '/en/status', '/icon.svg']) expect(ask(path).status).toBe(200)
    writeFileSync(maintenanceFile(), 'nonsense')
    lookAgainForMaintenance()
    expect(ask('/').headers.get('retry-after')).toBe('300')
  } finally {
    rmSync(maintenanceFile())
    lookAgainForMaintenance()
  }
  expect(ask('/').status).toBe(200)
})

const KEPT = '/api/kept-page'

test.each([
  ['/', {}, KEPT],
  ['/en', {}, KEPT],
  ['/ket-qua', {}, KEPT],
  ['/ket-qua?order=band', {}, KEPT],
  ['/ket-qua?order=other', {}, '/vi/results?order=other'],
  ['/ket-qua?fbclid=IwAR1', {}, KEPT],
  ['/ket-qua?utm_source=zalo&order=band', {}, KEPT],
  ['/?fault=1&renewed=1', {}, KEPT],
  ['/ket-qua/quan-3', { cookie: 'antam-draft=x' }, KEPT],
  ['/danh-gia/quan-3?v=12', {}, '/vi/rate/quan-3?v=12'],
  ['/ket-qua/quan%2D3', {}, '/vi/results/quan%2D3'],
  ['/bao-mat-may', {}, '/vi/report'],
  ['/ket-qua', ownRequestHeaders(), '/vi/results'],
  ['/ket-qua', { 'x-kept-page': 'forged' }, KEPT],
])('%s with %o is answered by %s', (path, headers, url) => {
  expect(ask(path, headers)).toMatchObject({ status: 200, url })
})

test('a page that is kept is told what others are, and a form sent to it comes to the page itself', () => {
  const { told, headers } = ask('/ket-qua?order=band')
  expect(Object.fromEntries(told)).toMatchObject({
    ...ownRequestHeaders(),
    'x-path': '/ket-qua',
    'x-search': '?order=band',
    'content-security-policy': expect.stringMatching(/'nonce-/),
  })
  // The page has no scripts, so the policy is the same for everybody.
  expect(headers.get('content-security-policy')).toMatch(/script-src 'none'; style-src 'self';/)
  // HEAD tells a cache the same as GET (RFC 9110, 9.3.2), and renders nothing.
  expect(ask('/ket-qua', {}, 'HEAD').url).toBe(KEPT)
  expect(ask('/ket-qua', {}, 'POST').url).toBe('/vi/results')
  const sent = ask('/danh-gia/quan-3', { 'x-kept-page': 'forged' }, 'POST')
  expect(sent.url).toBe('/vi/rate/quan-3')
  expect(sent.told.has('x-kept-page')).toBe(false)
})

test.each([
  ['/nowhere', '/vi/not-found'],
  ['/en/nowhere', '/en/not-found'],
  ['/%E0%A4', '/vi/not-found'],
  ['/%2500', '/vi/not-found'],
  ['/_next/image?url=x', '/vi/not-found?url=x'],
  ['/vi/not-found', '/vi/not-found'],
])('%s is answered 404, with the page for it', (path, url) => {
  expect(ask(path)).toMatchObject({ status: 404, url })
})

test.each([
  ['/vi/ho-so?a=b', '/ho-so?a=b'],
  ['/track', '/ho-so'],
  ['/en/ho-so/', '/en/track'],
  ['/rate/quan-1', '/danh-gia/quan-1'],
])('%s leads its reader to %s', (path, location) => {
  const { status, headers } = ask(path)
  expect([status, headers.get('location')]).toEqual([307, `${SITE}${location}`])
})

test('a page knows of its request what the proxy says, even if the client sent the same headers', () => {
  const forged = {
    'x-path': '/quan-tri',
    'x-search': '?forged',
    'x-next-intl-locale': 'en',
    'x-stale-form': '1',
    'x-target-missing': '1',
    'x-request-id': 'forged',
    'content-security-policy': "script-src 'nonce-forged'",
    'x-forwarded-host': 'evil.example',
  }
  for (const path of ['/ho-so/HCM-1?a=b', '/nowhere?a=b']) {
    const { headers, told } = ask(path, { ...forged, cookie: 'a=b' })
    expect(Object.fromEntries(told)).toMatchObject({
      'x-path': path.split('?')[0],
      'x-search': '?a=b',
      'x-next-intl-locale': 'vi',
      'x-forwarded-host': 'antam.example',
      'x-request-id': headers.get('x-request-id'),
      'content-security-policy': headers.get('content-security-policy'),
      cookie: 'a=b',
    })
    expect([...told.values()].join()).not.toContain('forged')
    expect(told.has('x-stale-form')).toBe(false)
    expect(told.has('x-target-missing')).toBe(false)
    expect(headers.get('content-security-policy')).toMatch(/'nonce-[\w+/]{22}=='/)
  }
  expect(ask('/danh-gia?renewed=1').told.get('x-stale-form')).toBe('1')
  expect(ask('/danh-gia?renewed=1', {}, 'POST').told.has('x-stale-form')).toBe(false)
})

test('what others add to a shared link is no part of what a kept page is told', () => {
  expect(ask('/ket-qua?utm_source=zalo&redrawn=a%20b').told.get('x-search')).toBe('?redrawn=a+b')
  expect(ask('/danh-gia?utm_source=zalo', {}, 'POST').told.get('x-search')).toBe('?utm_source=zalo')
})

test('a NUL in a query makes no other page of one that is kept', () => {
  const { told, url } = ask('/ket-qua?order=band%00%00')
  expect([url, told.get('x-search')]).toEqual([KEPT, '?order=band'])
})

test('in development pages are not kept: they follow the source', () => {
  vi.stubEnv('NODE_ENV', 'development')
  expect(ask('/ket-qua').url).toBe('/vi/results')
  vi.unstubAllEnvs()
})

test('no two answers have one nonce', () => {
  const [one, other] = [ask('/danh-gia'), ask('/danh-gia')]
  expect(one.headers.get('content-security-policy')).not.toBe(other.headers.get('content-security-policy'))
})

test.each([
  ['/dang-nhap', 'antam-csrf', /^[0-9a-f]{64}(\||%7C)[0-9a-f]{64}$/],
  ['/en/sign-in/invitation', 'antam-enrolment', /^[\w-]{43}$/],
])('%s finds its cookie with the first request, and the browser is given the same', (path, name, shape) => {
  const first = ask(path, { cookie: 'a=b' })
  const [set = ''] = first.headers.getSetCookie()
  const [, value = ''] = new RegExp(`^${name}=([^;]+); Path=/; HttpOnly; SameSite=lax$`).exec(set) ?? []
  expect(value).toMatch(shape)
  expect(first.told.get('cookie')).toContain(`${name}=${value}`)
  expect(ask(path, { cookie: `${name}=${value}` }).headers.getSetCookie()).toEqual([])
  expect(ask(path, { cookie: `${name}=forged` }).told.get('cookie')).not.toContain('forged')
})

test.each([
  ['DELETE', '/', {}, 405],
  ['PROPFIND', '/', {}, 405],
  ['POST', '/robots.txt', {}, 405],
  ['POST', '/danh-gia', { origin: 'https://evil.example' }, 403],
  ['POST', '/danh-gia', { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' }, 403],
  ['GET', '/', { accept: 'text/x-component' }, 204],
] as const)('%s %s with %o is answered here, under a policy', (method, path, headers, status) => {
  const answer = ask(path, headers, method)
  expect([answer.status, answer.url]).toEqual([status, null])
  expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
})

test('what lies in public/ is served, and nothing else is taken for a file', () => {
  const files = readdirSync('public', { recursive: true }).map((name) => `/${name}`)
  expect([...PUBLIC_FILES].toSorted()).toEqual(files.toSorted())
})

test('a form is refused from where Next itself would cut it', () => {
  const limit = Number(nextConfig.experimental?.serverActions?.bodySizeLimit)
  const send = (length: number) => ask('/danh-gia', { 'content-length': String(length) }, 'POST')
  expect(send(limit).url).toBe('/vi/rate')
  const refused = send(limit + 1)
  expect([refused.status, refused.url]).toEqual([413, null])
  expect(refused.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
})

test('a form of our own, and a reader with a foreign Origin, go on', () => {
  expect(ask('/danh-gia', { origin: SITE }, 'POST').url).toBe('/vi/rate')
  expect(ask('/danh-gia', { origin: 'null' }).url).toBe('/vi/rate')
})

test.each([
  '/k/HCM-1.secret',
  '/k/invitation/x',
  '/k/browser/x',
  '/.well-known/security.txt',
  '/log/figures/x.json',
])('%s is a handler’s', (path) => {
  const { status, url, headers } = ask(path, { origin: 'https://evil.example' }, 'POST')
  expect([status, url, headers.get('content-security-policy')]).toEqual([200, path, null])
})

test.each(['/k', '/k/en/check', '/k/invitation/x/y', '/.well-known/x', '/k/'])('%s is nobody’s', (path) => {
  expect(ask(path)).toMatchObject({ status: 404, url: '/vi/not-found' })
})

test('pages go through it, and what has a wrapper of its own does not', () => {
  // Only handlers are outside the matcher: no page in `app/[locale]` has such a path.
  const [matcher = ''] = config.matcher
  const sees = (path: string) => new RegExp(`^${matcher}$`).test(path)
  expect(
    ['/', '/en', '/api', '/apis/x', '/k', '/k/x/y', '/.well-known/x', '/_next/image', '/vi/not-found'].filter(
      (one) => !sees(one),
    ),
  ).toEqual([])
  expect(['/api/x', '/_next/static/x.js'].filter(sees)).toEqual([])
})
