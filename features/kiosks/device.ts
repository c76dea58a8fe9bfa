import type { DeviceKey } from './device-key.ts'
import { type DeviceQueue, deviceSecond, openWhenThere, RETRY_MS, sendWaiting } from './device-queue.ts'
import { KIOSK_PACE, type QueuedAnswer, type ScreenQuestion } from './rules.ts'

/** Milliseconds for which a touched answer is shown before the next question. Another touch changes the answer. */
const HOLD_MS = 400
/** Milliseconds for which a new question ignores touches: the second of a double tap was meant for the question before. */
const DEAF_MS = 250
/** Milliseconds without a touch until complete answers are sent, the person is asked, and the screen is cleared. */
const SEND_MS = 20_000
const QUIET_MS = 45_000
const LEAVE_MS = 60_000
const THANKS_MS = 8_000
const UNSENT_MS = 15_000
/** If nobody is at the kiosk, the screen dims, and its content shifts now and then so that nothing burns in. */
const SLEEP_MS = 2 * 60_000
const SHIFT_MS = 10 * 60_000
const TICK_MS = 1_000
/** A page this old is reloaded while the kiosk is not in use: questions and links change. */
const STALE_MS = 30 * 60_000

/** Seconds between two answers: slightly more than the server requires, as a clock may be set between them. */
const PACE = KIOSK_PACE + 2
const HOUR_SECONDS = 3600

type Locale = 'vi' | 'en'

export interface KioskView {
  /** `ready`: every question is answered, and nothing is sent yet. */
  readonly screen: 'asking' | 'ready' | 'sending' | 'thanks' | 'unsent' | 'full'
  /** The state of the connection to the server. `unkept`: a waiting answer is lost if the page is left. */
  readonly line: 'open' | 'broken' | 'refused' | 'unkept'
  /** The index of the question, from 0. */
  readonly at: number
  /** Codes or words, by question key. */
  readonly given: Readonly<Record<string, readonly string[]>>
  /** The person tried to go on without an answer. */
  readonly missing: boolean
  readonly locale: Locale
  /** Large letters, and read aloud. */
  readonly aloud: boolean
  /** The person is asked whether they are still there. */
  readonly leaving: boolean
  readonly asleep: boolean
  readonly shift: number
  /** A touch may end the thanks: the next answer does not have to wait because of the last one. */
  readonly free: boolean
}

export type KioskDevice = ReturnType<typeof startKiosk>

/** Creates the kiosk of this browser. Time is read from the clock, not from timers alone: a device may sleep for a night. */
export function startKiosk(options: {
  readonly agency: string
  readonly version: number
  readonly token: string
  readonly questions: readonly Pick<ScreenQuestion, 'key' | 'asked'>[]
  readonly home: Locale
  /** The most answers that it takes in an hour. */
  readonly ceiling: number
  readonly queue: DeviceQueue
  readonly sign: DeviceKey['sign']
}) {
  const { agency, version, token, questions, home, ceiling, queue, sign } = options
  const empty = {
    ...({ screen: 'asking', at: 0, given: {}, missing: false, free: false } as const),
    ...{ locale: home, aloud: false, leaving: false, asleep: false, shift: 0 },
  }
  let view: KioskView = { ...empty, line: 'open' }
  const watching = new Set<() => void>()
  let started = 0
  let touchedAt = 0
  let shownAt = 0
  let coveredUntil = 0
  let hold: ReturnType<typeof setTimeout> | undefined
  let sending: Promise<ReadonlySet<string>> | null = null
  /** Counts the persons: a touch by one person must not act on the next one's screen. */
  let turn = 0
  /** The server takes no answers from here. The page shows why after a reload. */
  let refused = false
  /** The second at which the last answer was given. */
  let lastGiven = 0

  function show(change: Partial<KioskView>) {
    const moves = change.at !== undefined || (change.screen !== undefined && change.screen !== view.screen)
    if (moves) shownAt = Date.now()
    const next = { ...view, ...change }
    if ((Object.keys(next) as (keyof KioskView)[]).every((part) => next[part] === view[part])) return
    view = next
    for (const tell of watching) tell()
  }

  function reset() {
    clearTimeout(hold)
    hold = undefined
    turn += 1
    touchedAt = Date.now()
    show(empty)
    renew()
  }

  const isUsed = () => view.at > 0 || Object.keys(view.given).length > 0 || view.locale !== home || view.aloud

  /** Does what is due by now, also after a sleep in which no timer ran. */
  function tick() {
    const now = Date.now()
    const quiet = now - touchedAt
    const { screen } = view
    if (screen === 'sending') return
    if (screen !== 'asking' && screen !== 'ready') {
      if (now >= coveredUntil) reset()
    } else if (!isUsed()) {
      const shift = Math.floor(quiet / SHIFT_MS) % 4
      show({ asleep: quiet >= SLEEP_MS, shift })
    } else if (screen === 'ready') {
      // The screen has announced the sending, so it happens even if the device slept meanwhile.
      if (quiet >= SEND_MS) send()
    } else if (quiet >= LEAVE_MS) reset()
    else if (quiet >= QUIET_MS) show({ leaving: true })
  }

  function touched() {
    tick()
    touchedAt = Date.now()
    // The same touch must not also reach what was behind the question whether somebody is there.
    if (view.leaving) shownAt = touchedAt
    show({ leaving: false, asleep: false, shift: 0 })
  }

  const isDeaf = () => hold === undefined && Date.now() - shownAt < DEAF_MS

  /** Wraps an act of the person: it does nothing if the screen was cleared before it, or has just changed under it. */
  const byHand =
    <Of extends readonly unknown[]>(act: (...of: Of) => void) =>
    (...of: Of) => {
      const before = turn
      touched()
      if (turn === before && !isDeaf()) act(...of)
    }

  const asked = () => questions[view.at]
  const isGiven = (key: string) => (view.given[key] ?? []).some((one) => one.trim() !== '')
  const give = (key: string, values: readonly string[]) =>
    show({ given: { ...view.given, [key]: values }, missing: false })

  function goOn() {
    const next = view.at + 1
    if (next < questions.length) show({ at: next, missing: false })
    else show({ screen: 'ready', missing: false })
  }

  const answer = byHand((code: string) => {
    const question = asked()
    if (view.screen !== 'asking' || question === undefined) return
    if (question.asked === 'checkboxes') {
      const chosen = view.given[question.key] ?? []
      give(question.key, chosen.includes(code) ? chosen.filter((one) => one !== code) : [...chosen, code])
      return
    }
    give(question.key, [code])
    clearTimeout(hold)
    hold = setTimeout(() => {
      hold = undefined
      goOn()
    }, HOLD_MS)
  })

  function write(words: string) {
    const question = asked()
    touched()
    if (question?.asked === 'text_area' && asked() === question)
      give(question.key, words === '' ? [] : [words])
  }

  /** Goes to the next question when a touch alone does not: after several answers, or words. */
  const next = byHand(() => {
    const question = asked()
    if (view.screen !== 'asking' || question === undefined) return
    if (isGiven(question.key)) goOn()
    else show({ missing: true })
  })

  const back = byHand(() => {
    clearTimeout(hold)
    hold = undefined
    if (view.screen === 'ready') show({ screen: 'asking', at: questions.length - 1 })
    else if (view.screen === 'asking') show({ at: Math.max(0, view.at - 1), missing: false })
  })

  /** Clears the screen on request. It may still be the same person, so the language stays. */
  const again = byHand(() => {
    const { locale } = view
    reset()
    show({ locale })
  })

  /** Covers the questions until the next person's turn. Their answer can be given `after` this many milliseconds. */
  function cover(screen: 'thanks' | 'unsent' | 'full', after = 0) {
    coveredUntil = Date.now() + Math.max(screen === 'thanks' ? THANKS_MS : UNSENT_MS, after)
    show({ ...empty, screen, locale: view.locale, free: after <= 0 })
  }

  /** Returns the second of the answer that is given now: never too near the one before. */
  function takeTurn(): number {
    const given = Math.max(deviceSecond(), lastGiven + PACE)
    // A clock that was set back must not hold up everybody for hours.
    return given > deviceSecond() + PACE ? deviceSecond() : given
  }

  function send() {
    if (view.screen !== 'ready') return
    const answers = questions.flatMap(({ key }) =>
      (view.given[key] ?? []).map((value) => [key, value] as const),
    )
    const fields = [['agency', agency], ['questionnaire', String(version)], ...answers] as const
    const given = takeTurn()
    const hour = Math.floor(given / HOUR_SECONDS)
    if (queue.inHour(hour) >= ceiling) {
      cover('full')
      return
    }
    lastGiven = given
    queue.countIn(hour)
    const queued = { submitKey: crypto.randomUUID(), fields, given }
    const wait = (given - deviceSecond()) * 1000
    if (!queue.add(queued)) {
      show({ ...empty, screen: 'sending', locale: view.locale })
      void sendAtOnce(queued, wait)
      return
    }
    cover('thanks', wait)
    void flush()
  }

  /** Sends at once an answer that the device does not keep. The person is thanked only when it has arrived. */
  async function sendAtOnce({ submitKey }: QueuedAnswer, wait: number) {
    // A sending under way may have read the queue before this answer was in it.
    const before = await sending
    const arrived = before?.has(submitKey) === true || (await flush()).has(submitKey)
    cover(arrived ? 'thanks' : 'unsent', wait)
  }

  /** Sends the waiting answers, or joins a sending under way. Returns the keys of the recorded answers. */
  function flush(): Promise<ReadonlySet<string>> {
    sending ??= sendAll().finally(() => {
      sending = null
    })
    return sending
  }

  async function sendAll(): Promise<ReadonlySet<string>> {
    const { recorded, stopped } = await sendWaiting(queue, token, sign)
    refused = stopped === 403
    if (stopped === null) show({ line: 'open' })
    else show({ line: queue.unkept() ? 'unkept' : refused ? 'refused' : 'broken' })
    return recorded
  }

  const isIdle = () => view.screen === 'asking' && !isUsed()

  /** Reloads an old or refused page for the next person, while the kiosk is not in use. */
  function renew() {
    const stale = Date.now() - started > STALE_MS && queue.waiting().length === 0
    if ((stale || refused) && isIdle() && !queue.unkept())
      void openWhenThere(location.href.split('#')[0] ?? '', isIdle)
  }

  /** Attaches the kiosk to this browser's window. Returns a function that detaches it. */
  function run(): () => void {
    started = touchedAt = Date.now()
    lastGiven = queue.waiting().at(-1)?.given ?? 0
    // A page that the browser kept when it was left must not be shown to the next person.
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted) reset()
    }
    /** Makes the browser ask before it leaves a page whose answers would be lost. */
    const leaving = (event: BeforeUnloadEvent) => {
      if (queue.unkept()) event.preventDefault()
    }
    const flushSoon = () => void flush()
    const woken = () => {
      if (document.visibilityState !== 'visible') return
      tick()
      // Keeps the tablet's screen on. A low battery, or an old browser, refuses.
      navigator.wakeLock?.request('screen').catch(() => {})
    }
    const clock = setInterval(tick, TICK_MS)
    const retry = setInterval(() => {
      if (queue.waiting().length > 0) void flush()
      renew()
    }, RETRY_MS)
    for (const touch of TOUCHES) addEventListener(touch, touched, { passive: true })
    addEventListener('online', flushSoon)
    addEventListener('pageshow', shown)
    addEventListener('beforeunload', leaving)
    document.addEventListener('visibilitychange', woken)
    woken()
    void flush()
    return () => {
      clearTimeout(hold)
      clearInterval(clock)
      clearInterval(retry)
      for (const touch of TOUCHES) removeEventListener(touch, touched)
      removeEventListener('online', flushSoon)
      removeEventListener('pageshow', shown)
      removeEventListener('beforeunload', leaving)
      document.removeEventListener('visibilitychange', woken)
    }
  }

  return {
    view: () => view,
    watch(tell: () => void) {
      watching.add(tell)
      return () => watching.delete(tell)
    },
    run,
    ...{ answer, write, next, back, again },
    send: byHand(send),
    stay: touched,
    done: byHand(() => {
      if (view.free) reset()
    }),
    speak: byHand(() => show({ aloud: !view.aloud })),
    turnLanguage: byHand(() => show({ locale: view.locale === 'vi' ? 'en' : 'vi' })),
  }
}

/** No `scroll`: the page also scrolls by itself, and a hand or a wheel causes other events. */
const TOUCHES = ['pointerdown', 'keydown', 'wheel'] as const
