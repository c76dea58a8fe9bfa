import {
  type QueueFilter,
  type QueueFrom,
  type QueueKey,
  readFilter,
  writeQueueFilter,
} from '#features/cases/queue/rules.ts'
import { readCursor, writeCursor } from '#lib/cursor.ts'
import { isUuid } from '#lib/uuid.ts'
import { pathFor, type Route } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

export interface CasesQuery {
  readonly filter: QueueFilter
  /** The choices that are no longer valid, such as those of an old saved view. */
  readonly unknown: readonly string[]
  readonly from: QueueFrom | null
  /** A sealed search, which replaces the filter. */
  readonly found: string | null
  /** The kept view that is shown. */
  readonly kept: string | null
  /** The number, as it was written, of the case shown beside the list. */
  readonly beside: string | null
}

/** Reads the address; a value that is not a choice of the page counts as absent. */
export function readCasesQuery(
  sent: Readonly<Record<string, string | string[] | undefined>>,
  units: readonly { readonly id: string }[],
): CasesQuery {
  const one = (name: string) => (typeof sent[name] === 'string' ? sent[name] : null)
  const skipped = Math.min(Number(/^\d{1,6}$/.exec(one('at') ?? '')?.[0] ?? 0), 999_999)
  const after = readCursor(sent.after)
  const before = readCursor(sent.before)
  return {
    ...readFilter(one, units),
    from: after
      ? { key: after, direction: 'after', skipped }
      : before && { key: before, direction: 'before', skipped },
    found: one('found'),
    beside: /^[0-9A-Z-]{1,20}$/.exec(one('case') ?? '')?.[0] ?? null,
    kept: isUuid(sent.kept) ? sent.kept : null,
  }
}

/** Returns the link to the part of a list that follows or precedes a row, with about how many rows stand before it. */
export const toRoute = (
  { filter, kept }: Pick<CasesQuery, 'filter' | 'kept'>,
  direction: 'after' | 'before',
  key: QueueKey,
  skipped: number,
): Route => ({
  pathname: '/admin/cases',
  query: {
    ...writeQueueFilter(filter),
    kept: kept ?? undefined,
    [direction]: writeCursor(key),
    at: skipped > 0 ? String(skipped) : undefined,
  },
})

export const sortedRoute = (
  { filter, kept }: Pick<CasesQuery, 'filter' | 'kept'>,
  sort: QueueFilter['sort'],
): Route => ({
  pathname: '/admin/cases',
  query: { ...writeQueueFilter({ ...filter, sort }), kept: kept ?? undefined },
})

/** Returns the address of the page that is shown, as a query: where an act on its rows leads back to. */
export const pageQuery = ({ filter, kept, from }: Pick<CasesQuery, 'filter' | 'kept' | 'from'>): string => {
  const route = from && toRoute({ filter, kept }, from.direction, from.key, from.skipped)
  const query = {
    ...writeQueueFilter(filter),
    kept: kept ?? undefined,
    ...(typeof route === 'object' && route?.query),
  }
  return new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ).toString()
}

/**
 * Returns the address that puts a case beside the list or the search that is shown, at the case's own row where no script
 * does it.
 */
export const besideHref = (locale: Locale, query: CasesQuery, number: string): string => {
  const shown = query.found === null ? pageQuery(query) : new URLSearchParams({ found: query.found })
  const choices = new URLSearchParams(shown)
  choices.set('case', number)
  return `${pathFor(locale, '/admin/cases')}?${choices}#${number}`
}
