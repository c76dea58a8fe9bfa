import '#server-only'
import { subscribe } from 'node:diagnostics_channel'
import { type IncomingMessage, Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const shared = globalThis as { antamUpgrades?: true }

/**
 * Makes this process's servers ignore `Upgrade` and answer the request normally, which HTTP allows. Next listens for upgrades,
 * for its development tools, but neither answers nor closes one for a path that it redirects, so the connection stayed open for
 * ever. Node emits no `upgrade` event if nobody listens.
 */
export function ignoreUpgrades(): void {
  if (shared.antamUpgrades) return
  shared.antamUpgrades = true
  // Published for each new connection, before it is read. Next does not expose its server.
  subscribe('net.server.socket', (message) => {
    const { server } = (message as { socket: Socket & { server?: unknown } }).socket
    if (server instanceof Server) server.removeAllListeners('upgrade')
  })
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    // The client's next bytes may belong to the other protocol.
    if (request.headers.upgrade !== undefined) response.setHeader('connection', 'close')
  })
}
