import { NextRequest } from 'next/server'
import { beforeAll, expect, test, vi } from 'vitest'
import proxy from '../proxy.ts'
import { retryLater } from './busy.ts'
import { routeHandler } from './route-handler.ts'

const SITE = 'https://antam.example'

beforeAll(() => {
  vi.stubEnv('PUBLIC_URL', SITE)
})

const sent = (method: string, headers: Record<string, string> = {}) =>
  new NextRequest(`${SITE}/api/x?lang=en`, { method, headers: { host: 'antam.example', ...headers } })
const foreign = { origin: 'https://evil.example' }

test.each([
  ['the proxy', 405, () => proxy(sent('DELETE'))],
  ['the proxy, of a form of another site', 403, () => proxy(sent('POST', foreign))],
  [
    'a handler, of a form of another site',
    403,
    () => routeHandler(() => new Response())(sent('POST', foreign), { params: Promise.resolve({}) }),
  ],
  [
    'a handler without room',
    503,
    () => retryLater(sent('GET', { accept: 'text/html' }), 'en', { status: 503, seconds: 5 }),
  ],
] as const)('%s answers %i with one page and its headers', async (_, status, answered) => {
  const answer = await answered()
  expect(answer.status).toBe(status)
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex',
  })
  const body = await answer.text()
  const nonce = /<style nonce="([^"]+)"/.exec(body)?.[1]
  const policy = answer.headers.get('content-security-policy')
  expect(policy).toContain(`'nonce-${nonce}'`)
  expect(policy).toContain('upgrade-insecure-requests')
  // Only a page that may be there in a moment leads to the same address again.
  expect(body.includes('<a href="">')).toBe(status === 503)
})
