import type { AgencyVersion, Catalogue, SuccessionKind } from '#features/agencies/rules/lineage.ts'
import { type Month, monthOfDay } from '#features/results/rules/month.ts'

interface Named {
  readonly id: string
  readonly vi: string
  readonly en: string
}

/** Tasks that went from one agency to another on a day: a trend that runs over it compares two offices' work. */
export interface ReportBreak {
  /** A local date. */
  readonly on: string
  readonly kind: SuccessionKind
  readonly basis: string
  readonly from: Named
  /** Null where the tasks were abolished. */
  readonly to: Named | null
}

/** Returns the reorganisations between two days, both included, that some agencies came from or went into. */
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

/**
 * Returns the months of the breaks at which every one of some agencies became another office. Months before and after
 * such a break have limits of their own.
 */
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

/** The breaks that were decided as one: on a day, by one document. */
export interface BreakEvent {
  readonly on: string
  readonly basis: string
  readonly breaks: readonly ReportBreak[]
}

/** Returns the breaks by decision, the earliest first. */
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
