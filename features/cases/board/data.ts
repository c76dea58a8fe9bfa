import '#server-only'
import { assignable, type Member } from '#features/accounts/police-data.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import { endOfLocalDay, type Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { keyFor } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { ofUnits } from '#platform/units.ts'
import { DECIDING_OBJECTION } from '../deciders/data.ts'
import { REVIEW } from '../moves/review-rules.ts'
import { movesThat } from '../moves/rules.ts'
import { statesThat } from '../record/state-rules.ts'

export interface UnitLoad {
  readonly unitId: string
  readonly open: number
  readonly overdue: number
  readonly unassigned: number
  readonly approval: number
}

/**
 * Returns the query that counts the cases of units, each figure up to `most`. Separate so that a test can ask the database for
 * its plan. Each count walks a partial index of the queue and stops at the limit.
 */
export function writeUnitLoadsQuery(unitIds: readonly string[], now: Instant, most: number): Prisma.Sql {
  const count = (condition: Prisma.Sql) => Prisma.sql`(SELECT count(*)::int FROM (
    SELECT FROM cases c WHERE c.unit_id = u.id AND ${condition} ORDER BY c.act_by, c.id LIMIT ${most}) few)`
  return Prisma.sql`
    SELECT u.id AS "unitId", ${count(Prisma.sql`c.needs_work`)} AS open,
      ${count(Prisma.sql`c.needs_work AND c.act_by < ${now} AND (c.state <> 'info_requested' OR c.act_by < c.due_at)`)} AS overdue,
      ${count(Prisma.sql`c.needs_work = true AND c.assignee_id IS NULL`)} AS unassigned,
      ${count(Prisma.sql`c.state_text = 'verified'`)} AS approval
    FROM unnest(${[...unitIds]}::text[]) AS u (id)`
}

export const countUnitLoads = (...query: Parameters<typeof writeUnitLoadsQuery>): Promise<UnitLoad[]> =>
  db.$queryRaw<UnitLoad[]>(writeUnitLoadsQuery(...query))

interface ShareableCase {
  readonly id: string
  readonly number: string
  readonly version: number
  /**
   * The accounts that may not decide the case: the filer, the person who rejected it before its appeal, and those who decided
   * before its review.
   */
  readonly notFor: readonly string[]
}

/**
 * The states in which a case without an officer is shared out. A case that waits for approval is not: the next person who
 * approves takes it.
 */
const FOR_WORK = statesThat(({ block }) => block === 'undecided')

/**
 * Returns the query for the first cases by due time that can be shared out: cases of some units without an officer, or the cases
 * that one person has there.
 */
export function writeShareableQuery(
  unitIds: readonly string[],
  from: string | null,
  limit: number,
): Prisma.Sql {
  const states = from === null ? FOR_WORK : REVIEW.reassign.from
  const deciding = movesThat((rule) => rule.decides === true)
  return Prisma.sql`
    SELECT c.id, c.number, c.version, array_remove(
      ARRAY[c.filed_by_id, CASE WHEN c.appealed_at IS NOT NULL THEN c.rejected_by_id END]
        || CASE WHEN c.review_asked_at IS NOT NULL THEN ARRAY(
          SELECT e.actor_id FROM case_events e WHERE e.case_id = c.id AND e.at < c.review_asked_at
            AND e.move = ANY(${[...deciding]}::text[])
          UNION SELECT e.actor_id FROM objections o JOIN objection_events e ON e.objection_id = o.id
            WHERE o.against_id = c.id AND e.at < c.review_asked_at
              AND e.move = ANY(${[...DECIDING_OBJECTION]}::text[])) ELSE '{}' END, NULL)::text[] AS "notFor"
    FROM cases c
    WHERE ${ofUnits({ unitIds }, Prisma.sql`c.unit_id`)} AND c.needs_work = true AND c.held IS NULL
      AND ${from === null ? Prisma.sql`c.assignee_id IS NULL` : Prisma.sql`c.assignee_id = ${from}::uuid`}
      AND c.state_text = ANY(${[...states]}::text[]) AND c.withdraw_effective_at IS NULL
    ORDER BY c.act_by, c.id LIMIT ${limit}`
}

export const listShareable = (
  tx: Tx,
  ...query: Parameters<typeof writeShareableQuery>
): Promise<ShareableCase[]> => tx.$queryRaw<ShareableCase[]>(writeShareableQuery(...query))

/** Returns the first cases after an id that may still need work and whose unit is no longer in force, ordered by id. */
export async function listStrayCases(after: string | null, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM cases c
    WHERE c.unit_id IN (
        SELECT u.id FROM police_units u JOIN area_editions e ON e.id = u.edition_id WHERE NOT e.in_force
      ) AND c.erased_at IS NULL AND (
        c.state_text <> ALL('{withdrawn,expired,unblocked}'::text[])
        OR EXISTS (SELECT 1 FROM data_requests r WHERE r.case_id = c.id AND r.state = 'open')
      )
      AND (${after}::uuid IS NULL OR c.id > ${after}::uuid)
    ORDER BY c.id LIMIT ${limit}`
  return rows.map(({ id }) => id)
}

/** A case in the plan of a sharing-out, and its receiver. Stored as JSON. */
export type PlannedRow = {
  readonly caseId: string
  readonly number: string
  readonly version: number
  readonly to: string
}

export const SHARE_ACT = 'unit.share'

export const makeRowKey = (submitKey: string, caseId: string): string => keyFor(submitKey, 'share', caseId)
export const ROW_ACT = 'unit.share_row'

export interface Load {
  readonly open: number
  /** Cases among them that wait for another: the reporter, a second person, city police. */
  readonly waiting: number
  readonly overdue: number
  /** Due before the day is over, and not overdue. */
  readonly today: number
  readonly oldest: Instant | null
}

export const NO_LOAD: Load = { open: 0, waiting: 0, overdue: 0, today: 0, oldest: null }

/** Counting of one person's work stops here: no person works through more, and the limit bounds the cost of a page. */
const MOST_HELD = 500

/**
 * Returns the query that counts people's cases. Separate so that a test can ask the database for its plan. While a case waits for
 * the citizen's answer, the citizen is late, not the police.
 */
export const writeLoadsQuery = (
  accountIds: readonly string[],
  now: Instant,
  endOfDay: Instant,
): Prisma.Sql => Prisma.sql`
  SELECT p.id AS "accountId", count(c.id)::int AS open,
    (count(c.id) FILTER (WHERE c.others))::int AS waiting,
    (count(c.id) FILTER (WHERE c.ours AND c.act_by < ${now}))::int AS overdue,
    (count(c.id) FILTER (WHERE c.ours AND c.act_by >= ${now} AND c.act_by < ${endOfDay}))::int AS today,
    min(c.submitted_at) AS oldest
  FROM unnest(${[...accountIds]}::uuid[]) AS p (id)
  LEFT JOIN LATERAL (
    SELECT c.id, c.act_by, c.submitted_at, (c.state <> 'info_requested' OR c.act_by < c.due_at) AS ours,
      (c.state = 'verified' OR (c.state = 'info_requested' AND c.act_by >= c.due_at) OR c.unblock_verified_by_id IS NOT NULL
        OR c.imeis_verified_by_id IS NOT NULL OR coalesce(c.held = 'conflict', false)) AS others
    FROM cases c WHERE c.assignee_id = p.id AND c.needs_work ORDER BY c.act_by, c.id LIMIT ${MOST_HELD}) c ON true
  GROUP BY p.id`

/** Returns the loads of some people, within the scope in force; people without cases have zeros. */
export async function countLoads(
  accountIds: readonly string[],
  now: Instant,
  endOfDay: Instant,
  tx: Tx = db,
): Promise<ReadonlyMap<string, Load>> {
  if (accountIds.length === 0) return new Map()
  const rows = await tx.$queryRaw<(Load & { accountId: string })[]>(
    writeLoadsQuery(accountIds, now, endOfDay),
  )
  return new Map(rows.map(({ accountId, ...load }) => [accountId, load]))
}

export interface BoardMember extends Member {
  readonly load: Load
}

/** Returns the people to whom cases of some units can be given, the least loaded first. */
export async function listColleagues(
  scope: CaseScope,
  unitIds: readonly string[],
  now: Instant,
  tx?: Tx,
): Promise<BoardMember[]> {
  const people = await assignable(unitIds, now, tx)
  const ids = people.map(({ id }) => id)
  const loads = await inScope(scope, () => countLoads(ids, now, endOfLocalDay(now), tx))
  return people
    .map((person) => ({
      ...person,
      load: loads.get(person.id) ?? NO_LOAD,
    }))
    .toSorted((a, b) => toDo(a) - toDo(b) || a.load.overdue - b.load.overdue)
}

const toDo = ({ load }: BoardMember): number => load.open - load.waiting
