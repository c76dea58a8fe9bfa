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

/** A part that a person of the police has had in a case, after which some moves are another person's. */
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
  | 'assignee'
  | 'hearing'
  | 'reportedAnew'
  | 'unit'
  | 'sentBack'
  | 'mayWatch'

/** Several states that a move can lead to, and which of them it is; null: the state stays. */
interface Fork<S extends CaseState | null = CaseState | null> {
  readonly states: readonly S[]
  readonly which: (c: CaseSnapshot, facts: MoveFacts) => S
}
export const fork = <const S extends CaseState | null>(
  states: readonly S[],
  which: (c: CaseSnapshot, facts: MoveFacts) => NoInfer<S>,
): Fork<S> => ({ states, which })

/** One attempt to make a move: the known facts, the person, the time. */
export interface Attempt extends MoveFacts {
  readonly by: Actor
  readonly staffId: string | null
  readonly now: Instant
}

/** A button of the police's case page (docs/interface.md, `decision`). */
export interface DecisionForm {
  /** The button's value. Two moves of different states may share one. */
  readonly decision: string
  /** `forward` carries on what the case is there for; `against` ends it. */
  readonly goes: 'forward' | 'aside' | 'against'
  readonly key: string
  /** The same person works on with this case, so that no button to the next case is shown. */
  readonly staysOpen?: true
  /**
   * The reason why it asks for a fresh code: it leads to orders at every carrier (`block`, `unblock`), or settles whose
   * phone it is (`claim`). Moves that only delay or ask, or that can be appealed against, need no code.
   */
  readonly stepUp: 'block' | 'unblock' | 'claim' | null
  /**
   * True where it is refused while the audit log cannot be sealed. Lifting a block is not: waiting would harm an
   * innocent person.
   */
  readonly needsSeal: boolean
  /** The cases that it acts on: this one; this one and the cases that it competes with; one side of a conflict. */
  readonly on: 'case' | 'opponents' | 'conflict'
  /** A colleague who has the case goes first: it is no reason for others to open the evidence. */
  readonly leavesToAssignee?: true
  /** Possible in every state, so that it alone is no work that waits. */
  readonly always?: true
  /** True where it is seldom wanted: among many acts, it is folded with other rare ones. */
  readonly rare?: true
  /** It is nothing without a note. */
  readonly noteRequired?: true
  /** A note may go with it, for the colleague who goes on. */
  readonly handsOver?: true
  /** The page says beside it that the case has no document yet. */
  readonly asksForDocument?: true
  /** Asks for the IMEI: typed, or chosen among the phones that carriers have named. */
  readonly asksForImei?: true
  /** Asks which number of the case it is about. */
  readonly asksWhichImei?: true
  /** The warning to mind while writing the reason, by its key in `case-staff.decision`. */
  readonly warning?: 'reason_names_nobody'
  /** Refusals that have words of their own here, by their keys in `faults.case`. */
  readonly says?: Partial<Readonly<Record<CaseRefusal, string>>>
  /** The person whose finding it agrees with. */
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
  /** About the case, or about the data that is held of a person. */
  readonly act: 'case' | 'data'
  readonly look: 'primary' | 'quiet' | 'danger'
  /** The place of the form on the page. */
  readonly place: 'urgent' | 'main' | 'after' | 'aside' | 'last' | 'data'
  /** Stands as a line to open while the case is so. */
  readonly folded?: (c: CaseSnapshot) => boolean
  readonly message: {
    /** Key of its label in `case.act`. */
    readonly label: string
    readonly optional: boolean
    readonly rows: number
    /** Hidden until the person opens it. */
    readonly hidden?: true
    /** The fault where it is left empty; `unlessFiles`: files say enough. */
    readonly empty?: { readonly fault: string; readonly unlessFiles?: true }
  } | null
  readonly files: boolean
  /**
   * Asks for one IMEI or for both of a phone: typed, or chosen among the phones that police released or a machine read.
   */
  readonly asksForImei?: 'one' | 'both'
  /** Takes a paper on which a number of the case stands that is not blocked yet. */
  readonly asksForPaper?: true
  /** Asks for the facts that the case does not state yet. */
  readonly asksForFacts?: true
  /** Asks which field is wrong, and what it should say. */
  readonly asksForCorrection?: true
  /** Key of other words for the form in `case.act`, in some states. */
  readonly variant?: (c: CaseSnapshot) => 'review' | 'reopen' | null
  /** True where the question of the police is shown above the form. */
  readonly quotesQuestion?: true
}

/** One move of a case with all its properties. Every other module reads them here. */
export interface MoveSpec {
  readonly from: readonly CaseState[]
  /** null: the state stays. */
  readonly to: CaseState | null | Fork
  readonly who: Mover
  /** The product may make it as well, for a person who is not there any more. */
  readonly orSystem?: true
  /**
   * Police of its unit may write it down for a citizen who shows their identity card at the desk. The words are the
   * citizen's.
   */
  readonly atDesk?: true
  /** It harms nobody, so that a code from the case's contact is enough for it. */
  readonly byCode?: true
  /** The people whose move it is not, by the part they had in the case; the first that fits is the reason given. */
  readonly notBy: readonly CasePart[]
  readonly evidence: EvidenceNeed
  /** In the review of a block that was lifted for its holder, both sides' evidence must have been opened. */
  readonly opensInReview?: true
  /** The numbers that its checklist asks about, where not all: those that are blocked, or those that wait to be. */
  readonly checks?: 'blocked' | 'waiting'
  /** The move of the first person: carriers are told of the numbers alone that both found on the evidence. */
  readonly agreesOn?: 'verify' | 'hold' | 'renew_hold' | 'verify_imeis'
  readonly needs?: readonly Need[]
  /** Reason codes to choose from; one is required where there are any. */
  readonly codes?: readonly string[]
  /** Reasons that have a text ready (messages, `case-reasons`); a person may write another instead. */
  readonly readyReasons?: readonly string[]
  /** Written words are required. */
  readonly text?: true
  /** The citizen reads the words; otherwise only police do. */
  readonly textIsPublic?: true
  /**
   * Words of police are in the mail too. Words of citizens are not repeated there, since another person may see the
   * mail.
   */
  readonly textInMail?: true
  /** Possible although the case is held. */
  readonly whileHeld?: true
  /** True where even city police cannot make it while the case is held for an IMEI in several phones. */
  readonly neverWhileShared?: true
  /** Possible although a withdrawal is running. */
  readonly whileWithdrawing?: true
  /** Left out of the citizen's timeline and messages. */
  readonly quiet?: true
  /** Returns what else speaks against it, or null where nothing does. */
  readonly refuse: ((c: CaseSnapshot, attempt: Attempt) => CaseRefusal | null) | null
  /** Returns what it changes besides the state: people, clocks, the claim, the lists, orders. */
  readonly effect: (c: CaseSnapshot, attempt: Attempt & Calendar) => Effect
  /** Returns the message that tells of it, where that is not the message with the move's name. */
  readonly tells?: (c: CaseSnapshot, set: CaseChanges) => Telling | null
  /** The button or form that makes it; null where another page or the product itself does. */
  readonly form: DecisionForm | CitizenForm | null

  /** The time begins in which police wait for the answer of the case's person. */
  readonly hears?: true
  /** The process that this move begins in the case. */
  readonly begins?: 'withdrawal' | 'conflict' | 'shared_imei' | 'objection'
  /** A person settles a conflict with it, and says what becomes of every side. */
  readonly settlesConflict?: true
  /** It counts as a decision on the case: a later review is the work of other people. */
  readonly decides?: true
  /** Its maker finds that the phone is the reporter's. */
  readonly findsOwner?: true
  /** Its maker has judged one claim on the phone, and so decides nothing of the others. */
  readonly judgesClaim?: true
  /** It takes the claim from other cases on its phones without a proof found good, and their people are told. */
  readonly takesClaim?: true
  /** It brings a block before police to be lifted, or says anew why: the last one is whose request it is. */
  readonly asksUnblock?: true
  readonly answersRequest?: true
  /** With it every carrier has done its part of these orders, except exempted ones. */
  readonly completes?: 'block' | 'unblock'
  /** The phones that carriers watch are blocked with it. */
  readonly endsWatch?: true
  /** With it the person consents to what may be left out when the report is sent. */
  readonly consents?: 'imei_of_number'
  /** It gives the case an IMEI, or one more. */
  readonly setsImei?: true
  /** It takes a number off the case. */
  readonly dropsImei?: true
  /** The reporter sees from then on the phones that carriers have named. */
  readonly releasesImeis?: true
  /** The public figure that counts cases in which it was made at least once (features/statistics). */
  readonly publicFigure?: 'verified' | 'blocked' | 'lifted'
  /** The measures of people's work that count it; features/cases/work/rules.ts says for each whose work it is. */
  readonly counts?: readonly MoveMeasure[]
  /** It leaves this task to the person who has the case, and they are told at once if they chose so. */
  readonly tellsAssignee?: ToldKind
  /** It creates this task for the people of the unit who may approve. */
  readonly tellsApprovers?: ToldKind
  /** It creates this task for city police. */
  readonly tellsCity?: ToldKind
  /** It gives carriers an order to block or to unblock, or takes one back before it was sent. */
  readonly sending?: 'block' | 'unblock' | 'recall'
}

/** Messages that do not have the name of a move. */
export type Telling =
  | 'appeal_review'
  | 'approve_watch'
  | 'request_unblock_watched'
  | 'undo_unblock_watched'
  | 'refuse_unblock_watched'
  | 'reply_reopened'
  | 'end_hold_rejected'
  | 'phone_found_wait'
  | 'approve_unblock_for_holder'
  | 'carriers_lifted_for_holder'
  | 'other_block_final_left'
  | 'other_block_lifted_left'

/** Returns the effect of a move that changes nothing but the version. */
export const NOTHING = (): Effect => ({ set: {} })

/** A move that the product makes by itself. */
export const BY_SYSTEM = { who: 'system', notBy: [], evidence: 'none', form: null } as const
export const BY_CITIZEN = { who: 'citizen', notBy: [], evidence: 'none' } as const
/** A move of the police that no page of the case offers by itself. */
export const ELSEWHERE = { form: null } as const
