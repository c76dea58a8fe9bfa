import type { DeviceKey } from './device-key.ts'
import { type DeviceQueue, deviceSecond, openWhenThere, RETRY_MS, sendWaiting } from './device-queue.ts'
import { KIOSK_PACE, type QueuedAnswer } from './rules.ts'

/**
 * Milliseconds: how long the thanks are shown, how long the words that an answer could not be sent, and the time
 * without a touch after which the form is emptied.
 */
const THANKS_MS = 6_000
const UNSENT_MS = 15_000
const IDLE_MS = 45_000
/** A page this old is loaded again while the kiosk is not in use: questions and links change. */
const STALE_MS = 30 * 60_000

/** Seconds between two answers: a little more than the server asks for, as a clock may be set between them. */
const PACE = KIOSK_PACE + 2
const HOUR_SECONDS = 3600

/** The screen over the form, and (`KioskLine`) the state of the connection to the server. */
export type KioskScreen = 'asking' | 'missing' | 'sending' | 'thanks' | 'unsent' | 'full'
/** `unkept`: something waits that is lost when the page is left. */
export type KioskLine = 'open' | 'broken' | 'refused' | 'unkept'

interface Kiosk {
  readonly queue: DeviceQueue
  /** Signs with the key of this device. */
  readonly sign: DeviceKey['sign']
  /** The most answers that it takes in an hour. */
  readonly ceiling: number
  /** The address where the next person finds the kiosk's own language; null where this page is in it. */
  readonly home: string | null
  readonly required: readonly string[]
  readonly show: (screen: KioskScreen) => void
  /** Marks the questions that are named, and no others. */
  readonly miss: (keys: readonly string[]) => void
  readonly tell: (line: KioskLine) => void
}

/** Takes over a kiosk's form in this browser. Answers what undoes it. */
export function startKiosk(
  form: HTMLFormElement,
  { queue, sign, ceiling, home, required, show, miss, tell }: Kiosk,
): () => void {
  const started = Date.now()
  let idle = setTimeout(reset, IDLE_MS)
  let sending: Promise<ReadonlySet<string>> | null = null
  let covered = false
  /** True while the form was not touched since it was emptied. */
  let free = false
  /** The server takes no answers from here: the page says why once it is loaded again. */
  let refused = false
  let open: readonly string[] = []
  /** The seconds at which answers were given, the newest last. */
  let times = queue.waiting().flatMap(({ given }) => given ?? [])

  /** Empties the form and shows its first question. */
  function clear() {
    form.reset()
    mark([])
    scrollTo(0, 0)
  }

  function reset() {
    covered = false
    free = true
    clear()
    renew()
  }

  /** Empties the form for a hand that asks for it: it may be the same person's, so the language stays. */
  function again(event: Event) {
    if (!(event.target as Element).closest('[data-kiosk-again]')) return
    event.preventDefault()
    clear()
  }

  /** Opens the page that the next person should find, while the kiosk is not in use. */
  function renew() {
    const stale = Date.now() - started > STALE_MS && queue.waiting().length === 0
    // With a question's mark in the address the browser would only scroll.
    const page = home ?? (stale || refused ? location.href.split('#')[0] : undefined)
    if (free && page !== undefined && !queue.unkept()) void openWhenThere(page, () => free)
  }

  // The page moves under what covers it, and a hand may still be on it: neither keeps the next person waiting.
  function touched() {
    if (covered) return
    free = false
    clearTimeout(idle)
    idle = setTimeout(reset, IDLE_MS)
  }

  /** Covers the form until it is the next person's, whose answer can be given `after` so many milliseconds. */
  function cover(screen: 'thanks' | 'unsent' | 'full', after = 0) {
    show(screen)
    covered = true
    clearTimeout(idle)
    idle = setTimeout(reset, Math.max(screen === 'thanks' ? THANKS_MS : UNSENT_MS, after))
  }

  /** Returns the second of the answer that is given now: never too near the one before. */
  function takeTurn(): number {
    const given = Math.max(deviceSecond(), (times.at(-1) ?? 0) + PACE)
    // A clock that was set back must not hold up everybody for hours.
    return given > deviceSecond() + PACE ? deviceSecond() : given
  }

  const isFull = (second: number) => {
    const hour = Math.floor(second / HOUR_SECONDS)
    times = times.filter((one) => one > second - HOUR_SECONDS)
    return times.filter((one) => Math.floor(one / HOUR_SECONDS) === hour).length >= ceiling
  }

  const missing = () => {
    const given = new FormData(form)
    const answers = (key: string) => given.getAll(key).map(String)
    return required.filter((key) => answers(key).every((value) => value.trim() === ''))
  }

  function mark(keys: readonly string[]) {
    open = keys
    miss(open)
    show(open.length > 0 ? 'missing' : 'asking')
  }

  /** Updates the marks of unanswered questions with each answer, once there are any. */
  function answered() {
    if (open.length > 0) mark(missing())
  }

  function submit(event: SubmitEvent) {
    event.preventDefault()
    event.stopImmediatePropagation()
    mark(missing())
    const [first] = open
    if (first !== undefined) {
      const control = form.querySelector<HTMLElement>(`[name="${first}"]`)
      control?.focus({ preventScroll: true })
      control?.closest('.field')?.scrollIntoView()
      return
    }
    const fields = [...new FormData(form)].flatMap(([name, value]) =>
      typeof value === 'string' && !name.startsWith('$') && !OWN.includes(name)
        ? [[name, value] as const]
        : [],
    )
    const given = takeTurn()
    form.reset()
    if (isFull(given)) {
      cover('full')
      return
    }
    times.push(given)
    const answer = { submitKey: crypto.randomUUID(), fields, given }
    const wait = (given - deviceSecond()) * 1000
    if (!queue.add(answer)) {
      covered = true
      void sendAtOnce(answer, wait)
      return
    }
    cover('thanks', wait)
    void flush()
  }

  /** Sends at once an answer that the device does not keep: it is thanked for only when it has arrived. */
  async function sendAtOnce({ submitKey }: QueuedAnswer, wait: number) {
    clearTimeout(idle)
    show('sending')
    cover((await flush()).has(submitKey) ? 'thanks' : 'unsent', wait)
  }

  /** Sends the waiting answers, or joins a sending that is under way. Returns the keys of the recorded answers. */
  function flush(): Promise<ReadonlySet<string>> {
    sending ??= sendAll().finally(() => {
      sending = null
    })
    return sending
  }

  async function sendAll(): Promise<ReadonlySet<string>> {
    const { recorded, stopped } = await sendWaiting(queue, String(new FormData(form).get('kiosk')), sign)
    refused = stopped === 403
    if (stopped === null) tell('open')
    else tell(queue.unkept() ? 'unkept' : refused ? 'refused' : 'broken')
    return recorded
  }

  // A page that the browser kept when it was left must not be shown to the next person.
  const shown = (event: PageTransitionEvent) => {
    if (event.persisted) reset()
  }
  /** Has the browser ask before it leaves, where answers would be lost. */
  const leaving = (event: BeforeUnloadEvent) => {
    if (queue.unkept()) event.preventDefault()
  }
  const retry = setInterval(() => {
    if (queue.waiting().length > 0) void flush()
    renew()
  }, RETRY_MS)
  const flushSoon = () => void flush()
  form.addEventListener('submit', submit, { capture: true })
  form.addEventListener('change', answered)
  form.addEventListener('click', again)
  for (const touch of TOUCHES) addEventListener(touch, touched, { passive: true })
  addEventListener('online', flushSoon)
  addEventListener('pageshow', shown)
  addEventListener('beforeunload', leaving)
  form.reset()
  void flush()
  return () => {
    clearTimeout(idle)
    clearInterval(retry)
    form.removeEventListener('submit', submit, { capture: true })
    form.removeEventListener('change', answered)
    form.removeEventListener('click', again)
    for (const touch of TOUCHES) removeEventListener(touch, touched)
    removeEventListener('online', flushSoon)
    removeEventListener('pageshow', shown)
    removeEventListener('beforeunload', leaving)
  }
}

/** No `scroll`: the page scrolls by itself too, and a hand or a wheel causes other events. */
const TOUCHES = ['pointerdown', 'keydown', 'wheel'] as const
/** The form's own fields, which differ from answer to answer, or which the page has when it is sent. */
const OWN: readonly string[] = ['submitKey', 'kiosk']
