import { isReviewed } from '#features/disputes/sides/rules.ts'
import { EVIDENCE_KINDS, type EvidenceKind } from '#features/evidence/files/rules.ts'
import { type Move, ruleOf } from '../moves/rules.ts'
import type { EvidenceNeed, MoveSpec } from '../moves/spec-rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'

const IMEI_ANSWERS = ['yes', 'no', 'not_visible'] as const

/** The questions about a case's numbers, in the order of the numbers; one is asked per number. */
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
/** The checklist as a form sends it; missing or unknown answers are left out. */
export type GivenCheck = { readonly [F in CheckField]?: AnswerTo<F> | undefined }

/** The complete checklist of one decision, with an answer for each number asked about. */
export interface ProofCheck {
  readonly imeis: readonly { readonly key14: string; readonly answer: (typeof IMEI_ANSWERS)[number] }[]
  readonly checkName: AnswerTo<'checkName'>
  readonly checkDevice: AnswerTo<'checkDevice'>
}

export const evidenceFor = (rule: MoveSpec, c: CaseSnapshot): EvidenceNeed =>
  rule.opensInReview && isReviewed(c) ? 'opened' : rule.evidence

/**
 * Checks whether a person must open the evidence before this move: true for decisions that block, unblock or settle a conflict. A
 * rejection needs it only in the review of a block that was lifted for its holder.
 */
export const restsOnProof = (move: Move, c?: CaseSnapshot): boolean =>
  isOpened(c ? evidenceFor(ruleOf(move), c) : ruleOf(move).evidence)

/** Checks whether a move has a checklist. A losing side's evidence is no longer compared with its claim. */
export const asksForCheck = (move: Move): boolean => isCompared(ruleOf(move).evidence)

const isOpened = (evidence: EvidenceNeed): boolean => evidence !== 'none'
const isCompared = (evidence: EvidenceNeed): boolean => evidence === 'compared' || evidence === 'matches'

interface ClaimedImei {
  readonly key14: string
  /** Two people have agreed on it, so carriers are or were told. */
  readonly isPublic: boolean
}

/**
 * Returns the questions about numbers that a move asks: about the waiting ones, the blocked ones or all, by the rule's `checks`.
 */
export function imeiChecksOf(move: Move, imeis: readonly ClaimedImei[]): ImeiCheck[] {
  const { checks } = ruleOf(move)
  const asked = imeis.map(({ isPublic }) => checks === undefined || (checks === 'blocked') === isPublic)
  // A block that was passed on or is over has no blocked number left; then all are compared.
  return IMEI_CHECKS.filter((_, at) => (asked.includes(true) ? asked[at] === true : at < imeis.length))
}

export interface FoundCheck {
  readonly seq: number
  readonly move: Move
  readonly accountId: string
  readonly check: ProofCheck
}

/** The kinds of evidence that bear no name at all: the label of a box, and the phone's own screen. */
const NAMELESS: readonly EvidenceKind[] = ['box', 'screen']

/** The answers that the evidence and the claim allow. */
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
 * Returns the answers suggested by a machine and the kind of evidence: a number only if the machine read it, no name if the
 * evidence cannot bear one, no device if none was described.
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

/** Returns the complete checklist of a case with these numbers; null if an answer is missing. */
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

export interface JudgedProof {
  readonly files: number
  readonly seen: boolean
  readonly check: GivenCheck
  readonly can: Answerable
}

/** Assumed if the proof was not looked up, so that such a decision is refused. */
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

/** Returns why answers cannot be true of this evidence and this claim, or null. */
function refuseAnswers(check: GivenCheck, can: Answerable): ProofRefusal | null {
  if (IMEI_CHECKS.some((field) => check[field] !== undefined && !can.imeiChecks.includes(field)))
    return 'check_of_no_imei'
  const fits = (field: 'checkName' | 'checkDevice') => answersTo(field, can).includes(check[field] ?? '')
  if (!fits('checkName')) return 'check_nameless'
  return fits('checkDevice') ? null : 'check_no_device'
}

/** A decision made within this time after opening the evidence counts as quick, in seconds. */
export const QUICK_SECONDS = 30

/** Days that the statistic of quick decisions covers. */
export const SPEED_DAYS = 30

/** How many decisions of one kind the people of a unit made, and how many of them were quick. */
export interface DecisionSpeed {
  /** null: city police. */
  readonly unitId: string | null
  readonly move: Move
  readonly count: number
  readonly quick: number
}
