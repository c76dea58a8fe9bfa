/** Public counts come in these steps. */
export const UNIT = 5

export interface Published {
  /** Beside each count, what is told of it. */
  readonly shown: readonly number[]
  /** The remainder that is left for the next column of counts. */
  readonly carry: number
}

/**
 * Returns what is told of a column of counts: they are laid end to end, and each row gets the fives that are full by
 * its end; what is over goes on to the next row, and from the last row to the next month. So every total is the sum of
 * its rows and at most four from the truth, nothing is ever lost, and of a single row nobody learns more than that it
 * is within four of what is shown (docs/adr/0017).
 */
export function inFives(counts: readonly number[], carry: number): Published {
  let rest = carry
  const shown = counts.map((count) => {
    const full = Math.floor((rest + count) / UNIT) * UNIT
    rest += count - full
    return full
  })
  return { shown, carry: rest }
}
