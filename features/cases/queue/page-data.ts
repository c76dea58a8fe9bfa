import '#server-only'
import { namesOf } from '#features/accounts/data.ts'
import { openersOf } from '#features/disclosures/openings/data.ts'
import { listEvidence } from '#features/evidence/files/page-data.ts'
import {
  type FilesAtAGlance,
  readFilesAtAGlance,
  readProofReading,
} from '#features/evidence/readings/data.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import { endOfLocalDay, type Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { type BoardMember, listColleagues } from '../board/data.ts'
import { buttonOf, decisionsOpenTo } from '../decisions/rules.ts'
import { openWith } from '../disclosure/rules.ts'
import { parseCaseNumber } from '../numbers/rules.ts'
import { findCase } from '../record/data.ts'
import { type Counted, countQueue, findPlaceInList, listQueueRows, type Reader } from './data.ts'
import { inside, ROW_COLUMNS, ROW_JOINS, type StoredRow, searchRows, toRow } from './row-data.ts'
import {
  QUEUE_VIEWS,
  type QueueFilter,
  type QueueFrom,
  type QueueKey,
  type QueueRow,
  type QueueView,
  type QueueRow as Row,
} from './rules.ts'
import { isEmptySearch, readSearch } from './search-rules.ts'

export interface ShownQueueRow extends Row {
  readonly proof: FilesAtAGlance
}

export const QUEUE_PAGE = 25
/** The open list is counted up to this number; a longer one reads "999+". */
export const MOST_COUNTED = 999
/**
 * The number on each list's tab is counted up to this: a page has ten tabs, and counting 999 rows for each took longer
 * than the page itself.
 */
const MOST_ON_TAB = 99
const MOST_FOUND = 50

export interface QueuePage {
  readonly rows: readonly ShownQueueRow[]
  /** The page's first row (`previous`) and last row (`next`), each only if there are rows beyond it; otherwise null. */
  readonly previous: QueueKey | null
  readonly next: QueueKey | null
  /** About how many rows come before the page. */
  readonly skipped: number
}

const scopeOf = (actor: StaffActor) => {
  const scope = staffScope(actor)
  if (!scope) throw new Error('a person without a scope reached the queue')
  return scope
}

/** Returns the reader of a list; what waits for them depends on what they may do. */
export const toReader = (actor: StaffActor, now: Instant): Reader => ({
  accountId: actor.id,
  now,
  endOfDay: endOfLocalDay(now),
  approves: may(actor.role, 'case:approve'),
  settles: may(actor.role, 'case:resolve_conflict'),
})

const NO_FILES: FilesAtAGlance = { files: 0, hint: null }

async function withProof(scope: CaseScope, rows: readonly Row[]): Promise<ShownQueueRow[]> {
  const glances = await readFilesAtAGlance(scope, new Map(rows.map(({ id, keys }) => [id, keys])))
  return rows.map((row) => ({ ...row, proof: glances.get(row.id) ?? NO_FILES }))
}

/**
 * Returns a page of the cases in a person's scope. Pages go by key: the thousandth costs as much as the first, and nothing is
 * skipped or shown twice while others work. Only waiting work shows names and places; for a case that is over or waits for
 * carriers, they are only in its file.
 */
export async function readQueuePage(
  actor: StaffActor,
  filter: QueueFilter,
  from: QueueFrom | null,
  now: Instant,
): Promise<QueuePage> {
  const scope = scopeOf(actor)
  const found = await listQueueRows(scope, filter, toReader(actor, now), from, QUEUE_PAGE + 1)
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
    // The first page has no rows before it.
    skipped: hasPrevious ? Math.max(1, from?.skipped ?? 1) : 0,
  }
}

/** Returns the views that a role can use: only approvers see the lists of cases that wait for an approver. */
export const listViewsOf = (actor: StaffActor): readonly QueueView[] =>
  QUEUE_VIEWS.filter((view) => (view !== 'approve' && view !== 'holds') || may(actor.role, 'case:approve'))

export const countViewsOf = (actor: StaffActor, now: Instant): Promise<ReadonlyMap<QueueView, Counted>> =>
  countQueue(scopeOf(actor), listViewsOf(actor), toReader(actor, now), MOST_ON_TAB)

export const countQueueSize = (actor: StaffActor, filter: QueueFilter, now: Instant): Promise<Counted> =>
  findPlaceInList(scopeOf(actor), filter, toReader(actor, now), MOST_COUNTED)

/**
 * Returns up to {@link MOST_FOUND} cases in a person's scope that match a text, the newest first; for a name that more cases
 * have, any of them. Null if the text has nothing to search for.
 */
export async function findCases(
  actor: StaffActor,
  text: string,
  now: Instant,
): Promise<{
  readonly rows: readonly ShownQueueRow[]
  readonly more: boolean
} | null> {
  const search = readSearch(text, now)
  if (isEmptySearch(search)) return null
  const scope = scopeOf(actor)
  const rows = await searchRows(scope, search, MOST_FOUND + 1)
  const sorted = rows.toSorted((a, b) => b.submittedAt.getTime() - a.submittedAt.getTime())
  return { rows: await withProof(scope, sorted.slice(0, MOST_FOUND)), more: rows.length > MOST_FOUND }
}

export const listKeptViews = (actor: StaffActor): Promise<KeptView[]> => viewsKept(actor.id)

/**
 * Returns the colleagues to whom a person may give cases of a unit (their own if none is named), the least loaded first. Empty if
 * they may give none.
 */
export async function listColleaguesFor(
  actor: StaffActor,
  unitId: string | null,
  now: Instant,
): Promise<readonly BoardMember[]> {
  const unit = actor.role === 'city_police' ? unitId : (unitId ?? actor.unitId)
  return unit === null || !may(actor.role, 'case:approve') ? [] : listColleagues(scopeOf(actor), [unit], now)
}

interface KeptView {
  readonly id: string
  readonly name: string
  /** The choices as in the address. */
  readonly query: string
}

const viewsKept = (accountId: string): Promise<KeptView[]> =>
  db.queueView.findMany({
    where: { accountId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, name: true, query: true },
  })

/**
 * Returns the preview of a case without opening it: its line in the list, its files, and whether an IMEI read in them agrees with
 * the claim. As in a list, name and place are shown only for waiting work, and the case does not count as opened. Null if the
 * case is not in the reader's scope, or its data was erased.
 */
export async function readGlance(reader: StaffActor, written: string, now: Instant) {
  const scope = staffScope(reader)
  const number = parseCaseNumber(written)
  if (!scope || !number.ok) return null
  const [row, snapshot] = await Promise.all([
    findQueueRow(scope, number.value),
    findCase(scope, { number: number.value }),
  ])
  if (!row || !snapshot || snapshot.erasedAt !== null) return null
  const [items, reading, openers] = await Promise.all([
    listEvidence(scope, row.id, false),
    readProofReading(scope, row.id, row.keys, false),
    openersOf(scope, row.id),
  ])
  // A case whose state has changed since the opening no longer counts as open.
  const events = openers.map(({ accountId }) => ({ actorId: accountId, at: snapshot.stateSince }))
  const open = openWith({ openers, events }, reader.id, now)
  const names = await namesOf(open.map(({ accountId }) => accountId))
  const { main, others } = decisionsOpenTo(snapshot, reader, now)
  const settles = others.find((one) => buttonOf(one, snapshot.state).on === 'conflict')
  return {
    row: row.needsWork ? row : { ...row, told: null },
    files: items.map(({ id, kind, closed }) => ({ id, kind, closed })),
    reading,
    openWith: [...names.values()],
    next: main ?? settles ?? null,
  }
}

async function findQueueRow(scope: CaseScope, number: string): Promise<QueueRow | null> {
  const [row] = await inScope(scope, () =>
    db.$queryRaw<StoredRow[]>(Prisma.sql`SELECT c.act_by AS at, ${ROW_COLUMNS} FROM cases c ${ROW_JOINS}
      WHERE c.number = ${number} AND ${inside(scope, Prisma.sql`c.unit_id`)}`),
  )
  return row ? toRow(row) : null
}
