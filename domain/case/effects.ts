import type { Actor } from '../access/actor.ts'
import type { UnblockReason } from '../exchange/order.ts'
import type { Instant } from '../time.ts'
import {
  carrierDue,
  decisionDue,
  firstActionDue,
  holdAnswerDue,
  holdExpiry,
  infoExpiry,
  withdrawalEffective,
} from './clocks.ts'
import type { CaseSnapshot } from './snapshot.ts'
import type { CaseHold } from './state.ts'
import type { Calendar, CaseChanges, CaseOrders, MoveRequest, Transition } from './transition.ts'

export interface Effect {
  readonly set: CaseChanges
  readonly claim?: Transition['claim']
  readonly listed?: boolean
  readonly orders?: Transition['orders']
}

/** What a permitted move changes besides the state: people, clocks, the claim, the lists, orders. */
export function effectOf(c: CaseSnapshot, request: MoveRequest, by: Actor, calendar: Calendar): Effect {
  const { now, holidays } = calendar
  const actorId = by.kind === 'staff' ? by.id : null
  switch (request.move) {
    case 'take':
      return {
        set: {
          assigneeId: actorId,
          ...(c.firstActionAt === null && { firstActionAt: now }),
          // An appeal, or a carrier's answer, may have begun a later clock before anybody had taken the case.
          ...(c.firstActionAt === null &&
            c.state === 'submitted' && { dueAt: decisionDue(c.submittedAt, holidays) }),
        },
      }
    case 'release':
    case 'unassign':
      return { set: { assigneeId: null } }
    case 'reassign':
      return { set: { assigneeId: request.assignee?.id ?? null } }
    case 'request_info':
      return { set: { dueAt: infoExpiry(now) } }
    case 'reply':
      return { set: { dueAt: decisionDue(now, holidays) } }
    case 'verify':
      return {
        set: { verifiedById: actorId, decidedAt: now },
        ...(!c.primaryClaim && { claim: 'gain' as const }),
      }
    case 'send_back':
      return { set: { verifiedById: null, decidedAt: null } }
    case 'approve':
      return {
        // The approved block takes the temporary one's place in every book, and city police may have insisted.
        set: { approvedAt: now, dueAt: carrierDue(now), holdUntil: null, held: null },
        listed: true,
        orders: { action: 'block', reason: c.incidentType },
      }
    case 'carriers_applied':
      return { set: { blockedAt: now } }
    case 'reject':
      return rejection(c, actorId, now)
    case 'refuse_counterclaim':
      return rejection(c, actorId, now, { counterclaim: 'refused' })
    case 'appeal':
      return {
        set: {
          appealedAt: now,
          ...(c.state === 'unblocked' && {
            reviewAskedAt: now,
            closedAt: null,
            unblockVerifiedById: null,
            unblockReason: null,
          }),
          assigneeId: null,
          verifiedById: null,
          decidedAt: null,
          // A block that was lifted when the case lost a conflict is over: the case starts on its way again.
          approvedAt: null,
          blockedAt: null,
          dueAt: decisionDue(now, holidays),
          counterclaim: request.claimTaken ? 'pending' : null,
          held: heldStill(c),
        },
        // The claim comes back only if nobody else has it by now; otherwise it goes on as a counter-claim.
        claim: request.claimTaken ? 'keep' : 'gain',
      }
    case 'withdraw':
      return { set: { withdrawEffectiveAt: withdrawalEffective(now) } }
    case 'undo_withdraw':
      return { set: { withdrawEffectiveAt: null } }
    case 'finish_withdrawal':
    case 'expire':
      return {
        set: { withdrawEffectiveAt: null, closedAt: now, held: null, holdUntil: null },
        claim: 'release',
        ...(c.holdUntil && lift(request.move === 'expire' ? 'expired' : 'withdrawn')),
      }
    case 'hold':
      return { set: { holdAskedById: actorId, holdDueAt: holdAnswerDue(now) } }
    case 'confirm_hold': {
      const expiresAt = holdExpiry(now)
      return {
        set: { holdConfirmedById: actorId, holdUntil: expiresAt },
        listed: true,
        orders: { action: 'block', reason: 'hold', expiresAt },
      }
    }
    case 'keep_block': {
      const expiresAt = holdExpiry(now)
      const from = request.blockFrom ?? []
      const other = from.find((id) => id !== c.id)
      return {
        set: { holdUntil: expiresAt, ...(other !== undefined && { blockFromId: other }) },
        listed: true,
        orders: { action: 'block', reason: 'hold', expiresAt, insteadOf: from },
      }
    }
    case 'end_hold':
      return { set: { holdUntil: null }, ...lift('expired') }
    case 'lift_hold':
      return { set: { holdUntil: null }, ...lift('wrong') }
    case 'shared':
      return {
        set: {
          held: 'shared_imei',
          sharedAt: now,
          holdUntil: null,
          assigneeId: null,
          verifiedById: null,
          decidedAt: null,
          approvedAt: null,
          blockedAt: null,
          ...(c.state !== 'info_requested' && { dueAt: decisionDue(now, holidays) }),
        },
        ...lift('wrong'),
      }
    case 'withheld':
      // Where a carrier has an earlier, temporary block, that is over as well.
      return c.state === 'blocking'
        ? { set: { approvedAt: null, dueAt: decisionDue(now, holidays) }, ...lift('expired') }
        : { set: { holdUntil: null }, ...lift('expired') }
    case 'request_unblock':
      return { set: { unblockVerifiedById: null, unblockReason: null, dueAt: decisionDue(now, holidays) } }
    case 'phone_returned':
      return {
        set: { unblockVerifiedById: null, unblockReason: 'recovered', dueAt: decisionDue(now, holidays) },
      }
    case 'verify_unblock':
      return { set: { unblockVerifiedById: actorId, unblockReason: request.reasonCode as UnblockReason } }
    case 'objected':
      return { set: { objectedAt: now, objectionAnsweredAt: null } }
    case 'answer_objection':
      return { set: { objectionAnsweredAt: now } }
    case 'uphold_objection':
      return {
        set: {
          unblockVerifiedById: actorId,
          unblockReason: 'wrong',
          dueAt: decisionDue(now, holidays),
        },
      }
    case 'objection_over':
      return { set: { objectedAt: null, objectionAnsweredAt: null } }
    case 'approve_unblock':
      return {
        set: { dueAt: carrierDue(now), overturnedAt: isOverturned(c) ? now : null },
        listed: false,
        orders: { action: 'unblock', reason: c.unblockReason ?? 'recovered' },
      }
    case 'refuse_unblock':
    case 'undo_unblock':
      return {
        set: {
          unblockVerifiedById: null,
          unblockReason: null,
          ...(request.carriersSettled ? { blockedAt: c.blockedAt ?? now } : { dueAt: carrierDue(now) }),
        },
      }
    case 'carriers_lifted':
      return { set: { closedAt: now }, claim: 'release' }
    case 'accept_counterclaim':
      return {
        set: {
          held: 'conflict',
          counterclaim: 'accepted',
          counterclaimById: actorId,
          ...conflictClock(c, calendar),
        },
      }
    case 'note':
    case 'add_document':
    case 'phone_found':
    case 'ask_correction':
    case 'ask_erasure':
    case 'withdraw_consent':
    case 'propose_erasure':
    case 'decline_erasure':
    case 'propose_legal_hold':
    case 'propose_hold_end':
    case 'decline_legal_hold':
    case 'grant_data_request':
    case 'refuse_data_request':
    case 'extend_data_request':
    case 'place_legal_hold':
    case 'lift_legal_hold':
    case 'erase_evidence':
      return { set: {} }
    case 'erase':
      return { set: { erasedAt: now } }
    case 'contested':
      return { set: { held: 'conflict', counterclaimById: actorId, ...conflictClock(c, calendar) } }
    case 'uncontested':
      return {
        set: { held: heldStill(c), counterclaimById: null, ...clockAfterConflict(c, calendar) },
        // Police have accepted it, and nobody stands against it: another report must not get in before it.
        ...(!c.primaryClaim && request.claimTaken === false && { claim: 'gain' as const }),
      }
    case 'upheld':
      return {
        set: {
          held: heldStill(c),
          ...(c.counterclaim && { counterclaim: 'upheld' as const }),
          ...clockAfterConflict(c, calendar),
        },
        ...(!c.primaryClaim && { claim: 'gain' as const }),
      }
    case 'overruled':
      return {
        ...rejection(c, actorId, now, {
          ...(c.counterclaim && { counterclaim: 'overruled' }),
          holdUntil: null,
        }),
        ...(c.approvedAt !== null || c.holdUntil !== null ? lift('other_claim') : {}),
      }
  }
}

/** Its block goes because whoever holds the phone was found right. */
const isOverturned = (c: CaseSnapshot): boolean => c.objectedAt !== null && c.unblockReason === 'wrong'

/**
 * What a case is held for once no conflict holds it: an IMEI that a carrier saw in several phones stays with city police
 * until they approve its block, whatever else was decided meanwhile.
 */
const heldStill = (c: CaseSnapshot): CaseHold | null =>
  c.sharedAt !== null && c.approvedAt === null ? 'shared_imei' : null

/**
 * City police settle a conflict in the time of every decision, however many sides come to it; the time that a citizen has
 * to answer goes on.
 */
const conflictClock = (c: CaseSnapshot, { now, holidays }: Calendar): CaseChanges =>
  c.state === 'info_requested' || c.held === 'conflict' ? {} : { dueAt: decisionDue(now, holidays) }

/** Once no conflict holds it, a case owes what its state owes: anew, where nobody could act on it meanwhile. */
function clockAfterConflict(c: CaseSnapshot, { now, holidays }: Calendar): CaseChanges {
  switch (c.state) {
    case 'submitted':
      return { dueAt: c.firstActionAt === null ? firstActionDue(now) : decisionDue(now, holidays) }
    case 'under_review':
    case 'verified':
    case 'unblock_review':
      return { dueAt: decisionDue(now, holidays) }
    case 'blocking':
      return { dueAt: carrierDue(c.approvedAt ?? now) }
    default:
      return {}
  }
}

/** The phone is named outside no more, and every carrier that was told of it is told so. */
const lift = (reason: UnblockReason): { readonly listed: false; readonly orders: CaseOrders } => ({
  listed: false,
  orders: { action: 'unblock', reason },
})

/** One person alone lifts nothing: a temporary block stays until another agrees, or its time is up. */
const rejection = (c: CaseSnapshot, by: string | null, now: Instant, also: CaseChanges = {}): Effect => ({
  set: {
    rejectedById: by,
    rejectedAt: now,
    decidedAt: now,
    held: null,
    withdrawEffectiveAt: null,
    ...(c.holdUntil && { dueAt: c.holdUntil }),
    ...also,
  },
  claim: 'release',
})
