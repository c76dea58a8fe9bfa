import { afterEach, expect, test, vi } from 'vitest'
import { startKiosk } from './device.ts'
import type { DeviceQueue } from './device-queue.ts'
import type { QueuedAnswer } from './rules.ts'

const LINK = 'https://localhost/danh-gia/quan-5?kiosk=x'
const ANSWERS = { r1: '5', r2: 'ontime', r3: '0', r4: '4', r5: '4', r6: 'right' }
const SIX = Object.keys(ANSWERS).map((key) => ({ key, asked: 'radios' as const }))

const running: (() => void)[] = []
afterEach(() => {
  for (const stop of running.splice(0)) stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

interface Standing {
  readonly status?: number
  readonly waiting?: readonly QueuedAnswer[]
  /** The device keeps no answers. */
  readonly unkept?: boolean
  readonly ceiling?: number
  /** The number of answers given in an hour before the page was loaded. */
  readonly before?: number
  readonly questions?: readonly {
    readonly key: string
    readonly asked: 'radios' | 'checkboxes' | 'text_area'
  }[]
}

/** Starts a kiosk's page in its own browser, with its queue and the server's replies. */
function stand({
  status = 200,
  waiting = [],
  unkept = false,
  ceiling = 60,
  before = 0,
  questions = SIX,
}: Standing = {}) {
  vi.useFakeTimers({ now: new Date('2026-12-01T02:10:00Z') })
  const replace = vi.fn()
  const nothing = () => undefined
  for (const [name, value] of Object.entries({
    addEventListener: nothing,
    removeEventListener: nothing,
    location: { href: `${LINK}#r1`, replace },
    document: { visibilityState: 'visible', addEventListener: nothing, removeEventListener: nothing },
    navigator: {},
    fetch: async (_: string, { method }: RequestInit) =>
      method === 'HEAD' ? new Response() : new Response(null, { status }),
  }))
    vi.stubGlobal(name, value)
  let kept = waiting
  const hours = new Map([[Math.floor(Date.now() / 3_600_000), before]])
  const given: QueuedAnswer[] = []
  const queue: DeviceQueue = {
    waiting: () => kept,
    unkept: () => unkept,
    inHour: (hour) => hours.get(hour) ?? 0,
    countIn: (hour) => hours.set(hour, (hours.get(hour) ?? 0) + 1),
    add: (answer) => {
      given.push(answer)
      kept = [...kept, answer]
      return !unkept
    },
    remove: (key) => {
      kept = kept.filter(({ submitKey }) => submitKey !== key)
    },
  }
  const kiosk = startKiosk({
    ...{ agency: 'quan-5', version: 3, token: 'x.y.z', home: 'vi', questions, ceiling, queue },
    sign: async () => 'x',
  })
  const stop = kiosk.run()
  running.push(stop)
  /** Touches an answer and waits until the next question takes one. */
  const touch = (code: string) => {
    kiosk.answer(code)
    vi.advanceTimersByTime(700)
  }
  return { kiosk, view: kiosk.view, touch, given, replace, stop }
}

const answerAll = (touch: (code: string) => void) => Object.values(ANSWERS).forEach(touch)

test('six questions take seven touches, and the first touch is an answer', () => {
  const { kiosk, view, touch, given } = stand()
  answerAll(touch)
  expect(view().screen).toBe('ready')
  expect(given).toEqual([])
  kiosk.send()
  expect(view()).toMatchObject({ screen: 'thanks', given: {} })
  expect(given.map(({ fields }) => Object.fromEntries(fields))).toEqual([
    { agency: 'quan-5', questionnaire: '3', ...ANSWERS },
  ])
})

test('an answer is shown for 400 ms before the next question comes; another touch meanwhile changes it', () => {
  const { kiosk, view } = stand()
  kiosk.answer('5')
  vi.advanceTimersByTime(300)
  expect(view()).toMatchObject({ at: 0, given: { r1: ['5'] } })
  kiosk.answer('2')
  vi.advanceTimersByTime(399)
  expect(view()).toMatchObject({ at: 0, given: { r1: ['2'] } })
  vi.advanceTimersByTime(1)
  expect(view()).toMatchObject({ at: 1, given: { r1: ['2'] } })
})

test('four fingers at once are one answer, and skip no question', () => {
  const { kiosk, view } = stand()
  for (const code of ['5', '3', '1', '4']) kiosk.answer(code)
  vi.advanceTimersByTime(400)
  expect(view()).toMatchObject({ at: 1, given: { r1: ['4'] } })
  // The person keeps tapping while the next question comes.
  for (const code of ['early', 'ontime']) kiosk.answer(code)
  vi.advanceTimersByTime(249)
  kiosk.answer('notdue')
  vi.advanceTimersByTime(2000)
  expect(view()).toMatchObject({ at: 1, given: { r1: ['4'] } })
})

test('a way back keeps what was answered, from the last question and before the 400 ms are over too', () => {
  const { kiosk, view, touch } = stand()
  touch('5')
  kiosk.answer('ontime')
  kiosk.back()
  vi.advanceTimersByTime(1000)
  expect(view()).toMatchObject({ at: 0, given: { r1: ['5'], r2: ['ontime'] } })
  answerAll(touch)
  expect(view().screen).toBe('ready')
  kiosk.back()
  expect(view()).toMatchObject({ screen: 'asking', at: 5, given: ANSWERS_LISTED })
})
const ANSWERS_LISTED = Object.fromEntries(Object.entries(ANSWERS).map(([key, code]) => [key, [code]]))

test('a hand that asks for it finds the first question empty at once, in the language that it chose', () => {
  const { kiosk, view, touch } = stand()
  kiosk.turnLanguage()
  touch('5')
  touch('early')
  kiosk.again()
  expect(view()).toMatchObject({ screen: 'asking', at: 0, given: {}, locale: 'en' })
})

test('who goes away is asked for after 45 seconds, and leaves nothing after 60', () => {
  const { kiosk, view, touch } = stand()
  kiosk.turnLanguage()
  kiosk.speak()
  touch('1')
  vi.advanceTimersByTime(45_000)
  expect(view()).toMatchObject({ leaving: true, at: 1 })
  kiosk.stay()
  expect(view()).toMatchObject({ leaving: false, at: 1, given: { r1: ['1'] } })
  // That touch does not reach anything behind the question.
  kiosk.answer('early')
  expect(view().given).toEqual({ r1: ['1'] })
  vi.advanceTimersByTime(61_000)
  expect(view()).toMatchObject({ leaving: false, at: 0, given: {}, locale: 'vi', aloud: false })
})

test('all answers are sent by themselves after 20 seconds, and the screen is the next person’s after 8 more', () => {
  const { kiosk, view, touch, given } = stand()
  answerAll(touch)
  vi.advanceTimersByTime(18_000)
  expect(given).toHaveLength(0)
  vi.advanceTimersByTime(2_500)
  expect(given).toHaveLength(1)
  expect(view().screen).toBe('thanks')
  vi.advanceTimersByTime(9_000)
  expect(view()).toMatchObject({ screen: 'asking', at: 0, given: {} })
  // Thanks can be ended by hand too.
  vi.advanceTimersByTime(20_000)
  answerAll(touch)
  kiosk.send()
  vi.advanceTimersByTime(300)
  kiosk.done()
  expect(view()).toMatchObject({ screen: 'asking', at: 0 })
})

test('after a night asleep the first touch finds an empty kiosk, and counts on none of the last person’s questions', () => {
  const { kiosk, view, touch } = stand()
  touch('1')
  touch('early')
  // No timer runs while the device sleeps.
  vi.setSystemTime(Date.now() + 9 * 3_600_000)
  kiosk.answer('0')
  expect(view()).toMatchObject({ at: 0, given: {} })
  vi.advanceTimersByTime(300)
  touch('5')
  expect(view()).toMatchObject({ at: 1, given: { r1: ['5'] } })
})

test('a screen before which nobody stands dims, moves every ten minutes, and the touch that wakes it counts', () => {
  const { view, touch } = stand()
  vi.advanceTimersByTime(119_000)
  expect(view().asleep).toBe(false)
  vi.advanceTimersByTime(2_000)
  expect(view()).toMatchObject({ asleep: true, shift: 0 })
  vi.advanceTimersByTime(10 * 60_000)
  expect(view().shift).toBe(1)
  touch('5')
  expect(view()).toMatchObject({ asleep: false, shift: 0, at: 1, given: { r1: ['5'] } })
})

test('several answers and words go on by a button, which says what is missing', () => {
  const { kiosk, view } = stand({
    questions: [
      { key: 'q1', asked: 'checkboxes' },
      { key: 'q2', asked: 'text_area' },
    ],
  })
  kiosk.next()
  expect(view()).toMatchObject({ at: 0, missing: true })
  for (const code of ['a', 'b', 'a']) kiosk.answer(code)
  expect(view()).toMatchObject({ at: 0, missing: false, given: { q1: ['b'] } })
  kiosk.next()
  vi.advanceTimersByTime(300)
  kiosk.write('  ')
  kiosk.next()
  expect(view()).toMatchObject({ at: 1, missing: true })
  kiosk.write('Chờ lâu')
  kiosk.next()
  expect(view()).toMatchObject({ screen: 'ready', given: { q2: ['Chờ lâu'] } })
})

test('answers stand 20 seconds apart however fast they are given, and thanks last until the next may come', () => {
  const { kiosk, view, touch, given } = stand()
  for (const _ of [1, 2]) {
    answerAll(touch)
    kiosk.send()
    vi.advanceTimersByTime(300)
    kiosk.done()
    vi.advanceTimersByTime(300)
  }
  const [first, second] = given.map((one) => one.given ?? 0)
  expect((second ?? 0) - (first ?? 0)).toBe(22)
  expect(view()).toMatchObject({ screen: 'thanks', free: false })
  vi.advanceTimersByTime(25_000)
  expect(view().screen).toBe('asking')
})

test('the hour has as many answers as the counter can have, and the next person is told so', () => {
  const { kiosk, view, touch, given, stop } = stand({ ceiling: 1 })
  answerAll(touch)
  kiosk.send()
  vi.advanceTimersByTime(30_000)
  answerAll(touch)
  kiosk.send()
  expect(view()).toMatchObject({ screen: 'full', given: {} })
  expect(given).toHaveLength(1)
  stop()
  // A reloaded page thanks nobody for an answer that the server would drop.
  const again = stand({ ceiling: 2, before: 2 })
  answerAll(again.touch)
  again.kiosk.send()
  expect([again.view().screen, again.given]).toEqual(['full', []])
  again.stop()
})

test('where the device keeps nothing, thanks are said only for what has arrived', async () => {
  for (const [status, screen] of [
    [200, 'thanks'],
    [503, 'unsent'],
  ] as const) {
    const { kiosk, view, touch, stop } = stand({ status, unkept: true })
    answerAll(touch)
    kiosk.send()
    expect(view()).toMatchObject({ screen: 'sending', given: {} })
    await vi.advanceTimersByTimeAsync(100)
    expect(view().screen).toBe(screen)
    stop()
  }
})

test.each([
  [
    'its link is refused, or its agency has ended: the next visitor reads so',
    403,
    false,
    'refused',
    [[LINK]],
  ],
  ['the network is down: it takes answers on', 503, false, 'broken', []],
  ['leaving would lose what the device does not keep', 403, true, 'unkept', []],
] as const)('where %s', async (_, status, unkept, line, left) => {
  const { view, replace } = stand({ status, unkept, waiting: [{ submitKey: 'a', fields: [] }] })
  await vi.advanceTimersByTimeAsync(50_000)
  expect(view().line).toBe(line)
  expect(replace.mock.calls.slice(0, 1)).toEqual(left)
})

test('an old page is loaded again while nobody uses it, and never under a hand', async () => {
  const { kiosk, touch, replace } = stand()
  touch('5')
  for (let half = 0; half < 70; half++) {
    kiosk.stay()
    await vi.advanceTimersByTimeAsync(30_000)
  }
  expect(replace).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(90_000)
  expect(replace).toHaveBeenCalledWith(LINK)
})

test('what it took over it gives back', () => {
  const { stop } = stand()
  stop()
  expect(vi.getTimerCount()).toBe(0)
})
