import { isOwnRequest, keptPage, stillPolicy } from '#http/kept-pages.ts'
import { type Kept, pageFor, type StillPage, writeTemplate } from '#http/page-store.ts'
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
  const policy = headers.get('content-security-policy') ?? ''
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1]
  // Next passes the policy of the answer on to this handler; that of a static page has no nonce.
  if (page === null || (page.scripts && nonce === undefined)) return notFound()
  const now = new Date()
  const answer = await pageFor({ address: path + search, scripts: page.scripts }, now)
  const always = {
    ...HTML,
    'content-security-policy': page.scripts ? policy : stillPolicy(),
    'content-language': splitLocale(path).locale,
  }
  // Without an age: the page was just validated for this answer, and a cache counts from now.
  if ('still' in answer) return still(headers, answer.still, always)
  return new Response(await writeTemplate(answer.template, nonce ?? '', now), {
    status: 'status' in answer ? answer.status : 200,
    headers: {
      ...always,
      'cache-control': 'private, no-cache, no-store, max-age=0, must-revalidate',
      ...('status' in answer ? answer.headers : age(answer, now)),
    },
  })
}, PUT_IN_WORDS)

/** Returns the `Age` header in seconds (RFC 9111, 5.1). */
const age = ({ madeAt }: Kept, now: Date) => ({
  // A later request may have made the page, so its time may be after `now`.
  age: String(Math.max(0, Math.floor((now.getTime() - madeAt) / 1000))),
})

/** Answers with the page, or 304 if the browser has it already (RFC 9110, 13.1.2). Next compresses the answer. */
function still(asked: Headers, { html, etag }: StillPage, always: Record<string, string>): Response {
  const headers = { ...always, 'cache-control': ANYBODYS, etag: `W/${etag}` }
  const known = (asked.get('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return known.includes(etag) ? new Response(null, { status: 304, headers }) : new Response(html, { headers })
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
