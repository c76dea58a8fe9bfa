import '#server-only'
import { namesOf } from '#features/accounts/data.ts'
import { decidersOf, supervisorsElsewhere } from '#features/accounts/police-data.ts'
import type { ObjectionMove } from '#features/disputes/objections/moves-rules.ts'
import type { ObjectionSnapshot } from '#features/disputes/objections/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, sql, type Tx } from '#platform/db.ts'
import { inScope, oncePerPage } from '#platform/scope.ts'
import { DECIDED_ACTS } from '../citizen/rules.ts'
import { listProven } from '../claims/data.ts'
import { type CaseDecision, moveOf } from '../decisions/rules.ts'
import { partsHad } from '../moves/lifecycle-rules.ts'
import { movesThat, type PastMove } from '../moves/rules.ts'
import { CASE_SNAPSHOT, findCase, listPhoneKeys, toSnapshot } from '../record/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { ACTIVE_STATES } from '../record/state-rules.ts'
import { lendsPeople } from './lending-rules.ts'
import {
  type Advice,
  adviceOn,
  closedTo,
  type DecidedMatter,
  excludedFrom,
  factsFor,
  type Matter,
  mayUphold,
  type PastDecision,
  questionOf,
  type StillDeciding,
  sideOf,
} from './rules.ts'

const REFUSED_COUNTERCLAIM: PastMove = 'refuse_counterclaim'
const DECIDING = [...movesThat((rule) => rule.decides === true), REFUSED_COUNTERCLAIM]
const FINDING_OWNER = movesThat((rule) => rule.findsOwner === true)
const JUDGING = movesThat((rule) => rule.judgesClaim === true)

export const DECIDING_OBJECTION = ['uphold', 'refuse'] as const satisfies readonly ObjectionMove[]

/** Tells whether an account decided on a case, or on an objection to its block, before its review was requested. */
export async function hasDecidedBeforeReview(
  c: Pick<CaseSnapshot, 'id' | 'reviewAskedAt'>,
  accountId: string,
  tx: Tx = db,
): Promise<boolean> {
  if (c.reviewAskedAt === null) return false
  const before = { actorId: accountId, at: { lt: c.reviewAskedAt } }
  const decided = await tx.caseEvent.count({
    where: { ...before, caseId: c.id, move: { in: DECIDING } },
    take: 1,
  })
  if (decided > 0) return true
  const ofObjection = { ...before, move: { in: [...DECIDING_OBJECTION] }, objection: { againstId: c.id } }
  return (await tx.objectionEvent.count({ where: ofObjection, take: 1 })) > 0
}

/** Tells whether an account verified or approved the block of a case to which a holder objects. */
export const foundBlockRight = async (
  c: Pick<CaseSnapshot, 'id' | 'objectedAt'>,
  accountId: string,
  tx: Tx = db,
): Promise<boolean> =>
  c.objectedAt !== null &&
  (await tx.caseEvent.count({
    where: { caseId: c.id, actorId: accountId, move: { in: FINDING_OWNER } },
    take: 1,
  })) > 0

export const wroteDown = async (caseId: string, accountId: string, tx: Tx = db): Promise<boolean> =>
  (await tx.caseEvent.count({
    where: { caseId, actorId: accountId, move: { in: [...DECIDED_ACTS] } },
    take: 1,
  })) > 0

/**
 * Tells whether an account judged another claim on one of these phones that is active, or that its person can still appeal for.
 */
export const judgedOther = async (
  tx: Tx,
  caseId: string,
  keys: readonly string[],
  accountId: string,
): Promise<boolean> =>
  (await tx.caseEvent.count({
    where: {
      caseId: { not: caseId },
      actorId: accountId,
      move: { in: JUDGING },
      case: { state: { in: [...ACTIVE_STATES, 'rejected'] }, imeis: { some: { key14: { in: [...keys] } } } },
    },
    take: 1,
  })) > 0

/** Returns the cases among these on whose phones an account judged another claim ({@link judgedOther}). */
export async function listJudgedAmong(
  caseIds: readonly string[],
  accountId: string,
): Promise<ReadonlySet<string>> {
  if (caseIds.length === 0) return new Set()
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT i.case_id AS id FROM case_imeis i
      JOIN case_imeis o ON o.key14 = i.key14 AND o.case_id <> i.case_id
      JOIN cases c ON c.id = o.case_id
    WHERE i.case_id = ANY(${[...caseIds]}::uuid[]) AND c.state_text = ANY(${[...ACTIVE_STATES, 'rejected']}::text[])
      AND EXISTS (SELECT FROM case_events e
        WHERE e.case_id = o.case_id AND e.actor_id = ${accountId}::uuid AND e.move = ANY(${[...JUDGING]}::text[]))`
  return new Set(rows.map(({ id }) => id))
}

/** The moves of a history that affect who may decide. */
const PARTS = [
  ...new Set<string>([...DECIDING, ...FINDING_OWNER, ...JUDGING, 'refuse_unblock', ...DECIDED_ACTS]),
]
const OBJECTION = {
  ...{ id: true, number: true, state: true, version: true, imei: true, againstId: true, unitId: true },
  ...{ inspection: true, inspectedAt: true, inspectionHeld: true, refusedById: true, refusedAt: true },
  ...{
    renewedAt: true,
    sentAt: true,
    dueAt: true,
    closedAt: true,
    hearingUntil: true,
    answeredAt: true,
    remindedAt: true,
  },
} as const satisfies Record<keyof ObjectionSnapshot, true>

/** Returns a case with all that affects who may decide it, from every district. Needs the system scope. */
export async function readMatter(c: CaseSnapshot, tx: Tx = db): Promise<Matter> {
  const { others, history, onObjections, objection, proven } = await (tx === db
    ? partsOnPage(c.id)
    : partsOf(c.id, tx))
  const side = (one: CaseSnapshot) => sideOf(one, history, onObjections, proven.has(one.id))
  return { side: side(c), others: others.map(side), objection }
}

async function partsOf(id: string, tx: Tx) {
  const keys = await listPhoneKeys(id, tx)
  const rows = await tx.case.findMany({
    where: {
      id: { not: id },
      state: { in: [...ACTIVE_STATES, 'rejected'] },
      imeis: { some: { key14: { in: keys } } },
    },
    orderBy: { id: 'asc' },
    select: CASE_SNAPSHOT,
  })
  const others = rows.map(toSnapshot)
  const ids = [id, ...others.map((other) => other.id)]
  const history = await tx.caseEvent.findMany({
    where: { caseId: { in: ids }, actorId: { not: null }, move: { in: PARTS } },
    select: { caseId: true, move: true, actorId: true, at: true },
  })
  const objections = await tx.objection.findMany({
    where: { againstId: id },
    orderBy: { id: 'asc' },
    select: {
      ...OBJECTION,
      waiting: true,
      events: {
        where: { actorId: { not: null }, move: { in: [...DECIDING_OBJECTION] } },
        select: { actorId: true, at: true },
      },
    },
  })
  return {
    others,
    history: history as PastDecision[],
    onObjections: objections.flatMap(({ events }) => events) as PastDecision[],
    objection: objections.find(({ waiting }) => waiting) ?? null,
    proven: await listProven(ids, keys, tx),
  }
}

const partsOnPage = oncePerPage((id) => partsOf(id, db))

/**
 * Returns the first cases after an id that may have too few people: those already marked, and those in whose claims so many had a
 * part that fewer than two approvers without a part may be left. For cases that only city police decide, only city police are
 * counted.
 */
export async function listDoubtfulCases(after: string | null, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>(sql`
    WITH approving AS MATERIALIZED (
      SELECT a.id, a.role, a.unit_id FROM staff_accounts a
      WHERE a.active AND a.password_hash IS NOT NULL AND a.role IN ('supervisor', 'city_police')
    ), at_unit AS MATERIALIZED (
      SELECT s.of_id, count(*) AS people FROM approving a JOIN unit_services s ON s.by_id = a.unit_id
      WHERE a.role = 'supervisor' GROUP BY s.of_id
    )
    SELECT c.id FROM cases c LEFT JOIN at_unit u ON u.of_id = c.unit_id
    WHERE c.id > ${after ?? '00000000-0000-0000-0000-000000000000'}::uuid AND c.erased_at IS NULL AND (
      c.no_decider_at IS NOT NULL
      OR (c.needs_work OR c.objected_at IS NOT NULL) AND (
        SELECT count(DISTINCT e.actor_id) FROM case_events e
        WHERE e.actor_id IS NOT NULL AND e.move = ANY(${[...PARTS, 'submitted', 'imported']}::text[])
          AND e.case_id IN (SELECT c.id UNION SELECT o.case_id FROM case_imeis i
            JOIN case_imeis o ON o.key14 = i.key14 WHERE i.case_id = c.id)
      ) + (
        SELECT count(DISTINCT e.actor_id) FROM objections o JOIN objection_events e ON e.objection_id = o.id
        WHERE o.against_id = c.id AND e.actor_id IS NOT NULL AND e.move = ANY(${[...DECIDING_OBJECTION]}::text[])
      ) >= (SELECT count(*) FROM approving WHERE role = 'city_police') - 1
        + CASE WHEN c.held IS NULL AND c.objected_at IS NULL AND c.state <> 'unblock_review'
            THEN coalesce(u.people, 0) ELSE 0 END)
    ORDER BY c.id LIMIT ${limit}`)
  return rows.map(({ id }) => id)
}

/** Returns the first cases that nobody may decide, the oldest first, from every district. Needs the system scope. */
async function listUndecided(limit: number): Promise<CaseSnapshot[]> {
  const rows = await db.case.findMany({
    where: { noDeciderAt: { not: null } },
    orderBy: [{ noDeciderAt: 'asc' }, { id: 'asc' }],
    take: limit,
    select: CASE_SNAPSHOT,
  })
  return rows.map(toSnapshot)
}

/**
 * Returns the people who may still decide a case that the reader has open, and the effect of each of some decisions on later
 * steps.
 */
export const listStillDeciding = (
  reader: StaffActor,
  c: CaseSnapshot,
  decisions: readonly CaseDecision[],
  now: Instant,
): Promise<StillDeciding> =>
  inScope(systemScope(), async () => {
    const m = await readMatter(c)
    const sides = [c.id, ...m.others.map((other) => other.c.id)]
    const { people, there } = await decidersOf(c.unitId, sides, now)
    const closed = closedTo(m, people, now)
    const advice = new Map<CaseDecision, Advice>()
    if (closed.length === 0)
      for (const decision of decisions) {
        const said = adviceOn(m, moveOf(decision, c.state), reader, people, there, now)
        if (said) advice.set(decision, said)
      }
    const excluded = closed.length > 0 ? excludedFrom(m, people) : []
    const leftTo = [...advice.values()].flatMap(({ leaveTo }) => leaveTo)
    const names = await namesOf([...new Set([...leftTo, ...excluded.map(({ id }) => id)])])
    return {
      closed: [...new Set(closed.map(({ ending }) => ending))],
      excluded: excluded.map(({ id, by }) => ({ name: names.get(id) ?? '', by })),
      advice,
      names,
      upholds: c.held === 'conflict' ? await upheldBy(reader, m, now) : [],
    }
  })

/** Returns the sides of a conflict that a person may uphold. Each is checked with every case that would be rejected for it. */
async function upheldBy(reader: StaffActor, m: Matter, now: Instant): Promise<string[]> {
  const numbers: string[] = []
  for (const { c } of [m.side, ...m.others]) {
    if (c.held !== 'conflict') continue
    // Another side may oppose cases on a phone that this one does not claim.
    const own = c.id === m.side.c.id ? m : await readMatter(c)
    if (mayUphold(own, c.id, reader, now)) numbers.push(c.number)
  }
  return numbers
}

interface Lendable {
  readonly question: DecidedMatter
  readonly caseIds: readonly string[]
  readonly people: readonly StaffActor[]
}

/** Returns the people who may be lent to a case; null if somebody may decide it. */
export async function listLendable(c: CaseSnapshot, now: Instant, tx?: Tx): Promise<Lendable | null> {
  const question = questionOf(c)
  if (question === null || c.noDeciderAt === null) return null
  const m = await readMatter(c, tx)
  const held = question === 'conflict' ? m.others.filter((other) => other.c.held === 'conflict') : []
  const caseIds = [c.id, ...held.map((other) => other.c.id)]
  const own = await decidersOf(c.unitId, caseIds, now, tx)
  if (closedTo(m, own.people, now).length === 0) return null
  const { people, there } = await supervisorsElsewhere(c.unitId, now, tx)
  const fits = ({ id }: StaffActor) =>
    there.has(id) &&
    !own.people.some((one) => one.id === id) &&
    partsHad(c, id, factsFor(m, id)).length === 0 &&
    held.every((side) => !side.judges.includes(id))
  return { question, caseIds, people: people.filter(fits) }
}

/** A case that nobody may decide, as an admin sees it: without its content. */
export interface UndecidedCase extends Pick<Lendable, 'question' | 'people'> {
  readonly number: string
  readonly unitId: string
  readonly since: Instant
}

/** The most that are listed; more at once would be a city without police. */
const MOST = 20

/** Returns the cases that nobody may decide, the oldest first, for an admin; empty for all others. */
export async function listUndecidedCases(actor: StaffActor, now: Instant): Promise<readonly UndecidedCase[]> {
  if (!lendsPeople(actor)) return []
  return inScope(systemScope(), async () => {
    const listed: UndecidedCase[] = []
    for (const c of await listUndecided(MOST)) {
      const open = await listLendable(c, now)
      if (open && c.noDeciderAt)
        listed.push({ number: c.number, unitId: c.unitId, since: c.noDeciderAt, ...open })
    }
    return listed
  })
}

export const readLoan = async (
  actor: StaffActor,
  caseIds: readonly string[],
): Promise<readonly { readonly number: string; readonly unitId: string }[]> => {
  if (!lendsPeople(actor)) return []
  const found = await Promise.all(caseIds.map((id) => findCase(systemScope(), { id })))
  return found.flatMap((c) => (c ? [{ number: c.number, unitId: c.unitId }] : []))
}
