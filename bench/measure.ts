import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'

/** One measured value beside its baseline, both medians of the same run in the same unit. */
export interface Figure {
  readonly what: string
  readonly unit: string
  readonly product: number
  readonly baseline: number
  /** The comparison of product and baseline, and its target; null: for information. */
  readonly compared: number
  readonly comparison: 'ratio' | 'difference'
  readonly target: { readonly atLeast: number } | { readonly atMost: number } | null
}

export interface Bench {
  readonly name: string
  readonly figures: readonly Figure[]
  /** Figures that were counted rather than timed, such as losses. */
  readonly facts?: Readonly<Record<string, number | string>>
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** Returns the median time in ms of `times` runs, one after another. */
export async function medianTime(times: number, work: () => Promise<unknown>): Promise<number> {
  const taken: number[] = []
  for (let run = 0; run < times; run++) {
    const started = performance.now()
    await work()
    taken.push(performance.now() - started)
  }
  return median(taken)
}

type Sides<K extends string> = Readonly<Record<K, () => Promise<number>>>

/**
 * Measures each side once per round, in alternating order (A B, B A, …), so that other work on the machine affects all
 * sides alike. The first round is not counted.
 */
export async function interleave<K extends string>(
  rounds: number,
  sides: Sides<K>,
): Promise<Record<K, number[]>> {
  const names = Object.keys(sides) as K[]
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<K, number[]>
  for (let round = 0; round <= rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const value = await sides[name]()
      if (round > 0) results[name].push(value)
    }
  }
  return results
}

/**
 * The processor time of a server per send, in ms, as the median over the rounds; other programs disturb it less than
 * elapsed time.
 */
export interface Processor {
  /** Runs a round of sends and records the server's processor time. */
  round<T>(sends: number, work: () => Promise<T>): Promise<T>
  median(): number
}

export function processorOf({ cpuSeconds }: { readonly cpuSeconds: () => number }): Processor {
  const rounds: number[] = []
  return {
    async round(sends, work) {
      const before = cpuSeconds()
      const result = await work()
      rounds.push(((cpuSeconds() - before) / sends) * 1000)
      return result
    },
    median: () => median(rounds),
  }
}

type Sample = { readonly product: readonly number[]; readonly baseline: readonly number[] }

/**
 * Returns a figure whose ratio is the median of the rounds' own ratios, because two sides measured within the same
 * seconds suffer from the same disturbances.
 */
export function ratio(
  what: string,
  unit: string,
  { product, baseline }: Sample,
  target: Figure['target'],
): Figure {
  const ratios = product.map((value, round) => value / (baseline[round] ?? Number.NaN))
  const compared = median(ratios)
  return {
    what,
    unit,
    product: median(product),
    baseline: median(baseline),
    compared,
    comparison: 'ratio',
    target,
  }
}

/** Compares the processor time of both sides, for information. */
export function sidesOf(
  what: string,
  unit: string,
  { product, baseline }: Readonly<Record<'product' | 'baseline', Processor>>,
): Figure {
  return ratio(what, unit, { product: [product.median()], baseline: [baseline.median()] }, null)
}

export function difference(
  what: string,
  unit: string,
  product: number,
  baseline: number,
  target: Figure['target'],
): Figure {
  return { what, unit, product, baseline, compared: product - baseline, comparison: 'difference', target }
}

export function isMet({ compared, target }: Figure): boolean {
  if (target === null) return true
  return 'atLeast' in target ? compared >= target.atLeast : compared <= target.atMost
}

const number = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2)

function verdict(figure: Figure): string {
  if (figure.target === null) return ''
  const asked =
    'atLeast' in figure.target ? `≥ ${number(figure.target.atLeast)}` : `≤ ${number(figure.target.atMost)}`
  return `${asked} ${isMet(figure) ? 'met' : 'MISSED'}`
}

/** Prints a bench as a table and writes it to `bench/results/NAME.json`. */
export function tell(bench: Bench): void {
  const head = ['', 'unit', 'product', 'baseline', 'compared', 'target']
  const lines = bench.figures.map((figure) => [
    figure.what,
    figure.unit,
    number(figure.product),
    number(figure.baseline),
    figure.comparison === 'ratio' ? `× ${number(figure.compared)}` : number(figure.compared),
    verdict(figure),
  ])
  const widths = head.map((_, column) =>
    Math.max(...[head, ...lines].map((line) => line[column]?.length ?? 0)),
  )
  console.log(`\n${bench.name}`)
  for (const line of [head, ...lines])
    console.log(
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  for (const [fact, value] of Object.entries(bench.facts ?? {})) console.log(`${fact}: ${value}`)

  mkdirSync('bench/results', { recursive: true })
  const [first] = cpus()
  const load = Math.round((loadavg()[0] ?? 0) * 10) / 10
  const machine = { cores: cpus().length, cpu: first?.model ?? 'unknown', node: process.version, load }
  const result = { at: new Date().toISOString(), machine, ...bench }
  writeFileSync(`bench/results/${bench.name}.json`, `${JSON.stringify(result, null, 2)}\n`)
}
