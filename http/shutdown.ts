import '#server-only'
import type { Server, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { beginDraining, isDraining } from '#platform/draining.ts'
import { env } from '#platform/env.ts'
import { log } from '#platform/log.ts'

export { isDraining, onDraining } from '#platform/draining.ts'

// One for the process: `npm run web` and Next's bundle each have this module.
const shared = globalThis as {
  antamOpen?: { readonly servers: Set<Server>; readonly answers: Set<ServerResponse> }
}
shared.antamOpen ??= { servers: new Set(), answers: new Set() }
const { servers, answers } = shared.antamOpen

/** Remembers a request until its answer has gone out, for {@link drain}. */
export function followRequest(server: Server, response: ServerResponse): void {
  servers.add(server)
  answers.add(response)
  response.once('close', () => answers.delete(response))
  if (isDraining()) closeAfter(response)
}

/** Makes the connection end with this answer, so that the next request goes to another server. */
function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
}

/** Returns how long a server goes on to take requests once it is not ready any more, in milliseconds. */
export function drainDelay(): number {
  const { DRAIN_DELAY, TRUSTED_PROXIES } = env()
  // Proxies ask for health every few seconds. Where there is none, nobody looks away.
  return (DRAIN_DELAY ?? (TRUSTED_PROXIES > 0 ? 5 : 0)) * 1000
}

/** How often it is looked whether the last answer has gone out, in milliseconds. */
const LOOK = 50

/**
 * Ends this process's service so that nobody's request is cut: readiness turns red at once, what only waits is answered,
 * requests are taken for `delay` more, and then those that have begun (uploads above all) have `patience`. Returns how
 * many were left then; milliseconds throughout.
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
