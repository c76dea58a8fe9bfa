import { type NextRequest, NextResponse } from 'next/server'

/** From Next's guide: a nonce per request, which Next puts on its own scripts. */
export default function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.randomUUID()).toString('base64')
  const policy = `default-src 'self'; script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

export const config = { matcher: ['/nonce', '/done', '/same/:name'] }
