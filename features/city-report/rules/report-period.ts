import { type Month, monthOf, monthsLater, parseMonth } from '#features/results/rules/month.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'

/** Whole months of publication, both ends included. */
export interface Period {
  readonly from: Month
  readonly to: Month
}

const PARTS = { year: 12, half: 6, quarter: 3 } as const

/** The name that people have for a period: `half` 2 of 2026. */
export type PeriodName =
  | { readonly kind: keyof typeof PARTS; readonly year: number; readonly part: number }
  | { readonly kind: 'month' | 'months' }

const month = (year: number, number: number): Month => `${year}-${String(number).padStart(2, '0')}` as Month

const part = (kind: keyof typeof PARTS, year: number, n: number): Period => ({
  from: month(year, (n - 1) * PARTS[kind] + 1),
  to: month(year, n * PARTS[kind]),
})

export function nameOf({ from, to }: Period): PeriodName {
  const year = Number(from.slice(0, 4))
  for (const kind of ['year', 'half', 'quarter'] as const) {
    for (let n = 1; n <= 12 / PARTS[kind]; n++) {
      const known = part(kind, year, n)
      if (known.from === from && known.to === to) return { kind, year, part: n }
    }
  }
  return { kind: from === to ? 'month' : 'months' }
}

export interface PeriodChoice extends Period {
  /** The value that its option sends: `2026`, `2026-half-2`, `2026-quarter-3`. */
  readonly value: string
}

/** Returns the years, halves and quarters that have begun since a month, the newest year first. */
export function periodChoices(first: Month, now: Instant): PeriodChoice[] {
  const current = monthOf(now)
  const years: PeriodChoice[] = []
  for (let year = Number(current.slice(0, 4)); year >= Number(first.slice(0, 4)); year--) {
    for (const kind of ['year', 'half', 'quarter'] as const) {
      for (let n = 1; n <= 12 / PARTS[kind]; n++) {
        const period = part(kind, year, n)
        const begun = period.from <= current && period.to >= first
        const value = kind === 'year' ? String(year) : `${year}-${kind}-${n}`
        if (begun) years.push({ ...period, value })
      }
    }
  }
  return years
}

/** The option beside two months that are typed. */
export const TYPED_MONTHS = 'months'
/** A report is read in one sitting; a longer look back is the open data's. */
const MONTHS_MAX = 36

type PeriodFault = { readonly field: 'period' | 'from' | 'to'; readonly fault: string }

/** Reads a month as `2026-03`, or as people write it: `3/2026`. */
function typedMonth(text: string): Month | null {
  const [, number, year] = /^\s*(\d{1,2})\s*[/.-]\s*(\d{4})\s*$/.exec(text) ?? []
  return parseMonth(number ? `${year}-${number.padStart(2, '0')}` : text.trim())
}

/** Reads the wanted period. It must have begun; for a month that is not over the report has what is public so far. */
export function readPeriod(
  typed: { readonly period: string; readonly from: string; readonly to: string },
  now: Instant,
): Result<Period, PeriodFault> {
  if (typed.period === '') return err({ field: 'period', fault: 'period.empty' })
  if (typed.period === TYPED_MONTHS) return readMonths(typed, now)
  const [, year = '', kind = 'year', n = '1'] =
    /^([1-9]\d{3})(?:-(half|quarter)-([1-4]))?$/.exec(typed.period) ?? []
  const known = year !== '' && Number(n) <= 12 / PARTS[kind as keyof typeof PARTS]
  const period = part(kind as keyof typeof PARTS, Number(year), Number(n))
  if (!known || period.from > monthOf(now)) return err({ field: 'period', fault: 'period.empty' })
  return ok(period)
}

function readMonths(typed: { readonly from: string; readonly to: string }, now: Instant) {
  const [from, to] = [typedMonth(typed.from), typedMonth(typed.to)]
  if (from === null) return err({ field: 'from', fault: 'month.format' } as const)
  if (to === null) return err({ field: 'to', fault: 'month.format' } as const)
  if (to < from) return err({ field: 'to', fault: 'month.order' } as const)
  if (to > monthOf(now)) return err({ field: 'to', fault: 'month.future' } as const)
  if (monthsLater(from, MONTHS_MAX - 1) < to) return err({ field: 'to', fault: 'month.long' } as const)
  return ok({ from, to })
}

/** Returns the last day of a month, as a local date. */
const lastDay = (of: Month): string =>
  new Date(Date.parse(`${monthsLater(of, 1)}-01`) - 86_400_000).toISOString().slice(0, 10)

/** Returns the last day that a report made on `today` tells of, as a local date. */
export const throughDay = ({ to }: Period, today: string): string =>
  [lastDay(to), today].toSorted()[0] ?? today

/** Tells whether a period is over on the last day that its report tells of. */
export const hasEnded = (period: Period & { readonly through: string }): boolean =>
  period.through === lastDay(period.to)

/** Returns a period for a file's name: `2026-01_2026-06`, or `2026-01_2026-05-20` where it ended with that day. */
export const coveredName = (period: Period, through: string | null): string =>
  `${period.from}_${through === null || hasEnded({ ...period, through }) ? period.to : through}`
