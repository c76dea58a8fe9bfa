import {
  type AgencyVersion,
  type Catalogue,
  groupOf,
  type KnownAgency,
  type SuccessionKind,
  sinceOf,
} from '#features/agencies/rules.ts'
import {
  type Month,
  monthLabel,
  monthOf,
  monthOfDay,
  monthsLater,
  parseMonth,
} from '#features/results/rules.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'

/** Whole months of publication, both ends included. */
export interface Period {
  readonly from: Month
  readonly to: Month
}

const indexOf = (month: Month): number => 12 * Number(month.slice(0, 4)) + Number(month.slice(5))

export const countMonths = (from: Month, to: Month): number => indexOf(to) - indexOf(from) + 1

const PARTS = { year: 12, half: 6, quarter: 3 } as const

const month = (year: number, number: number): Month => `${year}-${String(number).padStart(2, '0')}` as Month

const part = (kind: keyof typeof PARTS, year: number, n: number): Period => ({
  from: month(year, (n - 1) * PARTS[kind] + 1),
  to: month(year, n * PARTS[kind]),
})

/** Returns a check whether a row is of a month of the period. */
export const inside =
  ({ from, to }: Pick<Period, 'from' | 'to'>) =>
  ({ month }: { readonly month: string }): boolean =>
    from <= month && month <= to

/** Returns the common name of a period: `half` 2 of 2026. */
export function namePeriod({ from, to }: Period) {
  const year = Number(from.slice(0, 4))
  for (const kind of ['year', 'half', 'quarter'] as const) {
    for (let n = 1; n <= 12 / PARTS[kind]; n++) {
      const known = part(kind, year, n)
      if (known.from === from && known.to === to) return { kind, year, part: n }
    }
  }
  return { kind: from === to ? ('month' as const) : ('months' as const) }
}

interface PeriodChoice extends Period {
  /** The value of its option in the form: `2026`, `2026-half-2`, `2026-quarter-3`. */
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

/** The option for two typed months. */
export const TYPED_MONTHS = 'months'
/** A report is read in one sitting; for longer periods there is the open data. */
const MONTHS_MAX = 36

/** Parses a month written as `2026-03` or, as people write it, `3/2026`. */
function typedMonth(text: string): Month | null {
  const [, number, year] = /^\s*(\d{1,2})\s*[/.-]\s*(\d{4})\s*$/.exec(text) ?? []
  return parseMonth(number ? `${year}-${number.padStart(2, '0')}` : text.trim())
}

/** Parses the wanted period, which must have begun. For a month that is not over, the report has what is public so far. */
export function readPeriod(
  typed: { readonly period: string; readonly from: string; readonly to: string },
  now: Instant,
): Result<Period, { readonly field: 'period' | 'from' | 'to'; readonly fault: string }> {
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

const lastDay = (of: Month): string =>
  new Date(Date.parse(`${monthsLater(of, 1)}-01`) - 86_400_000).toISOString().slice(0, 10)

export const throughDay = ({ to }: Period, today: string) => [lastDay(to), today].toSorted()[0] ?? today

export const hasEnded = (period: Period & { readonly through: string }): boolean =>
  period.through === lastDay(period.to)

type Say = (key: never, values: never) => string

/** Returns the common name of a period: `quý III năm 2026`. `t` is of the namespace `survey-report-paper`. */
export function periodWords(t: Say, locale: 'vi' | 'en', period: Period): string {
  const name = namePeriod(period)
  const words = 'part' in name && name.kind !== 'year' ? `${name.kind}${name.part}` : name.kind
  const year = 'year' in name ? { year: String(name.year) } : {}
  const months = { from: monthLabel(locale, period.from), to: monthLabel(locale, period.to) }
  return t(`period.${words}` as never, { ...months, ...year } as never)
}

export const lineStart = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

export const periodTitle = (t: Say, locale: 'vi' | 'en', period: Period): string =>
  lineStart(periodWords(t, locale, period))

interface Named {
  readonly id: string
  readonly vi: string
  readonly en: string
}

/** Tasks that moved from one agency to another on a day. A trend across that day would compare two offices' work. */
export interface ReportBreak {
  /** A local date. */
  readonly on: string
  readonly kind: SuccessionKind
  readonly basis: string
  readonly from: Named
  /** Null where the tasks were abolished. */
  readonly to: Named | null
}

/** Returns the reorganisations between two days, both included, that formed or ended some agencies. */
export function breaksOf(
  { versions, successions }: Catalogue,
  ids: ReadonlySet<string>,
  { first, last }: { readonly first: string; readonly last: string },
): ReportBreak[] {
  const named = (id: string, is: (version: AgencyVersion) => boolean): Named => {
    const own = versions.filter((version) => version.id === id)
    const version = own.find(is) ?? own.at(-1)
    return { id, vi: version?.nameVi ?? id, en: version?.nameEn ?? id }
  }
  return successions
    .filter(
      ({ on, from, to }) => first <= on && on <= last && (ids.has(from) || (to !== null && ids.has(to))),
    )
    .map(({ on, kind, basis, from, to }) => ({
      on,
      kind,
      basis,
      from: named(from, ({ validTo }) => validTo === on),
      to: to === null ? null : named(to, ({ validFrom }) => validFrom === on),
    }))
}

/** Returns the months in which every one of some agencies became another office: limits begin anew. */
export function cutsOf(
  { versions }: Catalogue,
  ids: ReadonlySet<string>,
  breaks: readonly ReportBreak[],
): Month[] {
  const goesOn = (day: string) => {
    const touched = new Set(
      breaks.filter(({ on }) => on === day).flatMap(({ from, to }) => [from.id, to?.id ?? from.id]),
    )
    return versions.some(
      ({ id, validFrom, validTo }) =>
        ids.has(id) && !touched.has(id) && validFrom < day && (validTo === null || day < validTo),
    )
  }
  return [...new Set(breaks.map(({ on }) => on))]
    .filter((day) => !goesOn(day))
    .map((day) => monthOfDay(new Date(day)))
}

export interface BreakEvent {
  readonly on: string
  readonly basis: string
  readonly breaks: readonly ReportBreak[]
}

export function eventsOf(breaks: readonly ReportBreak[]): BreakEvent[] {
  const events = new Map<string, ReportBreak[]>()
  for (const one of breaks) {
    const key = `${one.on} ${one.basis}`
    events.set(key, [...(events.get(key) ?? []), one])
  }
  return [...events.values()].flatMap((some) =>
    some[0] ? [{ on: some[0].on, basis: some[0].basis, breaks: some }] : [],
  )
}

/** One agency that became exactly one new agency on a day, so that the figures of both can be added up. */
export interface Chain {
  /** A local date: the first day of the new agency. */
  readonly on: string
  readonly from: string
  readonly to: string
}

/** Returns the one-to-one successions until a day, within a group: one agency ended and one began on the same day. */
export function chainsOf({ versions, successions }: Catalogue, through: string): Chain[] {
  const some = (is: (one: Catalogue['successions'][number]) => boolean) => successions.filter(is)
  return successions.flatMap(({ on, from, to }) => {
    if (to === null || to === from || on > through) return []
    const [old, heir] = [from, to].map((id) => versions.filter((version) => version.id === id))
    const last = old?.find(({ validTo }) => validTo === on)
    const first = heir?.find(({ validFrom }) => validFrom === on)
    const alone =
      some((one) => one.on === on && one.from === from).length === 1 &&
      some((one) => one.on === on && one.to === to).length === 1
    const ended = old?.every(({ validFrom }) => validFrom < on) ?? false
    const began = heir?.every(({ validFrom }) => validFrom >= on) ?? false
    if (!alone || !ended || !began || last === undefined || first === undefined) return []
    return groupOf(last.kind) === groupOf(first.kind) ? [{ on, from, to }] : []
  })
}

/** Returns a function from an agency to the one that its answers are added to: itself, or the last of its chain. */
export function heirOf(chains: readonly Chain[]): (id: string) => string {
  const next = new Map(chains.map(({ from, to }) => [from, to]))
  // Each step of a chain is on a later day, so that the loop ends.
  const follow = (id: string): string => {
    const to = next.get(id)
    return to === undefined ? id : follow(to)
  }
  return follow
}

/** Replaces each chain by its last agency, with the start date of its first. */
export function mergeChains(known: readonly KnownAgency[], heir: (id: string) => string): KnownAgency[] {
  const since = new Map<string, string>()
  for (const one of known) {
    const [id, day] = [heir(one.id), sinceOf(one)]
    const before = since.get(id)
    since.set(id, before === undefined || day < before ? day : before)
  }
  return known
    .filter(({ id }) => heir(id) === id)
    .map((one) => ({ ...one, since: since.get(one.id) ?? sinceOf(one) }))
}

/** Adds up figures by agency, each chain's under its last agency. */
export function addedUp<K extends string>(
  figures: readonly ({ readonly id: string } & Readonly<Record<K, number>>)[],
  name: K,
  heir: (id: string) => string,
): { readonly id: string; readonly count: number }[] {
  const sums = new Map<string, number>()
  for (const one of figures) sums.set(heir(one.id), (sums.get(heir(one.id)) ?? 0) + one[name])
  return [...sums].map(([id, count]) => ({ id, count }))
}
