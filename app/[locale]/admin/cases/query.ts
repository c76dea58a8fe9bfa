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
  /** Choices that are no longer valid, such as those of an old saved view. */
  readonly unknown: readonly string[]
  readonly from: QueueFrom | null
  readonly found: string | null
  readonly kept: string | null
  /** The unparsed number of the case shown beside the list. */
  readonly beside: string | null
}

/** Parses the address; an unknown choice counts as absent. */
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

/** Returns the link to the rows after or before a row; `skipped` is the approximate number of rows before them. */
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

/** Returns the shown page's query, for acts on its rows to return to. */
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

/** Returns the address that shows a case beside the list or search; without a script it scrolls to the case's own row. */
export const besideHref = (locale: Locale, query: CasesQuery, number: string): string => {
  const shown = query.found === null ? pageQuery(query) : new URLSearchParams({ found: query.found })
  const choices = new URLSearchParams(shown)
  choices.set('case', number)
  return `${pathFor(locale, '/admin/cases')}?${choices}#${number}`
}
