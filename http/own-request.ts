import '#server-only'
import { AsyncLocalStorage } from 'node:async_hooks'
import { type IncomingMessage, request, type Server } from 'node:http'
import { duplexPair } from 'node:stream'
import { text } from 'node:stream/consumers'
import { replicaReading } from '#platform/read-replica.ts'

// One per process: the channel of http-answers.ts and handlers are separate bundles.
const shared = globalThis as {
  antamServer?: {
    readonly current: AsyncLocalStorage<Server>
    readonly outsideRequests: <T>(run: () => T) => T
  }
}
shared.antamServer ??= { current: new AsyncLocalStorage(), outsideRequests: AsyncLocalStorage.snapshot() }
const { current, outsideRequests } = shared.antamServer

/** Remembers the server of this request, for {@link requestOwnPage}. */
export const rememberServer = (server: Server): void => current.enterWith(server)

/**
 * Requests a page from the server of the current request, as a visitor would. The connection is a pair of streams inside this
 * process, not a socket, so it also works while the process drains and its port is closed.
 *
 * @throws if no answer came before `signal`
 */
export async function requestOwnPage(
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<{
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}> {
  const server = current.getStore()
  if (server === undefined) throw new Error('a page is requested outside a request')
  const [near, far] = duplexPair()
  const send = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      server.emit('connection', far)
      request({ createConnection: () => near, path, headers, signal })
        .on('response', resolve)
        .on('error', reject)
        .end()
    })
  // The new request inherits nothing of the current one (its id, its notes, Next's stores), except whether it reads from the
  // replica.
  const reading = replicaReading.getStore()
  const response = await outsideRequests(() => replicaReading.run(reading, send))
  return { status: response.statusCode ?? 500, headers: response.headers, body: await text(response) }
}
