import { rmSync, writeFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import * as rest from '#app/api/[...rest]/route.ts'
import { CLOSED_POLICY } from '#lib/access/content-security-policy.ts'
import { lookAgainForMaintenance, maintenanceFile } from '#platform/maintenance.ts'
import { Overloaded } from '#platform/overload.ts'
import { retryLater } from './busy.ts'
import { formPost, seeOther } from './form-post.ts'
import { POST_ONLY, READ_ONLY, routeHandler } from './route-handler.ts'

const NONE = { params: Promise.resolve({}) }

const asked = (headers: Record<string, string> = {}, path = '/api/x', method = 'GET') =>
  new Request(`http://localhost${path}`, { method, headers: { host: 'localhost', ...headers } })

test('an answer that is no page loads nothing, and has the request’s id', async () => {
  const policyOf = async (headers: Record<string, string>) => {
    const answer = await routeHandler(() => new Response('x', { headers }))(asked(), NONE)
    expect(answer.headers.get('x-request-id')).toMatch(/^[\da-f]{8}-/)
    return answer.headers.get('content-security-policy')
  }
  expect(await policyOf({})).toBe(CLOSED_POLICY)
  // The browser creates the page around a PDF; its content is not ours.
  expect(await policyOf({ 'content-type': 'application/pdf' })).toBe("frame-ancestors 'none'")
  expect(await policyOf({ 'content-security-policy': 'sandbox' })).toBe('sandbox')
})

test.each([
  [{ origin: 'https://evil.example' }],
  [{ origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' }],
  [{ origin: 'null' }],
  [{ 'sec-fetch-site': 'cross-site' }],
  [{ 'sec-fetch-site': 'same-site' }],
  [{ referer: 'https://evil.example/' }],
] as [Record<string, string>][])('what another site sends does nothing: %o', async (headers) => {
  let done = 0
  const serve = async () => {
    done++
    return new Response('done')
  }
  const post = asked(headers, '/api/x?lang=en', 'POST')
  const answer = await routeHandler(serve)(post, NONE)
  expect([answer.status, done]).toEqual([403, 0])
  expect(await answer.text()).toContain('<html lang="en">')
  const form = formPost({ post: serve, failed: () => seeOther('/failed') })
  expect([(await form(post, NONE)).status, done]).toEqual([403, 0])
  // A program with a key sends no cookies.
  const program = asked({ ...headers, authorization: 'Bearer x' }, '/api/x', 'POST')
  expect([(await routeHandler(serve)(program, NONE)).status, done]).toEqual([200, 1])
})

test('during maintenance a program gets a problem and a browser a page, both told when to come again; health goes on', async () => {
  writeFileSync(maintenanceFile(), '')
  lookAgainForMaintenance()
  try {
    let done = 0
    const serve = () => {
      done++
      return new Response('x')
    }
    const [program, browser] = await Promise.all([
      routeHandler(serve)(asked({}, '/api/x', 'POST'), NONE),
      routeHandler(serve)(asked({ accept: 'text/html' }, '/api/x?lang=en'), NONE),
    ])
    expect([program.status, browser.status, done]).toEqual([503, 503, 0])
    expect(program.headers.get('retry-after')).toBe('300')
    expect(await program.json()).toMatchObject({ type: 'urn:problem:an-tam:maintenance' })
    expect(await browser.text()).toContain('maintained')
    expect((await routeHandler(serve, { always: true })(asked(), NONE)).status).toBe(200)
  } finally {
    rmSync(maintenanceFile())
    lookAgainForMaintenance()
  }
})

test.each(['/api/v1/results/%00', '/api/x?q=%00', '/api/%2500'])('%s means nothing', async (path) => {
  const answer = await routeHandler(() => new Response('served'))(asked({}, path), NONE)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
})

test.each(['vi', 'en'] as const)(
  'without room a browser gets a page and a program a problem (%s)',
  async (locale) => {
    const busy = routeHandler(() => Promise.reject(new Overloaded(10)))
    const page = await busy(asked({ accept: 'text/html,*/*' }, `/api/x?lang=${locale}`), NONE)
    expect([page.status, page.headers.get('retry-after')]).toEqual([503, '10'])
    expect(await page.text()).toContain(locale === 'vi' ? 'Hệ thống đang bận' : 'The site is busy')
    const program = await busy(asked({ accept: '*/*' }), NONE)
    expect(await program.json()).toMatchObject({ type: 'urn:problem:an-tam:busy', status: 503 })
    vi.useFakeTimers({ now: new Date('2026-11-24T03:10:40Z'), toFake: ['Date'] })
    const told = retryLater(asked({ accept: 'text/html' }), locale, { status: 429, seconds: 30 * 60 })
    vi.useRealTimers()
    expect(await told.text()).toContain(locale === 'vi' ? 'Bạn tải lại được từ 10:41.' : 'again from 10:41.')
    const often = retryLater(asked(), locale, { status: 429, seconds: 30 })
    expect([often.status, often.headers.get('retry-after')]).toEqual([429, '30'])
  },
)

test('what fails is a problem, or leads a form’s sender on, and says nothing of why', async () => {
  const fail = () => Promise.reject(new Error('secret'))
  const answer = await routeHandler(fail)(asked(), NONE)
  expect(answer.status).toBe(500)
  expect(await answer.text()).not.toContain('secret')
  const form = formPost({ post: fail, failed: () => seeOther('/failed') })
  const led = await form(asked({ origin: 'http://localhost' }, '/api/x', 'POST'), NONE)
  expect([led.status, led.headers.get('location')]).toEqual([303, '/failed'])
})

test('a method that a path does not have is told which it has', async () => {
  const told = async (handler: (typeof READ_ONLY)['OPTIONS'], method: string) => {
    // A page of another site may ask too.
    const { status, headers } = await handler(asked({ origin: 'https://x.example' }, '/api/x', method), NONE)
    return [status, headers.get('allow')]
  }
  const refused = await READ_ONLY.POST(asked({}, '/api/x', 'POST'), NONE)
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  expect(await told(POST_ONLY.GET, 'GET')).toEqual([405, 'POST'])
  expect(await told(READ_ONLY.OPTIONS, 'OPTIONS')).toEqual([204, 'GET, HEAD, OPTIONS'])
  expect(await told(POST_ONLY.OPTIONS, 'OPTIONS')).toEqual([204, 'POST, OPTIONS'])
})

test('OPTIONS at an address that means nothing is answered as every other method there', async () => {
  const answer = await rest.OPTIONS(asked({}, '/api/health/nope', 'OPTIONS'), NONE)
  expect(answer.status).toBe(404)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
})
