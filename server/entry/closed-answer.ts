import '#server-only'
import type { IncomingMessage, ServerResponse } from 'node:http'

const POLICY = 'content-security-policy'

/** What is no page loads nothing, runs nothing and stands in nobody's frame. */
const CLOSED = "default-src 'none'; frame-ancestors 'none'"
/** Browsers make a document of their own around a PDF, and some hold it to the PDF's policy. */
const PDF = "frame-ancestors 'none'"

/** The build's own files: a worker is held to the policy that its script comes with, and could do nothing. */
const BUILT = /^\/(_next\/|__nextjs)/

/**
 * Gives every answer that has no policy of its own that of what is no page: data, files, redirects, refusals. A page has
 * one with its nonce. The web server calls it before Next sees the request.
 */
export function closed(request: IncomingMessage, response: ServerResponse): void {
  if (BUILT.test(request.url ?? '')) return
  const writeHead = response.writeHead.bind(response) as (
    status: number,
    ...rest: unknown[]
  ) => ServerResponse
  response.writeHead = (status: number, ...rest: unknown[]) => {
    if (!response.hasHeader(POLICY)) {
      const isPdf = response.getHeader('content-type') === 'application/pdf'
      response.setHeader(POLICY, isPdf ? PDF : CLOSED)
    }
    return writeHead(status, ...rest)
  }
}
