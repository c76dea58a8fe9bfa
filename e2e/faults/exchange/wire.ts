import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Draw } from '../seeded.ts'

/** The outcome of one line as the carrier sent it, whether or not the authority received it. */
export interface Told {
  readonly carrier: string
  readonly order: string
  readonly imei: string
  readonly outcome: string
}

/** Percent of the requests that suffer each of these faults while faults are on. */
const LOST_REQUESTS = 5
const LOST_ANSWERS = 10
const TWICE = 5

/** The wire between carriers and authority. It loses requests and answers, delivers some twice, and records what it sees. */
export interface Wire {
  readonly url: string
  readonly told: readonly Told[]
  readonly counts: { requests: number; lostRequests: number; lostAnswers: number; twice: number }
  /** The time of the authority's last good answer, and of a carrier's last request, by `performance.now()`. */
  answeredAt(): number
  askedAt(carrier: string): number
  calm(): void
  close(): void
}

export async function stretchWire(
  target: URL,
  carrierOf: (authorization: string) => string,
  draw: Draw,
): Promise<Wire> {
  const told: Told[] = []
  const counts = { requests: 0, lostRequests: 0, lostAnswers: 0, twice: 0 }
  const asked = new Map<string, number>()
  let answered = 0
  let faulty = true

  /** Returns the authority's answer; null if the authority could not be reached. */
  const forward = (request: IncomingMessage, body: Buffer) =>
    new Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer } | null>((done) => {
      const { host: _, connection: __, ...headers } = request.headers
      const onward = send(
        new URL(request.url ?? '/', target),
        { method: request.method, headers, agent: false },
        async (answer) => {
          const whole = await buffer(answer).catch(() => null)
          if (whole) done({ status: answer.statusCode ?? 502, headers: answer.headers, body: whole })
          else done(null)
        },
      )
      onward.on('error', () => done(null))
      onward.end(body)
    })

  async function relay(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const carrier = carrierOf(request.headers.authorization ?? '')
    const body = await buffer(request)
    counts.requests++
    asked.set(carrier, performance.now())
    if (request.url?.endsWith('/results')) {
      const { results } = JSON.parse(body.toString()) as { results: Told[] }
      told.push(...results.map(({ order, imei, outcome }) => ({ carrier, order, imei, outcome })))
    }
    if (faulty && draw.below(100) < LOST_REQUESTS) {
      counts.lostRequests++
      request.socket.destroy()
      return
    }
    if (faulty && draw.below(100) < TWICE) {
      counts.twice++
      void forward(request, body)
    }
    const answer = await forward(request, body)
    if (answer && answer.status < 300) answered = performance.now()
    if (!answer || (faulty && draw.below(100) < LOST_ANSWERS)) {
      if (answer) counts.lostAnswers++
      request.socket.destroy()
      return
    }
    const { 'transfer-encoding': _, ...headers } = answer.headers
    response.writeHead(answer.status, headers).end(answer.body)
  }

  const server = createServer((request, response) => {
    relay(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told,
    counts,
    answeredAt: () => answered,
    askedAt: (carrier) => asked.get(carrier) ?? 0,
    calm() {
      faulty = false
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
