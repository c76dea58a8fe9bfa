import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { withSemaphore } from './semaphore.ts'

const PATIENCE = 5_000

describe('withSemaphore', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

  it('runs no more of one key at a time than it may, in their order, and ends what each work comes to', async () => {
    const works = fc.array(
      fc.record({ key: fc.constantFrom('a', 'b'), takes: fc.nat(20), fails: fc.boolean() }),
      { maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(works, fc.integer({ min: 1, max: 3 }), async (all, limit) => {
        const running = { a: 0, b: 0 }
        const begun: number[] = []
        const ends = all.map(({ key, takes, fails }, n) =>
          withSemaphore(key, { limit, patience: PATIENCE }, async () => {
            running[key as 'a']++
            begun.push(n)
            expect(running[key as 'a']).toBeLessThanOrEqual(limit)
            await wait(takes)
            running[key as 'a']--
            if (fails) throw new Error(`${n}`)
            return n
          }).catch((error: Error) => -Number(error.message) - 1),
        )
        await vi.runAllTimersAsync()
        expect(await Promise.all(ends)).toEqual(all.map(({ fails }, n) => (fails ? -n - 1 : n)))
        for (const key of ['a', 'b']) {
          const order = begun.filter((n) => all[n]?.key === key)
          expect(order).toEqual(order.toSorted((one, other) => one - other))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('lets nobody wait longer than they may, and goes on as before afterwards', async () => {
    const begun: string[] = []
    const run = (name: string, takes: number) =>
      withSemaphore('slow', { limit: 1, patience: PATIENCE }, async () => {
        begun.push(name)
        await wait(takes)
      })
    const all = [run('first', 60_000), run('second', 10), run('third', 10)]
    await vi.advanceTimersByTimeAsync(PATIENCE - 1)
    expect(begun).toEqual(['first'])
    await vi.advanceTimersByTimeAsync(100)
    expect(begun).toEqual(['first', 'second', 'third'])
    await vi.advanceTimersByTimeAsync(60_000)
    await Promise.all(all)
    const after = [run('fourth', 10), run('fifth', 10)]
    await vi.advanceTimersByTimeAsync(5)
    expect(begun.slice(3)).toEqual(['fourth'])
    await vi.advanceTimersByTimeAsync(20)
    await Promise.all(after)
    expect(begun.slice(3)).toEqual(['fourth', 'fifth'])
  })

  it('makes a work without patience wait as long as it takes', async () => {
    const begun: string[] = []
    const run = (name: string) =>
      withSemaphore('patient', { limit: 1 }, async () => {
        begun.push(name)
        await wait(60_000)
      })
    const all = [run('first'), run('second')]
    await vi.advanceTimersByTimeAsync(59_999)
    expect(begun).toEqual(['first'])
    await vi.advanceTimersByTimeAsync(1)
    expect(begun).toEqual(['first', 'second'])
    await vi.advanceTimersByTimeAsync(60_000)
    await Promise.all(all)
  })

  it('counts a key once in a process, although the module is there several times', async () => {
    let running = 0
    let most = 0
    const copies: (typeof withSemaphore)[] = []
    for (let n = 0; n < 2; n++) {
      vi.resetModules()
      copies.push((await import('./semaphore.ts')).withSemaphore)
    }
    expect(copies[0]).not.toBe(copies[1])
    const all = copies.map((copy) =>
      copy('bundled', { limit: 1 }, async () => {
        most = Math.max(most, ++running)
        await wait(10)
        running--
      }),
    )
    await vi.runAllTimersAsync()
    await Promise.all(all)
    expect(most).toBe(1)
  })
})
