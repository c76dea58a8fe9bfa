import '#server-only'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { renewed } from '#domain/renewed.ts'

/** How Next marks its bare answer to a form for an action that it does not know: a page of an earlier version. */
const UNKNOWN_ACTION = 'x-nextjs-action-not-found'

/**
 * Sees to it that a form a browser sent without a script ends on a page: a redirect in answer to it is followed by
 * reading (a 307 would send the form again, to a page that does not know it), and one of an earlier version opens its
 * page anew, which says so. The web server calls it before Next sees the request.
 */
export function endOnPage(request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'POST' || request.headers['next-action'] !== undefined) return
  const path = request.url ?? '/'
  const writeHead = response.writeHead.bind(response) as (
    status: number,
    ...rest: unknown[]
  ) => ServerResponse
  response.writeHead = (status: number, ...rest: unknown[]) => {
    if (!response.hasHeader(UNKNOWN_ACTION)) return writeHead(status === 307 ? 303 : status, ...rest)
    response.removeHeader(UNKNOWN_ACTION)
    response.setHeader('location', renewed(path))
    return writeHead(303, ...rest)
  }
}
