import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { db, PLANNED_ANEW } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { WORK_MOVES } from '../decisions/rules.ts'
import type { CaseState } from '../record/state-rules.ts'
import { all, inside, ROW_COLUMNS, ROW_JOINS, type StoredRow, toRow } from './row-data.ts'
import {
  DONE_FOR,
  type QueueFilter,
  type QueueFlag,
  type QueueFrom,
  type QueueKey,
  type QueueRow,
  type QueueView,
  WHOLE_QUEUE,
} from './rules.ts'

// Written in SQL: a list is walked in the order of its index, and only the few rows of the page are joined with
// anything else.

function listsOf(view: QueueView, { accountId, approves, settles }: Reader): readonly string[] {
  if (view === 'todo')
    return approves ? [...(settles ? ['conflict'] : []), 'hold', 'approve'] : [accountId, 'nobody']
  const named: Partial<Readonly<Record<QueueView, string>>> = {
    mine: accountId,
    others: accountId,
    nobody: 'nobody',
    approve: 'approve',
    holds: 'hold',
    sent_back: 'sent_back',
    conflicts: 'conflict',
    no_imei: 'no_imei',
  }
  return [named[view] ?? 'all']
}

/** Checks whether somebody other than the case's officer must act on it: the reporter, a second person or city police. */
const withOthers = ({ accountId, approves, settles }: Reader): Prisma.Sql => Prisma.sql`(q.with_citizen
  OR ${settles ? Prisma.sql`false` : Prisma.sql`'conflict' = ANY (q.flags)`}
  OR EXISTS (SELECT FROM queue_places o WHERE o.case_id = q.case_id AND o.list = 'approve'
    AND ${approves ? Prisma.sql`${accountId}::uuid = ANY (o.not_by)` : Prisma.sql`true`}))`

/** Returns the conditions of a view on a row, besides its list. */
function ofView(view: QueueView, reader: Reader): Prisma.Sql[] {
  const { accountId, now, endOfDay } = reader
  const notOwn = Prisma.sql`${accountId}::uuid <> ALL (q.not_by)`
  if (view === 'mine') return [Prisma.sql`NOT ${withOthers(reader)}`]
  if (view === 'others') return [withOthers(reader)]
  if (view === 'todo')
    return reader.approves
      ? // Cases in the list of conflicts that are in no conflict are left to their unit.
        [notOwn, Prisma.sql`(q.list <> 'conflict' OR 'conflict' = ANY (q.flags))`]
      : [Prisma.sql`NOT ${withOthers(reader)}`]
  if (view === 'approve' || view === 'holds') return [notOwn]
  if (view === 'overdue') return [Prisma.sql`NOT q.with_citizen`, Prisma.sql`q.act_by < ${now}::timestamptz`]
  if (view === 'today')
    return [
      Prisma.sql`NOT q.with_citizen`,
      Prisma.sql`q.act_by >= ${now}::timestamptz`,
      Prisma.sql`q.act_by < ${endOfDay}::timestamptz`,
    ]
  return []
}

const narrowing = ({ kind, proof, flag }: QueueFilter): Prisma.Sql[] => [
  ...(kind === null ? [] : [Prisma.sql`q.kind = ${kind}`]),
  ...(proof === null ? [] : [proof === 'yes' ? Prisma.sql`q.has_files` : Prisma.sql`NOT q.has_files`]),
  ...(flag === null ? [] : [Prisma.sql`${flag} = ANY (q.flags)`]),
]

export interface Reader {
  readonly accountId: string
  readonly now: Instant
  readonly endOfDay: Instant
  readonly approves?: boolean
  readonly settles?: boolean
}

const SORTED = {
  due: Prisma.sql`q.act_by`,
  received: Prisma.sql`q.submitted_at`,
  happened: Prisma.sql`q.incident_at`,
} as const

/** Returns the units to read, each walked by itself so that its index gives the order; null for the whole city. */
function unitsOf(scope: CaseScope, { unitId }: QueueFilter): readonly string[] | null {
  if (scope.kind !== 'unit') return unitId === null ? null : [unitId]
  return unitId === null ? scope.unitIds : scope.unitIds.filter((id) => id === unitId)
}

/** Returns the statement for a part of a list; exported so that a test can ask the database for its plan. */
export function writeQueueQuery(
  scope: CaseScope,
  filter: QueueFilter,
  reader: Reader,
  from: Pick<QueueFrom, 'key' | 'direction'> | null,
  limit: number,
): Prisma.Sql {
  if (filter.view === 'done') return doneQuery(scope, filter, reader, from, limit)
  if (filter.state !== null) return stateQuery(scope, filter, filter.state, reader, from, limit)
  const at = SORTED[filter.sort]
  const back = from?.direction === 'before'
  // Cases by due date begin with the earliest; all other orders begin with the latest.
  const down = (filter.sort === 'due') === back
  const key = from && Prisma.sql`(${from.key.at}::timestamptz, ${from.key.id}::uuid)`
  const order = (table: Prisma.Sql, column: Prisma.Sql) =>
    down ? Prisma.sql`${column} DESC, ${table}.case_id DESC` : Prisma.sql`${column}, ${table}.case_id`
  const units = unitsOf(scope, filter)
  const lists = listsOf(filter.view, reader)
  const part = (list: Prisma.Sql, unit: Prisma.Sql | null) => Prisma.sql`
    SELECT q.case_id, ${at} AS at FROM queue_places q WHERE ${all([
      Prisma.sql`q.list = ${list}`,
      ...(unit === null ? [] : [Prisma.sql`q.unit_id = ${unit}`]),
      ...ofView(filter.view, reader),
      ...narrowing(filter),
      ...(key
        ? [down ? Prisma.sql`(${at}, q.case_id) < ${key}` : Prisma.sql`(${at}, q.case_id) > ${key}`]
        : []),
    ])} ORDER BY ${order(Prisma.sql`q`, at)} LIMIT ${limit}`
  // Merges several walks, each in the order of its index, into one list.
  const several = Prisma.join(
    [
      Prisma.sql`SELECT p.case_id, p.at FROM unnest(${[...lists]}::text[]) l (name)`,
      ...(units === null ? [] : [Prisma.sql`CROSS JOIN unnest(${[...units]}::text[]) u (id)`]),
      Prisma.sql`CROSS JOIN LATERAL (${part(Prisma.sql`l.name`, units && Prisma.sql`u.id`)}) p
        ORDER BY ${order(Prisma.sql`p`, Prisma.sql`p.at`)} LIMIT ${limit}`,
    ],
    ' ',
  )
  const places =
    lists.length === 1 && (units === null || units.length === 1)
      ? part(Prisma.sql`${lists[0]}`, units && Prisma.sql`${units[0]}`)
      : several
  return Prisma.sql`${PLANNED_ANEW} SELECT p.at, ${ROW_COLUMNS} FROM (${places}) p JOIN cases c ON c.id = p.case_id ${ROW_JOINS}
    ORDER BY ${order(Prisma.sql`p`, Prisma.sql`p.at`)}`
}

const FLAGGED: Readonly<Record<QueueFlag, Prisma.Sql>> = {
  hold_asked: Prisma.sql`(c.hold_asked_by_id IS NOT NULL AND c.hold_confirmed_by_id IS NULL
    OR c.renewal_asked_by_id IS NOT NULL AND c.renewal_confirmed_by_id IS NULL)`,
  hold: Prisma.sql`c.hold_until IS NOT NULL`,
  objection: Prisma.sql`c.objected_at IS NOT NULL`,
  conflict: Prisma.sql`c.held = 'conflict'`,
  shared_imei: Prisma.sql`c.held = 'shared_imei' OR c.shared_due_at IS NOT NULL`,
  tac: Prisma.sql`c.tac_mismatch`,
  earlier: Prisma.sql`c.earlier_id IS NOT NULL`,
  desk: Prisma.sql`c.filed_by_id IS NOT NULL`,
}

/** Returns the conditions of a scope and of a filter's choices, on the case itself. */
function narrowingCases(scope: CaseScope, { kind, proof, flag, unitId }: QueueFilter): Prisma.Sql[] {
  return [
    inside(scope, Prisma.sql`c.unit_id`),
    ...(kind === null ? [] : [Prisma.sql`c.incident_type::text = ${kind}`]),
    ...(proof === null
      ? []
      : [Prisma.sql`EXISTS (SELECT FROM evidence e WHERE e.case_id = c.id) = ${proof === 'yes'}`]),
    ...(flag === null ? [] : [Prisma.sql`(${FLAGGED[flag]})`]),
    ...(unitId === null ? [] : [Prisma.sql`c.unit_id = ${unitId}`]),
  ]
}

function ofState(
  scope: CaseScope,
  filter: QueueFilter,
  state: CaseState,
  { accountId }: Reader,
): Prisma.Sql[] {
  const { view } = filter
  return [
    ...narrowingCases(scope, filter),
    Prisma.sql`c.state_text = ${state}`,
    ...(view === 'conflicts' ? [Prisma.sql`(c.held IS NOT NULL OR c.shared_due_at IS NOT NULL)`] : []),
    ...(view === 'mine' ? [Prisma.sql`c.assignee_id = ${accountId}::uuid`] : []),
    ...(view === 'nobody' ? [Prisma.sql`c.assignee_id IS NULL`] : []),
  ]
}

const decidedBy = ({ accountId, now }: Reader): Prisma.Sql => Prisma.sql`
  SELECT e.case_id, max(e.at) AS at FROM case_events e WHERE e.actor_id = ${accountId}::uuid
    AND e.at > ${addMilliseconds(now, -DONE_FOR)}::timestamptz AND e.move = ANY (${[...WORK_MOVES]}::text[])
  GROUP BY e.case_id`

/** Returns the statement for the reader's recent decisions, the latest first, whichever state the cases are in now. */
function doneQuery(
  scope: CaseScope,
  filter: QueueFilter,
  reader: Reader,
  from: Pick<QueueFrom, 'key' | 'direction'> | null,
  limit: number,
): Prisma.Sql {
  const back = from?.direction === 'before'
  const key = from && Prisma.sql`(${from.key.at}::timestamptz, ${from.key.id}::uuid)`
  const conditions = [
    ...narrowingCases(scope, filter),
    ...(key ? [back ? Prisma.sql`(d.at, c.id) > ${key}` : Prisma.sql`(d.at, c.id) < ${key}`] : []),
  ]
  return Prisma.sql`${PLANNED_ANEW} SELECT d.at, ${ROW_COLUMNS} FROM (${decidedBy(reader)}) d
    JOIN cases c ON c.id = d.case_id ${ROW_JOINS} WHERE ${all(conditions)}
    ORDER BY ${back ? Prisma.sql`d.at, c.id` : Prisma.sql`d.at DESC, c.id DESC`} LIMIT ${limit}`
}

/** Returns the statement for cases in one state, including those in no list because no action is due. */
function stateQuery(
  scope: CaseScope,
  filter: QueueFilter,
  state: CaseState,
  reader: Reader,
  from: Pick<QueueFrom, 'key' | 'direction'> | null,
  limit: number,
): Prisma.Sql {
  const key = from && Prisma.sql`(${from.key.at}::timestamptz, ${from.key.id}::uuid)`
  const back = from?.direction === 'before'
  const conditions = [
    ...ofState(scope, filter, state, reader),
    ...(key ? [back ? Prisma.sql`(c.act_by, c.id) < ${key}` : Prisma.sql`(c.act_by, c.id) > ${key}`] : []),
  ]
  const order = back ? Prisma.sql`c.act_by DESC, c.id DESC` : Prisma.sql`c.act_by, c.id`
  return Prisma.sql`${PLANNED_ANEW} SELECT c.act_by AS at, ${ROW_COLUMNS} FROM cases c ${ROW_JOINS}
    WHERE ${all(conditions)} ORDER BY ${order} LIMIT ${limit}`
}

export async function listQueueRows(...query: Parameters<typeof writeQueueQuery>): Promise<QueueRow[]> {
  const rows = await inScope(query[0], () => db.$queryRaw<StoredRow[]>(writeQueueQuery(...query)))
  const read = rows.map(toRow)
  return query[3]?.direction === 'before' ? read.reverse() : read
}

export interface Counted {
  readonly count: number
  /** Counting stopped at the limit. */
  readonly more: boolean
}

/** Returns the subquery that walks the first rows of a list, one more than `most`. */
function walked(scope: CaseScope, filter: QueueFilter, reader: Reader, most: number): Prisma.Sql {
  const { view, state, unitId } = filter
  const few = Prisma.sql`LIMIT ${most + 1}`
  if (view === 'done')
    return Prisma.sql`SELECT c.id AS case_id, d.at, true AS fits FROM (${decidedBy(reader)}) d
      JOIN cases c ON c.id = d.case_id WHERE ${all(narrowingCases(scope, filter))} ${few}`
  if (state !== null)
    return Prisma.sql`SELECT c.id AS case_id, c.act_by AS at, true AS fits FROM cases c
      WHERE ${all(ofState(scope, filter, state, reader))} ORDER BY c.act_by, c.id ${few}`
  const lists = listsOf(view, reader)
  // Ordered like the index, so that PostgreSQL walks it; several units or lists have no common order.
  const several = (scope.kind === 'unit' && scope.unitIds.length > 1) || lists.length > 1
  return Prisma.sql`SELECT q.case_id, ${SORTED[filter.sort]} AS at, ${all([Prisma.sql`true`, ...narrowing(filter)])} AS fits
    FROM queue_places q WHERE ${all([
      Prisma.sql`q.list = ANY (${[...lists]}::text[])`,
      inside(scope, Prisma.sql`q.unit_id`),
      ...(unitId === null ? [] : [Prisma.sql`q.unit_id = ${unitId}`]),
      ...ofView(view, reader),
    ])} ${several ? Prisma.empty : Prisma.sql`ORDER BY q.act_by, q.case_id`} ${few}`
}

/** Returns the statement that counts several views, each up to `most`, so that it costs the same with a million cases. */
export const writeCountsQuery = (
  scope: CaseScope,
  views: readonly QueueView[],
  reader: Reader,
  most: number,
) =>
  Prisma.sql`${PLANNED_ANEW} SELECT ${Prisma.join(
    views.map(
      (view) =>
        Prisma.sql`(SELECT count(*)::int FROM (${walked(scope, { ...WHOLE_QUEUE, view }, reader, most)}) few) AS ${Prisma.raw(`"${view}"`)}`,
    ),
  )}`

export async function countQueue(
  scope: CaseScope,
  views: readonly QueueView[],
  reader: Reader,
  most: number,
): Promise<ReadonlyMap<QueueView, Counted>> {
  const [counts] = await inScope(scope, () =>
    db.$queryRaw<Record<string, number>[]>(writeCountsQuery(scope, views, reader, most)),
  )
  return new Map(views.map((view) => [view, upTo(counts?.[view] ?? 0, most)]))
}

const upTo = (count: number, most: number): Counted => ({ count: Math.min(count, most), more: count > most })

/**
 * Counts a filter's rows among the first `most` of its list, and finds the place of a case there: null if it is not in the
 * list, or lies beyond the counted rows.
 */
export async function findPlaceInList(
  scope: CaseScope,
  filter: QueueFilter,
  reader: Reader,
  most: number,
  caseId: string | null = null,
) {
  const byTime = filter.sort === 'due' && filter.view !== 'done'
  const stands = byTime
    ? Prisma.sql`(w.at, w.case_id) < (h.at, h.case_id)`
    : Prisma.sql`(w.at, w.case_id) > (h.at, h.case_id)`
  const [row] = await inScope(scope, () =>
    db.$queryRaw<
      { walked: number; fits: number; before: number; at: Instant | null }[]
    >(Prisma.sql`${PLANNED_ANEW}
      WITH w AS MATERIALIZED (${walked(scope, filter, reader, most)}),
        h AS (SELECT at, case_id FROM w WHERE fits AND case_id = ${caseId}::uuid LIMIT 1)
      SELECT count(*)::int AS walked, (count(*) FILTER (WHERE w.fits))::int AS fits,
        (count(*) FILTER (WHERE w.fits AND ${stands}))::int AS before, h.at
      FROM w LEFT JOIN h ON true GROUP BY h.at`),
  )
  const { walked: seen = 0, fits = 0, before = 0, at = null } = row ?? {}
  return {
    ...upTo(fits, most),
    more: seen > most,
    before,
    key: at === null || caseId === null ? null : ({ at, id: caseId } satisfies QueueKey),
  }
}
