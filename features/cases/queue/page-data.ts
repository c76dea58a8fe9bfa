import '#server-only'
import { type FilesAtAGlance, filesAtAGlance } from '#features/evidence/readings/page-data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import { endOfLocalDay, type Instant } from '#lib/time.ts'
import { type Colleague, colleaguesOf } from '../board/colleagues-data.ts'
import { type Counted, placeInList, queueCounts, queueRows, type Reader } from './data.ts'
import type { QueueRow as Row } from './row-rules.ts'
import { QUEUE_VIEWS, type QueueFilter, type QueueFrom, type QueueKey, type QueueView } from './rules.ts'
import { searchRows } from './search-data.ts'
import { isEmptySearch, readSearch } from './search-rules.ts'
import { type KeptView, viewsKept } from './views-data.ts'

export type { Counted } from './data.ts'
export type { KeptView } from './views-data.ts'

/** A line of the queue with what was read in its files. */
export interface QueueRow extends Row {
  readonly proof: FilesAtAGlance
}

export const QUEUE_PAGE = 25
/** The list that is open is counted up to this number; a longer one reads "999+". */
export const MOST_COUNTED = 999
/**
 * The number on each list's tab is counted up to this: a page has ten tabs, and counting 999 rows for each took longer
 * than the page itself.
 */
export const MOST_ON_TAB = 99
const MOST_FOUND = 50

export interface QueuePage {
  readonly rows: readonly QueueRow[]
  /**
   * The page's first row (`previous`) and last row (`next`), each where there are rows beyond it; null where there are
   * none.
   */
  readonly previous: QueueKey | null
  readonly next: QueueKey | null
  /** About how many rows stand before the page. */
  readonly skipped: number
}

const scopeOf = (actor: StaffActor) => {
  const scope = staffScope(actor)
  if (!scope) throw new Error('a person without a scope reached the queue')
  return scope
}

/** Returns who reads a list, and as whom: what waits for them depends on what they may do. */
export const readerOf = (actor: StaffActor, now: Instant): Reader => ({
  accountId: actor.id,
  now,
  endOfDay: endOfLocalDay(now),
  approves: may(actor.role, 'case:approve'),
  settles: may(actor.role, 'case:resolve_conflict'),
})

const NO_FILES: FilesAtAGlance = { files: 0, hint: null }

async function withProof(scope: CaseScope, rows: readonly Row[]): Promise<QueueRow[]> {
  const glances = await filesAtAGlance(scope, new Map(rows.map(({ id, keys }) => [id, keys])))
  return rows.map((row) => ({ ...row, proof: glances.get(row.id) ?? NO_FILES }))
}

/**
 * Returns a page of the cases in a person's scope. Pages go by key: the thousandth costs as much as the first, and
 * nothing is skipped or shown twice while others work. Only waiting work has its names and places here. For a case that
 * is over, or waits for carriers, they are in its file alone.
 */
export async function queuePage(
  actor: StaffActor,
  filter: QueueFilter,
  from: QueueFrom | null,
  now: Instant,
): Promise<QueuePage> {
  const scope = scopeOf(actor)
  const found = await queueRows(scope, filter, readerOf(actor, now), from, QUEUE_PAGE + 1)
  const back = from?.direction === 'before'
  const more = found.length > QUEUE_PAGE
  const kept = more ? (back ? found.slice(1) : found.slice(0, QUEUE_PAGE)) : found
  const named = kept.map((row) => (row.needsWork ? row : { ...row, told: null }))
  const rows = await withProof(scope, named)
  const first = rows[0]
  const last = rows.at(-1)
  const hasPrevious = back ? more : from !== null
  const hasNext = back ? true : more
  return {
    rows,
    previous: hasPrevious && first ? first : null,
    next: hasNext && last ? last : null,
    // The first page is known for sure.
    skipped: hasPrevious ? Math.max(1, from?.skipped ?? 1) : 0,
  }
}

/** Lists the views that a role can use: only approvers see the lists of cases that wait for one. */
export const viewsOf = (actor: StaffActor): readonly QueueView[] =>
  QUEUE_VIEWS.filter((view) => (view !== 'approve' && view !== 'holds') || may(actor.role, 'case:approve'))

/** Returns how many cases each view of a person has, up to {@link MOST_ON_TAB}. */
export const countsOf = (actor: StaffActor, now: Instant): Promise<ReadonlyMap<QueueView, Counted>> =>
  queueCounts(scopeOf(actor), viewsOf(actor), readerOf(actor, now), MOST_ON_TAB)

/** Returns how many rows a filter has among the first {@link MOST_COUNTED} of its list. */
export const sizeOf = (actor: StaffActor, filter: QueueFilter, now: Instant): Promise<Counted> =>
  placeInList(scopeOf(actor), filter, readerOf(actor, now), MOST_COUNTED)

export interface Found {
  readonly rows: readonly QueueRow[]
  /** There are more than are shown. */
  readonly more: boolean
}

/**
 * Returns up to {@link MOST_FOUND} cases in a person's scope that match a text, the newest of them first; for a name
 * that more cases have, any of them. Null when the text has nothing to look for.
 */
export async function findCases(actor: StaffActor, text: string, now: Instant): Promise<Found | null> {
  const search = readSearch(text, now)
  if (isEmptySearch(search)) return null
  const scope = scopeOf(actor)
  const rows = await searchRows(scope, search, MOST_FOUND + 1)
  const sorted = rows.toSorted((a, b) => b.submittedAt.getTime() - a.submittedAt.getTime())
  return { rows: await withProof(scope, sorted.slice(0, MOST_FOUND)), more: rows.length > MOST_FOUND }
}

/** Returns the views that a person has saved, the oldest first. */
export const keptViews = (actor: StaffActor): Promise<KeptView[]> => viewsKept(actor.id)

/**
 * Returns the colleagues to whom somebody may give cases of a unit, of their own where none is named, the lightest
 * loaded first. Nobody where they may give none.
 */
export async function colleaguesFor(
  actor: StaffActor,
  unitId: string | null,
  now: Instant,
): Promise<readonly Colleague[]> {
  const unit = actor.role === 'city_police' ? unitId : (unitId ?? actor.unitId)
  return unit === null || !may(actor.role, 'case:approve') ? [] : colleaguesOf(scopeOf(actor), [unit], now)
}
