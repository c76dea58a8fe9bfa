import { addMilliseconds, HOUR, type Instant, MINUTE, UTC_OFFSET_MINUTES } from '#lib/time.ts'

/** Draws the same values in the same order at every run, so that the city is the same in every installation. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** Returns the next number of [0, 1) (T. Ettinger's mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  between(from: number, to: number): number {
    return from + this.next() * (to - from)
  }

  /** Returns an integer from `from` to `to`, both included. */
  whole(from: number, to: number): number {
    return Math.floor(this.between(from, to + 1))
  }

  of<T>(all: readonly T[]): T {
    return all[Math.floor(this.next() * all.length)] as T
  }

  weighted<T>(all: readonly (readonly [T, number])[]): T {
    let left = this.next() * all.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [value, weight] of all) {
      left -= weight
      if (left < 0) return value
    }
    return (all.at(-1) as readonly [T, number])[0]
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.whole(0, 255))
  }

  /** Returns the moment itself if it is between 7:00 and 20:00 local time, else a moment of the next morning. */
  atWork(at: Instant): Instant {
    const local = addMilliseconds(at, UTC_OFFSET_MINUTES * MINUTE)
    const hour = local.getUTCHours()
    if (hour >= 7 && hour < 20) return at
    const nextSeven = (hour < 7 ? 7 - hour : 31 - hour) * HOUR - local.getUTCMinutes() * MINUTE
    return addMilliseconds(at, nextSeven + this.between(5, 110) * MINUTE)
  }
}
