import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { ListenOptions } from 'node:net'

/** Names the folder in which each of several processes behind one port has a socket of its own to be asked at. */
export const TOGETHER = 'ANTAM_METRICS_TOGETHER'
/** Its figures as data, for the process that adds them up. */
export const AS_JSON = '/metrics.json'

export type Routes = Readonly<Record<string, (response: ServerResponse) => Promise<void> | void>>

/** Serves these paths and no others; resolves once it listens. */
export async function serveRoutes(where: ListenOptions, routes: Routes): Promise<Server> {
  const server = createServer((request, response) => void answer(routes, request, response))
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(where, listening)
  })
  // It ends with the process, which nothing else here keeps alive.
  server.unref()
  return server
}

async function answer(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const route = routes[request.url?.split('?', 1)[0] ?? '']
  try {
    if (request.method !== 'GET' && request.method !== 'HEAD') json(response, 405, { status: 405 })
    else if (route) await route(response)
    else json(response, 404, { status: 404 })
  } catch {
    if (!response.headersSent) response.statusCode = 500
    response.end()
  }
}

export function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
