import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, fromLocal, type Instant, localDate } from '#lib/time.ts'
import {
  type QueueCounts,
  type QueueFilter,
  type QueueKey,
  type QueueRow,
  queueCounts,
  queueRows,
  searchRows,
} from '../repository/queue.ts'
import { isEmptySearch, readSearch } from '../rules/search.ts'

export type { QueueCounts, QueueFilter, QueueKey, QueueRow } from '../repository/queue.ts'

const PAGE = 25
/** Figures beyond it read "100+". */
export const MOST_COUNTED = 100
const MOST_FOUND = 50

export interface QueuePage {
  readonly rows: readonly QueueRow[]
  /**
   * The page's first row (`previous`) and last row (`next`), each where there are rows beyond it; null where there are
   * none.
   */
  readonly previous: QueueKey | null
  readonly next: QueueKey | null
}

const scopeOf = (actor: StaffActor) => {
  const scope = staffScope(actor)
  if (!scope) throw new Error('somebody without a scope came as far as the queue')
  return scope
}

/**
 * Returns a page of the cases in somebody's scope, what is due first on top. Paged by keys: the thousandth page costs
 * what the first one does, and nothing is skipped or shown twice while others work.
 */
export async function queuePage(
  actor: StaffActor,
  filter: QueueFilter,
  from: { readonly key: QueueKey; readonly direction: 'after' | 'before' } | null,
): Promise<QueuePage> {
  const found = await queueRows(scopeOf(actor), filter, actor.id, from, PAGE + 1)
  const back = from?.direction === 'before'
  const more = found.length > PAGE
  const rows = more ? (back ? found.slice(1) : found.slice(0, PAGE)) : found
  const first = rows[0]
  const last = rows.at(-1)
  const hasPrevious = back ? more : from !== null
  const hasNext = back ? true : more
  return { rows, previous: hasPrevious && first ? first : null, next: hasNext && last ? last : null }
}

/** Returns what waits in somebody's scope, each figure up to {@link MOST_COUNTED}. */
export function countsOf(actor: StaffActor, now: Instant): Promise<QueueCounts> {
  const [year = 0, month = 0, day = 0] = localDate(now).split('-').map(Number)
  const midnight = fromLocal(year, month, day, 0, 0) ?? now
  return queueCounts(scopeOf(actor), now, addMilliseconds(midnight, DAY), MOST_COUNTED)
}

export interface Found {
  readonly rows: readonly QueueRow[]
  /** There are more than are shown. */
  readonly more: boolean
}

/**
 * Returns the cases of somebody's scope that a text means, newest first; null when there is nothing in it to look for.
 */
export async function findCases(actor: StaffActor, text: string, now: Instant): Promise<Found | null> {
  const search = readSearch(text, now)
  if (isEmptySearch(search)) return null
  const rows = await searchRows(scopeOf(actor), search, MOST_FOUND + 1)
  const sorted = rows.toSorted((a, b) => b.submittedAt.getTime() - a.submittedAt.getTime())
  return { rows: sorted.slice(0, MOST_FOUND), more: rows.length > MOST_FOUND }
}
