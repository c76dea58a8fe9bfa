/** The random draws of a run. The same seed gives the same draws, but the timing of a run is never the same twice. */
export interface Draw {
  /** Returns an integer from 0 up to `bound`, exclusive. */
  below(bound: number): number
  chance(share: number): boolean
  oneOf<T>(things: readonly T[]): T
  shuffled<T>(things: readonly T[]): T[]
}

/** Returns random numbers from a seed (Mulberry32). It is small and good enough to draw faults, but not to make secrets. */
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
