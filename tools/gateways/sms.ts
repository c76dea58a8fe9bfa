import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * The gateway's behaviour: it accepts messages; answers after `delayMs`; refuses numbers for good (422) or for now (503,
 * or 429); wants another token (401); answers HTML as a broken proxy does; accepts a message and closes the connection
 * without an answer; or is down.
 */
export const SMS_MODES = ['well', 'refusing', 'down', 'busy', 'locked', 'broken', 'mute'] as const
export type SmsMode = (typeof SMS_MODES)[number]

/** An accepted message, once for each id. */
export interface TakenSms {
  readonly id: string
  readonly to: string
  readonly text: string
  readonly encoding: string
  readonly segments: number
  readonly reports?: string
}

export interface SmsGatewayOptions {
  readonly port?: number
  readonly token: string
  /** The Base64 key that signs delivery reports; without it none are sent. */
  readonly reportSecret?: string
  /** Milliseconds after which each message is reported as delivered; without it none is. */
  readonly reportAfterMs?: number
  readonly say?: (line: string) => void
}

export interface SmsGateway {
  readonly url: string
  /** Each message once, in the order of first acceptance. */
  readonly taken: readonly TakenSms[]
  /** How many times a message was received, including repetitions. */
  readonly calls: number
  behave(mode: SmsMode, delayMs?: number): void
  stop(): Promise<void>
}

export function signedReport(
  secret: string,
  reports: readonly object[],
  at = new Date(),
): { headers: Record<string, string>; body: string } {
  const body = JSON.stringify({ reports })
  const time = String(Math.floor(at.getTime() / 1000))
  const id = `report_${time}_${Math.random().toString(36).slice(2)}`
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const mac = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': time,
    'webhook-signature': `v1,${mac}`,
  }
  return { headers, body }
}

/** Starts an SMS gateway as described in docs/operations/messages.md: it accepts a message of one id only once. */
export async function startSmsGateway(options: SmsGatewayOptions): Promise<SmsGateway> {
  const { token, reportSecret, reportAfterMs, say = () => {} } = options
  const taken = new Map<string, TakenSms>()
  let [mode, delayMs, calls] = ['well' as SmsMode, 0, 0]
  const report = async (sms: TakenSms): Promise<void> => {
    if (reportSecret === undefined || reportAfterMs === undefined || !sms.reports) return
    await sleep(reportAfterMs)
    const { headers, body } = signedReport(reportSecret, [{ id: sms.id, status: 'delivered' }])
    const answer = await fetch(sms.reports, { method: 'POST', headers, body }).catch(() => null)
    say(`report of ${sms.id}: ${answer?.status ?? 'no answer'}`)
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const end = (status: number, body: object | string = {}) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      response.writeHead(status, { 'content-type': 'application/json' }).end(text)
    }
    calls++
    if (mode === 'down') return end(503, { code: 'down' })
    if (delayMs > 0) await sleep(delayMs)
    if (mode === 'busy') return end(429, { code: 'too_many' })
    if (mode === 'broken') return end(502, '<html>Bad gateway</html>')
    if (mode === 'locked' || request.headers.authorization !== `Bearer ${token}`) return end(401)
    const sms: TakenSms = JSON.parse(Buffer.concat(chunks).toString())
    if (mode === 'refusing') return end(422, { code: 'invalid_number' })
    if (taken.has(sms.id)) return end(409, { code: 'duplicate' })
    taken.set(sms.id, sms)
    say(`${sms.to}: ${sms.text} (${sms.encoding}, ${sms.segments})`)
    void report(sms)
    if (mode === 'mute') return request.socket.destroy()
    return end(202, { id: sms.id })
  })
  await new Promise<void>((ready) => server.listen(options.port ?? 0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/messages`,
    get taken() {
      return [...taken.values()]
    },
    get calls() {
      return calls
    },
    behave(next, delay = 0) {
      ;[mode, delayMs] = [next, delay]
    },
    stop: () =>
      new Promise((ended) => {
        server.closeAllConnections()
        server.close(() => ended())
      }),
  }
}
