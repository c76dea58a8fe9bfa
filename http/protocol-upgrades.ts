import '#server-only'
import { subscribe } from 'node:diagnostics_channel'
import { type IncomingMessage, Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const shared = globalThis as { antamUpgrades?: true }

/**
 * Makes this process's servers answer a request that asks for another protocol (`Upgrade`) as if it had not asked, which
 * HTTP allows. Next listens for such requests, for its development tools, and neither answers nor closes one for a path that
 * it redirects: its connection stayed open for ever. Node hands out no such request where nobody listens.
 */
export function ignoreUpgrades(): void {
  if (shared.antamUpgrades) return
  shared.antamUpgrades = true
  // Published for each new connection, before anything is read from it. Next opens its server without handing it out.
  subscribe('net.server.socket', (message) => {
    const { server } = (message as { socket: Socket & { server?: unknown } }).socket
    if (server instanceof Server) server.removeAllListeners('upgrade')
  })
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    // What its sender writes next may be of the other protocol.
    if (request.headers.upgrade !== undefined) response.setHeader('connection', 'close')
  })
}
