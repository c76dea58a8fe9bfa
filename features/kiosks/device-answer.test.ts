import { afterEach, expect, test, vi } from 'vitest'
import { kioskMessage, type QueuedAnswer } from './rules.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.resetModules()
})

const NOW = 1_800_000_000

/**
 * Sends answers from a device whose clock is `wrong` by so many seconds. The server takes answers of the last day, at least 20
 * seconds apart. Returns when it took each.
 */
async function send(answers: readonly Omit<QueuedAnswer, 'fields'>[], wrong = 0) {
  vi.useFakeTimers({ now: (NOW + wrong) * 1000 })
  const taken = new Map<string, number>()
  const signed: string[] = []
  vi.stubGlobal('fetch', async (_: string, { body }: { readonly body: URLSearchParams }) => {
    const at = Number(body.get('at'))
    const near = [...taken.values()].some((one) => Math.abs(one - at) < 20)
    const [status, refused] =
      at > NOW + 60 || at < NOW - 86_400 ? [409, 'clock'] : near ? [429, 'pace'] : [200, undefined]
    expect(body.get('signature')).toBe(`signed ${kioskMessage('k', body)}`)
    signed.push(String(body.get('submitKey')))
    if (status === 200) taken.set(String(body.get('submitKey')), at)
    return Response.json({ refused, now: NOW }, { status })
  })
  let waiting: readonly QueuedAnswer[] = answers.map((one) => ({ ...one, fields: [['r1', '5']] }))
  const queue = {
    waiting: () => waiting,
    remove: (key: string) => {
      waiting = waiting.filter(({ submitKey }) => submitKey !== key)
    },
    add: () => true,
    unkept: () => false,
    inHour: () => 0,
    countIn: () => undefined,
  }
  const { sendWaiting } = await import('./device-queue.ts')
  const { stopped } = await sendWaiting(queue, 'k.x.y', async (text) => `signed ${text}`)
  return {
    taken: Object.fromEntries(taken),
    left: waiting.map(({ submitKey }) => submitKey),
    stopped,
    signed,
  }
}

test.each([0, 3 * 3600, -40 * 86_400])(
  'an answer keeps its time where the clock is %i seconds wrong',
  async (wrong) => {
    const { taken, left } = await send([{ submitKey: 'a', given: NOW + wrong - 600 }], wrong)
    expect(taken).toEqual({ a: NOW - 600 })
    expect(left).toEqual([])
  },
)

test('what is older than a day is given up, and holds up nothing', async () => {
  const { taken, left } = await send([
    { submitKey: 'old', given: NOW - 2 * 86_400 },
    { submitKey: 'new', given: NOW - 60 },
  ])
  expect([taken, left]).toEqual([{ new: NOW - 60 }, []])
})

test('answers that stand too near are moved apart, never into the future, and none is lost', async () => {
  const { taken, left, stopped } = await send([
    { submitKey: 'a', given: NOW - 60 },
    { submitKey: 'b', given: NOW - 55 },
    { submitKey: 'c', given: NOW - 55 },
    { submitKey: 'd', given: NOW - 5 },
    { submitKey: 'e', given: NOW - 4 },
  ])
  expect(taken).toEqual({ a: NOW - 60, b: NOW - 35, c: NOW - 15 })
  expect([left, stopped]).toEqual([['d', 'e'], 429])
})

test('answers that a page of the release before kept have no time: each is sent as of now', async () => {
  const { taken, left, stopped } = await send([{ submitKey: 'a' }, { submitKey: 'b' }])
  expect([taken, left, stopped]).toEqual([{ a: NOW }, ['b'], 429])
})
