import { type ObjectionSnapshot, objectionMovesOpen } from '#features/disputes/objections/rules.ts'

import { EVIDENCE_KINDS } from '#features/evidence/files/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { DECIDED_ACTS } from '../citizen/rules.ts'
import type { CaseDecision } from '../decisions/rules.ts'
import { decide, partsHad } from '../moves/lifecycle-rules.ts'
import { isBlocked, type Move, type PastMove, ruleOf } from '../moves/rules.ts'
import type { CaseRefusal, MoveRequest } from '../moves/transition-rules.ts'
import { answerable, type JudgedProof } from '../proof/rules.ts'
import { applyTransition } from '../record/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { stateOf } from '../record/state-rules.ts'

// Works out who can still decide (ADR 113). The moves' own rules answer: each step is tried with `decide`, on the case as it
// would be then.

/** One claim on a phone, with the accounts that had a part in it, as far as only its history shows them. */
interface Side {
  readonly c: CaseSnapshot
  /** Accounts that judged this claim: they decide none of the others. */
  readonly judges: readonly string[]
  /** Accounts that decided on it before its review was requested. */
  readonly decidedBefore: readonly string[]
  /** Accounts that verified or approved its block. */
  readonly foundRight: readonly string[]
  /** Accounts that wrote down at the desk what its citizen asks for. */
  readonly wroteDown: readonly string[]
  /** A person found its proof to match. */
  readonly proven: boolean
  /** Accounts that refused to lift this block, one for each refusal. */
  readonly refusedUnblock: readonly string[]
}

/** A case before police, with all that affects who may decide it. */
export interface Matter {
  readonly side: Side
  readonly others: readonly Side[]
  readonly objection: ObjectionSnapshot | null
}

export type DecidedMatter = 'block' | 'conflict' | 'carrier_word' | 'unblock' | 'objection'
export type LoanEnding =
  | 'approve'
  | 'reject'
  | 'accept_counterclaim'
  | 'upheld'
  | 'confirm_lift_shared'
  | 'confirm_keep_shared'
  | 'approve_unblock'
  | 'refuse_unblock'
  | 'uphold_objection'
  | 'refuse_objection'

/** One way in which a matter can end; in a conflict, with the claim that is upheld. */
interface Outcome {
  readonly ending: LoanEnding
  readonly caseId: string
}

interface Step {
  readonly move: Move | 'refuse_objection'
  readonly by: StaffActor
}

export function questionOf(c: CaseSnapshot): DecidedMatter | null {
  if (c.erasedAt !== null || c.withdrawEffectiveAt !== null) return null
  if (c.held === 'conflict') return 'conflict'
  // Comes before the questions below: it is due in hours, they in days.
  if (c.sharedDueAt !== null && c.held === null && ruleOf('keep_shared').from.includes(c.state))
    return 'carrier_word'
  if (c.state === 'unblock_review') return 'unblock'
  const { block } = stateOf(c.state)
  if (block === 'undecided' || block === 'unapproved') return 'block'
  return c.objectedAt !== null && isBlocked(c) && block === 'in_force' ? 'objection' : null
}

export function outcomesOf({ side, others, objection }: Matter): readonly Outcome[] {
  const of = (ending: LoanEnding): Outcome => ({ ending, caseId: side.c.id })
  switch (questionOf(side.c)) {
    case 'conflict':
      return [side, ...others.filter(isHeld)].map(({ c }) => ({ ending: 'upheld', caseId: c.id }))
    case 'carrier_word':
      return [of('confirm_lift_shared'), of('confirm_keep_shared')]
    case 'unblock':
      return [of('approve_unblock'), of('refuse_unblock')]
    case 'objection':
      return objection === null ? [] : [of('uphold_objection'), of('refuse_objection')]
    case 'block':
      return [of(others.some(isRival) ? 'accept_counterclaim' : 'approve'), of('reject')]
    default:
      return []
  }
}

const isHeld = ({ c }: Side): boolean => c.held === 'conflict'
const isRival = ({ c, proven }: Side): boolean =>
  proven && stateOf(c.state).active && stateOf(c.state).block !== 'lifting'

/** Assumed to be good, because who may decide does not depend on what the proof shows. */
const GOOD: JudgedProof = {
  files: 1,
  seen: true,
  check: { checkImei1: 'yes', checkName: 'yes', checkDevice: 'yes' },
  can: answerable(['checkImei1'], EVIDENCE_KINDS, true),
}
/** Used for every day, because who may decide does not depend on it. */
const NO_HOLIDAYS: ReadonlySet<string> = new Set()

export const factsFor = ({ side, others }: Matter, id: string) => ({
  decidedBefore: side.decidedBefore.includes(id),
  foundBlockRight: side.foundRight.includes(id),
  judgedOther: others.some(({ judges }) => judges.includes(id)),
  rivalProven: others.some(isRival),
  refusedUnblock: side.refusedUnblock,
  wroteDown: side.wroteDown.includes(id),
})

function tryMove(m: Matter, c: CaseSnapshot, move: Move, by: StaffActor, now: Instant) {
  const reasonCode = ruleOf(move).codes?.[0]
  const request: MoveRequest = {
    ...{ move, reasonCode, text: '-', proof: GOOD, heard: true, carriersSettled: true },
    ...factsFor(m, by.id),
  }
  return decide(c, request, by, { now, holidays: NO_HOLIDAYS })
}

/** The moves that lead from a question to an ending. */
const STEPS: Readonly<Record<Exclude<DecidedMatter, 'conflict'>, readonly Move[]>> = {
  block: ['verify', 'take', 'send_back', 'release'],
  carrier_word: ['lift_shared', 'keep_shared'],
  unblock: ['verify_unblock'],
  objection: ['uphold_objection'],
}
/** Enough for the longest way: to the queue, taken, verified, and the decision itself. */
const MOST_STEPS = 5
/** The number of people tried among those whom the rules treat alike: one ending never needs more than two. */
const ALIKE = 3

/** Returns the steps by which these people can bring a matter to an ending; null if they cannot. */
export function wayTo(
  m: Matter,
  outcome: Outcome,
  people: readonly StaffActor[],
  now: Instant,
): Step[] | null {
  const question = questionOf(m.side.c)
  if (question === null) return null
  if (question === 'conflict') {
    const by = people.find((one) => mayUphold(m, outcome.caseId, one, now))
    return by ? [{ move: 'upheld', by }] : null
  }
  if (outcome.ending === 'refuse_objection') {
    const by = people.find((one) => mayOnObjection(m, 'refuse', one, now))
    return by ? [{ move: 'refuse_objection', by }] : null
  }
  // An upheld objection ends like every unblock.
  const goal = outcome.ending === 'uphold_objection' ? 'approve_unblock' : outcome.ending
  return search(m, [goal as Move, ...STEPS[question]], someOf(m, people), now)
}

function search(
  m: Matter,
  moves: readonly Move[],
  people: readonly StaffActor[],
  now: Instant,
): Step[] | null {
  const [goal] = moves
  let front = [{ c: asAnswered(m.side.c), path: [] as Step[] }]
  const seen = new Set<string>()
  for (let depth = 0; depth < MOST_STEPS; depth++) {
    const next: typeof front = []
    for (const { c, path } of front)
      for (const move of moves)
        for (const by of people) {
          if (move === 'uphold_objection' && !mayOnObjection(m, 'uphold', by, now)) continue
          const tried = tryMove(m, c, move, by, now)
          if (!tried.ok) continue
          const steps = [...path, { move, by }]
          if (move === goal) return steps
          const after = applyTransition(c, tried.value)
          const key = [
            ...[after.state, after.assigneeId, after.verifiedById, after.unblockVerifiedById],
            ...[after.sharedProposal, after.sharedProposedById],
          ].join()
          if (seen.has(key)) continue
          seen.add(key)
          next.push({ c: after, path: steps })
        }
    front = next
  }
  return null
}

/** Returns a case as it is once its citizen has answered: a step that only the citizen can take stops nobody of the police. */
const asAnswered = (c: CaseSnapshot): CaseSnapshot => ({
  ...c,
  imeiUnknown: false,
  ...(c.state === 'info_requested' && { state: 'under_review' as const }),
})

/** Tells whether a person may uphold one claim of a conflict. They must also be allowed to reject every other claim. */
export function mayUphold(m: Matter, caseId: string, by: StaffActor, now: Instant): boolean {
  const sides = [m.side, ...m.others]
  return sides
    .filter((side) => side === m.side || isHeld(side))
    .every((side) => {
      const own: Matter = { ...m, side, others: sides.filter((one) => one !== side) }
      return tryMove(own, asAnswered(side.c), side.c.id === caseId ? 'upheld' : 'overruled', by, now).ok
    })
}

function mayOnObjection(m: Matter, move: 'uphold' | 'refuse', by: StaffActor, now: Instant): boolean {
  const { foundBlockRight, wroteDown } = factsFor(m, by.id)
  const facts = { foundBlockRight, wroteDown, shown: true }
  return (
    m.objection !== null &&
    objectionMovesOpen({ ...m.objection, state: 'open' }, facts, by, now, [move]).length > 0
  )
}

/** Leaves out people whom the rules treat alike: a few of each kind are enough. */
function someOf(m: Matter, people: readonly StaffActor[]): StaffActor[] {
  const alike = Map.groupBy(people, (by) =>
    [by.role, by.unitId, by.serves, by.lent, ...partsHad(m.side.c, by.id, factsFor(m, by.id))].join(),
  )
  return [...alike.values()].flatMap((group) => {
    // The person who has the case goes first.
    const has = group.filter(({ id }) => id === m.side.c.assigneeId)
    return [...has, ...group.filter(({ id }) => id !== m.side.c.assigneeId).slice(0, ALIKE)]
  })
}

/** Returns the endings to which none of these people can bring a matter. */
export const closedTo = (m: Matter, people: readonly StaffActor[], now: Instant): readonly Outcome[] =>
  outcomesOf(m).filter((outcome) => wayTo(m, outcome, people, now) === null)

export const excludedFrom = (
  m: Matter,
  people: readonly StaffActor[],
): readonly {
  readonly id: string
  readonly by: readonly CaseRefusal[]
}[] =>
  people.flatMap(({ id }) => {
    const by = [
      ...partsHad(m.side.c, id, factsFor(m, id)),
      ...(m.side.refusedUnblock.includes(id) ? (['higher_look'] as const) : []),
    ]
    return by.length > 0 ? [{ id, by }] : []
  })

/**
 * Returns a matter after a person's move; null if they may not make it. A claim that they reject is returned as appealed, because
 * the appeal is a later step as well.
 */
export function afterMove(m: Matter, move: Move, by: StaffActor, now: Instant): Matter | null {
  const tried = tryMove(m, asAnswered(m.side.c), move, by, now)
  if (!tried.ok) return null
  const rule = ruleOf(move)
  const c = appealed(applyTransition(asAnswered(m.side.c), tried.value), now)
  const side: Side = {
    ...m.side,
    c,
    judges: rule.judgesClaim ? [...m.side.judges, by.id] : m.side.judges,
    foundRight: rule.findsOwner ? [...m.side.foundRight, by.id] : m.side.foundRight,
    refusedUnblock: move === 'refuse_unblock' ? [...m.side.refusedUnblock, by.id] : m.side.refusedUnblock,
    proven: m.side.proven || rule.evidence === 'matches',
  }
  if (move !== 'accept_counterclaim') return { ...m, side }
  // Every proven claim is held with it, and this person may settle none of them.
  const held = { held: 'conflict' as const, counterclaimById: by.id }
  const others = m.others.map((one) =>
    isRival(one) && !isHeld(one) ? { ...one, c: { ...one.c, ...held } } : one,
  )
  return { ...m, side, others }
}

function appealed(c: CaseSnapshot, now: Instant): CaseSnapshot {
  const request = { move: 'appeal', text: '-' } as const
  if (c.state !== 'rejected') return c
  const appeal = decide(c, request, { kind: 'citizen' }, { now, holidays: NO_HOLIDAYS })
  return appeal.ok ? applyTransition(c, appeal.value) : c
}

/**
 * The effect of a person's move on later steps: the endings for which it uses up the last person, and the people who could spare
 * them.
 */
export interface Advice {
  readonly usesUp: readonly Outcome[]
  /** Other people who may make the same move and would leave every ending open. */
  readonly leaveTo: readonly string[]
}

/**
 * Returns the effect of a move that would use up the last person for a later step; null if it would not. `there`: the people who
 * are at work.
 */
export function adviceOn(
  m: Matter,
  move: Move,
  by: StaffActor,
  people: readonly StaffActor[],
  there: ReadonlySet<string>,
  now: Instant,
): Advice | null {
  const usedUp = (one: StaffActor): readonly Outcome[] | null => {
    const after = afterMove(m, move, one, now)
    return after && closedTo(after, people, now)
  }
  const usesUp = usedUp(by) ?? []
  // An ending that is closed already is not this person's doing.
  if (usesUp.length === 0 || closedTo(m, people, now).length > 0) return null
  const others = someOf(
    m,
    people.filter(({ id }) => id !== by.id && there.has(id)),
  )
  return { usesUp, leaveTo: others.filter((one) => usedUp(one)?.length === 0).map(({ id }) => id) }
}

/** The people who may still decide a case, for police who have it open. */
export interface StillDeciding {
  readonly closed: readonly LoanEnding[]
  /** The people who are excluded, and the reasons; filled only if an ending is closed. */
  readonly excluded: readonly { readonly name: string; readonly by: readonly CaseRefusal[] }[]
  readonly advice: ReadonlyMap<CaseDecision, Advice>
  readonly names: ReadonlyMap<string, string>
  /** The sides of a conflict that the reader may uphold, by their case numbers. */
  readonly upholds: readonly string[]
}

export interface PastDecision {
  readonly caseId: string
  readonly move: Move | PastMove
  readonly actorId: string
  readonly at: Instant
}

/** Returns a side with the people that its history shows. `ofObjections`: the decisions on objections to its block. */
export function sideOf(
  c: CaseSnapshot,
  history: readonly PastDecision[],
  ofObjections: readonly Pick<PastDecision, 'actorId' | 'at'>[],
  proven: boolean,
): Side {
  const own = history.filter(({ caseId }) => caseId === c.id)
  const by = (are: (move: Move) => boolean) =>
    own.filter(({ move }) => move !== 'refuse_counterclaim' && are(move)).map(({ actorId }) => actorId)
  const review = c.reviewAskedAt
  const before = [
    ...own.filter(({ move }) => move === 'refuse_counterclaim' || ruleOf(move).decides === true),
    ...ofObjections,
  ].filter(({ at }) => review !== null && at < review)
  return {
    c,
    proven,
    judges: by((move) => ruleOf(move).judgesClaim === true),
    foundRight: by((move) => ruleOf(move).findsOwner === true),
    decidedBefore: before.map(({ actorId }) => actorId),
    wroteDown: by((move) => DECIDED_ACTS.some((act) => act === move)),
    refusedUnblock: own
      .filter(({ move, at }) => move === 'refuse_unblock' && (c.approvedAt === null || at >= c.approvedAt))
      .map(({ actorId }) => actorId),
  }
}
