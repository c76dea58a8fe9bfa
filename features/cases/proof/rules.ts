import { isReviewed } from '#features/disputes/sides/rules.ts'
import { EVIDENCE_KINDS, type EvidenceKind } from '#features/evidence/files/rules.ts'
import { type Move, ruleOf } from '../moves/rules.ts'
import type { EvidenceNeed, MoveSpec } from '../moves/spec-rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'

const IMEI_ANSWERS = ['yes', 'no', 'not_visible'] as const

/** The questions about a case's numbers, in the order of the numbers: as many are asked as the case has numbers. */
export const IMEI_CHECKS = ['checkImei1', 'checkImei2', 'checkImei3', 'checkImei4'] as const
type ImeiCheck = (typeof IMEI_CHECKS)[number]

export const CHECK_ANSWERS = {
  checkImei1: IMEI_ANSWERS,
  checkImei2: IMEI_ANSWERS,
  checkImei3: IMEI_ANSWERS,
  checkImei4: IMEI_ANSWERS,
  checkName: ['yes', 'no', 'none'],
  checkDevice: ['yes', 'no', 'unknown'],
} as const
export type CheckField = keyof typeof CHECK_ANSWERS
export const CHECK_FIELDS = Object.keys(CHECK_ANSWERS) as CheckField[]
const isImeiCheck = (field: CheckField): field is ImeiCheck => IMEI_CHECKS.some((one) => one === field)

type AnswerTo<F extends CheckField> = (typeof CHECK_ANSWERS)[F][number]
/** The checklist as a form sends it: an answer that is missing or unknown is left out. */
export type GivenCheck = { readonly [F in CheckField]?: AnswerTo<F> | undefined }

/** The checklist of one decision, complete: an answer for each number that was asked about. */
export interface ProofCheck {
  readonly imeis: readonly { readonly key14: string; readonly answer: (typeof IMEI_ANSWERS)[number] }[]
  readonly checkName: AnswerTo<'checkName'>
  readonly checkDevice: AnswerTo<'checkDevice'>
}

/** Returns what a person must have done with the evidence before a move on a case. */
export const evidenceFor = (rule: MoveSpec, c: CaseSnapshot): EvidenceNeed =>
  rule.opensInReview && isReviewed(c) ? 'opened' : rule.evidence

/**
 * Tells whether a person has to open the evidence before this move: true for decisions that block, unblock or settle a
 * conflict. A rejection needs none, but in the review of a block that was lifted for its holder.
 */
export const restsOnProof = (move: Move, c?: CaseSnapshot): boolean =>
  isOpened(c ? evidenceFor(ruleOf(move), c) : ruleOf(move).evidence)

/** Tells whether a checklist goes with it. A side that loses is not compared with its claim any more. */
export const asksForCheck = (move: Move): boolean => isCompared(ruleOf(move).evidence)

const isOpened = (evidence: EvidenceNeed): boolean => evidence !== 'none'
const isCompared = (evidence: EvidenceNeed): boolean => evidence === 'compared' || evidence === 'matches'

interface ClaimedImei {
  readonly key14: string
  /** Two people have agreed on it: carriers are told, or were. */
  readonly isPublic: boolean
}

/**
 * Returns the questions about numbers that a move asks: about those that wait for a paper of their own, about those that
 * are blocked where a block is lifted, and about all where none is yet, or the rest is asked elsewhere.
 */
export function imeiChecksOf(move: Move, imeis: readonly ClaimedImei[]): ImeiCheck[] {
  const { checks } = ruleOf(move)
  const asked = imeis.map(({ isPublic }) => checks === undefined || (checks === 'blocked') === isPublic)
  // A block that was passed on, or is over already, has nothing left to name: then all are compared.
  return IMEI_CHECKS.filter((_, at) => (asked.includes(true) ? asked[at] === true : at < imeis.length))
}

/** The findings of a person at one decision, by the event that it made. */
export interface FoundCheck {
  readonly seq: number
  readonly move: Move
  readonly accountId: string
  readonly check: ProofCheck
}

/** The kinds of evidence that bear no name at all: the label of a box, and the phone's own screen. */
const NAMELESS: readonly EvidenceKind[] = ['box', 'screen']

/** Holds what the evidence and the claim let a person answer. */
export interface Answerable {
  readonly imeiChecks: readonly ImeiCheck[]
  readonly name: boolean
  readonly device: boolean
}

export const answerable = (
  imeiChecks: readonly ImeiCheck[],
  kinds: readonly EvidenceKind[],
  device: boolean,
): Answerable => ({ imeiChecks, name: kinds.some((kind) => !NAMELESS.includes(kind)), device })

export const fieldsToCheck = ({ imeiChecks }: Pick<Answerable, 'imeiChecks'>): CheckField[] =>
  CHECK_FIELDS.filter((field) => !isImeiCheck(field) || imeiChecks.includes(field))

export function answersTo(field: CheckField, can: Pick<Answerable, 'name' | 'device'>): readonly string[] {
  if (field === 'checkName' && !can.name) return ['no', 'none']
  return field === 'checkDevice' && !can.device ? ['unknown'] : CHECK_ANSWERS[field]
}

/**
 * Returns the answers that a machine and the kind of evidence suggest: a number only where the machine read it, no name
 * where none can stand there, no device where none was described.
 *
 * @param read the questions about numbers that a machine read on the evidence
 */
export const suggested = (can: Answerable, read: readonly ImeiCheck[]): GivenCheck => ({
  ...Object.fromEntries(
    can.imeiChecks.filter((field) => read.includes(field)).map((field) => [field, 'yes']),
  ),
  ...(can.name ? {} : { checkName: 'none' }),
  ...(can.device ? {} : { checkDevice: 'unknown' }),
})

export const givenAnswers = (sent: GivenCheck): { readonly [F in CheckField]?: AnswerTo<F> } =>
  Object.fromEntries(CHECK_FIELDS.flatMap((field) => (sent[field] ? [[field, sent[field]]] : [])))

export const missingAnswers = (given: GivenCheck, can: Pick<Answerable, 'imeiChecks'>): CheckField[] =>
  fieldsToCheck(can).filter((field) => given[field] === undefined)

export const differingImei = (given: GivenCheck): ImeiCheck | undefined =>
  IMEI_CHECKS.find((field) => given[field] === 'no')

/** Returns the checklist of a case with these numbers where every answer is given; null otherwise. */
export function wholeCheck(
  given: GivenCheck,
  imeiChecks: readonly ImeiCheck[],
  imeis: readonly Pick<ClaimedImei, 'key14'>[],
): ProofCheck | null {
  const { checkName, checkDevice } = given
  const answers = imeis.flatMap(({ key14 }, at) => {
    const field = IMEI_CHECKS[at]
    const answer = field && imeiChecks.includes(field) ? given[field] : undefined
    return answer === undefined ? [] : [{ key14, answer }]
  })
  if (answers.length < imeiChecks.length || !checkName || !checkDevice) return null
  return { imeis: answers, checkName, checkDevice }
}

export const foundOn = (check: ProofCheck | null): string[] =>
  (check?.imeis ?? []).filter(({ answer }) => answer === 'yes').map(({ key14 }) => key14)

/** The evidence of a case at the moment of a decision, and what its maker found. */
export interface JudgedProof {
  readonly files: number
  readonly seen: boolean
  readonly check: GivenCheck
  readonly can: Answerable
}

/** The proof that is assumed where it was not looked up, so that such a decision is refused. */
export const NOTHING_SEEN: JudgedProof = {
  files: 0,
  seen: false,
  check: {},
  can: answerable([], EVIDENCE_KINDS, true),
}

export type ProofRefusal =
  | 'no_proof'
  | 'proof_unseen'
  | 'check_missing'
  | 'check_of_no_imei'
  | 'check_nameless'
  | 'check_no_device'
  | 'other_imei'
  | 'no_imei_found'

/** Returns why a move is refused for the evidence that it rests on; null where nothing speaks against it. */
export function refuseProof(
  evidence: EvidenceNeed,
  { files, seen, check, can }: JudgedProof,
): ProofRefusal | null {
  if (!isOpened(evidence)) return null
  if (evidence === 'matches' && files === 0) return 'no_proof'
  if (!seen) return 'proof_unseen'
  if (!isCompared(evidence)) return null
  if (missingAnswers(check, can).length > 0) return 'check_missing'
  const refusal = refuseAnswers(check, can)
  if (refusal || evidence !== 'matches') return refusal
  if (differingImei(check)) return 'other_imei'
  return can.imeiChecks.some((field) => check[field] === 'yes') ? null : 'no_imei_found'
}

/** Returns why answers cannot be true of this evidence and this claim; null where they can. */
function refuseAnswers(check: GivenCheck, can: Answerable): ProofRefusal | null {
  if (IMEI_CHECKS.some((field) => check[field] !== undefined && !can.imeiChecks.includes(field)))
    return 'check_of_no_imei'
  const fits = (field: 'checkName' | 'checkDevice') => answersTo(field, can).includes(check[field] ?? '')
  if (!fits('checkName')) return 'check_nameless'
  return fits('checkDevice') ? null : 'check_no_device'
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
