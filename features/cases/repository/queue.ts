import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { blindIndexes } from '#platform/crypto.ts'
import { db } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { ofUnits } from '#platform/units.ts'
import type { CaseSearch } from '../rules/search.ts'
import type { CounterclaimStatus } from '../rules/snapshot.ts'
import type { CaseHold, CaseState } from '../rules/state.ts'

// In SQL, because the partial indexes of the queue are used only where their condition stands literally.

/** A line of the queue. Nothing in it is personal. */
export interface QueueRow {
  readonly id: string
  readonly number: string
  readonly state: CaseState
  readonly held: CaseHold | null
  readonly unitId: string
  readonly brand: string
  readonly model: string
  readonly tacMismatch: boolean
  readonly imeiUnknown: boolean
  /** Of the question which phones its number was in: phones were named and not released, or a carrier is late. */
  readonly lookup: 'answered' | 'late' | null
  readonly counterclaim: CounterclaimStatus | null
  readonly holdAskedById: string | null
  readonly holdConfirmedById: string | null
  readonly holdDueAt: Instant | null
  readonly holdUntil: Instant | null
  readonly objectedAt: Instant | null
  readonly earlierId: string | null
  readonly withdrawEffectiveAt: Instant | null
  readonly submittedAt: Instant
  readonly dueAt: Instant
  readonly actBy: Instant
  readonly assigneeId: string | null
  readonly assigneeName: string | null
}

export interface QueueFilter {
  /** null: whatever needs work. */
  readonly state: CaseState | null
  readonly who: 'everybody' | 'mine' | 'nobody'
  /** One district, for those who see all of them. */
  readonly unitId: string | null
  readonly conflicts: boolean
}

/** A place in the queue: rows stand by the time of what is due first in them, then id. */
export interface QueueKey {
  readonly actBy: Instant
  readonly id: string
}

const COLUMNS = Prisma.sql`
  c.id, c.number, c.state, c.held, c.unit_id AS "unitId", c.brand, c.model, c.tac_mismatch AS "tacMismatch",
  NOT EXISTS (SELECT 1 FROM case_imeis i WHERE i.case_id = c.id) AS "imeiUnknown",
  CASE WHEN EXISTS (SELECT 1 FROM carrier_questions q
      WHERE q.case_id = c.id AND q.sealed_answer IS NOT NULL AND q.released_at IS NULL) THEN 'answered'
    WHEN c.lookup_due_at < now() THEN 'late' END AS lookup,
  c.counterclaim, c.hold_asked_by_id AS "holdAskedById", c.hold_confirmed_by_id AS "holdConfirmedById",
  c.hold_due_at AS "holdDueAt", c.hold_until AS "holdUntil", c.objected_at AS "objectedAt", c.earlier_id AS "earlierId", c.withdraw_effective_at AS "withdrawEffectiveAt",
  c.submitted_at AS "submittedAt", c.due_at AS "dueAt", c.act_by AS "actBy", c.assignee_id AS "assigneeId", a.name AS "assigneeName"`

const FROM = Prisma.sql`FROM cases c LEFT JOIN staff_accounts a ON a.id = c.assignee_id`

function inside(scope: CaseScope): Prisma.Sql {
  if (scope.kind === 'unit') return ofUnits(scope, Prisma.sql`c.unit_id`)
  return scope.kind === 'one' ? Prisma.sql`c.id = ${scope.caseId}::uuid` : Prisma.sql`true`
}

function matching(filter: QueueFilter, accountId: string): Prisma.Sql[] {
  return [
    filter.state === null ? Prisma.sql`c.needs_work` : Prisma.sql`c.state_text = ${filter.state}`,
    ...(filter.conflicts ? [Prisma.sql`c.held IS NOT NULL`] : []),
    ...(filter.who === 'mine' ? [Prisma.sql`c.assignee_id = ${accountId}::uuid`] : []),
    ...(filter.who === 'nobody' ? [Prisma.sql`c.assignee_id IS NULL`] : []),
    ...(filter.unitId === null ? [] : [Prisma.sql`c.unit_id = ${filter.unitId}`]),
  ]
}

/** Returns the statement for a part of the queue; apart, so that a test can ask the database how it would run it. */
export function queueQuery(
  scope: CaseScope,
  filter: QueueFilter,
  accountId: string,
  from: { readonly key: QueueKey; readonly direction: 'after' | 'before' } | null,
  limit: number,
): Prisma.Sql {
  const key = from && Prisma.sql`(${from.key.actBy}::timestamptz, ${from.key.id}::uuid)`
  const back = from?.direction === 'before'
  const conditions = [
    inside(scope),
    ...matching(filter, accountId),
    ...(key ? [back ? Prisma.sql`(c.act_by, c.id) < ${key}` : Prisma.sql`(c.act_by, c.id) > ${key}`] : []),
  ]
  return Prisma.sql`SELECT ${COLUMNS} ${FROM} WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY ${back ? Prisma.sql`c.act_by DESC, c.id DESC` : Prisma.sql`c.act_by, c.id`} LIMIT ${limit}`
}

/** Rows of the queue in its order, on either side of a place in it. */
export async function queueRows(...query: Parameters<typeof queueQuery>): Promise<QueueRow[]> {
  const rows = await inScope(query[0], () => db.$queryRaw<QueueRow[]>(queueQuery(...query)))
  return query[3]?.direction === 'before' ? rows.reverse() : rows
}

export interface QueueCounts {
  readonly overdue: number
  readonly today: number
  readonly approval: number
  readonly conflicts: number
}

/** Counts what waits, each figure no further than `most`, so that it costs the same in a million cases. */
export async function queueCounts(
  scope: CaseScope,
  now: Instant,
  endOfDay: Instant,
  most: number,
): Promise<QueueCounts> {
  // In the queue's order, so that each walks its partial index: a limit alone lets the planner hope that a scan of the
  // whole table meets enough of them soon.
  const count = (condition: Prisma.Sql) =>
    Prisma.sql`(SELECT count(*)::int FROM (SELECT FROM cases c WHERE ${inside(scope)} AND ${condition}
      ORDER BY c.act_by, c.id LIMIT ${most}) few)`
  // The citizen, not the police, is late with an answer; with a temporary block that waits the police are.
  const ours = Prisma.sql`c.needs_work AND (c.state <> 'info_requested' OR c.act_by < c.due_at)`
  const [counts] = await inScope(
    scope,
    () => db.$queryRaw<QueueCounts[]>`SELECT
    ${count(Prisma.sql`${ours} AND c.act_by < ${now}`)} AS overdue,
    ${count(Prisma.sql`${ours} AND c.act_by >= ${now} AND c.act_by < ${endOfDay}`)} AS today,
    ${count(Prisma.sql`c.state_text = 'verified'`)} AS approval,
    ${count(Prisma.sql`c.needs_work AND c.held IS NOT NULL`)} AS conflicts`,
  )
  if (!counts) throw new Error('a SELECT without FROM has one row')
  return counts
}

/**
 * Returns the statement that finds the cases that a search means, in no order; at most `limit`. Words of a name are
 * walked from one word's cases, so that a name that half the country bears stops as soon as there are enough.
 */
export function searchQuery(scope: CaseScope, search: CaseSearch, limit: number): Prisma.Sql {
  const [first, ...others] = search.words.map((word) => Prisma.join(blindIndexes('name_word', word)))
  if (first) {
    const also = others.map(
      (hashes) => Prisma.sql`AND EXISTS (SELECT FROM blind_index o
        WHERE o.kind = 'name_word' AND o.hash IN (${hashes}) AND o.case_id = b.case_id)`,
    )
    return Prisma.sql`SELECT ${COLUMNS} FROM blind_index b
      JOIN cases c ON c.id = b.case_id LEFT JOIN staff_accounts a ON a.id = c.assignee_id
      WHERE b.kind = 'name_word' AND b.hash IN (${first}) ${Prisma.join([Prisma.empty, ...also], ' ')}
        AND ${inside(scope)} LIMIT ${limit}`
  }
  const ids = [
    ...(search.number === null ? [] : [Prisma.sql`SELECT id FROM cases WHERE number = ${search.number}`]),
    ...(search.imeiKey === null
      ? []
      : [Prisma.sql`SELECT case_id FROM case_imeis WHERE key14 = ${search.imeiKey}`]),
    ...search.values.map(
      ({ kind, value }) => Prisma.sql`SELECT case_id FROM blind_index
        WHERE kind = ${kind}::blind_index_kind AND hash IN (${Prisma.join(blindIndexes(kind, value))})`,
    ),
  ]
  return Prisma.sql`SELECT ${COLUMNS} ${FROM}
    WHERE c.id IN (${Prisma.join(ids, ' UNION ')}) AND ${inside(scope)} LIMIT ${limit}`
}

export const searchRows = (scope: CaseScope, search: CaseSearch, limit: number): Promise<QueueRow[]> =>
  inScope(scope, () => db.$queryRaw<QueueRow[]>(searchQuery(scope, search, limit)))
