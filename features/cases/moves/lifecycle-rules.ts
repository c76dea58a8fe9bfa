import { type Actor, type StaffActor, unitsServed } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { evidenceFor, NOTHING_SEEN, refuseProof } from '../proof/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { needsWork } from '../record/state-rules.ts'
import { NO_RENEWAL } from './hold-rules.ts'
import { type Move, ruleOf, targetOf } from './rules.ts'
import { NO_IMEI_ASKED, NO_WORD } from './shared-rules.ts'
import type { Attempt, CasePart, Mover, MoveSpec } from './spec-rules.ts'
import type { Calendar, CaseRefusal, MoveFacts, MoveRequest, Transition } from './transition-rules.ts'

const attemptOf = (facts: MoveFacts, by: Actor, now: Instant): Attempt => ({
  ...facts,
  by,
  staffId: by.kind === 'staff' ? by.id : null,
  now,
})

/**
 * Decides one move on one case: all of docs/rules.md, "The case", in one pure function. Returns the changes without making them.
 */
export function decide(
  c: CaseSnapshot,
  { move, ...facts }: MoveRequest,
  by: Actor,
  calendar: Calendar,
): Result<Transition, CaseRefusal> {
  const rule = ruleOf(move)
  const attempt = attemptOf({ ...facts, proof: facts.proof ?? NOTHING_SEEN }, by, calendar.now)
  const refusal = refuse(c, rule, attempt)
  if (refusal) return err(refusal)
  const to = targetOf(rule, c, facts)
  const effect = rule.effect(c, { ...attempt, ...calendar })
  if (c.imeiUnknown && (effect.listed === true || effect.orders?.action === 'block'))
    return err('imei_unknown')
  const set = {
    ...(to === c.state ? {} : { state: to, stateSince: calendar.now }),
    // The end of a block also ends objections to it, carriers' reports, numbers that wait to be added, and the watch.
    ...(effect.listed === false && {
      objectedAt: null,
      objectionAnsweredAt: null,
      ...NO_WORD,
      ...NO_IMEI_ASKED,
      ...(c.watchUntil !== null && { watchUntil: null, watchAskedAt: null }),
    }),
    // A renewal request ends with its temporary block.
    ...(effect.set.holdUntil === null &&
      c.renewalAskedById !== null &&
      c.renewalConfirmedById === null &&
      NO_RENEWAL),
    // The question that nobody could decide has changed.
    ...(c.noDeciderAt !== null && (to !== c.state || effect.set.held !== undefined) && { noDeciderAt: null }),
    ...effect.set,
  }
  return ok({
    move,
    from: c.state,
    to,
    version: c.version,
    set: { ...set, needsWork: needsWork(to, { ...c, ...set }) },
    // There is no phone to claim before its IMEI is known.
    claim: c.imeiUnknown && rule.setsImei !== true ? 'keep' : (effect.claim ?? 'keep'),
    listed: effect.listed,
    orders: effect.orders ?? null,
    reasonCode: facts.reasonCode ?? null,
    // Words written down at the desk are the citizen's own.
    textIsPublic: rule.textIsPublic === true || (rule.atDesk === true && by.kind === 'staff'),
    visible: rule.quiet !== true,
  })
}

export type KnownFacts = Pick<
  MoveRequest,
  | 'unblockAsked'
  | 'judgedOther'
  | 'decidedBefore'
  | 'foundBlockRight'
  | 'imeisNamed'
  | 'imeisWaiting'
  | 'imeiStays'
  | 'mayWatch'
  | 'rivalProven'
  | 'blockedElsewhere'
  | 'heard'
  | 'refusedUnblock'
  | 'reportedAnew'
  | 'wroteDown'
  | 'sentBack'
>

/** Returns the moves that `by` could make now, ignoring reasons and texts. Pages offer these. */
export function movesOpenTo(
  c: CaseSnapshot,
  by: Actor,
  now: Instant,
  moves: readonly Move[],
  facts: KnownFacts = {},
): Move[] {
  const attempt = attemptOf({ assignee: { id: '', unitId: c.unitId }, ...facts }, by, now)
  return moves.filter((move) => {
    const { codes: _codes, text: _text, ...rule } = ruleOf(move)
    return refuse(c, rule, attempt) === null
  })
}

/** Returns why a move may not be made now, the most important reason first; null if it may. */
function refuse(c: CaseSnapshot, rule: MoveSpec, attempt: Attempt): CaseRefusal | null {
  const { by } = attempt
  if (!mayMove(c, rule, by)) return 'forbidden'
  if (c.erasedAt !== null) return 'wrong_state'
  if (!rule.from.includes(c.state)) return 'wrong_state'
  if (c.held !== null && rule.whileHeld !== true && !settlesShared(c, rule, by)) return 'held'
  if (c.withdrawEffectiveAt !== null && rule.whileWithdrawing !== true) return 'withdrawal_running'
  const personal = by.kind === 'staff' ? refuseThisPerson(c, rule, by, attempt) : null
  if (personal) return personal
  // A move that leads to a block needs an IMEI that the evidence can be compared with.
  if (c.imeiUnknown && rule.evidence === 'matches') return 'imei_unknown'
  const particular = rule.refuse?.(c, attempt) ?? null
  if (particular) return particular
  const unproven = attempt.proof ? refuseProof(evidenceFor(rule, c), attempt.proof) : null
  if (unproven) return unproven
  // Carriers are told only of numbers that two people found independently.
  if (attempt.agreed?.length === 0) return 'no_imei_agreed'
  if (rule.codes && !rule.codes.includes(attempt.reasonCode ?? '')) return 'reason_code_missing'
  if (rule.text && !attempt.text?.trim()) return 'text_missing'
  return null
}

/**
 * Checks whether city police may make a move on a case held for `shared_imei`. Only they may, by the ordinary steps: one person
 * verifies again and another approves, which blocks again; or one rejects the case.
 */
const settlesShared = (c: CaseSnapshot, rule: MoveSpec, by: Actor): boolean =>
  c.held === 'shared_imei' &&
  by.kind === 'staff' &&
  (may(by.role, 'case:resolve_conflict') || isLentTo(c, by)) &&
  rule.neverWhileShared !== true

const decides = (by: Actor): by is StaffActor => by.kind === 'staff' && may(by.role, 'case:decide')
/**
 * Checks whether a person may decide in a case's unit. City police may in every unit, as the parent of all; others only in the
 * units that they serve.
 */
const worksHere = (c: CaseSnapshot, by: Actor): boolean =>
  decides(by) && (by.role === 'city_police' || unitsServed(by).includes(c.unitId))

/** Checks whether a person of another unit was lent to a case, to decide it instead of city police. */
export const isLentTo = (c: Pick<CaseSnapshot, 'id'>, by: StaffActor): boolean =>
  by.lent?.includes(c.id) === true

const decidesHere = (c: CaseSnapshot, by: Actor): by is StaffActor =>
  decides(by) && (worksHere(c, by) || isLentTo(c, by))

const MAY: Readonly<Record<Mover, (c: CaseSnapshot, by: Actor) => boolean>> = {
  citizen: (_, by) => by.kind === 'citizen',
  system: (_, by) => by.kind === 'system',
  other_police: (_, by) => decides(by),
  police: decidesHere,
  assignee: decidesHere,
  approver: (c, by) => decidesHere(c, by) && may(by.role, 'case:approve'),
  city: (c, by) => decidesHere(c, by) && (may(by.role, 'case:resolve_conflict') || isLentTo(c, by)),
  data_decider: (c, by) => decides(by) && worksHere(c, by) && may(by.role, 'case:decide_data'),
  data_holder: (c, by) => decides(by) && worksHere(c, by) && may(by.role, 'case:hold_data'),
}

const mayMove = (c: CaseSnapshot, rule: MoveSpec, by: Actor): boolean =>
  (by.kind === 'system' && rule.orSystem === true) ||
  (rule.atDesk !== undefined && worksHere(c, by)) ||
  MAY[rule.who](c, by)

/** The separations of duty: a person never confirms their own work, and an appeal is decided by another person. */
const HAD: Readonly<Record<CasePart, (c: CaseSnapshot, id: string, facts: MoveFacts) => CaseRefusal | null>> =
  {
    // A review is done by people who have decided nothing on the case before.
    earlier_decider: (_, __, { decidedBefore }) => (decidedBefore ? 'decided_before' : null),
    filer: (c, id) => (c.filedById === id ? 'own_filing' : null),
    verifier: (c, id) => (c.verifiedById === id ? 'own_verification' : null),
    verifier_of_contested_block: (c, id) =>
      c.objectedAt !== null && c.verifiedById === id ? 'own_verification' : null,
    decider_of_contested_block: (c, id, { foundBlockRight }) =>
      c.objectedAt !== null && (foundBlockRight || c.verifiedById === id) ? 'own_block' : null,
    rejecter: (c, id) => (c.rejectedById === id ? 'own_rejection' : null),
    hold_asker: (c, id) => (c.holdAskedById === id ? 'own_hold' : null),
    renewal_asker: (c, id) => (c.renewalAskedById === id ? 'own_hold' : null),
    imeis_verifier: (c, id) => (c.imeisVerifiedById === id ? 'own_verification' : null),
    unblock_verifier: (c, id) => (c.unblockVerifiedById === id ? 'own_verification' : null),
    judge_of_other_claim: (_, __, { judgedOther }) => (judgedOther ? 'judged_other' : null),
    desk_writer: (_, __, { wroteDown }) => (wroteDown ? 'own_writing' : null),
    shared_proposer: (c, id) => (c.sharedProposedById === id ? 'own_proposal' : null),
    accepter_of_counterclaim: (c, id) => (c.counterclaimById === id ? 'own_acceptance' : null),
  }

export const partsHad = (c: CaseSnapshot, id: string, facts: MoveFacts): CaseRefusal[] => {
  const had = Object.values(HAD).map((part) => part(c, id, facts))
  return [...new Set(had.filter((refusal) => refusal !== null))]
}

function refuseThisPerson(
  c: CaseSnapshot,
  rule: MoveSpec,
  by: StaffActor,
  facts: MoveFacts,
): CaseRefusal | null {
  const had = (part: CasePart) => HAD[part](c, by.id, facts)
  if (rule.notBy.includes('earlier_decider') && had('earlier_decider')) return had('earlier_decider')
  if (rule.who === 'assignee' && c.assigneeId !== by.id && !may(by.role, 'case:approve')) return 'not_yours'
  return rule.notBy.map(had).find((refusal) => refusal !== null) ?? null
}
