import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PhotoAnswer } from './device-messages.ts'
import { prepareReading, startReading } from './device-reading.ts'

class FakeWorker extends EventTarget {
  static last: FakeWorker
  ended = false
  asked: unknown[] = []
  constructor() {
    super()
    FakeWorker.last = this
  }
  postMessage(request: unknown): void {
    this.asked.push(request)
  }
  terminate(): void {
    this.ended = true
  }
  tell(data: PhotoAnswer): void {
    this.dispatchEvent(new MessageEvent('message', { data }))
  }
}

const IMEI = '352987065816623'
const start = () => {
  const events = { shown: vi.fn(), reduced: vi.fn(), progress: vi.fn(), found: vi.fn(), failed: vi.fn() }
  const reading = startReading(new File(['x'], 'nhan.jpg'), events)
  return { reading, events, worker: FakeWorker.last }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('Worker', FakeWorker)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a reader that was made ready', () => {
  it('reads the first photo; the second gets another', () => {
    prepareReading()
    const ready = FakeWorker.last
    prepareReading()
    expect(FakeWorker.last).toBe(ready)
    expect(ready.asked).toEqual([{ ask: 'ready' }])
    expect(start().worker).toBe(ready)
    expect(ready.asked).toHaveLength(2)
    start()
    expect(FakeWorker.last).not.toBe(ready)
  })

  it('is not used where it could not be made ready', () => {
    prepareReading()
    const broken = FakeWorker.last
    broken.tell({ told: 'unavailable' })
    expect(broken.ended).toBe(true)
    start()
    expect(FakeWorker.last).not.toBe(broken)
  })
})

describe('a reader that fails', () => {
  it.each([
    ['says so', (worker: FakeWorker) => worker.tell({ told: 'unavailable' }), 'unavailable'],
    ['ends with an error', (worker: FakeWorker) => worker.dispatchEvent(new Event('error')), 'unavailable'],
    ['never answers', () => vi.advanceTimersByTime(40_000), 'slow'],
  ] as const)('and %s: told once, and ended', (_, fail, why) => {
    const { events, worker } = start()
    fail(worker)
    expect(events.failed.mock.calls).toEqual([[why]])
    expect(worker.ended).toBe(true)
  })

  it.each([
    ['says so', (worker: FakeWorker) => worker.tell({ told: 'unavailable' })],
    ['ends with an error', (worker: FakeWorker) => worker.dispatchEvent(new Event('error'))],
    ['goes on for ever', () => vi.advanceTimersByTime(40_000)],
  ] as const)('after it offered a number and %s: ended, and the number stays', (_, fail) => {
    const { events, worker } = start()
    worker.tell({ told: 'found', imeis: [IMEI] })
    fail(worker)
    expect(events.failed).not.toHaveBeenCalled()
    expect(worker.ended).toBe(true)
  })
})

it('that found nothing waits to be asked for the text', () => {
  const { reading, events, worker } = start()
  worker.tell({ told: 'found', imeis: [] })
  vi.advanceTimersByTime(600_000)
  expect(events.failed).not.toHaveBeenCalled()
  expect(worker.ended).toBe(false)
  reading.readText()
  expect(worker.asked.at(-1)).toEqual({ ask: 'text' })
  vi.advanceTimersByTime(180_000)
  expect(events.failed.mock.calls).toEqual([['slow']])
})
