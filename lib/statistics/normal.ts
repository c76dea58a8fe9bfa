/** Below this the series converges fastest; above it, the continued fraction. */
const SERIES_UP_TO = 2

/**
 * Returns 1 − erf(x) for x ≥ 0 to about 14 digits: M. Abramowitz and I. Stegun, "Handbook of Mathematical
 * Functions" (1964), the series 7.1.6 and the continued fraction 7.1.14.
 */
function erfc(x: number): number {
  const gauss = Math.exp(-(x ** 2))
  if (x < SERIES_UP_TO) {
    let term = x
    let sum = x
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * x ** 2) / (2 * n + 1)
      sum += term
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * gauss * sum
  }
  // √π e^{x²} erfc x = 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))), from the inside out.
  let fraction = x
  for (let n = 120; n > 0; n--) fraction = x + n / 2 / fraction
  return gauss / (Math.sqrt(Math.PI) * fraction)
}

/** Returns the probability that a standard normal variable is at least as far from zero as `z`, on either side. */
export const twoSided = (z: number): number => erfc(Math.abs(z) / Math.SQRT2)

/** Returns the distance from zero that a standard normal variable exceeds with probability `p`, on either side together. */
export function twoSidedQuantile(p: number): number {
  let [near, far] = [0, 40]
  for (let n = 0; n < 60; n++) {
    const middle = (near + far) / 2
    if (twoSided(middle) > p) near = middle
    else far = middle
  }
  return (near + far) / 2
}
