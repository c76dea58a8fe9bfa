import { describe, expect, it, test } from 'vitest'
import { full } from '#tests/runs.ts'
import { Chance } from '../../tools/demo-city/chance.ts'
import { dispersionIn, type HeadlineMonth } from './dispersion-rules.ts'
import { controlChart, TOP_TWO } from './figure-rules.ts'
import { bands, type Month, monthsLater, SMALLEST_DIFFERENCE, sameShare } from './rules.ts'
import { chosen, topTwo } from './tally-rules.ts'
import { computeTrend } from './trend/rules.ts'

/** Pseudo-random numbers in [0, 1), the same on every run. */
function seeded(seed: number): () => number {
  const chance = new Chance(seed)
  return () => chance.next()
}

const start = '2026-01' as Month
const AGENCIES = 24

/**
 * Draws a year of answers at agencies that are all alike. Answers come in clusters of ten; each equals the first of its
 * cluster with a chance of √ρ, so that the design effect is 1 + 9ρ.
 */
function drawYear(random: () => number, effect: number, base: number): HeadlineMonth[] {
  const alike = Math.sqrt((effect - 1) / 9)
  return Array.from({ length: AGENCIES * 12 }, (_, at) => {
    let top = 0
    for (let cluster = 0; cluster < base / 10; cluster++) {
      const first = random() < 0.7
      for (let n = 0; n < 10; n++) if (random() < alike ? first : random() < 0.7) top++
    }
    const counts = { '5': top, '1': base - top }
    return { agencyId: String(at % AGENCIES), month: monthsLater(start, Math.floor(at / AGENCIES)), counts }
  })
}

const sumsOf = (year: readonly HeadlineMonth[]) =>
  Array.from({ length: AGENCIES }, (_, id) => {
    const own = year.filter(({ agencyId }) => agencyId === String(id))
    const sum = (code: '5' | '1') => own.reduce((all, { counts }) => all + (counts[code] ?? 0), 0)
    return { '5': sum('5'), '1': sum('1') }
  })

describe('the announced error of 5 %', () => {
  const RUNS = full ? 4_000 : 150
  // With many answers, a difference below the smallest one that counts is ignored, so the error is also tested with few
  // answers.
  test.each([
    [1, 30],
    [1.9, 30],
    [2.8, 30],
    [1, 100],
    [1.9, 100],
    [2.8, 100],
  ])('holds at a design effect of %f with %i answers a month', (effect, base) => {
    const random = seeded(Math.round(effect * 1000) + base)
    let [wrong, naive] = [0, 0]
    for (let run = 0; run < RUNS; run++) {
      const year = drawYear(random, effect, base)
      const { compared } = dispersionIn('2027-03' as Month, year)
      const sums = sumsOf(year)
      // Tests only significance; the smallest difference makes errors rarer still.
      if (significant(sums, compared)) wrong++
      if (significant(sums, 1)) naive++
    }
    expect(wrong / RUNS).toBeLessThanOrEqual(full ? 0.06 : 0.1)
    if (effect > 1.5) expect(naive / RUNS, 'as if they were independent').toBeGreaterThan(0.2)
  })
})

/** Checks whether any agency of a family differs by chance, by the smallest of Holm's steps. */
function significant(sums: readonly { readonly '5': number; readonly '1': number }[], dispersion: number) {
  const [top, base] = sums.reduce(([a, b], one) => [a + one['5'], b + one['5'] + one['1']], [0, 0])
  return sums.some((one) => {
    const own = { top: one['5'], base: one['5'] + one['1'] }
    const rest = { top: top - own.top, base: base - own.base }
    return sameShare(own, rest, dispersion) * sums.length <= 0.05
  })
}

describe('dispersionIn', () => {
  const year = drawYear(seeded(3), 2.8, 60)
  it('is found of the year before, and stays through the year whatever comes', () => {
    const january = dispersionIn('2027-01' as Month, year)
    expect(january).toMatchObject({ values: 288, from: '2026-01', to: '2026-12' })
    expect(january.factor).toBeGreaterThan(2)
    expect(january.factor).toBe(Math.round(january.factor * 100) / 100)
    const flood = { agencyId: '1', month: '2027-02' as Month, counts: { '5': 5_000 } }
    expect(dispersionIn('2027-11' as Month, [...year, flood])).toEqual(january)
  })

  it('is found of all that is over while the year before says too little, and the running month is never in it', () => {
    const first = year.filter(({ month }) => month <= '2026-03')
    const now = dispersionIn('2026-04' as Month, first)
    expect(now).toMatchObject({ values: 72, from: '2026-01', to: '2026-03' })
    const running = { agencyId: '1', month: '2026-04' as Month, counts: { '1': 500 } }
    expect(dispersionIn('2026-04' as Month, [...first, running])).toEqual(now)
  })

  it('is not known of fewer than twenty months of agencies: intervals say what they are, comparisons are careful', () => {
    const few = year.filter(({ agencyId, month }) => Number(agencyId) < 6 && month <= '2026-03')
    const unknown = { factor: 1, compared: 2, values: 0, from: null, to: null }
    expect(dispersionIn('2026-04' as Month, few)).toEqual(unknown)
    expect(dispersionIn('2026-04' as Month, [])).toEqual(unknown)
  })
})

describe('what is told with a dispersion', () => {
  const counts = { '5': 70, '1': 30 }
  it('is the interval of so many times fewer people, around the same share', () => {
    const [plain, wide] = [topTwo({ counts }), topTwo({ counts, dispersion: 2 })]
    const half = topTwo({ counts: { '5': 35, '1': 15 } })
    expect(wide).toMatchObject({ value: plain?.value, base: 100, low: half?.low, high: half?.high })
    expect(chosen({ respondents: 100, counts, dispersion: 2 }, '5')).toMatchObject({
      count: 70,
      low: half?.low,
    })
    expect(TOP_TWO.difference({ counts, dispersion: 2 }, { counts, dispersion: 2 })?.high).toBeGreaterThan(
      TOP_TWO.difference({ counts }, { counts })?.high ?? 1,
    )
  })

  it('puts fewer agencies into bands, and none for a difference below ten points', () => {
    const group = (shares: readonly number[], base: number) =>
      shares.map((p) => ({ '5': p * base, '1': (1 - p) * base }))
    const some = group([0.8, 0.64, 0.64], 100)
    expect(bands(some)).toEqual(['above', 'same', 'same'])
    expect(bands(some, () => true, 2.8)).toEqual(['same', 'same', 'same'])
    expect(SMALLEST_DIFFERENCE).toBe(0.1)
    expect(bands(group([0.79, 0.7, 0.7], 10_000))).toEqual(['same', 'same', 'same'])
    expect(bands(group([0.8, 0.7, 0.7], 10_000))).toEqual(['above', 'same', 'same'])
  })
})

describe('the limits of months', () => {
  const months = (tops: readonly number[]) =>
    tops.map((top, at) => ({ month: monthsLater(start, at), counts: { '5': top, '1': 100 - top } }))
  const limitsOf = (tops: readonly number[]) =>
    computeTrend(months(tops)).flatMap(({ points }) =>
      points.map(({ limits, outside }) => ({ limits, outside })),
    )
  const usual = [70, 72, 68, 71, 69, 70, 73, 67, 70, 71, 69, 70]

  it('are drawn from the first twelve: what comes later changes none that was', () => {
    const before = limitsOf(usual)
    expect(limitsOf([...usual, 95, 96, 97]).slice(0, 12)).toEqual(before)
    expect(limitsOf([...usual, 95]).at(-1)?.outside).toBe(true)
  })

  it('are wider by the root of the dispersion', () => {
    const samples = usual.map((top) => ({ top, base: 100 }))
    const [plain, wide] = [1, 2.25].map((dispersion) => controlChart(samples, samples, dispersion))
    const far = (chart: typeof plain) => (chart?.limits[0]?.high ?? 0) - (chart?.centre ?? 0)
    expect(far(wide) / far(plain)).toBeCloseTo(1.5, 10)
  })
})
