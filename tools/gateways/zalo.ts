import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface SentByZalo {
  readonly phone: string
  readonly template_id: string
  readonly template_data: Readonly<Record<string, string>>
  readonly tracking_id: string
}

export interface ZaloGateway {
  readonly url: string
  readonly sent: readonly SentByZalo[]
  /** How often a token was renewed, and how often with an already used refresh token. */
  readonly renewals: number
  readonly reused: number
  /** Answers each message with this code from now on (0: accepts it), after `delayMs`; `null` closes the connection. */
  behave(code: number | null, delayMs?: number): void
  endTokens(): void
  stop(): Promise<void>
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/**
 * Starts the parts of Zalo that the product uses: the token endpoint, with refresh tokens that work once, and the sending
 * of templates.
 */
export async function startZaloGateway(first: string, port = 0): Promise<ZaloGateway> {
  const sent: SentByZalo[] = []
  let [refresh, access] = [first, '']
  let [code, delayMs, renewals, reused] = [0 as number | null, 0, 0, 0]
  const server = createServer(async (request, response) => {
    const text = await textOf(request)
    const end = (body: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.url === '/v4/oa/access_token') {
      await sleep(50)
      if (new URLSearchParams(text).get('refresh_token') !== refresh) {
        reused++
        return end({ error: -14014, error_name: 'Invalid refresh token' })
      }
      renewals++
      ;[refresh, access] = [randomUUID(), randomUUID()]
      return end({ access_token: access, refresh_token: refresh, expires_in: '90000' })
    }
    if (delayMs > 0) await sleep(delayMs)
    if (code === null) return request.socket.destroy()
    if (access === '' || request.headers.access_token !== access)
      return end({ error: -124, message: 'Access token is invalid' })
    if (code !== 0) return end({ error: code, message: 'refused' })
    sent.push(JSON.parse(text))
    return end({
      error: 0,
      message: 'Success',
      data: { msg_id: randomUUID(), sent_time: String(Date.now()) },
    })
  })
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    get renewals() {
      return renewals
    },
    get reused() {
      return reused
    },
    behave(next, delay = 0) {
      ;[code, delayMs] = [next, delay]
    },
    endTokens() {
      access = ''
    },
    stop: () =>
      new Promise((ended) => {
        server.closeAllConnections()
        server.close(() => ended())
      }),
  }
}
