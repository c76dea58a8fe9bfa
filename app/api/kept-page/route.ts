import { isOwnRequest, keptPage, stillPolicy } from '#http/kept-pages.ts'
import { pageFor, type StillPage } from '#http/page-store.ts'
import { notFound } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { findPage, splitLocale } from '#messages/paths.ts'

export const access = 'holder of this process’s own key' satisfies Access

const HTML = { 'content-type': 'text/html; charset=utf-8' }

/** Caches may keep a static page for ten seconds, and for a minute more while they revalidate it. */
const ANYBODYS = 'public, s-maxage=10, stale-while-revalidate=60'

/** Answers a failure like a page's (http/http-answers.ts). */
const PUT_IN_WORDS = { failed: () => new Response(null, { status: 500 }) }

/** `GET /ket-qua` and its like, rewritten here by proxy.ts: the stored page. Other requests get 404. */
export const GET = routeHandler(async (request) => {
  const { headers } = request
  if (!isOwnRequest(request)) return notFound()
  const [path, search] = [headers.get('x-path') ?? '', headers.get('x-search') ?? '']
  const found = findPage(path)
  const page = found === null ? null : keptPage(found.pathname)
  if (page === null) return notFound()
  const answer = await pageFor(path + search, new Date())
  const always = {
    ...HTML,
    'content-security-policy': stillPolicy(),
    'content-language': splitLocale(path).locale,
  }
  // Without an age: the page was just validated for this answer, and a cache counts from now.
  if ('etag' in answer) return still(headers, answer, always)
  return new Response(answer.html, {
    status: answer.status,
    headers: {
      ...always,
      'cache-control': 'private, no-cache, no-store, max-age=0, must-revalidate',
      ...answer.headers,
    },
  })
}, PUT_IN_WORDS)

/** Answers with the page, or 304 if the browser has it already (RFC 9110, 13.1.2). Next compresses the answer. */
function still(asked: Headers, { html, etag }: StillPage, always: Record<string, string>): Response {
  const headers = { ...always, 'cache-control': ANYBODYS, etag: `W/${etag}` }
  const known = (asked.get('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return known.includes(etag) ? new Response(null, { status: 304, headers }) : new Response(html, { headers })
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
