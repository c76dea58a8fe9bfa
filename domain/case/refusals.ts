import type { Actor } from '../access/actor.ts'
import { may } from '../access/roles.ts'
import type { Instant } from '../time.ts'
import { appealUntil, reviewUntil } from './clocks.ts'
import { isBlocked, type Move, type Rule } from './moves.ts'
import { refuseProof } from './proof.ts'
import type { CaseSnapshot } from './snapshot.ts'
import type { CaseRefusal, MoveRequest } from './transition.ts'

/** Why `by` may not make a move now, the most telling reason first; null when they may. */
export function refuse(
  c: CaseSnapshot,
  request: MoveRequest,
  rule: Rule,
  by: Actor,
  now: Instant,
): CaseRefusal | null {
  if (!mayMove(c, rule, by)) return 'forbidden'
  if (c.erasedAt !== null) return 'wrong_state'
  if (!rule.from.includes(c.state)) return 'wrong_state'
  if (c.held !== null && rule.whileHeld !== true && !settlesShared(c, request.move, by)) return 'held'
  if (c.withdrawEffectiveAt !== null && rule.whileWithdrawing !== true) return 'withdrawal_running'
  const personal = refuseThisPerson(c, request, rule, by)
  if (personal) return personal
  const particular = refuseThisMove(c, request, by, now)
  if (particular) return particular
  const unproven = request.proof ? refuseProof(request.move, request.proof) : null
  if (unproven) return unproven
  if (rule.codes && !rule.codes.includes(request.reasonCode ?? '')) return 'reason_code_missing'
  if (rule.text && !request.text?.trim()) return 'text_missing'
  return null
}

/**
 * A case held for `shared_imei` goes the ordinary way in the hands of city police alone: one verifies anew and another
 * approves, which blocks again; or one rejects it.
 */
const settlesShared = (c: CaseSnapshot, move: Move, by: Actor): boolean =>
  c.held === 'shared_imei' &&
  by.kind === 'staff' &&
  may(by.role, 'case:resolve_conflict') &&
  move !== 'hold' &&
  move !== 'confirm_hold'

function mayMove(c: CaseSnapshot, rule: Rule, by: Actor): boolean {
  if (by.kind === 'system' && rule.orSystem) return true
  if (rule.who === 'citizen' || rule.who === 'system') return by.kind === rule.who
  if (by.kind !== 'staff' || !may(by.role, 'case:decide')) return false
  if (rule.who === 'other_police') return true
  if (by.role !== 'city_police' && by.areaId !== c.areaId) return false
  if (rule.who === 'approver') return may(by.role, 'case:approve')
  if (rule.who === 'data_decider') return may(by.role, 'case:decide_data')
  if (rule.who === 'data_holder') return may(by.role, 'case:hold_data')
  if (rule.who === 'city') return may(by.role, 'case:resolve_conflict')
  return true
}

export const REVIEWING: readonly Move[] = [
  'take',
  'verify',
  'approve',
  'reject',
  'hold',
  'confirm_hold',
  'accept_counterclaim',
  'refuse_counterclaim',
]

/** The separations of duty: nobody confirms their own work, and an appeal is decided by another person. */
function refuseThisPerson(c: CaseSnapshot, request: MoveRequest, rule: Rule, by: Actor): CaseRefusal | null {
  if (by.kind !== 'staff') return null
  // A review is the work of people who have decided nothing of it before.
  if (request.decidedBefore && REVIEWING.includes(request.move)) return 'decided_before'
  if (rule.who === 'assignee' && c.assigneeId !== by.id && !may(by.role, 'case:approve')) return 'not_yours'
  switch (request.move) {
    case 'verify':
      if (c.filedById === by.id) return 'own_filing'
      return c.rejectedById === by.id ? 'own_rejection' : null
    case 'take':
      return c.rejectedById === by.id ? 'own_rejection' : null
    case 'reject':
      return c.rejectedById === by.id ? 'own_rejection' : null
    case 'refuse_counterclaim':
      if (c.rejectedById === by.id) return 'own_rejection'
      return request.judgedOther ? 'judged_other' : null
    case 'approve':
      if (c.filedById === by.id) return 'own_filing'
      return c.verifiedById === by.id ? 'own_verification' : null
    case 'confirm_hold':
      if (c.filedById === by.id) return 'own_filing'
      return c.holdAskedById === by.id ? 'own_hold' : null
    case 'lift_hold':
      return c.rejectedById === by.id ? 'own_rejection' : null
    case 'uphold_objection':
      if (c.filedById === by.id) return 'own_filing'
      return c.verifiedById === by.id ? 'own_verification' : null
    case 'approve_unblock':
      // Whoever found the block right is not who says that it was wrong.
      if (c.objectedAt !== null && c.verifiedById === by.id) return 'own_verification'
      return c.unblockVerifiedById === by.id ? 'own_verification' : null
    case 'accept_counterclaim':
      if (c.filedById === by.id) return 'own_filing'
      return request.judgedOther ? 'judged_other' : null
    case 'upheld':
      if (c.filedById === by.id) return 'own_filing'
      if (request.judgedOther) return 'judged_other'
      // An appeal is decided by another person, whichever way.
      if (c.rejectedById === by.id) return 'own_rejection'
      return c.counterclaimById === by.id ? 'own_acceptance' : null
    case 'overruled':
      if (c.rejectedById === by.id) return 'own_rejection'
      if (request.judgedOther) return 'judged_other'
      return c.counterclaimById === by.id ? 'own_acceptance' : null
    default:
      return null
  }
}

function refuseThisMove(c: CaseSnapshot, request: MoveRequest, by: Actor, now: Instant): CaseRefusal | null {
  const openCounterclaim = c.counterclaim === 'pending' && !c.primaryClaim
  switch (request.move) {
    case 'take':
      return c.state === 'under_review' && c.assigneeId !== null ? 'wrong_state' : null
    case 'reassign':
      return request.assignee?.areaId === c.areaId ? null : 'assignee_invalid'
    case 'undo_withdraw':
    case 'finish_withdrawal':
      if (c.withdrawEffectiveAt === null) return 'no_withdrawal'
      if (request.move === 'undo_withdraw') return c.withdrawEffectiveAt <= now ? 'no_withdrawal' : null
      return c.withdrawEffectiveAt > now ? 'withdrawal_running' : null
    case 'expire':
      return c.dueAt > now ? 'wrong_state' : null
    case 'appeal':
      if (c.state === 'unblocked') return refuseReview(c, now)
      if (c.appealedAt !== null) return 'appeal_used'
      return c.rejectedAt !== null && now > appealUntil(c.rejectedAt) ? 'appeal_late' : null
    case 'undo_unblock':
      return request.unblockAsked ? null : 'no_unblock_asked'
    case 'approve_unblock':
      return c.unblockVerifiedById === null ? 'not_verified_yet' : null
    case 'verify_unblock':
      return c.unblockVerifiedById !== null ? 'wrong_state' : null
    case 'verify':
      return !c.primaryClaim && request.claimTaken ? 'claim_taken' : null
    case 'accept_counterclaim':
    case 'refuse_counterclaim':
      return openCounterclaim ? null : 'not_a_counterclaim'
    case 'hold':
      if (c.holdAskedById !== null || c.blockFromId !== null) return 'hold_used'
      return refuseHold(c)
    case 'confirm_hold':
      if (c.holdConfirmedById !== null || c.blockFromId !== null) return 'hold_used'
      return c.holdAskedById === null ? 'hold_not_asked' : refuseHold(c)
    case 'end_hold':
      if (c.held === 'conflict') return 'held'
      return c.holdUntil === null || c.holdUntil > now ? 'no_hold' : null
    case 'keep_block':
      return refuseToKeep(c, request, by, now)
    case 'lift_hold':
      return c.holdUntil === null ? 'no_hold' : null
    case 'shared':
      // Once it is decided, the same answer from a carrier asks nothing new.
      if (c.sharedAt !== null) return 'wrong_state'
      return c.holdUntil === null && c.approvedAt === null ? 'no_hold' : null
    case 'objected':
      return isBlocked(c) ? null : 'no_block'
    case 'answer_objection':
    case 'objection_over':
      return c.objectedAt === null ? 'no_objection' : null
    case 'uphold_objection':
      if (c.objectedAt === null) return 'no_objection'
      if (c.unblockVerifiedById !== null) return 'wrong_state'
      return request.heard === false ? 'hearing_runs' : null
    case 'withheld':
      return c.state === 'blocking' || c.holdUntil !== null ? null : 'no_hold'
    case 'upheld':
    case 'overruled':
    case 'uncontested':
      return c.held === 'conflict' ? null : 'no_conflict'
    default:
      return null
  }
}

function refuseReview(c: CaseSnapshot, now: Instant): CaseRefusal | null {
  if (c.overturnedAt === null) return 'wrong_state'
  if (c.reviewAskedAt !== null) return 'appeal_used'
  return now > reviewUntil(c.closedAt ?? c.overturnedAt) ? 'appeal_late' : null
}

/**
 * By itself a block is only renewed while nobody can approve the case, and another's comes only where that one leaves the
 * conflict; otherwise it takes a decision of city police.
 */
function refuseToKeep(
  c: CaseSnapshot,
  { blockFrom = [] }: MoveRequest,
  by: Actor,
  now: Instant,
): CaseRefusal | null {
  if (blockFrom.length === 0) return 'no_block'
  const own = blockFrom.includes(c.id)
  if (own && c.holdUntil === null) return 'no_hold'
  if (by.kind !== 'system') return null
  if (c.held !== 'conflict') return 'no_conflict'
  if (blockFrom.some((id) => id !== c.id)) return null
  return c.holdUntil !== null && c.holdUntil <= now ? null : 'no_hold'
}

/** Who only contests somebody else's claim cannot have the phone blocked. */
const refuseHold = (c: CaseSnapshot): CaseRefusal | null => (c.primaryClaim ? null : 'claim_taken')
