import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { join } from 'node:path'
import { type Changes, checked } from './interface-client.ts'

/** The maximum difference in seconds between a message's time and ours, because an older one may be a replay. */
const TOLERANCE_SECONDS = 300
/** Enough for 200 lines and their proofs. */
const MOST_BYTES = 1_000_000

export interface Webhook {
  readonly port: number
  /** As the authority showed them, `whsec_…`; two during a change of secrets. */
  readonly secrets: readonly string[]
}

/** Reads a carrier's webhook from its file; null if it reads its book instead. */
export async function webhookOf(directory: string, carrier: string): Promise<Webhook | null> {
  const text = await readFile(join(directory, `${carrier}.webhook.json`), 'utf8').catch(() => 'null')
  return JSON.parse(text)
}

/**
 * Returns whether a message was signed with one of these secrets within the tolerance (Standard Webhooks, symmetric
 * signatures).
 */
export function isSigned(
  secrets: readonly string[],
  headers: IncomingMessage['headers'],
  body: Buffer,
  now = Date.now(),
): boolean {
  const [id, time, signatures] = ['id', 'timestamp', 'signature'].map((name) => headers[`webhook-${name}`])
  if (typeof id !== 'string' || typeof time !== 'string' || typeof signatures !== 'string') return false
  if (!(Math.abs(now / 1000 - Number(time)) <= TOLERANCE_SECONDS)) return false
  const right = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    return createHmac('sha256', key).update(`${id}.${time}.`).update(body).digest()
  })
  return signatures.split(' ').some((one) => {
    const [version, text = ''] = one.split(',')
    const told = Buffer.from(text, 'base64')
    return version === 'v1' && right.some((mac) => mac.length === told.length && timingSafeEqual(mac, told))
  })
}

/** Takes lines in; returns false if earlier lines are missing. */
export type Take = (after: number, message: Changes) => Promise<boolean>

/**
 * Handles pushed messages one at a time. It answers 2xx only when the lines are safe, which is the acknowledgement; after
 * any other answer the same message comes again.
 */
export function receiver(secrets: readonly string[], take: Take): Server {
  let before: Promise<unknown> = Promise.resolve()
  const inTurn: Take = (after, message) => {
    const done = before.then(() => take(after, message))
    before = done.catch(() => {})
    return done
  }
  const server = createServer((request, response) => {
    void statusOf(request, secrets, inTurn)
      .catch(() => 500)
      .then((status) => response.writeHead(status, { connection: 'close' }).end())
  })
  server.requestTimeout = 15_000
  return server
}

async function statusOf(request: IncomingMessage, secrets: readonly string[], take: Take): Promise<number> {
  if (request.method !== 'POST') return 405
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) return 413
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  if (!isSigned(secrets, request.headers, body)) return 401
  let message: Changes
  let after: number
  try {
    const posted = JSON.parse(body.toString())
    after = posted.after
    message = checked(after, posted)
  } catch {
    return 400
  }
  return (await take(after, message)) ? 204 : 409
}
