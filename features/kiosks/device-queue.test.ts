import { expect, test } from 'vitest'
import { deviceQueue } from './device-queue.ts'
import type { QueuedAnswer } from './rules.ts'

const answer = (submitKey: string): QueuedAnswer => ({ submitKey, fields: [['r1', '5']] })

/** Creates a browser's storage, as far as a queue uses it. A test can make it refuse. */
function device(text: string | null = null) {
  const state = { text, refuses: false, hour: null as string | null }
  const refuse = () => {
    if (state.refuses) throw new DOMException('full', 'QuotaExceededError')
  }
  const storage = {
    getItem: (name: string) => (name.endsWith('-hour') ? state.hour : state.text),
    setItem: (name: string, written: string) => {
      refuse()
      if (name.endsWith('-hour')) state.hour = written
      else state.text = written
    },
  } as unknown as Storage
  return {
    state,
    queue: deviceQueue('quan-5', () => storage),
    again: () => deviceQueue('quan-5', () => storage),
  }
}

const keys = (answers: readonly QueuedAnswer[]) => answers.map(({ submitKey }) => submitKey)

test('a device that can keeps what waits, until it is sent', () => {
  const { state, queue } = device()
  expect(queue.add(answer('a'))).toBe(true)
  expect(queue.add(answer('b'))).toBe(true)
  expect(queue.unkept()).toBe(false)
  expect(keys(JSON.parse(state.text ?? ''))).toEqual(['a', 'b'])
  queue.remove('a')
  expect(keys(queue.waiting())).toEqual(['b'])
  queue.remove('b')
  expect(state.text).toBe('[]')
})

test('the answers of an hour are counted over a page that is loaded again, and no time of one is kept', () => {
  const { state, queue, again } = device()
  for (const hour of [490_000, 490_001, 490_001]) queue.countIn(hour)
  expect(state.hour).toBe('490001 2')
  expect([again().inHour(490_001), again().inHour(490_000), again().inHour(490_002)]).toEqual([2, 0, 0])
  state.refuses = true
  queue.countIn(490_001)
  expect([queue.inHour(490_001), again().inHour(490_001)]).toEqual([3, 2])
  state.hour = 'x y'
  expect(again().inHour(490_001)).toBe(0)
})

test('what a full device does not keep waits in the page, behind what it has, and is kept once there is room', () => {
  const { state, queue } = device(JSON.stringify([answer('old')]))
  state.refuses = true
  expect(queue.add(answer('a'))).toBe(false)
  expect(queue.unkept()).toBe(true)
  expect(keys(queue.waiting())).toEqual(['old', 'a'])
  state.refuses = false
  expect(queue.add(answer('b'))).toBe(true)
  expect(queue.unkept()).toBe(false)
  expect(keys(JSON.parse(state.text ?? ''))).toEqual(['old', 'a', 'b'])
})

test('what was sent is not sent again where the device cannot forget it', () => {
  const { state, queue } = device(JSON.stringify([answer('old'), answer('next')]))
  state.refuses = true
  queue.remove('old')
  expect(keys(queue.waiting())).toEqual(['next'])
  queue.remove('next')
  expect(queue.waiting()).toEqual([])
})

test('a storage that is switched off, or holds anything else, breaks nothing', () => {
  const off = deviceQueue('quan-5', () => {
    throw new DOMException('denied', 'SecurityError')
  })
  expect(off.waiting()).toEqual([])
  expect(off.add(answer('a'))).toBe(false)
  expect(keys(off.waiting())).toEqual(['a'])
  off.remove('a')
  expect([off.waiting(), off.unkept()]).toEqual([[], false])
  for (const text of ['', '{', 'null', '7', '{"a":1}', '[null,[],{"submitKey":1}]']) {
    const { queue } = device(text)
    expect(queue.waiting()).toEqual([])
    expect(queue.add(answer('a'))).toBe(true)
  }
})
