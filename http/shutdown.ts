import '#server-only'
import type { Server, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { beginDraining, isDraining } from '#platform/draining.ts'
import { env } from '#platform/env.ts'
import { log } from '#platform/log.ts'

export { isDraining, onDraining } from '#platform/draining.ts'

// One per process: `npm run web` and Next's bundle each load this module.
const shared = globalThis as {
  antamOpen?: { readonly servers: Set<Server>; readonly answers: Set<ServerResponse> }
}
shared.antamOpen ??= { servers: new Set(), answers: new Set() }
const { servers, answers } = shared.antamOpen

/** Tracks a request until its answer is sent, for {@link drain}. */
export function followRequest(server: Server, response: ServerResponse): void {
  servers.add(server)
  answers.add(response)
  response.once('close', () => answers.delete(response))
  if (isDraining()) closeAfter(response)
}

/** Closes the connection after this answer, so that the next request goes to another server. */
function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
}

/** Returns the milliseconds that a server still accepts requests after it is no longer ready. */
export function drainDelay(): number {
  const { DRAIN_DELAY, TRUSTED_PROXIES } = env()
  // Proxies check health every few seconds. Without a proxy there is nobody to wait for.
  return (DRAIN_DELAY ?? (TRUSTED_PROXIES > 0 ? 5 : 0)) * 1000
}

/** Milliseconds between two checks whether the last answer is sent. */
const LOOK = 50

/**
 * Shuts this process's service down without cutting requests: readiness turns red at once, waiting polls are answered, new
 * requests are accepted for `delay`, and then running ones (mostly uploads) have `patience`. Returns the number of requests
 * still open then. Both in milliseconds.
 */
export async function drain(delay: number, patience: number): Promise<number> {
  for (const response of answers) closeAfter(response)
  beginDraining()
  await sleep(delay)
  for (const server of servers) server.close()
  const until = performance.now() + patience
  while (answers.size > 0 && performance.now() < until) await sleep(LOOK)
  const cut = answers.size
  if (cut > 0) log().warn({ requests: cut }, 'the time to drain is over: requests were cut')
  return cut
}
