import { Agent, createServer, type IncomingMessage, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

const CHECK_EVERY_MS = 300
const CHECK_TIMEOUT_MS = 2_000

/** Stands in for the reverse proxy: sends requests to the ready web servers in turn, and answers 503 if none is ready. */
export interface Balancer {
  readonly url: string
  /** Number of answers by status; `cut` if a web server ended in the middle of one. */
  readonly counts: Readonly<Record<string, number>>
  /** Failures other than 503, with their addresses. */
  readonly failures: readonly string[]
  readyPorts(): readonly number[]
  close(): void
}

/**
 * Starts the proxy in front of web servers on this machine. `patient`: a server that was ready once keeps
 * getting requests, for tests that examine the answers of a single server.
 */
export async function balance(ports: readonly number[], patient = false): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true })
  const ready = new Set<number>()
  const counts: Record<string, number> = {}
  const failures: string[] = []
  let turn = 0
  let closed = false

  const forward = (port: number, from: IncomingMessage, body: Buffer) =>
    new Promise<IncomingMessage>((answered, failed) => {
      const headers = { ...from.headers, 'x-forwarded-for': '203.0.113.7', 'content-length': body.length }
      const to = { port, host: '127.0.0.1', path: from.url, method: from.method, headers, agent }
      send(to, answered).on('error', failed).end(body)
    })

  const server = createServer(async (from, to) => {
    const body = await buffer(from).catch(() => null)
    if (body === null) return
    const turns = [...ready]
    turn++
    for (let nth = 0; nth < turns.length; nth++) {
      const port = turns[(turn + nth) % turns.length] as number
      try {
        const answer = await forward(port, from, body)
        const status = String(answer.statusCode)
        counts[status] = (counts[status] ?? 0) + 1
        if (Number(status) >= 500 && status !== '503')
          failures.push(`${status} to ${from.method} ${from.url?.replace(/[?].*|\/k\/.*/, '')}`)
        to.writeHead(Number(status), answer.headers)
        answer.on('error', () => to.destroy()).on('aborted', () => to.destroy())
        answer.pipe(to)
        return
      } catch (error) {
        // The server refused the connection, so it did nothing, and the next server may take the request.
        if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') continue
        counts.cut = (counts.cut ?? 0) + 1
        to.destroy()
        return
      }
    }
    counts.none = (counts.none ?? 0) + 1
    to.writeHead(503, { 'retry-after': '2' }).end()
  })

  const check = async (port: number) => {
    while (!closed) {
      const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS)
      const answer = await fetch(`http://127.0.0.1:${port}/api/health/ready`, { signal }).catch(() => null)
      await answer?.body?.cancel()
      if (answer?.ok) ready.add(port)
      else if (!patient) ready.delete(port)
      await sleep(CHECK_EVERY_MS)
    }
  }
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  for (const port of ports) void check(port)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    failures,
    readyPorts: () => [...ready],
    close() {
      closed = true
      server.closeAllConnections()
      server.close()
      agent.destroy()
    },
  }
}
