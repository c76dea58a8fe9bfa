import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { ListenOptions } from 'node:net'
import { listenPatiently } from './free-port.ts'

/** The variable with the folder in which each of several processes behind one port has a socket for its metrics. */
export const TOGETHER = 'ANTAM_METRICS_TOGETHER'
/** The path of a process's metrics as JSON, for the process that adds them up. */
export const AS_JSON = '/metrics.json'

export type Routes = Readonly<Record<string, (response: ServerResponse) => Promise<void> | void>>

/**
 * Serves only these paths; resolves once it listens.
 *
 * @throws a message for the operator if another program keeps the port
 */
export async function serveRoutes(where: ListenOptions, routes: Routes): Promise<Server> {
  const server = createServer((request, response) => void answer(routes, request, response))
  const listen = async () => {
    server.listen(where)
    await once(server, 'listening')
  }
  if (where.port === undefined) await listen()
  else
    await listenPatiently(
      listen,
      `METRICS_PORT: port ${where.port} on ${where.host} is taken by another program. Each process of a machine needs one of its own.`,
    )
  // The server alone does not keep the process alive.
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
