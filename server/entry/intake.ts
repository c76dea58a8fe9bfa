import '#server-only'
import type { IncomingMessage } from 'node:http'
import { sentFromOwnSite } from './origin.ts'
import { isActionForm, isScriptForm } from './react-fields.ts'
import { readWritten } from './written-form.ts'

/** Why a request goes no further than the gate: the key of its words among the errors, and its status. */
export interface Refusal {
  readonly words: 'origin' | 'method' | 'large' | 'malformed'
  readonly status: 403 | 405 | 413 | 400
}

/**
 * The largest form a page takes, in bytes: fourteen answers of 100,000 letters of three bytes, and once more the same, as
 * a form that was refused holds what was typed a second time. Files go elsewhere.
 */
export const FORM_LIMIT = 9_000_000

/** And how much of a larger one is read to its end, so that its sender can be told. */
const DROPPED_LIMIT = 100_000_000

const LARGE: Refusal = { words: 'large', status: 413 }
const MALFORMED: Refusal = { words: 'malformed', status: 400 }

/** What a page may be asked. */
export const PAGE_METHODS: readonly string[] = ['GET', 'HEAD', 'POST']

/**
 * Why a request may not reach a page, or null when it may. Next would answer a broken or oversized form with a bare 500.
 * A form that may is left to be read again.
 */
export async function refusalOf(request: IncomingMessage): Promise<Refusal | null> {
  const method = request.method ?? ''
  if (!PAGE_METHODS.includes(method)) return { words: 'method', status: 405 }
  if (method !== 'POST') return null
  if (!sentFromOwnSite(request)) return { words: 'origin', status: 403 }
  if (Number(request.headers['content-length'] ?? 0) > FORM_LIMIT) return LARGE
  const type = request.headers['content-type'] ?? ''
  const byScript = request.headers['next-action'] !== undefined
  // Next takes a form of another type for no action's.
  if (!type.startsWith('multipart/')) return byScript ? MALFORMED : null
  const body = await bodyOf(request, FORM_LIMIT)
  if (body === null) return LARGE
  return isReadable(body, type, byScript) ? null : MALFORMED
}

/** The whole body of a request, put back to be read again; null when it is longer than `limit`, or cut off. */
function bodyOf(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  return new Promise((settled) => {
    const settle = (body: Buffer | null) => {
      request.off('readable', read).off('close', cut)
      settled(body)
    }
    const cut = () => settle(null)
    const read = () => {
      for (let chunk = request.read(); chunk !== null; chunk = request.read()) {
        chunks.push(chunk)
        size += chunk.length
      }
      if (size > limit) return settle(null)
      if (!request.complete) return
      const body = Buffer.concat(chunks)
      // All of it is here, and nobody has been told of its end yet.
      request.unshift(body)
      settle(body)
    }
    request.on('readable', read).once('close', cut)
  })
}

/**
 * Reads what is left of a refused request and drops it, within reason: whoever is still sending when the connection ends
 * never looks at the answer.
 */
export function dropRest(request: IncomingMessage): Promise<void> {
  let left = DROPPED_LIMIT
  return new Promise((done) => {
    if (request.readableEnded || request.destroyed) return done()
    request.once('end', done).once('close', done)
    request
      .on('data', (chunk: Buffer) => {
        left -= chunk.length
        if (left < 0) done()
      })
      .resume()
  })
}

function isReadable(body: Buffer, type: string, byScript: boolean): boolean {
  const form = readWritten(body, type)
  if (form === null) return false
  try {
    return byScript ? isScriptForm(form) : isActionForm(form)
  } catch {
    return false
  }
}
