import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, PLANNED_ANEW } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import type { QueueFilter, QueueFlag, QueueFrom, QueueView } from '../rules/queue.ts'
import type { QueueRow } from '../rules/queue-row.ts'
import type { CaseState } from '../rules/state.ts'
import { all, COLUMNS, inside, ROW_JOINS, type StoredRow, toRow } from './queue-row.ts'

// Written in SQL: a list is walked in the order of its index, and only the few rows of the page are joined with
// anything else.

/** Returns the list that a view walks. */
const listOf = (view: QueueView, accountId: string): string =>
  ({
    all: 'all',
    mine: accountId,
    nobody: 'nobody',
    approve: 'approve',
    holds: 'hold',
    sent_back: 'sent_back',
    conflicts: 'conflict',
    overdue: 'all',
    today: 'all',
    no_imei: 'no_imei',
  })[view]

/** Returns the conditions that a view puts on a row beside its list. */
function ofView(view: QueueView, { accountId, now, endOfDay }: Reader): Prisma.Sql[] {
  if (view === 'approve' || view === 'holds') return [Prisma.sql`${accountId}::uuid <> ALL (q.not_by)`]
  if (view === 'overdue') return [Prisma.sql`NOT q.with_citizen`, Prisma.sql`q.act_by < ${now}::timestamptz`]
  if (view === 'today')
    return [
      Prisma.sql`NOT q.with_citizen`,
      Prisma.sql`q.act_by >= ${now}::timestamptz`,
      Prisma.sql`q.act_by < ${endOfDay}::timestamptz`,
    ]
  return []
}

/** Returns the conditions of the choices that narrow a list. */
const narrowing = ({ kind, proof, flag }: QueueFilter): Prisma.Sql[] => [
  ...(kind === null ? [] : [Prisma.sql`q.kind = ${kind}`]),
  ...(proof === null ? [] : [proof === 'yes' ? Prisma.sql`q.has_files` : Prisma.sql`NOT q.has_files`]),
  ...(flag === null ? [] : [Prisma.sql`${flag} = ANY (q.flags)`]),
]

/** Identifies the reader of a list, and the time of reading. */
export interface Reader {
  readonly accountId: string
  readonly now: Instant
  readonly endOfDay: Instant
}

const SORTED = {
  due: Prisma.sql`q.act_by`,
  received: Prisma.sql`q.submitted_at`,
  happened: Prisma.sql`q.incident_at`,
} as const

/** Returns the units of a filter in a scope, each walked by itself so that its index gives the order; null: the city's. */
function unitsOf(scope: CaseScope, { unitId }: QueueFilter): readonly string[] | null {
  if (scope.kind !== 'unit') return unitId === null ? null : [unitId]
  return unitId === null ? scope.unitIds : scope.unitIds.filter((id) => id === unitId)
}

/** Returns the statement for a part of a list; apart, so that a test can ask the database how it would run it. */
export function queueQuery(
  scope: CaseScope,
  filter: QueueFilter,
  reader: Reader,
  from: Pick<QueueFrom, 'key' | 'direction'> | null,
  limit: number,
): Prisma.Sql {
  if (filter.state !== null) return stateQuery(scope, filter, filter.state, reader, from, limit)
  const at = SORTED[filter.sort]
  const back = from?.direction === 'before'
  // Cases by due date begin with the earliest; all other orders begin with the latest.
  const down = (filter.sort === 'due') === back
  const key = from && Prisma.sql`(${from.key.at}::timestamptz, ${from.key.id}::uuid)`
  const order = (table: Prisma.Sql, column: Prisma.Sql) =>
    down ? Prisma.sql`${column} DESC, ${table}.case_id DESC` : Prisma.sql`${column}, ${table}.case_id`
  const units = unitsOf(scope, filter)
  const conditions = (unit: Prisma.Sql | null) => [
    Prisma.sql`q.list = ${listOf(filter.view, reader.accountId)}`,
    ...(unit === null ? [] : [Prisma.sql`q.unit_id = ${unit}`]),
    ...ofView(filter.view, reader),
    ...narrowing(filter),
    ...(key
      ? [down ? Prisma.sql`(${at}, q.case_id) < ${key}` : Prisma.sql`(${at}, q.case_id) > ${key}`]
      : []),
  ]
  const part = (unit: Prisma.Sql | null) => Prisma.sql`SELECT q.case_id, ${at} AS at FROM queue_places q
    WHERE ${all(conditions(unit))} ORDER BY ${order(Prisma.sql`q`, at)} LIMIT ${limit}`
  const places =
    units === null
      ? part(null)
      : units.length === 1
        ? part(Prisma.sql`${units[0]}`)
        : Prisma.sql`SELECT p.case_id, p.at FROM unnest(${[...units]}::text[]) u (id)
            CROSS JOIN LATERAL (${part(Prisma.sql`u.id`)}) p
            ORDER BY ${order(Prisma.sql`p`, Prisma.sql`p.at`)} LIMIT ${limit}`
  return Prisma.sql`${PLANNED_ANEW} SELECT p.at, ${COLUMNS} FROM (${places}) p JOIN cases c ON c.id = p.case_id ${ROW_JOINS}
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

function ofState(
  scope: CaseScope,
  { view, kind, proof, flag, unitId }: QueueFilter,
  state: CaseState,
  { accountId }: Reader,
): Prisma.Sql[] {
  return [
    inside(scope, Prisma.sql`c.unit_id`),
    Prisma.sql`c.state_text = ${state}`,
    ...(view === 'conflicts' ? [Prisma.sql`(c.held IS NOT NULL OR c.shared_due_at IS NOT NULL)`] : []),
    ...(view === 'mine' ? [Prisma.sql`c.assignee_id = ${accountId}::uuid`] : []),
    ...(view === 'nobody' ? [Prisma.sql`c.assignee_id IS NULL`] : []),
    ...(kind === null ? [] : [Prisma.sql`c.incident_type::text = ${kind}`]),
    ...(proof === null
      ? []
      : [Prisma.sql`EXISTS (SELECT FROM evidence e WHERE e.case_id = c.id) = ${proof === 'yes'}`]),
    ...(flag === null ? [] : [Prisma.sql`(${FLAGGED[flag]})`]),
    ...(unitId === null ? [] : [Prisma.sql`c.unit_id = ${unitId}`]),
  ]
}

/** Returns the statement for cases in one state, also those that wait for no action and are in no list. */
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
  return Prisma.sql`${PLANNED_ANEW} SELECT c.act_by AS at, ${COLUMNS} FROM cases c ${ROW_JOINS}
    WHERE ${all(conditions)} ORDER BY ${order} LIMIT ${limit}`
}

/** Returns rows of a list in its order, on either side of a place in it. */
export async function queueRows(...query: Parameters<typeof queueQuery>): Promise<QueueRow[]> {
  const rows = await inScope(query[0], () => db.$queryRaw<StoredRow[]>(queueQuery(...query)))
  const read = rows.map(toRow)
  return query[3]?.direction === 'before' ? read.reverse() : read
}

/** Returns the case of a number as a list has it; null where there is none in the scope. */
export async function queueRow(scope: CaseScope, number: string): Promise<QueueRow | null> {
  const [row] = await inScope(scope, () =>
    db.$queryRaw<StoredRow[]>(Prisma.sql`SELECT c.act_by AS at, ${COLUMNS} FROM cases c ${ROW_JOINS}
      WHERE c.number = ${number} AND ${inside(scope, Prisma.sql`c.unit_id`)}`),
  )
  return row ? toRow(row) : null
}

export interface Counted {
  readonly count: number
  /** There are more: counting stopped. */
  readonly more: boolean
}

/** Returns the part of a statement that walks a view's first rows, one more than `most`. */
function walked(
  scope: CaseScope,
  view: QueueView,
  reader: Reader,
  unitId: string | null,
  most: number,
  columns: Prisma.Sql,
) {
  // Ordered like the index, so that PostgreSQL walks it; several units together have no such order.
  const several = scope.kind === 'unit' && scope.unitIds.length > 1
  const inOrder = several ? Prisma.empty : Prisma.sql`ORDER BY q.act_by, q.case_id`
  return Prisma.sql`SELECT ${columns} FROM queue_places q
    WHERE ${all([
      Prisma.sql`q.list = ${listOf(view, reader.accountId)}`,
      inside(scope, Prisma.sql`q.unit_id`),
      ...(unitId === null ? [] : [Prisma.sql`q.unit_id = ${unitId}`]),
      ...ofView(view, reader),
    ])} ${inOrder} LIMIT ${most + 1}`
}

/**
 * Returns the statement that counts several views, each no further than `most`, so that it costs the same in a million
 * cases.
 */
export const countsQuery = (scope: CaseScope, views: readonly QueueView[], reader: Reader, most: number) =>
  Prisma.sql`${PLANNED_ANEW} SELECT ${Prisma.join(
    views.map(
      (view) =>
        Prisma.sql`(SELECT count(*)::int FROM (${walked(scope, view, reader, null, most, Prisma.empty)}) few) AS ${Prisma.raw(`"${view}"`)}`,
    ),
  )}`

export async function queueCounts(
  scope: CaseScope,
  views: readonly QueueView[],
  reader: Reader,
  most: number,
): Promise<ReadonlyMap<QueueView, Counted>> {
  const [counts] = await inScope(scope, () =>
    db.$queryRaw<Record<string, number>[]>(countsQuery(scope, views, reader, most)),
  )
  return new Map(views.map((view) => [view, upTo(counts?.[view] ?? 0, most)]))
}

const upTo = (count: number, most: number): Counted => ({ count: Math.min(count, most), more: count > most })

/** Counts a filter's rows among the first `most` of its list. */
export async function filterCount(
  scope: CaseScope,
  filter: QueueFilter,
  reader: Reader,
  most: number,
): Promise<Counted> {
  const query =
    filter.state === null
      ? Prisma.sql`${PLANNED_ANEW} SELECT count(*)::int AS walked,
          (count(*) FILTER (WHERE ${all([Prisma.sql`true`, ...narrowing(filter)])}))::int AS fits
          FROM (${walked(scope, filter.view, reader, filter.unitId, most, Prisma.sql`q.kind, q.has_files, q.flags`)}) q`
      : Prisma.sql`${PLANNED_ANEW} SELECT count(*)::int AS walked, count(*)::int AS fits FROM (
          SELECT FROM cases c WHERE ${all(ofState(scope, filter, filter.state, reader))}
          ORDER BY c.act_by, c.id LIMIT ${most + 1}) few`
  const [row] = await inScope(scope, () => db.$queryRaw<{ walked: number; fits: number }[]>(query))
  const { walked: seen = 0, fits = 0 } = row ?? {}
  return { count: Math.min(fits, most), more: seen > most }
}
