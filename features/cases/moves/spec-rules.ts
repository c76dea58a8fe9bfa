import type { ToldKind } from '#features/accounts/preferences/rules.ts'
import type { Actor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import type { CaseState } from '../record/state-rules.ts'
import type { MoveMeasure } from '../work/rules.ts'
import type { Calendar, CaseChanges, CaseRefusal, Effect, MoveFacts } from './transition-rules.ts'

/**
 * The person or clock that may make a move: the citizen of the case; police of its area (`police`); the officer who has
 * the case, or any of the area who may approve (`assignee`); those who may approve (`approver`); city police (`city`);
 * people responsible for personal data (`data_decider`, `data_holder`); police of any area on the strength of their own
 * case (`other_police`); or a clock (`system`).
 */
export type Mover =
  | 'citizen'
  | 'police'
  | 'assignee'
  | 'approver'
  | 'city'
  | 'data_decider'
  | 'data_holder'
  | 'other_police'
  | 'system'

/** A part that an officer had in a case, which excludes them from some moves. */
export type CasePart =
  | 'earlier_decider'
  | 'filer'
  | 'verifier'
  | 'verifier_of_contested_block'
  | 'decider_of_contested_block'
  | 'rejecter'
  | 'hold_asker'
  | 'renewal_asker'
  | 'unblock_verifier'
  | 'imeis_verifier'
  | 'judge_of_other_claim'
  | 'accepter_of_counterclaim'
  | 'desk_writer'
  | 'shared_proposer'

/**
 * The step that a person must have taken with the evidence: none; opened it as it now is; compared it with the claim as
 * well; or, for moves that lead to a block, found a file in it and no other IMEI.
 */
export type EvidenceNeed = 'none' | 'opened' | 'compared' | 'matches'

/** The facts that have to be looked up, or chosen in the form, before a move can be decided. */
export type Need =
  | 'rivals'
  | 'refusals'
  | 'imeisNamed'
  | 'imeisWaiting'
  | 'carriersSettled'
  | 'unblockAsked'
  | 'upheldFrom'
  | 'assignee'
  | 'hearing'
  | 'reportedAnew'
  | 'unit'
  | 'sentBack'
  | 'mayWatch'

/** The states that a move can lead to, and the choice among them; null keeps the state. */
interface Fork<S extends CaseState | null = CaseState | null> {
  readonly states: readonly S[]
  readonly which: (c: CaseSnapshot, facts: MoveFacts) => S
}
export const fork = <const S extends CaseState | null>(
  states: readonly S[],
  which: (c: CaseSnapshot, facts: MoveFacts) => NoInfer<S>,
): Fork<S> => ({ states, which })

export interface Attempt extends MoveFacts {
  readonly by: Actor
  readonly staffId: string | null
  readonly now: Instant
}

/** A button of the police's case page (docs/interface.md, `decision`). */
export interface DecisionForm {
  /** The button's value. Two moves of different states may share one. */
  readonly decision: string
  /** `forward` advances the case; `against` ends it. */
  readonly goes: 'forward' | 'aside' | 'against'
  readonly key: string
  /** The same person continues with this case, so no button to the next case is shown. */
  readonly staysOpen?: true
  /**
   * Why the move asks for a fresh code: it leads to orders at every carrier (`block`, `unblock`), or settles who owns the phone
   * (`claim`). Moves that only delay or ask, or that can be appealed against, need no code.
   */
  readonly stepUp: 'block' | 'unblock' | 'claim' | null
  /**
   * Whether the move is refused while the audit log cannot be sealed. Lifting a block is not: waiting would harm an innocent
   * person.
   */
  readonly needsSeal: boolean
  /** The cases that it acts on: this one; this one and the cases that it competes with; one side of a conflict. */
  readonly on: 'case' | 'opponents' | 'conflict'
  /** The colleague who has the case goes first, so this is no reason for others to open the evidence. */
  readonly leavesToAssignee?: true
  /** Possible in every state, so it alone does not count as waiting work. */
  readonly always?: true
  /** Rarely used, so it is folded with other rare acts if there are many. */
  readonly rare?: true
  readonly noteRequired?: true
  /** A note may go with it for the next colleague. */
  readonly handsOver?: true
  /** The page warns that the case has no document yet. */
  readonly asksForDocument?: true
  /** Asks for the IMEI: typed, or chosen among the phones that carriers have named. */
  readonly asksForImei?: true
  readonly asksWhichImei?: true
  /** Key in `case-staff.decision` of the warning to show while the reason is written. */
  readonly warning?: 'reason_names_nobody'
  /** Keys in `faults.case` for refusals that have their own words on this form. */
  readonly says?: Partial<Readonly<Record<CaseRefusal, string>>>
  readonly agreesWith?: (c: CaseSnapshot) => { readonly as: FirstPerson; readonly id: string | null }
}
export type FirstPerson =
  | 'verifier'
  | 'hold_asker'
  | 'renewal_asker'
  | 'unblock_verifier'
  | 'rejecter'
  | 'imeis_verifier'
  | 'shared_proposer'

/** A form on the citizen's case page (docs/interface.md, `act`). */
export interface CitizenForm {
  /** About the case, or about the person's stored data. */
  readonly act: 'case' | 'data'
  readonly look: 'primary' | 'quiet' | 'danger'
  readonly place: 'urgent' | 'main' | 'after' | 'aside' | 'last' | 'data'
  /** Folds the form into a line to open while this returns true. */
  readonly folded?: (c: CaseSnapshot) => boolean
  readonly message: {
    /** Key of its label in `case.act`. */
    readonly label: string
    readonly optional: boolean
    readonly rows: number
    /** Hidden until the person opens it. */
    readonly hidden?: true
    /** The fault if the message is empty; `unlessFiles`: files suffice. */
    readonly empty?: { readonly fault: string; readonly unlessFiles?: true }
  } | null
  readonly files: boolean
  /** Asks for one IMEI or for both of a phone: typed, or chosen among phones that police released or a machine read. */
  readonly asksForImei?: 'one' | 'both'
  /** Takes a paper that shows a number of the case that is not blocked yet. */
  readonly asksForPaper?: true
  /** Asks for the facts that the case does not state yet. */
  readonly asksForFacts?: true
  readonly asksForCorrection?: true
  /** Key in `case.act` of other words for the form, in some states. */
  readonly variant?: (c: CaseSnapshot) => 'review' | 'reopen' | 'end_watch' | 'undo_end_watch' | null
  readonly quotesQuestion?: true
}

/** One move of a case with all its properties. Every other module reads them here. */
export interface MoveSpec {
  readonly from: readonly CaseState[]
  /** null keeps the state. */
  readonly to: CaseState | null | Fork
  readonly who: Mover
  /** The product may make it as well. */
  readonly orSystem?: true
  /**
   * Police of its unit may write it down for a citizen who shows their identity card at the desk. The words are the
   * citizen's. `by_code`: it has a form of its own, and the citizen proves the contact by a code.
   */
  readonly atDesk?: true | 'by_code'
  /** Harmless, so a code from the case's contact is enough. */
  readonly byCode?: true
  /** Parts in the case that exclude a person from this move; the first that applies is the reason given. */
  readonly notBy: readonly CasePart[]
  readonly evidence: EvidenceNeed
  /** In the review of a block that was lifted for its holder, both sides' evidence must have been opened. */
  readonly opensInReview?: true
  /** The numbers that its checklist asks about: those blocked, or those that wait to be. Absent: all. */
  readonly checks?: 'blocked' | 'waiting'
  /** The first person's move. Carriers are told only of numbers that both people found on the evidence. */
  readonly agreesOn?: 'verify' | 'hold' | 'renew_hold' | 'verify_imeis'
  readonly needs?: readonly Need[]
  /** The reason codes to choose from; if present, one is required. */
  readonly codes?: readonly string[]
  /** Reasons with a ready text (messages, `case-reasons`); a person may write another instead. */
  readonly readyReasons?: readonly string[]
  /** Written words are required. */
  readonly text?: true
  /** The citizen reads the words; otherwise only police do. */
  readonly textIsPublic?: true
  /** Words of police go into the mail too. Words of citizens do not, since another person may see the mail. */
  readonly textInMail?: true
  readonly whileHeld?: true
  /** City police cannot make it either while the case is held for an IMEI in several phones. */
  readonly neverWhileShared?: true
  readonly whileWithdrawing?: true
  /** Left out of the citizen's timeline and messages. */
  readonly quiet?: true
  /** Returns any further reason against the move, or null. */
  readonly refuse: ((c: CaseSnapshot, attempt: Attempt) => CaseRefusal | null) | null
  /** Returns the changes besides the state: people, clocks, the claim, the lists, orders. */
  readonly effect: (c: CaseSnapshot, attempt: Attempt & Calendar) => Effect
  /** Returns the message's name if it differs from the move's. */
  readonly tells?: (c: CaseSnapshot, set: CaseChanges) => Telling | null
  /** The button or form that makes it; null if another page or the product itself does. */
  readonly form: DecisionForm | CitizenForm | null

  /** Starts the time in which police wait for the answer of the case's person. */
  readonly hears?: true
  readonly begins?: 'withdrawal' | 'conflict' | 'shared_imei' | 'objection'
  /** A person settles a conflict with it and decides on every side. */
  readonly settlesConflict?: true
  /** Counts as a decision on the case: a later review is done by other people. */
  readonly decides?: true
  readonly findsOwner?: true
  /** Its maker has judged one claim on the phone, and so may not decide on the others. */
  readonly judgesClaim?: true
  /** Takes the claim from other cases on its phones whose proof was not found good, and tells their people. */
  readonly takesClaim?: true
  /** Asks police to lift the block, or restates why; the last such move decides whose request it is. */
  readonly asksUnblock?: true
  readonly answersRequest?: true
  /** Completes these orders at every carrier, except exempted ones. */
  readonly completes?: 'block' | 'unblock'
  /** Blocks the phones that carriers watch. */
  readonly endsWatch?: true
  /** The person gives this consent, which was optional in the report. */
  readonly consents?: 'imei_of_number'
  /** Gives the case an IMEI, or an additional one. */
  readonly setsImei?: true
  readonly dropsImei?: true
  /** From then on the reporter sees the phones that carriers have named. */
  readonly releasesImeis?: true
  /** The public figure that counts cases in which it was made at least once (features/statistics). */
  readonly publicFigure?: 'verified' | 'blocked' | 'lifted'
  /** The measures of people's work that count it; features/cases/work/rules.ts defines whose work it is. */
  readonly counts?: readonly MoveMeasure[]
  /** The task it creates for the assignee, who is told at once if they chose so. */
  readonly tellsAssignee?: ToldKind
  /** The task it creates for the unit's approvers. */
  readonly tellsApprovers?: ToldKind
  /** The task it creates for city police. */
  readonly tellsCity?: ToldKind
  /** The order that carriers get: block, unblock, or the recall of one that was not sent yet. */
  readonly sending?: 'block' | 'unblock' | 'recall'
}

/** Messages that are not named after a move. */
export type Telling =
  | 'appeal_review'
  | 'approve_watch'
  | 'request_unblock_watched'
  | 'undo_unblock_watched'
  | 'refuse_unblock_watched'
  | 'verify_unblock_watched'
  | 'approve_unblock_watched'
  | 'carriers_lifted_watched'
  | 'phone_returned_watched'
  | 'reply_reopened'
  | 'end_hold_rejected'
  | 'phone_found_wait'
  | 'approve_unblock_for_holder'
  | 'carriers_lifted_for_holder'
  | 'other_block_final_left'
  | 'other_block_lifted_left'
  | 'objected_again'

export const NOTHING = (): Effect => ({ set: {} })

export const BY_SYSTEM = { who: 'system', notBy: [], evidence: 'none', form: null } as const
export const BY_CITIZEN = { who: 'citizen', notBy: [], evidence: 'none' } as const
/** A move that another page makes, not the page of the case. */
export const ELSEWHERE = { form: null } as const
