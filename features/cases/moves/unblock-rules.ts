import type { UnblockReason } from '#features/exchange/orders/rules.ts'
import { may } from '#lib/access/roles.ts'
import { carrierDue, decisionDue } from '../clocks/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { type Attempt, BY_CITIZEN, BY_SYSTEM, fork, type MoveSpec } from './spec-rules.ts'
import type { Calendar, CaseRefusal, Effect } from './transition-rules.ts'

export const UNBLOCK_CODES = ['recovered', 'wrong', 'appeal'] as const satisfies readonly UnblockReason[]
export const REFUSE_UNBLOCK_CODES = ['not_owner', 'insufficient_proof', 'other'] as const

/**
 * The state after an unblock is refused or taken back: the watch or the block goes on. Some carriers may not have applied it yet.
 */
const BLOCK_AGAIN = fork(['watching', 'blocked', 'blocking'], (c, { carriersSettled }) => {
  if (c.watchUntil !== null) return 'watching'
  return carriersSettled ? 'blocked' : 'blocking'
})
export const blockAgain = (c: CaseSnapshot, { carriersSettled, now }: Attempt & Calendar): Effect => ({
  set: {
    unblockVerifiedById: null,
    unblockReason: null,
    ...(c.watchUntil !== null
      ? { dueAt: c.watchUntil }
      : carriersSettled
        ? { blockedAt: c.blockedAt ?? now }
        : { dueAt: carrierDue(now) }),
  },
})

/** After this many refusals, city police decide on the next request to unblock. */
const REFUSALS = 2

/**
 * Returns why this person may not decide the unblock, or null. A third request goes to city police, to a person who has not
 * refused.
 */
function refuseLook(c: CaseSnapshot, { by, refusedUnblock = [] }: Attempt): CaseRefusal | null {
  if (refusedUnblock.length < REFUSALS || by.kind !== 'staff') return null
  const looksHigher = may(by.role, 'case:resolve_conflict') || by.lent?.includes(c.id) === true
  return looksHigher && !refusedUnblock.includes(by.id) ? null : 'higher_look'
}

/** Checks whether an officer found the phone's holder right. If a second person agrees, the block ends for that reason. */
export const findsForHolder = (c: CaseSnapshot): boolean =>
  c.objectedAt !== null && c.unblockReason === 'wrong'

export const UNBLOCK = {
  request_unblock: {
    ...BY_CITIZEN,
    atDesk: true,
    from: ['watching', 'blocking', 'blocked'],
    to: 'unblock_review',
    textIsPublic: true,
    refuse: null,
    effect: (_, { now, holidays }) => ({
      set: { unblockVerifiedById: null, unblockReason: null, dueAt: decisionDue(now, holidays) },
    }),
    asksUnblock: true,
    tells: (c) => (c.state === 'watching' ? 'request_unblock_watched' : null),
    form: {
      act: 'case',
      look: 'quiet',
      place: 'aside',
      variant: (c) => (c.state === 'watching' ? 'end_watch' : null),
      folded: () => true,
      message: { label: 'request_unblock.message', optional: true, rows: 3, hidden: true },
      files: true,
    },
  },
  /**
   * Another person may have the mail and the SIM. The person with the secret takes the request back until a second person agrees.
   */
  undo_unblock: {
    ...BY_CITIZEN,
    atDesk: true,
    from: ['unblock_review'],
    to: BLOCK_AGAIN,
    needs: ['unblockAsked', 'carriersSettled'],
    refuse: (_, { unblockAsked }) => (unblockAsked ? null : 'no_unblock_asked'),
    effect: blockAgain,
    tells: (c) => (c.watchUntil === null ? null : 'undo_unblock_watched'),
    form: {
      act: 'case',
      look: 'quiet',
      place: 'urgent',
      variant: (c) => (c.watchUntil === null ? null : 'undo_end_watch'),
      message: null,
      files: false,
    },
  },
  verify_unblock: {
    from: ['unblock_review'],
    to: null,
    who: 'police',
    notBy: ['desk_writer'],
    evidence: 'compared',
    checks: 'blocked',
    codes: UNBLOCK_CODES,
    text: true,
    needs: ['refusals'],
    refuse: (c, attempt) => (c.unblockVerifiedById !== null ? 'wrong_state' : refuseLook(c, attempt)),
    effect: (_, { staffId, reasonCode }) => ({
      set: {
        unblockVerifiedById: staffId,
        unblockReason: UNBLOCK_CODES.find((code) => code === reasonCode) ?? null,
      },
    }),
    tells: (c) => (c.watchUntil === null ? null : 'verify_unblock_watched'),
    decides: true,
    form: {
      decision: 'verify_unblock',
      goes: 'forward',
      key: 'v',
      stepUp: 'unblock',
      needsSeal: false,
      on: 'case',
      says: { reason_code_missing: 'verify_unblock_code_missing' },
    },
  },
  approve_unblock: {
    from: ['unblock_review'],
    to: 'unblocking',
    who: 'approver',
    // The person who found the block right does not decide that it was wrong.
    notBy: ['verifier_of_contested_block', 'unblock_verifier', 'desk_writer'],
    evidence: 'compared',
    checks: 'blocked',
    readyReasons: ['agree'],
    text: true,
    needs: ['refusals'],
    refuse: (c, attempt) => (c.unblockVerifiedById === null ? 'not_verified_yet' : refuseLook(c, attempt)),
    effect: (c, { now }) => ({
      set: { dueAt: carrierDue(now), overturnedAt: findsForHolder(c) ? now : null },
      listed: false,
      orders: { action: 'unblock', reason: c.unblockReason ?? 'recovered' },
    }),
    sending: 'unblock',
    decides: true,
    tells: (c, set) =>
      set.overturnedAt
        ? 'approve_unblock_for_holder'
        : c.watchUntil === null
          ? null
          : 'approve_unblock_watched',
    form: {
      decision: 'approve_unblock',
      goes: 'forward',
      key: 'v',
      stepUp: 'unblock',
      needsSeal: false,
      on: 'case',
      agreesWith: (c) => ({ as: 'unblock_verifier', id: c.unblockVerifiedById }),
    },
  },
  refuse_unblock: {
    from: ['unblock_review'],
    to: BLOCK_AGAIN,
    who: 'approver',
    // Nobody undoes a successful objection to protect their own block.
    notBy: ['decider_of_contested_block', 'desk_writer'],
    evidence: 'none',
    needs: ['carriersSettled', 'refusals'],
    codes: REFUSE_UNBLOCK_CODES,
    text: true,
    textIsPublic: true,
    textInMail: true,
    refuse: refuseLook,
    effect: blockAgain,
    tells: (c) => (c.watchUntil === null ? null : 'refuse_unblock_watched'),
    decides: true,
    form: {
      decision: 'refuse_unblock',
      goes: 'aside',
      key: 't',
      stepUp: null,
      needsSeal: false,
      on: 'case',
      says: { reason_code_missing: 'refuse_unblock_code_missing' },
    },
  },
  carriers_lifted: {
    ...BY_SYSTEM,
    from: ['unblocking'],
    to: 'unblocked',
    whileHeld: true,
    refuse: null,
    effect: (_, { now }) => ({ set: { closedAt: now }, claim: 'release' }),
    completes: 'unblock',
    publicFigure: 'lifted',
    tells: (c) =>
      c.overturnedAt !== null
        ? 'carriers_lifted_for_holder'
        : c.watchUntil === null
          ? null
          : 'carriers_lifted_watched',
  },
} as const satisfies Record<string, MoveSpec>
