import { DAY } from '#lib/time.ts'

/** The answers of a local date, down to the five. */
export interface DayCount {
  readonly day: string
  readonly answers: number
  /** Tells whether there were fewer than five, perhaps none. */
  readonly few: boolean
}

/** Days are told in whole fives. */
const DAY_STEP = 5

/**
 * Returns every day from one local date to before another, those without an answer too. Counts are told in whole fives: the
 * difference of two looks must not say when one answer came.
 */
export function inFives(
  counted: readonly { readonly day: string; readonly answers: number }[],
  from: string,
  before: string,
): DayCount[] {
  const by = new Map(counted.map(({ day, answers }) => [day, answers]))
  const days: DayCount[] = []
  for (let at = Date.parse(from); at < Date.parse(before); at += DAY) {
    const day = new Date(at).toISOString().slice(0, 10)
    const answers = Math.floor((by.get(day) ?? 0) / DAY_STEP) * DAY_STEP
    days.push({ day, answers, few: answers === 0 })
  }
  return days
}
