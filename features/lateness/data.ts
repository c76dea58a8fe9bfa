import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, staffScope, systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { seal, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import { withUnits } from '#platform/units.ts'
import { type LateGroup, type LateKind, type Lateness, type WorstDelay, worstDelays } from './rules.ts'

/** A case or objection that may be late; `at` is its place in the search's order. */
export interface Candidate {
  readonly subject: 'case' | 'objection'
  readonly id: string
  readonly at: Instant
}

const PAGE = 200

/** Returns a page of cases or objections with a missed deadline that nobody was told of. */
export async function lateCandidates(
  source: 'queue' | 'requests' | 'objections',
  now: Instant,
  after: Candidate | null,
): Promise<Candidate[]> {
  const at = after?.at ?? new Date(0)
  const id = after?.id ?? '00000000-0000-0000-0000-000000000000'
  switch (source) {
    case 'queue':
      return db.$queryRaw<Candidate[]>`
        SELECT 'case' AS subject, q.case_id AS id, q.act_by AS at FROM queue_places q
        WHERE q.list = 'all' AND NOT q.with_citizen AND q.act_by < ${now}::timestamptz
          AND (q.act_by, q.case_id) > (${at}::timestamptz, ${id}::uuid)
          AND NOT EXISTS (SELECT FROM late_deadlines l WHERE l.subject_id = q.case_id AND l.due_at = q.act_by AND l.ended_at IS NULL)
        ORDER BY q.act_by, q.case_id LIMIT ${PAGE}`
    case 'requests':
      return db.$queryRaw<Candidate[]>`
        SELECT 'case' AS subject, r.case_id AS id, r.due_at AS at FROM data_requests r
        WHERE r.state = 'open' AND r.due_at < ${now}::timestamptz
          AND (r.due_at, r.case_id) > (${at}::timestamptz, ${id}::uuid)
          AND NOT EXISTS (SELECT FROM late_deadlines l
            WHERE l.subject_id = r.case_id AND l.kind = r.kind::text AND l.due_at = r.due_at AND l.ended_at IS NULL)
        ORDER BY r.due_at, r.case_id LIMIT ${PAGE}`
    case 'objections':
      return db.$queryRaw<Candidate[]>`
        SELECT 'objection' AS subject, o.id, o.due_at AS at FROM objections o
        WHERE o.waiting AND o.state = 'open' AND o.due_at < ${now}::timestamptz
          AND (o.due_at, o.id) > (${at}::timestamptz, ${id}::uuid)
          AND NOT EXISTS (SELECT FROM late_deadlines l
            WHERE l.subject_id = o.id AND l.kind = 'objection' AND l.due_at = o.due_at AND l.ended_at IS NULL)
        ORDER BY o.due_at, o.id LIMIT ${PAGE}`
  }
}

export const toLookAtAgain = (now: Instant): Promise<Candidate[]> =>
  db.$queryRaw<Candidate[]>`
    SELECT CASE WHEN l.kind = 'objection' THEN 'objection' ELSE 'case' END AS subject, l.subject_id AS id, min(l.next_at) AS at
    FROM late_deadlines l WHERE l.ended_at IS NULL AND l.next_at <= ${now}::timestamptz
    GROUP BY 1, 2 ORDER BY 3, 2 LIMIT ${PAGE}`

/** Returns since when this installation reports lateness. */
export const beganAt = async (tx: Tx): Promise<Instant> =>
  (await tx.latenessBegin.findFirstOrThrow({ select: { beganAt: true } })).beganAt

export const deadlinesOf = (tx: Tx, subjectId: string) =>
  tx.lateDeadline.findMany({ where: { subjectId }, orderBy: [{ dueAt: 'asc' }, { kind: 'asc' }] })

const keyOf = async (tx: Tx, subjectId: string) =>
  unwrap(subjectId, await tx.caseKey.findFirstOrThrow({ where: { caseId: subjectId }, select: WRAPPED_KEY }))

export const sealAnswer = async (
  tx: Tx,
  { id, subjectId }: { id: string; subjectId: string },
  text: string,
) => seal(await keyOf(tx, subjectId), `late:${id}`, { message: text })

/** Returns the deadlines that the person was told of, earliest first. */
export const latenessOf = (scope: CaseScope, subjectId: string): Promise<Lateness[]> =>
  inScope(scope, async () => {
    const rows = await db.lateDeadline.findMany({
      where: { subjectId, personAt: { not: null } },
      orderBy: [{ dueAt: 'asc' }, { kind: 'asc' }],
    })
    const key = rows.some(({ sealed }) => sealed !== null) ? await keyOf(db, subjectId) : null
    return rows.map(({ id, kind, sealed, complainedAt, answerDueAt, answeredAt, ...row }) => ({
      ...row,
      id,
      kind: kind as LateKind,
      complaint:
        complainedAt === null || answerDueAt === null
          ? null
          : {
              at: complainedAt,
              dueAt: answerDueAt,
              answeredAt,
              answer: sealed && key ? unseal<{ message: string }>(key, `late:${id}`, sealed).message : null,
            },
    }))
  })

const LISTED = {
  id: true,
  subjectId: true,
  number: true,
  kind: true,
  dueAt: true,
  unitId: true,
  personAt: true,
  unitAt: true,
  cityAt: true,
  inspectorateAt: true,
  complainedAt: true,
  answerDueAt: true,
} as const satisfies Prisma.LateDeadlineSelect
export type LateRow = Prisma.LateDeadlineGetPayload<{ select: typeof LISTED }>

const MOST_LISTED = 100

/**
 * Returns open late work: of the reader's own units, or of the whole city for city police and the inspectorate. null without the
 * permission.
 */
export async function lateWork(actor: StaffActor): Promise<readonly LateRow[] | null> {
  if (!may(actor.role, 'lateness:read')) return null
  const scope = may(actor.role, 'audit:read') ? systemScope() : staffScope(actor)
  if (scope === null) return null
  return inScope(scope, () =>
    db.lateDeadline.findMany({
      where: { endedAt: null, ...(scope.kind === 'unit' && withUnits(scope)) },
      orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
      take: MOST_LISTED,
      select: LISTED,
    }),
  )
}

export const complaintsWaiting = (actor: StaffActor): Promise<readonly LateRow[]> => {
  const scope = may(actor.role, 'lateness:answer') ? staffScope(actor) : null
  if (scope === null) return Promise.resolve([])
  return inScope(scope, () =>
    db.lateDeadline.findMany({
      where: { complainedAt: { not: null }, answeredAt: null },
      orderBy: [{ answerDueAt: 'asc' }, { id: 'asc' }],
      take: MOST_LISTED,
      select: LISTED,
    }),
  )
}

const MOST_COUNTED = 100

export const countComplaints = (): Promise<number> =>
  inScope(systemScope(), () =>
    db.lateDeadline.count({ where: { complainedAt: { not: null }, answeredAt: null }, take: MOST_COUNTED }),
  )

/** Counts a unit's complaints. Both counts are 0 without the permission. */
export async function complaintsOfUnit(
  actor: StaffActor,
  unitId: string,
  since: Instant,
): Promise<{
  readonly made: number
  readonly waiting: number
}> {
  const scope = may(actor.role, 'lateness:read') ? staffScope(actor) : null
  if (scope === null) return { made: 0, waiting: 0 }
  return inScope(scope, async () => {
    const where = { unitId, ...(scope.kind === 'unit' && { AND: [withUnits(scope)] }) }
    const [made, waiting] = await Promise.all([
      db.lateDeadline.count({ where: { ...where, complainedAt: { gte: since } } }),
      db.lateDeadline.count({ where: { ...where, complainedAt: { not: null }, answeredAt: null } }),
    ])
    return { made, waiting }
  })
}

export const lateGroups = (): Promise<LateGroup[]> =>
  inScope(systemScope(), async () => {
    const groups = await db.lateDeadline.groupBy({
      by: ['kind'],
      where: { endedAt: null },
      _min: { dueAt: true },
      _count: { _all: true },
    })
    return groups.flatMap(({ kind, _min, _count }) =>
      _min.dueAt === null ? [] : [{ kind: kind as LateKind, oldestDueAt: _min.dueAt, count: _count._all }],
    )
  })

export const publicDelays = async (now: Instant): Promise<WorstDelay[]> =>
  worstDelays(await lateGroups(), now)
