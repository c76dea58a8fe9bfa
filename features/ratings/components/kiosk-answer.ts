import { TIME_ZONE } from '#lib/time.ts'
import { afterReply, type QueuedAnswer } from '../rules/kiosk.ts'
import type { DeviceQueue } from './kiosk-queue.ts'

/** Milliseconds after which a request counts as failed: another person may be waiting at the kiosk. */
const REPLY_MS = 10_000
/** The status used when the server cannot be reached: the one that a proxy would answer. */
const UNREACHABLE_STATUS = 503

/** The time between two attempts to send what could not reach the server. */
export const RETRY_MS = 15_000

export interface Sending {
  /** The keys of the recorded answers. */
  readonly recorded: ReadonlySet<string>
  /** The reply's status to the first that cannot be sent now; null where nothing waits any more. */
  readonly stopped: number | null
}

/**
 * Sends what waits, the oldest first, until one cannot be sent now.
 *
 * @param kiosk the page's link: a kiosk whose link was renewed sends what it kept under the old one
 */
export async function sendWaiting(queue: DeviceQueue, kiosk: string): Promise<Sending> {
  const recorded = new Set<string>()
  for (let next = queue.waiting()[0]; next !== undefined; next = queue.waiting()[0]) {
    const status = await sendAnswer(kiosk, next)
    const outcome = afterReply(status)
    if (outcome === 'later') return { recorded, stopped: status }
    queue.remove(next.submitKey)
    if (outcome === 'done') recorded.add(next.submitKey)
  }
  return { recorded, stopped: null }
}

async function sendAnswer(kiosk: string, { submitKey, fields }: QueuedAnswer): Promise<number> {
  const body = new URLSearchParams(fields.map(([name, value]) => [name, value]))
  body.set('submitKey', submitKey)
  body.set('kiosk', kiosk)
  const waiting = new AbortController()
  const patience = setTimeout(() => waiting.abort(), REPLY_MS)
  try {
    return (await fetch('/api/kiosk', { method: 'POST', body, signal: waiting.signal })).status
  } catch {
    return UNREACHABLE_STATUS
  } finally {
    clearTimeout(patience)
  }
}

export const today = (): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: TIME_ZONE }).format(new Date())

/** Returns a random UUID; `crypto.randomUUID` is not there on plain HTTP within an office. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
