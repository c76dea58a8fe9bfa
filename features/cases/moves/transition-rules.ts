import type { OrderAction, OrderReason } from '#features/exchange/orders/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import type { JudgedProof, ProofRefusal } from '../proof/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import type { CaseState } from '../record/state-rules.ts'
import type { Move } from './rules.ts'

/** The known facts of one attempt, besides the case and the person. */
export interface MoveFacts {
  readonly reasonCode?: string | undefined
  readonly text?: string | undefined
  /** The colleague to assign: an active officer or supervisor, already looked up. */
  readonly assignee?: (Pick<StaffActor, 'unitId' | 'serves'> & { readonly id: string }) | undefined
  /** The unit that has the case from now on, and whether the current assignee serves it. */
  readonly unit?: { readonly id: string; readonly keepsAssignee: boolean } | undefined
  /** Every carrier had applied the block. */
  readonly carriersSettled?: boolean | undefined
  /** The citizen asked for the unblock, not police, a returned phone or an objection. */
  readonly unblockAsked?: boolean | undefined
  /** The state in which police found an objection right, if that is what the unblock rests on; null if it is not. */
  readonly upheldFrom?: CaseState | null | undefined
  /** Another claim on one of its phones is active, with a proof that a person found to match. */
  readonly rivalProven?: boolean | undefined
  /** Carriers were told to block one of its phones on the word of another case. */
  readonly blockedElsewhere?: boolean | undefined
  /** The person of a closed case has an active one on its phone. */
  readonly reportedAnew?: boolean | undefined
  /** Carriers have named phones that the reporter has not been shown. */
  readonly imeisNamed?: boolean | undefined
  /** The city lets carriers watch phones. */
  readonly mayWatch?: boolean | undefined
  /** The case is blocked, but one of its numbers is not. */
  readonly imeisWaiting?: boolean | undefined
  /** For a second person's approval: the numbers that both people found on the evidence. */
  readonly agreed?: readonly string[] | undefined
  /** For `drop_imei`: why that number cannot be taken off; null if it can. */
  readonly imeiStays?: 'imei_not_of_case' | 'imei_last' | 'imei_blocked' | null | undefined
  /** For `keep_block`: the cases whose block passes to this one; includes itself if its own block is renewed. */
  readonly blockFrom?: readonly string[] | undefined
  /** This person found the proof of another claim on the phone to match, or settled a conflict against it. */
  readonly judgedOther?: boolean | undefined
  /** For a review: this person decided something on the case before the review was asked for. */
  readonly decidedBefore?: boolean | undefined
  /** This person wrote down at the desk the request that is now decided. */
  readonly wroteDown?: boolean | undefined
  /** For an objection: this person verified or approved the block. */
  readonly foundBlockRight?: boolean | undefined
  /** For an unblock: the people who refused it, one entry per refusal. */
  readonly refusedUnblock?: readonly string[] | undefined
  /** For moves that need the evidence, made by a person. */
  readonly proof?: JudgedProof | undefined
  /**
   * For `serve_letter`, and for an answer that reopens a case: whether it is the first to tell of a rejection, and which decision
   * is still untold.
   */
  readonly letter?: { readonly tellsOfRejection: boolean; readonly stillUnheard: number | null } | undefined
  /** Every side that must be heard before the move has answered or run out of time. */
  readonly heard?: boolean | undefined
  /** Set if the last move sent a verification back: who sent it, and what it undid. */
  readonly sentBack?: SentBack | null | undefined
  /** For moves that begin a hearing: the deadline of this side's answer. */
  readonly hearingUntil?: Instant | undefined
}

export interface SentBack {
  readonly byId: string
  readonly verifiedById: string
  readonly decidedAt: Instant
}

export interface MoveRequest extends MoveFacts {
  readonly move: Move
}

/** The reasons why a move is refused; each has its own words for the person who tried it. */
export type CaseRefusal =
  | 'forbidden'
  | 'wrong_state'
  | 'held'
  | 'withdrawal_running'
  | 'no_withdrawal'
  | 'no_unblock_asked'
  | 'not_yours'
  | 'imei_unknown'
  | 'imei_known'
  | 'imei_missing'
  | 'imei_repeated'
  | 'imeis_too_many'
  | 'imei_not_named'
  | 'no_imeis_named'
  | 'no_imei_waits'
  | 'no_imei_agreed'
  | 'imei_not_of_case'
  | 'imei_last'
  | 'imei_blocked'
  | 'own_verification'
  | 'own_filing'
  | 'own_writing'
  | 'own_rejection'
  | 'own_acceptance'
  | 'own_hold'
  | 'own_proposal'
  | 'own_block'
  | 'judged_other'
  | 'decided_before'
  | 'higher_look'
  | 'reason_code_missing'
  | 'text_missing'
  | 'assignee_invalid'
  | 'assignee_had_part'
  | 'appeal_used'
  | 'appeal_late'
  | 'reopen_late'
  | 'reported_anew'
  | 'not_verified_yet'
  | 'rival_proven'
  | 'blocked_elsewhere'
  | 'no_conflict'
  | 'not_in_conflict'
  | 'hold_used'
  | 'hold_not_asked'
  | 'renewal_used'
  | 'no_hold'
  | 'no_word'
  | 'not_proposed'
  | 'no_block'
  | 'no_objection'
  | 'hearing_runs'
  | 'lifted_for_holder'
  | 'changed'
  | ProofRefusal

export type CaseChanges = Partial<
  Omit<
    CaseSnapshot,
    'id' | 'number' | 'version' | 'areaId' | 'submittedAt' | 'primaryClaim' | 'imeiUnknown' | 'incidentType'
  >
>

export interface CaseOrders {
  readonly action: OrderAction
  readonly reason: OrderReason
  /** When a temporary block or a watch ends. */
  readonly expiresAt?: Instant
  /**
   * The cases whose blocks this order replaces. It goes only to the carriers that have one of them, in their book or
   * still waiting to be sent.
   */
  readonly insteadOf?: readonly string[]
}

export interface Effect {
  readonly set: CaseChanges
  readonly claim?: 'gain' | 'release' | 'keep'
  /** True if the phone may be named to carriers and the public from now on; absent: unchanged. */
  readonly listed?: boolean
  readonly orders?: CaseOrders
}

/** The effects of a permitted move, for the one place that writes it. */
export interface Transition {
  readonly move: Move
  readonly from: CaseState
  readonly to: CaseState
  readonly version: number
  readonly set: CaseChanges & { readonly needsWork: boolean }
  readonly claim: 'keep' | 'gain' | 'release'
  /** True if the phone may now be named to carriers and the public; undefined: unchanged. */
  readonly listed: boolean | undefined
  readonly orders: CaseOrders | null
  readonly reasonCode: string | null
  readonly textIsPublic: boolean
  readonly visible: boolean
}

export interface Calendar {
  readonly now: Instant
  /** Local dates `YYYY-MM-DD` that are not working days. */
  readonly holidays: ReadonlySet<string>
}
