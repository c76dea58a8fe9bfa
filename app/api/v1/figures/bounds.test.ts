import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Month, monthsLater } from '#features/results/rules.ts'
import {
  type Carries,
  type Cells,
  type CountedMeasure,
  carryKey,
  columnsOf,
  ENOUGH_FOR_SHARE,
  type Facts,
  HOURS,
  LOSS_KINDS,
  type MonthMeasure,
  SPLITS,
  type Split,
  sumOf,
  UNIT,
} from '#features/statistics/rules.ts'
import { runs } from '#tests/runs.ts'
import { monthFiguresJson, TABLES } from './tables.ts'

const FIRST = '2025-01' as Month
const COUNTS = [
  ...LOSS_KINDS,
  'reported',
  'blockedInTime',
  'verified',
  'blocked',
  'recovered',
  'wrong',
] as const satisfies readonly (keyof Facts)[]
type Count = (typeof COUNTS)[number]
const measureOf = (count: Count): MonthMeasure => (count === 'blockedInTime' ? 'in_time' : count)

interface City {
  readonly areas: readonly string[]
  /** True counts of each month, by `split row measure`. */
  readonly months: readonly ReadonlyMap<string, number>[]
  readonly cells: Readonly<Record<Split, readonly Cells[]>>
  readonly names: readonly Month[]
}

/** A seeded random generator: fast-check would be too slow to draw each case. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/**
 * Builds a city as the worker publishes it, with about `busy` cases in each area and month; `blocked` is the share blocked in
 * time.
 */
function cityOf({ seed, areas, months, busy, blocked }: Shape): City {
  const random = randomOf(seed)
  const ids = Array.from({ length: areas }, (_, at) => `quan-${at}`)
  const truth: Map<string, number>[] = []
  const cells: Record<Split, Cells[]> = { area: [], hour: [] }
  const names = Array.from({ length: months }, (_, at) => monthsLater(FIRST, at))
  let carries: Carries = new Map()
  for (const month of names) {
    const of = new Map<string, number>()
    const add = (key: string) => of.set(key, (of.get(key) ?? 0) + 1)
    for (const area of ids) {
      const cases = Math.floor(random() * busy)
      for (let n = 0; n < cases; n++) {
        const kind = LOSS_KINDS[Math.floor(random() * LOSS_KINDS.length)] ?? 'lost'
        const hour = HOURS[Math.floor(random() ** 2 * 24)] ?? '00'
        for (const measure of [kind, 'reported']) {
          add(`area ${area} ${measure}`)
          add(`hour ${hour} ${measure}`)
        }
        if (random() < blocked) add(`area ${area} in_time`)
        for (const event of ['verified', 'blocked', 'recovered', 'wrong'])
          if (random() < 0.5) add(`area ${area} ${event}`)
      }
    }
    const counted = (split: Split): CountedMeasure[] =>
      [...of].flatMap(([key, count]) => {
        const [of, row = '', measure] = key.split(' ')
        return of === split ? [{ row, measure: measure as MonthMeasure, count }] : []
      })
    const columns = columnsOf(
      { area: ids, hour: HOURS },
      { area: counted('area'), hour: counted('hour') },
      carries,
    )
    for (const { split, ...column } of columns) cells[split].push({ month, ...column })
    carries = new Map(columns.map((column) => [carryKey(column), column.carry]))
    truth.push(of)
  }
  return { areas: ids, months: truth, cells, names }
}

interface Shape {
  readonly seed: number
  readonly areas: number
  readonly months: number
  readonly busy: number
  readonly blocked: number
}
const shape: fc.Arbitrary<Shape> = fc.record({
  seed: fc.nat(),
  areas: fc.integer({ min: 1, max: 24 }),
  months: fc.integer({ min: 1, max: 5 }),
  busy: fc.constantFrom(1, 3, 8, 20, 60),
  blocked: fc.constantFrom(0, 0.5, 0.9, 0.953, 0.996, 1),
})
/** Thousands of cities in the full run; the test checks each in every way. */
const RUNS = { numRuns: runs(1_000) }

function truthOf({ months }: City, from: number, to: number, split: Split, row: string | null, count: Count) {
  let sum = 0
  for (const of of months.slice(from, to))
    for (const [key, cases] of of) {
      const [of, name, measure] = key.split(' ')
      if (of === split && (row === null || name === row) && measure === measureOf(count)) sum += cases
    }
  return sum
}

const LEAST = 4

describe('every bound that the page, the API and its description state', () => {
  test('in each column a month of the city, and any run of months, is a multiple of five within four of the truth', () => {
    fc.assert(
      fc.property(shape, fc.nat(), fc.nat(), (of, a, b) => {
        const city = cityOf(of)
        const [from, last] = [a % of.months, b % of.months].toSorted((x, y) => x - y) as [number, number]
        for (const [first, to] of [
          [from, last + 1],
          [0, of.months],
          [last, last + 1],
        ] as const) {
          const facts = sumOf(city.cells.area, city.names.slice(first, to), null)
          for (const count of COUNTS) {
            const off = facts[count] - truthOf(city, first, to, 'area', null, count)
            if (facts[count] % UNIT !== 0 || Math.abs(off) > LEAST) throw new Error(`${count}: ${off} off`)
          }
          // The total is published separately from the kinds: five figures, each at most four off.
          const kinds = LOSS_KINDS.reduce((sum, kind) => sum + facts[kind], 0)
          expect(Math.abs(facts.reported - kinds)).toBeLessThanOrEqual(5 * LEAST)
        }
      }),
      RUNS,
    )
  })

  test('a share is from the true counts in whole hundredths, and stands only where a hundred are told of the city', () => {
    let given = 0
    fc.assert(
      fc.property(shape, (of) => {
        const city = cityOf(of)
        for (const [first, to] of [
          [0, of.months] as const,
          ...city.names.map((_, at) => [at, at + 1] as const),
        ]) {
          const facts = sumOf(city.cells.area, city.names.slice(first, to), null)
          expect(facts.share === null).toBe(facts.reported < ENOUGH_FOR_SHARE)
          if (facts.share === null) continue
          given++
          const [part, whole] = (['blockedInTime', 'reported'] as const).map((count) =>
            truthOf(city, first, to, 'area', null, count),
          ) as [number, number]
          expect(Math.abs(100 * facts.share - Math.round(100 * facts.share))).toBeLessThan(1e-9)
          expect(Math.abs(facts.share - part / whole)).toBeLessThanOrEqual(0.005 + 1e-12)
        }
      }),
      RUNS,
    )
    expect(given, 'otherwise nothing was tried').toBeGreaterThan(RUNS.numRuns / 2)
  })

  test('one area’s or hour’s month is within four of the truth, and several of them within four each', () => {
    fc.assert(
      fc.property(shape, fc.nat(), (of, pick) => {
        const city = cityOf(of)
        for (const split of ['area', 'hour'] as const) {
          const rows = split === 'area' ? city.areas : HOURS
          const row = rows[pick % rows.length] ?? ''
          for (const [first, to] of [
            [pick % of.months, (pick % of.months) + 1],
            [0, of.months],
          ] as const) {
            const facts = sumOf(city.cells[split], city.names.slice(first, to), row)
            expect(facts.share).toBeNull()
            for (const count of COUNTS) {
              if (!(SPLITS[split] as readonly MonthMeasure[]).includes(measureOf(count))) continue
              const off = facts[count] - truthOf(city, first, to, split, row, count)
              if (Math.abs(off) > LEAST * (to - first)) throw new Error(`${row} ${count}: ${off} off`)
            }
          }
        }
      }),
      RUNS,
    )
  })

  test('areas add up to the city and hours to the same reports; CSV and JSON say what the page does, and no more', () => {
    fc.assert(
      fc.property(shape, (of) => {
        const city = cityOf(of)
        const months = city.names.map((month) => ({ month, ...sumOf(city.cells.area, [month], null) }))
        const areas = city.names.flatMap((month) =>
          city.areas.map((area) => ({
            ...{ month, area, nameVi: area, nameEn: area },
            ...sumOf(city.cells.area, [month], area),
          })),
        )
        const hours = HOURS.map((hour) => ({ hour, ...sumOf(city.cells.hour, city.names, hour) }))
        for (const row of months)
          for (const count of COUNTS) {
            const sum = areas
              .filter(({ month }) => month === row.month)
              .reduce((all, area) => all + area[count], 0)
            if (sum !== row[count]) throw new Error(`${count}: areas ${sum}, city ${row[count]}`)
          }
        for (const count of [...LOSS_KINDS, 'reported'] as const)
          expect(hours.reduce((all, hour) => all + hour[count], 0)).toBe(
            months.reduce((all, month) => all + month[count], 0),
          )
        const spanTotal = sumOf(city.cells.area, city.names, null)
        const json = monthFiguresJson(
          {
            months: city.names,
            city: months,
            areas: [],
            hours,
            span: city.names,
            spanTotal,
            quarter: null,
            carriers: [],
          },
          areas,
          [],
        )
        const said = JSON.parse(JSON.stringify(json))
        expect(said.months).toEqual(months)
        for (const [at, row] of TABLES.months(json).slice(1).entries()) {
          const { month, robbed, snatched, stolen, lost, reported, blockedInTime, share, ...events } = months[
            at
          ] as (typeof months)[number]
          expect(row).toEqual([
            ...[month, robbed, snatched, stolen, lost, reported, blockedInTime, share],
            ...[events.verified, events.blocked, events.recovered, events.wrong],
          ])
        }
        const { blockedInTime: part, reported: whole, share } = spanTotal
        const headline = {
          from: city.names[0],
          to: city.names.at(-1),
          blockedInTime: part,
          reported: whole,
          share,
        }
        expect(said.headline).toEqual(headline)
        expect(TABLES.headline(json)[1]).toEqual(Object.values(headline))
        // A reader can check the share against the published counts, each at most four off.
        if (share !== null) {
          expect(share).toBeGreaterThanOrEqual((part - LEAST) / (whole + LEAST) - 0.005)
          expect(share).toBeLessThanOrEqual((part + LEAST) / (whole - LEAST) + 0.005)
        }
        for (const hidden of ['counted', 'carry', 'low', 'high'])
          expect(JSON.stringify(said)).not.toContain(`"${hidden}"`)
      }),
      { numRuns: runs(300) },
    )
  }, 30_000)
})
