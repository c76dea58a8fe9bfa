import type { DeviceKey } from './device-key.ts'
import {
  afterReply,
  enqueued,
  KIOSK_PACE,
  kioskIdOf,
  kioskMessage,
  type QueuedAnswer,
  readQueue,
} from './rules.ts'

export interface DeviceQueue {
  /** Returns the answers to send, the oldest first. */
  readonly waiting: () => readonly QueuedAnswer[]
  /** Returns whether the device keeps the answer when the page is left. */
  readonly add: (answer: QueuedAnswer) => boolean
  readonly remove: (submitKey: string) => void
  /** Checks whether leaving the page would lose a waiting answer. */
  readonly unkept: () => boolean
  /** Returns how many answers were given in an hour, counted from 1970, including those before the page was reloaded. */
  readonly inHour: (hour: number) => number
  readonly countIn: (hour: number) => void
}

/** Keeps an agency's waiting answers on the device, or in the page if its storage refuses. `storage` is called each time. */
export function deviceQueue(agency: string, storage: () => Storage): DeviceQueue {
  const name = `an-tam-kiosk-${agency}`
  let inPage: readonly QueuedAnswer[] = []
  /** Answers that were sent but could not be removed from the storage. They must not be sent again and again. */
  const sent = new Set<string>()

  function stored(): readonly QueuedAnswer[] {
    try {
      return readQueue(storage().getItem(name)).filter(({ submitKey }) => !sent.has(submitKey))
    } catch {
      return []
    }
  }

  function store(answers: readonly QueuedAnswer[]): boolean {
    try {
      storage().setItem(name, JSON.stringify(answers))
      return true
    } catch {
      return false
    }
  }

  const nameOfHour = `${name}-hour`
  let last = { hour: 0, count: 0 }
  function inHour(hour: number): number {
    let kept = { hour: 0, count: 0 }
    try {
      const [of = 0, count = 0] = (storage().getItem(nameOfHour) ?? '').split(' ').map(Number)
      kept = { hour: of, count }
    } catch {}
    return Math.max(...[last, kept].map((one) => (one.hour === hour && one.count > 0 ? one.count : 0)))
  }

  const waiting = () => [...stored(), ...inPage]
  return {
    waiting,
    inHour,
    countIn(hour) {
      last = { hour, count: inHour(hour) + 1 }
      try {
        storage().setItem(nameOfHour, `${last.hour} ${last.count}`)
      } catch {}
    },
    unkept: () => inPage.length > 0,
    add(answer) {
      const kept = store(enqueued(waiting(), answer))
      inPage = kept ? [] : enqueued(inPage, answer)
      return kept
    },
    remove(submitKey) {
      const others = (answers: readonly QueuedAnswer[]) =>
        answers.filter((one) => one.submitKey !== submitKey)
      inPage = others(inPage)
      const before = stored()
      const left = others(before)
      if (left.length < before.length && !store(left)) sent.add(submitKey)
    },
  }
}

/** Milliseconds after which a request counts as failed: another person may be waiting at the kiosk. */
const REPLY_MS = 10_000
/** The status if the server cannot be reached: the same as a proxy's. */
const UNREACHABLE_STATUS = 503

/** Milliseconds between two attempts to send answers that could not reach the server. */
export const RETRY_MS = 15_000

/** Returns the second by this device's clock, which may be wrong. */
export const deviceSecond = (): number => Math.floor(Date.now() / 1000)

/** Seconds by which the device's clock is behind the server's. Up to `ON_THE_WAY` may be the time of a reply. */
let behind = 0
const ON_THE_WAY = 5

/** Seconds by which the time of an answer was moved because another one is too near. This happens after a clock was set. */
const moved = new Map<string, number>()
/** How often the time is moved before the answer waits for the next attempt. */
const MOVES = 20

/** Sends the waiting answers, oldest first, until one cannot be sent now; those kept under an earlier link too. */
export async function sendWaiting(
  queue: DeviceQueue,
  kiosk: string,
  sign: DeviceKey['sign'],
): Promise<{
  /** The submit keys of the recorded answers. */
  readonly recorded: ReadonlySet<string>
  /** The reply's status for the first answer that cannot be sent now; null if none waits any more. */
  readonly stopped: number | null
}> {
  const recorded = new Set<string>()
  for (let next = queue.waiting()[0]; next !== undefined; next = queue.waiting()[0]) {
    const status = await sendAnswer(kiosk, next, sign)
    const outcome = afterReply(status)
    if (outcome === 'later') return { recorded, stopped: status }
    queue.remove(next.submitKey)
    moved.delete(next.submitKey)
    if (outcome === 'done') recorded.add(next.submitKey)
  }
  return { recorded, stopped: null }
}

/** Sends an answer with the time at which it was given, by the server's clock. */
async function sendAnswer(kiosk: string, answer: QueuedAnswer, sign: DeviceKey['sign']): Promise<number> {
  for (let moves = 0; ; moves++) {
    const at = (answer.given ?? deviceSecond()) + behind + (moved.get(answer.submitKey) ?? 0)
    const { status, refused, now } = await post(kiosk, answer, at, sign)
    const known = behind
    if (now !== undefined && Math.abs(now - deviceSecond() - behind) > ON_THE_WAY)
      behind = now - deviceSecond()
    if (refused === 'clock') {
      // The clock is right, so the answer is older than a day and will never be taken.
      if (behind === known) return 422
    } else if (refused === 'pace' && at + KIOSK_PACE <= deviceSecond() + behind) {
      moved.set(answer.submitKey, (moved.get(answer.submitKey) ?? 0) + KIOSK_PACE)
    } else return status
    if (moves >= MOVES) return status
  }
}

interface Reply {
  readonly status: number
  readonly refused?: string
  readonly now?: number
}

async function post(kiosk: string, { submitKey, fields }: QueuedAnswer, at: number, sign: DeviceKey['sign']) {
  const body = new URLSearchParams(fields.map(([name, value]) => [name, value]))
  body.set('submitKey', submitKey)
  body.set('at', String(at))
  body.set('signature', await sign(kioskMessage(kioskIdOf(kiosk), body)))
  body.set('kiosk', kiosk)
  const waiting = new AbortController()
  const patience = setTimeout(() => waiting.abort(), REPLY_MS)
  try {
    const reply = await fetch('/api/kiosk', { method: 'POST', body, signal: waiting.signal })
    // A proxy before the server may answer without JSON.
    const said = (await reply.json().catch(() => ({}))) as Omit<Reply, 'status'>
    return { ...said, status: reply.status }
  } catch {
    return { status: UNREACHABLE_STATUS }
  } finally {
    clearTimeout(patience)
  }
}

/** Opens another page once the server answers: one that fails to load would end the kiosk. `still`: nobody else has begun. */
export async function openWhenThere(href: string, still: () => boolean = () => true): Promise<boolean> {
  const answer = await fetch(href, { method: 'HEAD' }).catch(() => null)
  if (!answer?.ok) return false
  if (still()) location.replace(href)
  return true
}
