import type { ToldKind } from '#features/accounts/rules/mail-choice.ts'
import type { OrderAction } from '#features/exchange/rules/order.ts'
import type { Actor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import type { CaseSnapshot } from '../snapshot.ts'
import type { CaseState } from '../state.ts'
import type { Calendar, CaseChanges, CaseRefusal, Effect, MoveFacts } from '../transition.ts'
import type { MoveMeasure } from '../work.ts'

/**
 * The one who may make a move: the citizen of the case; police of its area (`police`), the one who has it (`assignee`:
 * the person who took it, or any of the area who may approve), those who may approve (`approver`), city police
 * (`city`), those who answer for personal data (`data_decider`, `data_holder`), police of any area on the strength of
 * their own case (`other_police`), or a clock (`system`).
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
export type Part =
  | 'earlier_decider'
  | 'filer'
  | 'verifier'
  | 'verifier_of_contested_block'
  | 'decider_of_contested_block'
  | 'rejecter'
  | 'hold_asker'
  | 'unblock_verifier'
  | 'judge_of_other_claim'
  | 'accepter_of_counterclaim'

/**
 * The step that a person must have taken with the evidence: none; opened it as it now is; compared it with the claim as
 * well; or, for moves that lead to a block, found a file in it and no other IMEI.
 */
export type Evidence = 'none' | 'opened' | 'compared' | 'matches'

/** The facts that have to be looked up, or chosen in the form, before a move can be decided. */
export type Need = 'claimTaken' | 'imeisNamed' | 'carriersSettled' | 'unblockAsked' | 'assignee'

/** Several states that a move can lead to, and which of them it is; null: the state stays. */
export interface Fork<S extends CaseState | null = CaseState | null> {
  readonly states: readonly S[]
  readonly which: (c: CaseSnapshot, facts: MoveFacts) => S
}
export const fork = <const S extends CaseState | null>(
  states: readonly S[],
  which: (c: CaseSnapshot, facts: MoveFacts) => NoInfer<S>,
): Fork<S> => ({ states, which })

/** One try to make a move: what is known, who tries, when. */
export interface Attempt extends MoveFacts {
  readonly by: Actor
  /** The account that tries, where it is one of the staff. */
  readonly staffId: string | null
  readonly now: Instant
}

/** A button of the police's case page (docs/interface.md, `decision`). */
export interface DecisionForm {
  /** The button's value. Two moves of different states may share one. */
  readonly decision: string
  /** `forward` carries on what the case is there for; `against` ends it. */
  readonly goes: 'forward' | 'aside' | 'against'
  /** The key that opens its form. */
  readonly key: string
  /** The work on this case goes on after it, for the same person: no button to open the next case stands beside it. */
  readonly staysOpen?: true
  /**
   * The reason why it asks for a fresh code: it leads to orders at every carrier (`block`, `unblock`), or settles whose
   * phone it is (`claim`). What only delays, asks or can be appealed against asks for none.
   */
  readonly stepUp: 'block' | 'unblock' | 'claim' | null
  /** Refused while the audit log cannot be sealed. Lifting a block goes on: waiting would harm an innocent person. */
  readonly needsSeal: boolean
  /** The cases it is carried out on: this one; this one and all that it stands against; one side of a conflict. */
  readonly on: 'case' | 'opponents' | 'conflict'
  /** Of an open counter-claim the question is whether it stands: until that is answered, this is not offered. */
  readonly afterCounterclaim?: true
  /** A colleague who has the case goes first: it is no reason for others to open the evidence. */
  readonly leavesToAssignee?: true
  /** Possible in every state, so that it alone is no work that waits. */
  readonly always?: true
  /** Seldom wanted: where there are many acts, it stands with its like under one press. */
  readonly rare?: true
  /** It is nothing without a note. */
  readonly noteRequired?: true
  /** The page says beside it that the case has no document yet. */
  readonly asksForDocument?: true
  /** Asks for the IMEI: typed, or chosen among those that carriers have named. */
  readonly asksForImei?: true
  /** The warning to mind while writing the reason, by its key in `case-staff.decision`. */
  readonly warning?: 'reason_names_nobody'
  /** Refusals that have words of their own here, by their keys in `faults.case`. */
  readonly says?: Partial<Readonly<Record<CaseRefusal, string>>>
  /** The person whose finding it agrees with. */
  readonly agreesWith?: (c: CaseSnapshot) => { readonly as: FirstPerson; readonly id: string | null }
}
export type FirstPerson = 'verifier' | 'hold_asker' | 'unblock_verifier' | 'rejecter'

/** A form on the citizen's case page (docs/interface.md, `act`). */
export interface ActForm {
  /** About the case, or about the data that is held of a person. */
  readonly act: 'case' | 'data'
  readonly look: 'primary' | 'quiet' | 'danger'
  /** The place on the page where it stands. */
  readonly place: 'urgent' | 'main' | 'after' | 'aside' | 'last' | 'data'
  /** Stands as a line to open while the case is so. */
  readonly folded?: (c: CaseSnapshot) => boolean
  /** The message field, or null where there is none. */
  readonly message: {
    /** Key of its label in `case.act`. */
    readonly label: string
    readonly optional: boolean
    readonly rows: number
    /** Only seen once asked for. */
    readonly hidden?: true
    /** The fault where it is left empty; `unlessFiles`: files say enough. */
    readonly empty?: { readonly fault: string; readonly unlessFiles?: true }
  } | null
  /** May bring files. */
  readonly files: boolean
  /** Asks for one IMEI or for both of a phone: typed, or chosen among those that police have released or that were read. */
  readonly asksForImei?: 'one' | 'both'
  /** Asks for the facts that the case does not state yet. */
  readonly asksForFacts?: true
  /** Asks which field is wrong, and what it should say. */
  readonly asksForCorrection?: true
  /** Key of other words for the form in `case.act`, in some states. */
  readonly variant?: (c: CaseSnapshot) => 'review' | null
  /** True where the question that police asked stands above it. */
  readonly quotesQuestion?: true
}

/** One move of a case, whole: everything that speaks of it elsewhere reads it here. */
export interface MoveSpec {
  readonly from: readonly CaseState[]
  /** null: the state stays. */
  readonly to: CaseState | null | Fork
  readonly who: Mover
  /** The product may make it as well, for a person who is not there any more. */
  readonly orSystem?: true
  /**
   * Police of its unit may write it down for a citizen who stands before them without the secret: it is lost, or was never
   * given. The words are those of the citizen.
   */
  readonly atDesk?: true
  /** The people whose move it is not, by the part they had in the case; the first that fits is the reason given. */
  readonly notBy: readonly Part[]
  readonly evidence: Evidence
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
   * The words of police stand in the mail as well; those of citizens are not told back, and might be read over a
   * shoulder.
   */
  readonly textInMail?: true
  /** Possible although the case is held. */
  readonly whileHeld?: true
  /** Not even city police make it while an IMEI that is in several phones holds the case. */
  readonly neverWhileShared?: true
  /** Possible although a withdrawal is running. */
  readonly whileWithdrawing?: true
  /** Left out of the citizen's timeline and messages. */
  readonly quiet?: true
  /** Returns what else speaks against it, or null where nothing does. */
  readonly refuse: ((c: CaseSnapshot, attempt: Attempt) => CaseRefusal | null) | null
  /** Returns what it changes besides the state: people, clocks, the claim, the lists, orders. */
  readonly effect: (c: CaseSnapshot, attempt: Attempt & Calendar) => Effect
  /** The message that tells of it, where it is not the one that has the move's name. */
  readonly tells?: (c: CaseSnapshot, set: CaseChanges) => Telling | null
  /** The button or form that makes it; null where another page or the product itself does. */
  readonly form: DecisionForm | ActForm | null

  /** The process that goes on in the case from this move on, until it is over. */
  readonly begins?: 'withdrawal' | 'conflict' | 'shared_imei' | 'objection'
  /** A person settles a conflict with it, and says what becomes of every side. */
  readonly settlesConflict?: true
  /** It counts as a decision on the case: a later review is the work of other people. */
  readonly decides?: true
  /** Its maker found whose phone it is: a conflict about the phone is another person's to settle. */
  readonly findsOwner?: true
  /** It brings a block before police to be lifted, or says anew why: the last one is whose request it is. */
  readonly asksUnblock?: true
  /** It answers a request about personal data. */
  readonly answersRequest?: true
  /** Every carrier has done its part of these orders by it, but for those that were exempted. */
  readonly completes?: OrderAction
  /** It gives the case an IMEI, or one more. */
  readonly setsImei?: true
  /** The reporter sees from then on the phones that carriers have named. */
  readonly releasesImeis?: true
  /** Cases in which it was made at least once are a public figure (features/statistics). */
  readonly publicFigure?: 'verified' | 'blocked' | 'lifted'
  /** The measures of people's work that it counts in; whose work it is stands with each (features/cases/rules/work.ts). */
  readonly counts?: readonly MoveMeasure[]
  /** It leaves this task to the person who has the case, and they are told at once if they chose so. */
  readonly tellsAssignee?: ToldKind
  /** It leaves this task to those of the unit who may approve. */
  readonly tellsApprovers?: ToldKind
  /** It gives carriers an order to block or to unblock, or takes one back before it was sent. */
  readonly sending?: OrderAction | 'recall'
}

/** Messages of a move besides the one that has its name. */
export type Telling =
  | 'phone_found_wait'
  | 'imei_claimed'
  | 'approve_unblock_for_holder'
  | 'carriers_lifted_for_holder'

/** Returns the effect of a move that changes nothing but the version. */
export const NOTHING = (): Effect => ({ set: {} })

/** A move that the product makes by itself. */
export const BY_SYSTEM = { who: 'system', notBy: [], evidence: 'none', form: null } as const
/** A move of the citizen's. */
export const BY_CITIZEN = { who: 'citizen', notBy: [], evidence: 'none' } as const
/** A move of the police that no page of the case offers by itself. */
export const ELSEWHERE = { form: null } as const
