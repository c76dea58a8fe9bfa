import { holdAnswerDue, holdExpiry } from '../clocks.ts'
import type { CaseSnapshot } from '../snapshot.ts'
import type { CaseRefusal } from '../transition.ts'
import { PROOF_REASONS } from './review.ts'
import { lift, UNDECIDED } from './shared.ts'
import { type Attempt, BY_SYSTEM, ELSEWHERE, type MoveSpec } from './spec.ts'

/**
 * Returns why a temporary block cannot be asked for, or null. One case at a time has a phone blocked: the end of one
 * block would lift the other.
 */
const refuseHold = ({ blockedElsewhere }: Attempt): CaseRefusal | null =>
  blockedElsewhere ? 'blocked_elsewhere' : null

/**
 * Returns why a block is not kept, or null. The product alone renews a case's own block only when its time is over
 * during a conflict, while the case cannot be approved. It passes on another case's block only when that case leaves
 * the conflict. Anything else takes a decision of city police.
 */
function refuseToKeep(c: CaseSnapshot, { blockFrom = [], by, now }: Attempt): CaseRefusal | null {
  if (blockFrom.length === 0) return 'no_block'
  const own = blockFrom.includes(c.id)
  if (own && c.holdUntil === null) return 'no_hold'
  if (by.kind !== 'system') return null
  if (c.held !== 'conflict') return 'no_conflict'
  if (blockFrom.some((id) => id !== c.id)) return null
  return c.holdUntil !== null && c.holdUntil <= now ? null : 'no_hold'
}

/** The temporary block. */
export const HOLD = {
  /** Asks for a temporary block; nothing happens until another person confirms it. */
  hold: {
    from: UNDECIDED,
    to: null,
    who: 'police',
    notBy: ['earlier_decider', 'judge_of_other_claim'],
    evidence: 'matches',
    needs: ['rivals'],
    readyReasons: ['for_sale', 'in_use', 'just_taken'],
    text: true,
    neverWhileShared: true,
    quiet: true,
    refuse: (c, facts) =>
      c.holdAskedById !== null || c.blockFromId !== null ? 'hold_used' : refuseHold(facts),
    effect: (_, { staffId, now }) => ({ set: { holdAskedById: staffId, holdDueAt: holdAnswerDue(now) } }),
    judgesClaim: true,
    tellsApprovers: 'to_confirm',
    form: {
      decision: 'hold',
      goes: 'aside',
      key: 'p',
      staysOpen: true,
      stepUp: 'block',
      needsSeal: false,
      on: 'case',
      leavesToAssignee: true,
    },
  },
  confirm_hold: {
    from: UNDECIDED,
    to: null,
    who: 'approver',
    notBy: ['earlier_decider', 'filer', 'hold_asker', 'judge_of_other_claim'],
    evidence: 'matches',
    agreesOn: 'hold',
    needs: ['rivals'],
    readyReasons: PROOF_REASONS,
    text: true,
    neverWhileShared: true,
    refuse: (c, facts) => {
      if (c.holdConfirmedById !== null || c.blockFromId !== null) return 'hold_used'
      return c.holdAskedById === null ? 'hold_not_asked' : refuseHold(facts)
    },
    effect: (_, { staffId, now }) => {
      const expiresAt = holdExpiry(now)
      return {
        set: { holdConfirmedById: staffId, holdUntil: expiresAt },
        listed: true,
        orders: { action: 'block', reason: 'hold', expiresAt },
      }
    },
    sending: 'block',
    decides: true,
    judgesClaim: true,
    form: {
      decision: 'confirm_hold',
      goes: 'forward',
      key: 'p',
      stepUp: 'block',
      needsSeal: true,
      on: 'case',
      agreesWith: (c) => ({ as: 'hold_asker', id: c.holdAskedById }),
    },
  },
  /** Ends a temporary block whose time is over without an approval. */
  end_hold: {
    ...BY_SYSTEM,
    from: [...UNDECIDED, 'verified', 'rejected'],
    to: null,
    whileHeld: true,
    whileWithdrawing: true,
    refuse: (c, { now }) => {
      if (c.held === 'conflict') return 'held'
      return c.holdUntil === null || c.holdUntil > now ? 'no_hold' : null
    },
    effect: () => ({ set: { holdUntil: null }, ...lift('expired') }),
    // A case that was rejected meanwhile does not go on.
    tells: (c) => (c.state === 'rejected' ? 'end_hold_rejected' : null),
  },
  /**
   * Keeps a block in force beyond a conflict, for 72 hours each time. It passes to the case that is upheld, or to one
   * that still claims the phone when another leaves the conflict. A case that waits for the end of a conflict keeps its
   * own block.
   */
  keep_block: {
    ...ELSEWHERE,
    from: [...UNDECIDED, 'verified'],
    to: null,
    who: 'city',
    orSystem: true,
    notBy: [],
    evidence: 'none',
    whileHeld: true,
    whileWithdrawing: true,
    refuse: refuseToKeep,
    effect: (c, { blockFrom = [], now }) => {
      const expiresAt = holdExpiry(now)
      const other = blockFrom.find((id) => id !== c.id)
      return {
        set: { holdUntil: expiresAt, ...(other !== undefined && { blockFromId: other }) },
        listed: true,
        orders: { action: 'block', reason: 'hold', expiresAt, insteadOf: blockFrom },
      }
    },
    sending: 'block',
  },
  /** A second person agrees with a rejection: the temporary block need not run to its end. */
  lift_hold: {
    from: ['rejected'],
    to: null,
    who: 'approver',
    notBy: ['rejecter'],
    evidence: 'compared',
    checks: 'blocked',
    readyReasons: ['agree'],
    text: true,
    refuse: (c) => (c.holdUntil === null ? 'no_hold' : null),
    effect: () => ({ set: { holdUntil: null }, ...lift('wrong') }),
    form: {
      decision: 'approve_unblock',
      goes: 'forward',
      key: 'v',
      stepUp: 'unblock',
      needsSeal: false,
      on: 'case',
      agreesWith: (c) => ({ as: 'rejecter', id: c.rejectedById }),
    },
  },
} as const satisfies Record<string, MoveSpec>
