/** Public counts come in these steps. */
export const UNIT = 5

export interface Published {
  /** The published count beside each true one. */
  readonly shown: readonly number[]
  /** The remainder that is left for the next column of counts. */
  readonly carry: number
}

/**
 * Returns the published counts of a column. The true counts are laid end to end, and each row gets the fives that are
 * full by its end. The remainder passes to the next row, and from the last row to the next month. So every total is the
 * sum of its rows and within four of the truth, nothing is lost, and a single row is known only to within four of the
 * published count (docs/adr/0017).
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
