import '#server-only'
import type { ToldKind } from '#features/accounts/preferences/rules.ts'
import { countApprovals } from '#features/approvals/data.ts'
import type { Person } from '#features/approvals/rules.ts'
import { type Move, movesThat } from '#features/cases/moves/rules.ts'
import { countComplaints } from '#features/lateness/data.ts'
import { listTriedVersions } from '#features/questionnaires/versions/data.ts'
import { type StaffActor, unitsServed } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { db, sql } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { kindsOf, MOST_TASKS_COUNTED, type TaskCounts, type TaskKind } from './rules.ts'

/** Milliseconds before its deadline from which a case is called due. */
const SOON = 4 * HOUR
/** Days within which police reach a person whom no message can tell of a decision. */
const TELL_WITHIN_DAYS = 3
const MOST_CASES = 200
const MOST_SHARED = 1_000
/** Moves by which a person finds a block right: that person decides on no objection to it. */
const FINDING_RIGHT = movesThat((rule) => rule.findsOwner === true)

const JUDGING = movesThat((rule) => rule.judgesClaim === true)

const GIVING = movesThat((rule) => rule.needs?.includes('assignee') === true)
const leaving = (kind: ToldKind): Move[] => movesThat((rule) => rule.tellsAssignee === kind)

const peopleOf = (people: readonly Person[]): string =>
  JSON.stringify(
    people
      .filter(({ role }) => may(role, 'case:decide'))
      .map((person) => ({
        id: person.id,
        city: person.role === 'city_police',
        approves: may(person.role, 'case:approve'),
        units: unitsServed(person),
      })),
  )

/**
 * Returns the tables of a query for the cases that wait for each of some people: account, case, kind and deadline. Shared work
 * (refused orders, blocks to confirm, conflicts, approvals) is read once for all of them, no further than the bell shows. Each
 * person's own cases are read by the index of the queue, so 200 people cost one statement. The last event of a case other
 * than a note says why it waits.
 */
const tasksOf = (people: readonly Person[], now: Instant) => sql`
  p AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(${peopleOf(people)}::jsonb) AS p(id uuid, city boolean, approves boolean, units text[])
  ),
  -- Of each list the first for every unit of somebody who needs it, and the first of the city for its own police.
  queued AS MATERIALIZED (
    SELECT q.* FROM (SELECT DISTINCT unnest(units) AS id FROM p WHERE approves AND NOT city) unit
      CROSS JOIN unnest(ARRAY['hold', 'approve']) l (list) CROSS JOIN LATERAL (
        SELECT case_id AS id, list, unit_id, act_by, not_by FROM queue_places
        WHERE list = l.list AND unit_id = unit.id ORDER BY act_by, case_id LIMIT ${MOST_TASKS_COUNTED}) q
    UNION SELECT q.* FROM unnest(ARRAY['hold', 'approve']) l (list) CROSS JOIN LATERAL (
        SELECT case_id, list, unit_id, act_by, not_by FROM queue_places
        WHERE list = l.list ORDER BY act_by, case_id LIMIT ${MOST_TASKS_COUNTED}) q
      WHERE EXISTS (SELECT FROM p WHERE city AND approves)
  ),
  contested AS MATERIALIZED (
    SELECT q.case_id AS id, q.act_by, ARRAY(
      SELECT e.actor_id FROM case_imeis i JOIN case_imeis o ON o.key14 = i.key14
        JOIN case_events e ON e.case_id = o.case_id
      WHERE i.case_id = q.case_id AND e.actor_id IS NOT NULL AND e.move = ANY (${JUDGING})) AS judges
    FROM queue_places q WHERE q.list = 'conflict' AND 'conflict' = ANY (q.flags) AND EXISTS (SELECT FROM p WHERE city)
    ORDER BY q.act_by, q.case_id LIMIT ${MOST_TASKS_COUNTED}
  ),
  unheard AS MATERIALIZED (
    SELECT id, unit_id, state_since + ${`${TELL_WITHIN_DAYS} days`}::interval AS act_by FROM cases
    WHERE unheard_seq IS NOT NULL AND unit_id IN (SELECT unnest(units) FROM p)
    ORDER BY unit_id, state_since, id LIMIT ${MOST_SHARED}
  ),
  shared AS MATERIALIZED (
    SELECT id, least(act_by, shared_due_at) AS act_by, shared_proposed_by_id FROM cases
    WHERE shared_due_at IS NOT NULL AND needs_work AND EXISTS (SELECT FROM p WHERE city)
    ORDER BY shared_due_at, id LIMIT ${MOST_TASKS_COUNTED}
  ),
  failed AS MATERIALIZED (
    SELECT DISTINCT c.id, c.assignee_id, c.act_by FROM carrier_orders o JOIN cases c ON c.id = o.case_id
    WHERE o.state = 'failed' AND c.assignee_id IN (SELECT id FROM p) LIMIT ${MOST_SHARED}
  ),
  own AS (
    SELECT p.id AS account, c.id, c.act_by, CASE
        WHEN e.move = ANY (${leaving('sent_back')}) THEN 'sent_back'
        WHEN e.move = ANY (${GIVING}) AND e.actor_id IS DISTINCT FROM p.id THEN 'given'
        WHEN e.move = ANY (${leaving('answered')}) THEN 'answered'
        WHEN c.held = 'conflict' AND NOT EXISTS (
          SELECT FROM case_events j WHERE j.case_id = c.id AND j.actor_id = p.id AND j.move = ANY (${JUDGING})
        ) THEN 'conflict'
        WHEN c.act_by < ${addMilliseconds(now, SOON)} AND (c.state <> 'info_requested' OR c.act_by < c.due_at) THEN 'due'
      END AS kind
    FROM p CROSS JOIN LATERAL (
      SELECT * FROM cases c WHERE c.assignee_id = p.id AND c.needs_work ORDER BY c.act_by, c.id LIMIT ${MOST_CASES}
    ) c
    LEFT JOIN LATERAL (
      SELECT move, actor_id FROM case_events e WHERE e.case_id = c.id AND e.move <> 'note' ORDER BY e.seq DESC LIMIT 1
    ) e ON true
    WHERE p.city OR c.unit_id = ANY (p.units)
  ),
  every AS (
    SELECT p.id AS account, h.id, h.act_by, 'to_confirm' AS kind, 1 AS rank FROM p
      JOIN queued h ON h.list = 'hold' AND p.approves AND p.id <> ALL (h.not_by)
        AND (p.city OR h.unit_id = ANY (p.units))
    UNION ALL SELECT l.account_id, c.id, c.act_by, 'lent', 0 FROM case_loans l JOIN cases c ON c.id = l.case_id
      WHERE l.ended_at IS NULL AND l.account_id IN (SELECT id FROM p)
    UNION ALL SELECT p.id, s.id, s.act_by, 'shared_imei', 1 FROM p
      JOIN shared s ON p.city AND s.shared_proposed_by_id IS DISTINCT FROM p.id
    UNION ALL SELECT f.assignee_id, f.id, f.act_by, 'refused', 2 FROM failed f
    UNION ALL SELECT account, id, act_by, kind, 3 FROM own WHERE kind IS NOT NULL
    UNION ALL SELECT p.id, c.id, c.act_by, 'conflict', 4 FROM p JOIN contested c ON p.city AND p.id <> ALL (c.judges)
    UNION ALL SELECT p.id, a.id, a.act_by, 'to_approve', 5 FROM p
      JOIN queued a ON a.list = 'approve' AND p.approves AND p.id <> ALL (a.not_by)
        AND (p.city OR a.unit_id = ANY (p.units))
    UNION ALL SELECT p.id, u.id, u.act_by, 'to_serve', 6 FROM p JOIN unheard u ON u.unit_id = ANY (p.units)
  ),
  task AS (
    SELECT DISTINCT ON (account, id) account, id, act_by, kind FROM every ORDER BY account, id, rank
  )`

async function caseCounts(people: readonly Person[], now: Instant): Promise<ReadonlyMap<string, TaskCounts>> {
  const rows = await inScope(
    systemScope(),
    () => db.$queryRaw<Counted[]>`
      WITH ${tasksOf(people, now)}
      SELECT account, kind, least(count(*), ${MOST_TASKS_COUNTED})::int AS count FROM task GROUP BY account, kind`,
  )
  return byPerson(rows)
}

export interface CaseTask {
  readonly id: string
  readonly number: string
  readonly kind: TaskKind
  readonly actBy: Instant
  readonly model: string
}

const caseTasks = (person: Person, now: Instant, limit: number): Promise<CaseTask[]> =>
  inScope(
    systemScope(),
    () => db.$queryRaw<CaseTask[]>`
      WITH ${tasksOf([person], now)}
      SELECT c.id, c.number, t.kind, t.act_by AS "actBy", trim(c.brand || ' ' || c.model) AS model
      FROM task t JOIN cases c ON c.id = t.id ORDER BY t.act_by, c.id LIMIT ${limit}`,
  )

/**
 * Counts the work beside cases for each of some people: objections to answer, sightings, and requests about data that do not wait
 * for a second person. Each list is read once for all of them, the earliest due first, up to a thousand. Excludes what a person
 * may not decide because of an earlier part in it: a block that they found right, or their own refusal.
 */
async function requestCounts(people: readonly Person[]): Promise<ReadonlyMap<string, TaskCounts>> {
  const rows = await inScope(
    systemScope(),
    () => db.$queryRaw<Counted[]>`
      WITH p AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(${decidersOf(people)}::jsonb)
          AS p(id uuid, everywhere boolean, units text[], objections boolean, data boolean)
      ),
      objected AS MATERIALIZED (
        SELECT o.unit_id, o.renewed_at IS NOT NULL AS renewed, o.refused_by_id, ARRAY(
          SELECT e.actor_id FROM case_events e
          WHERE e.case_id = o.against_id AND e.move = ANY (${FINDING_RIGHT}) AND e.actor_id IS NOT NULL) AS found_right
        FROM objections o LEFT JOIN cases c ON c.id = o.against_id
        WHERE o.waiting AND o.state = 'open' AND c.unblock_verified_by_id IS NULL
        ORDER BY o.due_at, o.id LIMIT ${MOST_SHARED}
      ),
      asked AS MATERIALIZED (
        SELECT unit_id FROM data_requests r WHERE state = 'open'
          AND NOT EXISTS (SELECT FROM approvals a WHERE a.subject = 'erasure:' || r.id AND a.state = 'asked')
        ORDER BY due_at, id LIMIT ${MOST_SHARED}
      ),
      seen AS MATERIALIZED (
        SELECT c.unit_id FROM recoveries r JOIN cases c ON c.id = r.case_id WHERE r.due_at IS NOT NULL
        ORDER BY r.due_at LIMIT ${MOST_SHARED}
      ),
      task AS (
        SELECT p.id AS account, 'objection' AS kind FROM p JOIN objected o ON p.objections
          AND (p.everywhere OR (o.unit_id = ANY (p.units) AND NOT o.renewed))
          AND o.refused_by_id IS DISTINCT FROM p.id AND p.id <> ALL (o.found_right)
        UNION ALL SELECT p.id, 'phone_seen' FROM p JOIN seen s ON p.objections
          AND (p.everywhere OR s.unit_id = ANY (p.units))
        UNION ALL SELECT p.id, 'data_request' FROM p JOIN asked a ON p.data
          AND (p.everywhere OR a.unit_id = ANY (p.units))
      )
      SELECT account, kind, least(count(*), ${MOST_TASKS_COUNTED})::int AS count FROM task GROUP BY account, kind`,
  )
  return byPerson(rows)
}

const decidersOf = (people: readonly Person[]): string =>
  JSON.stringify(
    people.map((person) => ({
      id: person.id,
      everywhere: person.role === 'city_police',
      units: unitsServed(person),
      objections: may(person.role, 'case:decide'),
      data: may(person.role, 'case:decide_data'),
    })),
  )

interface Counted {
  readonly account: string
  readonly kind: TaskKind
  readonly count: number
}

function byPerson(rows: readonly Counted[]): ReadonlyMap<string, TaskCounts> {
  const counts = new Map<string, Partial<Record<TaskKind, number>>>()
  for (const { account, kind, count } of rows) counts.set(account, { ...counts.get(account), [kind]: count })
  return counts
}

const MOST_LISTED = 100

const SHARED = ['order_refused', 'release', 'survey_flow', 'suggestion', 'trial', 'comment'] as const
type SharedKind = (typeof SHARED)[number]

/** Counts the work of the relay and the survey's manager, the same for all of them; releases only without a request. */
async function countShared(now: Instant): Promise<Readonly<Record<SharedKind, number>>> {
  const [[row], tried] = await Promise.all([
    db.$queryRaw<Record<Exclude<SharedKind, 'trial'>, number>[]>`SELECT
    (SELECT count(*)::int FROM (SELECT FROM carrier_orders
      WHERE state = 'failed' AND drill_id IS NULL LIMIT ${MOST_TASKS_COUNTED}) few) AS order_refused,
    (SELECT count(*)::int FROM (SELECT FROM survey_flows WHERE seen_at IS NULL LIMIT ${MOST_TASKS_COUNTED}) few) AS survey_flow,
    (SELECT count(*)::int FROM (SELECT FROM survey_suggestions WHERE state = 'new' LIMIT ${MOST_TASKS_COUNTED}) few) AS suggestion,
    (SELECT count(*)::int FROM (SELECT FROM survey_comments WHERE review = 'doubtful' LIMIT ${MOST_TASKS_COUNTED}) few) AS comment,
    (SELECT count(*)::int FROM (SELECT FROM order_releases r
      WHERE r.state <> ALL (ARRAY['sent'::release_state, 'withheld'::release_state])
        AND r.state = ANY (ARRAY['waiting'::release_state, 'asked'::release_state])
        AND NOT EXISTS (SELECT FROM approvals a WHERE a.subject = 'release:' || r.id AND a.state = 'asked')
      LIMIT ${MOST_TASKS_COUNTED}) few) AS release`,
    listTriedVersions(now),
  ])
  if (!row) throw new Error('a SELECT without FROM has one row')
  return { ...row, trial: tried.length }
}

const partOf = (kinds: readonly TaskKind[], shared: Readonly<Record<SharedKind, number>>): TaskCounts =>
  Object.fromEntries(
    SHARED.filter((kind) => kinds.includes(kind) && shared[kind] > 0).map((kind) => [kind, shared[kind]]),
  )

export async function countTasksOf(people: readonly Person[], now: Instant) {
  const police = people.filter(({ role }) => may(role, 'case:decide'))
  const others = people.filter((person) => kindsOf(person).some((kind) => SHARED.some((one) => one === kind)))
  const deciders = people.filter(({ role }) => may(role, 'approval:decide'))
  const answering = people.filter(({ role }) => may(role, 'lateness:answer'))
  const [cases, requests, shared, approvals, complaints] = await Promise.all([
    police.length === 0 ? null : caseCounts(police, now),
    police.length === 0 ? null : requestCounts(police),
    others.length === 0 ? null : countShared(now),
    deciders.length === 0 ? null : countApprovals(deciders, now),
    answering.length === 0 ? 0 : countComplaints(),
  ])
  return new Map(
    people.map((person) => [
      person.id,
      {
        ...cases?.get(person.id),
        ...requests?.get(person.id),
        ...(shared && partOf(kindsOf(person), shared)),
        ...approvals?.get(person.id),
        ...(complaints > 0 && may(person.role, 'lateness:answer') && { late_complaint: complaints }),
      },
    ]),
  )
}

export const countTasks = async (actor: StaffActor, now: Instant): Promise<TaskCounts> =>
  (await countTasksOf([actor], now)).get(actor.id) ?? {}

export const listCaseTasks = async (actor: StaffActor, now: Instant): Promise<readonly CaseTask[]> =>
  may(actor.role, 'case:decide') ? caseTasks(actor, now, MOST_LISTED) : []
