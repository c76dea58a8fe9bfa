import '#server-only'
import type { ServerResponse } from 'node:http'
import { underLoad } from '#server/platform/overload.ts'

/**
 * Serves a request, and makes a 500 that came of a lack of room (no database connection, no place for a drawing) a 503 with
 * `Retry-After`. What answers in words itself has done so before; this is for pages and for what nobody caught.
 */
export function servedUnderLoad<T>(response: ServerResponse, serve: () => T): T {
  return underLoad((retryAfter) => {
    const writeHead = response.writeHead.bind(response) as (
      status: number,
      ...rest: unknown[]
    ) => ServerResponse
    response.writeHead = (status: number, ...rest: unknown[]) => {
      const seconds = retryAfter()
      if (status !== 500 || seconds === null) return writeHead(status, ...rest)
      response.setHeader('retry-after', String(seconds))
      return writeHead(503, ...rest)
    }
    return serve()
  })
}
