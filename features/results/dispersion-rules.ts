import { estimateDispersion } from '#lib/statistics/dispersion.ts'
import { type Month, monthsLater } from './rules.ts'
import { type Counts, topTwoOf } from './tally-rules.ts'

/**
 * By how much answers vary more than independent ones would: people of one day, family or event answer alike. There is
 * one factor for the city. It is estimated from the headline question, by how an agency's months vary around its own
 * share.
 */
export interface Dispersion {
  /** Widens every interval and limit; 1 while it is unknown. */
  readonly factor: number
  /** Divides the test statistic of every comparison; {@link ASSUMED} while it is unknown. */
  readonly compared: number
  /** The number of agency months that it was estimated from; 0 while it is unknown. */
  readonly values: number
  /** The first and last of those months; null while it is unknown. */
  readonly from: Month | null
  readonly to: Month | null
}

export const FEWEST_VALUES = 20

/** The factor assumed in comparisons, which have to be careful, until it is known. Intervals assume 1. */
export const ASSUMED = 2

const UNKNOWN: Dispersion = { factor: 1, compared: ASSUMED, values: 0, from: null, to: null }

/** For answers that are treated as independent. */
export const INDEPENDENT: Dispersion = { ...UNKNOWN, compared: 1 }

export interface HeadlineMonth {
  readonly agencyId: string
  readonly month: Month
  readonly counts: Counts
}

/** Returns a month's dispersion: of the twelve months before its year and, while they are too few, its finished ones. */
export function dispersionIn(month: Month, rows: readonly HeadlineMonth[]): Dispersion {
  const from = firstOfDispersion(month)
  const year = monthsLater(from, 12)
  return dispersionOf(rows, { from, before: year }) ?? dispersionOf(rows, { from, before: month }) ?? UNKNOWN
}

export const firstOfDispersion = (month: Month): Month => monthsLater(`${month.slice(0, 4)}-01` as Month, -12)

function dispersionOf(
  rows: readonly HeadlineMonth[],
  { from, before }: { readonly from: Month; readonly before: Month },
): Dispersion | null {
  const some = rows.filter((row) => from <= row.month && row.month < before)
  // All versions in one month count as one part.
  const parts = Map.groupBy(some, ({ agencyId, month }) => `${agencyId} ${month}`)
  const found = estimateDispersion(
    [...parts].map(([key, own]) => {
      const sums = own.map(({ counts }) => topTwoOf(counts))
      return {
        group: key.slice(0, key.lastIndexOf(' ')),
        top: sums.reduce((sum, { top }) => sum + top, 0),
        base: sums.reduce((sum, { base }) => sum + base, 0),
      }
    }),
  )
  if (found === null || found.values < FEWEST_VALUES) return null
  // Rounded as it is printed, so that everybody can reproduce the figures from the printed factor.
  const factor = Math.round(found.factor * 100) / 100
  const months = some.map((row) => row.month).toSorted()
  return {
    factor,
    compared: factor,
    values: found.values,
    from: months[0] ?? null,
    to: months.at(-1) ?? null,
  }
}
