import { createServer } from 'node:http'
import { NextRequest } from 'next/server'
import { expect, test } from 'vitest'
import { KEPT_PATH, ownRequestHeaders, stillPolicy } from '#http/kept-pages.ts'
import { rememberServer } from '#http/own-request.ts'
import { GET } from './kept-page/route.ts'

/** Stands in for this process's pages. */
const site = createServer((_, response) => {
  response.setHeader('content-security-policy', "script-src 'nonce-own'")
  response.end(
    '<html><link rel="stylesheet" href="/a.css" nonce="own"/><script nonce="own">a()</script></html>',
  )
})

/** Sends a request as Next passes it on, with the policy that proxy.ts set for the answer. */
const ask = (path: string, policy: string, more = {}) => {
  rememberServer(site)
  const headers = {
    ...ownRequestHeaders(),
    'x-path': path,
    'x-search': '',
    'content-security-policy': policy,
    ...more,
  }
  return GET(new NextRequest(`http://antam.example${KEPT_PATH}`, { headers }), {
    params: Promise.resolve({}),
  })
}

test('a still page is the same for everybody, and any cache may hold it', async () => {
  const answer = await ask('/ket-qua', stillPolicy())
  expect([answer.status, await answer.text()]).toEqual([
    200,
    '<html><link rel="stylesheet" href="/a.css"/></html>',
  ])
  const of = (name: string) => answer.headers.get(name)
  expect(of('cache-control')).toBe('public, s-maxage=10, stale-while-revalidate=60')
  expect(of('content-security-policy')).toMatch(/script-src 'none'/)
  expect(of('content-security-policy')).not.toContain('nonce')
  // The page was just validated; a cache would subtract an age from the ten seconds.
  expect(of('age')).toBeNull()
  const again = await ask('/ket-qua', stillPolicy(), { 'if-none-match': of('etag') ?? '' })
  expect([again.status, await again.text()]).toEqual([304, ''])
})

test('a page with a form is not kept: it is rendered for each visitor', async () => {
  expect((await ask('/danh-gia', "script-src 'nonce-its'")).status).toBe(404)
})
