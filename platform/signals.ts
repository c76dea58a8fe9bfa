import '#server-only'
import type pg from 'pg'
import type { Tx } from './db.ts'
import { isDraining, onDraining } from './draining.ts'
import { env } from './env.ts'
import { log } from './log.ts'
import { databaseClient } from './writable-server.ts'

/** Notifies every process, once `tx` is committed, of news on `channel` for each of `subjects`. */
export async function signal(tx: Tx, channel: Channel, ...subjects: string[]): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${channel}, subject) FROM unnest(${subjects}::text[]) AS subject`
}

const CHANNELS = ['book', 'questions', 'alerts'] as const
type Channel = (typeof CHANNELS)[number]
const RECONNECT_MS = 1_000
/** The longest wait, after which news is noticed if no signal comes through. */
const POLL_MS = 1_000

interface Listener {
  readonly waiting: Map<string, Set<() => void>>
  client: pg.Client | null
  retryAt: number
}
// One connection per process, even after hot reload has loaded this module again.
const shared = globalThis as { antamListener?: Listener }

/**
 * Returns the end of a sequence, by `find`. While it is still at `after` it waits, without holding a database connection, until
 * something comes, `wait` seconds are over, the reader hangs up or this process drains.
 */
export async function waitForNews(
  channel: Channel,
  subject: string,
  { after, wait }: { readonly after: number; readonly wait: number },
  hungUp: AbortSignal,
  find: (subject: string) => Promise<number>,
): Promise<number> {
  const until = performance.now() + wait * 1000
  for (let waited = false; ; waited = true) {
    const head = await find(subject)
    const left = until - performance.now()
    if (head !== after || left <= 0 || hungUp.aborted || (waited && isDraining())) return head
    await nextSignal(channel, subject, left, hungUp)
  }
}

/**
 * Resolves when `subject` is signalled on `channel`, after `milliseconds` or a second, when `aborted`, or when this process is
 * asked to stop. A signal may be missed, because the one listening connection may be down, or it came before the call. It only
 * shortens a wait, so callers must check again each time.
 */
function nextSignal(
  channel: Channel,
  subject: string,
  milliseconds: number,
  aborted: AbortSignal,
): Promise<void> {
  const listener = listening()
  const key = `${channel} ${subject}`
  const waiting = listener.waiting.get(key) ?? new Set()
  listener.waiting.set(key, waiting)
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer)
      aborted.removeEventListener('abort', wake)
      waiting.delete(wake)
      stay()
      resolve()
    }
    const timer = setTimeout(wake, Math.min(POLL_MS, milliseconds))
    aborted.addEventListener('abort', wake)
    const stay = onDraining(wake)
    waiting.add(wake)
    if (aborted.aborted) wake()
  })
}

function listening(): Listener {
  shared.antamListener ??= { waiting: new Map(), client: null, retryAt: 0 }
  const listener = shared.antamListener
  if (listener.client === null && Date.now() >= listener.retryAt) connect(listener)
  return listener
}

function connect(listener: Listener): void {
  const client = databaseClient(env().DATABASE_URL, { application_name: 'signals' })
  listener.client = client
  const lost = (err?: Error) => {
    if (listener.client !== client) return
    listener.client = null
    listener.retryAt = Date.now() + RECONNECT_MS
    log().warn({ err }, 'the listening connection is gone; waits are polled until it is back')
    client.end().catch(() => {})
  }
  client.on('error', lost)
  client.on('end', () => lost())
  client.on('notification', ({ channel, payload }) => {
    for (const wake of [...(listener.waiting.get(`${channel} ${payload}`) ?? [])]) wake()
  })
  client
    .connect()
    .then(() => client.query(CHANNELS.map((channel) => `LISTEN ${channel}`).join(';')))
    .catch(lost)
}

export async function closeSignals(): Promise<void> {
  const listener = shared.antamListener
  const client = listener?.client
  if (!listener || !client) return
  listener.client = null
  await client.end()
}
