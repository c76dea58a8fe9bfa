import { isOwnRequest, keptPage, stillPolicy } from '#http/kept-pages.ts'
import { type Kept, pageFor, type StillPage, writeTemplate } from '#http/page-store.ts'
import { notFound } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { findPage, splitLocale } from '#messages/paths.ts'

export const access = 'holder of this process’s own key' satisfies Access

const HTML = { 'content-type': 'text/html; charset=utf-8' }

/** A proxy may hold a still page: for ten seconds, and for a minute more while it asks whether there is a newer one. */
const ANYBODYS = 'public, s-maxage=10, stale-while-revalidate=60'

/** A failure is answered as a page's is (http/http-answers.ts). */
const PUT_IN_WORDS = { failed: () => new Response(null, { status: 500 }) }

/** `GET /ket-qua` and its like, rewritten here by proxy.ts: the stored page. Other requests find nothing here. */
export const GET = routeHandler(async (request) => {
  const { headers } = request
  if (!isOwnRequest(request)) return notFound()
  const [path, search] = [headers.get('x-path') ?? '', headers.get('x-search') ?? '']
  const found = findPage(path)
  const page = found === null ? null : keptPage(found.pathname)
  const policy = headers.get('content-security-policy') ?? ''
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1]
  // Next hands on the policy of the answer here, and a still page's has no nonce.
  if (page === null || (page.scripts && nonce === undefined)) return notFound()
  const now = new Date()
  const answer = await pageFor({ address: path + search, scripts: page.scripts }, now)
  const always = {
    ...HTML,
    'content-security-policy': page.scripts ? policy : stillPolicy(),
    'content-language': splitLocale(path).locale,
  }
  // Without an age: that it still holds was asked for this very answer, and a cache counts from here.
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

/** Returns the header with the page's age in seconds (RFC 9111, 5.1). */
const age = ({ madeAt }: Kept, now: Date) => ({
  // Another request that came after this one may have made it.
  age: String(Math.max(0, Math.floor((now.getTime() - madeAt) / 1000))),
})

/** Answers with the page, or 304 where the browser has it already (RFC 9110, 13.1.2). Next compresses the answer. */
function still(asked: Headers, { html, etag }: StillPage, always: Record<string, string>): Response {
  const headers = { ...always, 'cache-control': ANYBODYS, etag: `W/${etag}` }
  const known = (asked.get('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return known.includes(etag) ? new Response(null, { status: 304, headers }) : new Response(html, { headers })
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
