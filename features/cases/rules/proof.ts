import type { Evidence } from './moves/spec.ts'
import { type Move, ruleOf } from './moves.ts'

/** The answers that a person can give when they compare the evidence with the claim. */
export const CHECK_ANSWERS = {
  /** Compares the IMEI on the evidence with the claimed one. */
  checkImei: ['yes', 'no', 'not_visible'],
  /** Compares the name on the evidence with the reporter's. */
  checkName: ['yes', 'no', 'none'],
  /** Compares the device on the evidence with the described one. */
  checkDevice: ['yes', 'no', 'unknown'],
} as const
export type CheckField = keyof typeof CHECK_ANSWERS
export const CHECK_FIELDS = Object.keys(CHECK_ANSWERS) as CheckField[]

/** The checklist of one decision, complete. */
export type ProofCheck = { readonly [F in CheckField]: (typeof CHECK_ANSWERS)[F][number] }
/** The same as a form sends it: an answer that is missing or unknown is left out. */
export type GivenCheck = { readonly [F in CheckField]?: ProofCheck[F] | undefined }

/**
 * Tells whether a person has to open the evidence before this move: true for decisions that block, unblock or settle a
 * conflict. A rejection or a refusal outside a conflict needs none.
 */
export const restsOnProof = (move: Move): boolean => isOpened(ruleOf(move).evidence)

/** Tells whether a checklist goes with it. A side that loses is not compared with its claim any more. */
export const asksForCheck = (move: Move): boolean => isCompared(ruleOf(move).evidence)

const isOpened = (evidence: Evidence): boolean => evidence !== 'none'
const isCompared = (evidence: Evidence): boolean => evidence === 'compared' || evidence === 'matches'

/** The findings of a person at one decision, by the event that it made. */
export interface FoundCheck {
  readonly seq: number
  readonly accountId: string
  readonly check: ProofCheck
}

/** Returns the answers of a checklist; where one tick says yes to all, each blank answer becomes yes. */
export const answered = (given: GivenCheck, all: 'yes' | undefined): GivenCheck =>
  all === undefined
    ? given
    : {
        checkImei: given.checkImei ?? all,
        checkName: given.checkName ?? all,
        checkDevice: given.checkDevice ?? all,
      }

/** Returns the answers of a checklist that are missing, in the order of the form. */
export const missingAnswers = (given: GivenCheck): CheckField[] =>
  CHECK_FIELDS.filter((field) => given[field] === undefined)

/** Returns the checklist where every answer is given; null otherwise. */
export function wholeCheck({ checkImei, checkName, checkDevice }: GivenCheck): ProofCheck | null {
  if (!checkImei || !checkName || !checkDevice) return null
  return { checkImei, checkName, checkDevice }
}

/** The evidence of a case at the moment of a decision, and what its maker found. */
export interface JudgedProof {
  /** The number of files. */
  readonly files: number
  /** The person has opened all that has to be opened, as it now is. */
  readonly seen: boolean
  readonly check: GivenCheck
}

/** The proof that is assumed where it was not looked up, so that such a decision is refused. */
export const NOTHING_SEEN: JudgedProof = { files: 0, seen: false, check: {} }

export type ProofRefusal = 'no_proof' | 'proof_unseen' | 'check_missing' | 'other_imei'

/** Returns why a move is refused for the evidence that it rests on; null where nothing speaks against it. */
export function refuseProof(evidence: Evidence, { files, seen, check }: JudgedProof): ProofRefusal | null {
  if (!isOpened(evidence)) return null
  if (evidence === 'matches' && files === 0) return 'no_proof'
  if (!seen) return 'proof_unseen'
  if (!isCompared(evidence)) return null
  if (missingAnswers(check).length > 0) return 'check_missing'
  return evidence === 'matches' && check.checkImei === 'no' ? 'other_imei' : null
}

/** A decision sooner than this after its maker opened the evidence counts as quick, in seconds. */
export const QUICK_SECONDS = 30

/** Days that the statistic of quick decisions looks back. */
export const SPEED_DAYS = 30

/** The number of decisions of one kind by the people of a unit, and of quick ones among them. */
export interface DecisionSpeed {
  /** null: city police. */
  readonly unitId: string | null
  readonly move: Move
  readonly count: number
  readonly quick: number
}
