import type { PROOF_REASONS } from '../moves/review-rules.ts'
import { type Move, type MoveWith, type RULES, ruleOf, type ToldMove } from '../moves/rules.ts'
import { type GivenCheck, IMEI_CHECKS } from '../proof/rules.ts'

type CodesOf<Rule> = Rule extends { readonly codes: readonly (infer Code extends string)[] }
  ? Code
  : Rule extends { readonly readyReasons: readonly (infer Code extends string)[] }
    ? Code
    : never
/** A reason of any move, as police choose it. */
export type CaseReason = CodesOf<(typeof RULES)[Move]>
/** The reasons that must be chosen for moves of some sort; `other` is said in the words of police alone. */
type RequiredReason<M extends Move> = Exclude<
  Extract<(typeof RULES)[M], { readonly codes: unknown }>['codes'][number],
  'other'
>
/** The reasons that a citizen reads in the history of their case. */
export type ToldReason = RequiredReason<ToldMove>
/** The reasons that stand in a mail. */
export type MailedReason = RequiredReason<MoveWith<{ readonly textInMail: true }>>
type MovesWithReasons = {
  [M in Move]: [CodesOf<(typeof RULES)[M]>] extends [never] ? never : M
}[Move]

/** The texts that are ready: one a move and reason. `other` has none, for it says nothing by itself. */
export type ReadyTexts = {
  readonly [M in MovesWithReasons]: Readonly<Record<Exclude<CodesOf<(typeof RULES)[M]>, 'other'>, string>>
}

/** Lists the reasons that can be chosen for a move. */
export const reasonsOf = (move: Move): readonly string[] =>
  ruleOf(move).codes ?? ruleOf(move).readyReasons ?? []

/**
 * Returns the reason that the answers of a checklist come to, for moves that agree with the claim; null where they do not
 * say it, and a person has to choose or write.
 */
export function reasonByCheck({
  checkName,
  checkDevice,
  ...check
}: GivenCheck): (typeof PROOF_REASONS)[number] | null {
  const imeis = IMEI_CHECKS.flatMap((field) => check[field] ?? [])
  const against = imeis.includes('no') || checkName === 'no' || checkDevice === 'no'
  if (against || !checkName || !checkDevice || !imeis.includes('yes')) return null
  if (imeis.includes('not_visible')) return 'some_imeis'
  if (checkDevice === 'yes') return checkName === 'yes' ? 'agrees' : 'no_name'
  return checkName === 'none' ? 'imei_only' : null
}

/**
 * Returns the reason of a decision from its form: the chosen one. Where none was chosen and no words were written, it
 * is the one that the checklist leads to, as a script would have chosen it on the page.
 */
export function reasonGiven(
  move: Move,
  check: GivenCheck,
  {
    reasonCode,
    reason = '',
  }: { readonly reasonCode?: string | undefined; readonly reason?: string | undefined },
): string | undefined {
  if (reasonCode || reason.trim() !== '') return reasonCode
  const fits = reasonByCheck(check)
  return fits !== null && reasonsOf(move).includes(fits) ? fits : reasonCode
}
