import type { ShareOf } from './difference.ts'

/** A share of one group, such as an agency's answers of one month. */
export interface GroupedShare extends ShareOf {
  readonly group: string
}

/** This part of the values at either end is set to the next value: a few real changes must not make everything unsure. */
const WINSORISED = 0.1
/**
 * The variance of standard normal values with a tenth at either end set to the next value: (0.8 − 2zφ(z)) + 0.2z² with z =
 * 1.2816.
 */
const NORMAL = 0.67873

/**
 * Returns by what factor the shares of one group vary more from part to part than independent answers would, and from how many
 * values that was found; the factor 1 means not at all. Each part is compared with its own group's share, so that differences
 * between groups do not count.
 *
 * D. J. Spiegelhalter, "Funnel plots for comparing institutional performance", Statist. Med. 24 (2005) 1185–1202, and "Handling
 * over-dispersion of performance indicators", Qual. Saf. Health Care 14 (2005) 347–351: φ is the mean square of the standardised
 * values, winsorised by a tenth. Here it is divided by the same mean square of normal values, so that it is not too small.
 */
export function estimateDispersion(
  parts: readonly GroupedShare[],
): { factor: number; values: number } | null {
  const values = [...Map.groupBy(parts, ({ group }) => group).values()].flatMap(standardised)
  if (values.length === 0) return null
  const ordered = values.toSorted((a, b) => a - b)
  const cut = Math.floor(WINSORISED * ordered.length)
  const [least = 0, most = 0] = [ordered[cut], ordered[ordered.length - 1 - cut]]
  const squares = ordered.reduce((sum, one) => sum + Math.min(most, Math.max(least, one)) ** 2, 0)
  return { factor: Math.max(1, squares / ordered.length / NORMAL), values: ordered.length }
}

/** Returns the distance of each part of a group from the group's share, in standard deviations of independent answers. */
function standardised(parts: readonly ShareOf[]): number[] {
  const [top, base] = parts.reduce(([a, b], one) => [a + one.top, b + one.base], [0, 0])
  const share = top / base
  if (!(share > 0 && share < 1) || parts.length < 2) return []
  return parts
    .filter((part) => part.base > 0)
    .map((part) => {
      // The part is contained in its group's share, and is closer to it the more of the group it is.
      const variance = (share * (1 - share) * (1 - part.base / base)) / part.base
      return (part.top / part.base - share) / Math.sqrt(variance)
    })
}
