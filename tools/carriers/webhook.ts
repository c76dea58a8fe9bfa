import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { join } from 'node:path'
import { type Changes, checked } from './interface-client.ts'

/** Seconds that a message's time may lie from ours: an older one may have been recorded and sent again. */
const TOLERANCE_SECONDS = 300
/** 200 lines and their proofs with room to spare. */
const MOST_BYTES = 1_000_000

export interface Webhook {
  readonly port: number
  /** In the form in which the authority showed them, `whsec_…`; two while one replaces the other. */
  readonly secrets: readonly string[]
}

/** Reads from its file where a carrier that is pushed to listens; null where it reads its book instead. */
export async function webhookOf(directory: string, carrier: string): Promise<Webhook | null> {
  const text = await readFile(join(directory, `${carrier}.webhook.json`), 'utf8').catch(() => 'null')
  return JSON.parse(text)
}

/** Tells whether a message is signed with one of these secrets, just now (Standard Webhooks, symmetric signatures). */
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

/** Takes lines in, and answers false where lines before them are missing. */
export type Take = (after: number, message: Changes) => Promise<boolean>

/**
 * Takes what the authority pushes, one message at a time. It says 2xx only when the lines are safe, and that is the
 * acknowledgement; after anything else the same message comes again.
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
