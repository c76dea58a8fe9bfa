/** The random draws of a run: the same seed draws the same, though when things happen is never the same twice. */
export interface Draw {
  /** A whole number from 0 to below `bound`. */
  below(bound: number): number
  chance(share: number): boolean
  oneOf<T>(things: readonly T[]): T
  /** All of them, in a drawn order. */
  shuffled<T>(things: readonly T[]): T[]
}

/** Returns random numbers from a seed (Mulberry32): small, random enough for drawing faults, and not for secrets. */
export function seeded(seed: number): Draw {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (bound: number) => Math.floor(next() * bound)
  return {
    below,
    chance: (share) => next() < share,
    oneOf: <T>(things: readonly T[]): T => things[below(things.length)] as T,
    shuffled: (things) =>
      things
        .map((thing) => ({ thing, place: next() }))
        .toSorted((a, b) => a.place - b.place)
        .map(({ thing }) => thing),
  }
}
