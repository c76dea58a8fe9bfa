import { estimateDispersion } from '#lib/statistics/dispersion.ts'
import { type Month, monthsLater } from './rules.ts'
import { type Counts, topTwoOf } from './tally-rules.ts'

/**
 * By how much answers vary more than independent ones would: people of one day, family or event answer alike. One factor for the
 * city, from the headline question, by how an agency's months vary around its own share.
 */
export interface Dispersion {
  /** Widens every interval and limit; 1 while it is not known. */
  readonly factor: number
  /** Divides every comparison; {@link ASSUMED} while it is not known. */
  readonly compared: number
  /** The months of agencies that it was found of; 0 while it is not known. */
  readonly values: number
  /** The first and last month of them; null while it is not known. */
  readonly from: Month | null
  readonly to: Month | null
}

/** Fewer months of agencies than this say too little. */
export const FEWEST_VALUES = 20

/** Gives what is taken for comparisons until it is known: they have to be careful, and an interval has to be what it says. */
export const ASSUMED = 2

const UNKNOWN: Dispersion = { factor: 1, compared: ASSUMED, values: 0, from: null, to: null }

/** Answers as if each were given for itself. */
export const INDEPENDENT: Dispersion = { ...UNKNOWN, compared: 1 }

export interface HeadlineMonth {
  readonly agencyId: string
  readonly month: Month
  readonly counts: Counts
}

/**
 * Returns the dispersion that figures of a month are told with. It is found of the twelve months before its year, and holds for
 * all of the year; while those say too little, of these and the months of the year that are over.
 */
export function dispersionIn(month: Month, rows: readonly HeadlineMonth[]): Dispersion {
  const from = firstOfDispersion(month)
  const year = monthsLater(from, 12)
  return dispersionOf(rows, { from, before: year }) ?? dispersionOf(rows, { from, before: month }) ?? UNKNOWN
}

/** Returns the first month of which a month's dispersion is found. */
export const firstOfDispersion = (month: Month): Month => monthsLater(`${month.slice(0, 4)}-01` as Month, -12)

function dispersionOf(
  rows: readonly HeadlineMonth[],
  { from, before }: { readonly from: Month; readonly before: Month },
): Dispersion | null {
  const some = rows.filter((row) => from <= row.month && row.month < before)
  // The versions of the questions of one month are one part.
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
  // As it is printed, so that everybody gets the same from the printed one.
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
