import '#server-only'
import { findActors } from '#features/accounts/sign-in/data.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { log } from '#platform/log.ts'
import { countTasksOf } from './data.ts'
import { totalOf } from './rules.ts'

/** Milliseconds between two counts of a process, for all its streams together. */
const EVERY = 5_000
/** A new stream is answered this soon, together with others that came meanwhile. */
const AT_ONCE = 250
/** Milliseconds between empty lines, which keep proxies from closing a quiet stream. */
const HEARTBEAT_EVERY = 15_000
/** A browser holds one stream, for its visible tab; more streams of an account are other browsers. */
const MOST_OF_ACCOUNT = 6
const MOST_OF_PROCESS = 2_000

/** Receives a stream's messages: the number of tasks, a heartbeat, or the end of its session. */
export interface Sink {
  readonly count: (total: number) => void
  readonly beat: () => void
  readonly end: () => void
}

interface Stream {
  readonly sessionId: string
  readonly accountId: string
  readonly sink: Sink
  sent: number | null
}

// Next loads this module once per bundle; the streams belong to the whole process.
const shared = globalThis as {
  antamTaskStreams?: {
    readonly streams: Set<Stream>
    timer: NodeJS.Timeout | null
    dueAt: number
    looking: boolean
    beatAt: number
  }
}
shared.antamTaskStreams ??= { streams: new Set(), timer: null, dueAt: 0, looking: false, beatAt: 0 }
const hub = shared.antamTaskStreams

/**
 * Sends a session the number of its person's tasks: soon, and whenever it changes. Returns the function that ends it; null if the
 * process has its maximum of streams. A seventh stream of an account ends its oldest. The process counts every five seconds for
 * all streams together, and checks that their sessions are still open and which role and unit they have by then.
 */
export function watchTasks({ id, sessionId }: StaffReader, sink: Sink): (() => void) | null {
  if (hub.streams.size >= MOST_OF_PROCESS) return null
  const own = [...hub.streams].filter(({ accountId }) => accountId === id)
  if (own.length >= MOST_OF_ACCOUNT && own[0]) end(own[0])
  const stream: Stream = { sessionId, accountId: id, sink, sent: null }
  hub.streams.add(stream)
  schedule(AT_ONCE)
  return () => {
    hub.streams.delete(stream)
  }
}

function end(stream: Stream): void {
  hub.streams.delete(stream)
  stream.sink.end()
}

function schedule(milliseconds: number): void {
  const dueAt = Date.now() + milliseconds
  if (hub.looking || (hub.timer !== null && hub.dueAt <= dueAt)) return
  if (hub.timer !== null) clearTimeout(hub.timer)
  hub.dueAt = dueAt
  hub.timer = setTimeout(look, milliseconds)
  // The timer does not keep an ending process alive.
  hub.timer.unref()
}

async function look(): Promise<void> {
  hub.timer = null
  hub.looking = true
  try {
    await tell()
  } catch (err) {
    log().warn({ err }, 'what waits for the staff could not be read; the open pages keep what they show')
  }
  hub.looking = false
  if (hub.streams.size === 0) return
  schedule([...hub.streams].some(({ sent }) => sent === null) ? AT_ONCE : EVERY)
}

async function tell(): Promise<void> {
  const now = new Date()
  const streams = [...hub.streams]
  const people = await findActors([...new Set(streams.map(({ sessionId }) => sessionId))], now)
  const counts = await countTasksOf(
    [...new Map([...people.values()].map((person) => [person.id, person])).values()],
    now,
  )
  const beats = now.getTime() - hub.beatAt >= HEARTBEAT_EVERY
  if (beats) hub.beatAt = now.getTime()
  for (const stream of streams) {
    if (!hub.streams.has(stream)) continue
    const person = people.get(stream.sessionId)
    if (!person) {
      end(stream)
      continue
    }
    const total = totalOf(counts.get(person.id) ?? {})
    if (total !== stream.sent) stream.sink.count(total)
    else if (beats) stream.sink.beat()
    stream.sent = total
  }
}
