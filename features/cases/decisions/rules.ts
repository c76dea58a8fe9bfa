import type { Actor } from '#lib/access/actor.ts'
import { everyOf } from '#lib/every.ts'
import type { Instant } from '#lib/time.ts'
import { type KnownFacts, movesOpenTo } from '../moves/lifecycle-rules.ts'
import type { PROOF_REASONS } from '../moves/review-rules.ts'
import { MOVES, type Move, type MoveWith, RULES, ruleOf, type ToldMove } from '../moves/rules.ts'
import type { DecisionForm } from '../moves/spec-rules.ts'
import type { SentBack } from '../moves/transition-rules.ts'
import { type GivenCheck, IMEI_CHECKS } from '../proof/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import type { CaseState } from '../record/state-rules.ts'

type DecidedMove = MoveWith<{ readonly form: { readonly decision: string } }>
export type CaseDecision = (typeof RULES)[DecidedMove]['form']['decision']

/**
 * The decisions of the buttons on the police's case page (docs/interface.md, `decision`), and saving a note alone, in the order
 * of the page.
 */
export const CASE_DECISIONS = everyOf<CaseDecision>()([
  'confirm_hold',
  'confirm_renewal',
  'take',
  'release_imeis',
  'set_imei',
  'verify',
  'approve',
  'uphold',
  'ask_side',
  'hold',
  'renew_hold',
  'request_info',
  'drop_imei',
  'reject',
  'send_back',
  'confirm_lift_shared',
  'confirm_keep_shared',
  'lift_shared',
  'keep_shared',
  'accept_counterclaim',
  'verify_unblock',
  'stop_watch',
  'approve_unblock',
  'refuse_unblock',
  'take_back',
  'release',
  'reassign',
  'note',
])

const isDecided = (move: Move): move is DecidedMove => {
  const { form } = RULES[move]
  return form !== null && 'decision' in form
}
const DECIDED = MOVES.filter(isDecided)

/** The moves that count as a person's finished work: decisions, but not how a case passes between people. */
export const WORK_MOVES: readonly Move[] = DECIDED.filter(
  (move) => !['take', 'note', 'release', 'reassign', 'take_back', 'take_back_return'].includes(move),
)

/**
 * Returns the move that a decision makes on its case; in a conflict, on the upheld case. If two moves share a button, the state
 * of the case selects one; without a fitting state it is the move with the decision's name.
 */
export function moveOf(decision: CaseDecision, state?: CaseState): DecidedMove {
  const moves = DECIDED.filter((move) => RULES[move].form.decision === decision)
  const from = (move: DecidedMove): readonly CaseState[] => RULES[move].from
  const fits = moves.find((one) => state !== undefined && from(one).includes(state))
  const move = fits ?? moves.find((one) => one === decision) ?? moves[0]
  if (move === undefined) throw new Error(`no move is made by ${decision}`)
  return move
}

export const buttonOf = (decision: CaseDecision, state?: CaseState): DecisionForm =>
  RULES[moveOf(decision, state)].form

export interface DecisionsOpen {
  readonly main: CaseDecision | null
  readonly others: readonly CaseDecision[]
}

export function decisionsOpenTo(
  c: CaseSnapshot,
  by: Actor,
  now: Instant,
  facts: KnownFacts = {},
): DecisionsOpen {
  const move = (decision: CaseDecision) => moveOf(decision, c.state)
  const moves = new Set<Move>(movesOpenTo(c, by, now, CASE_DECISIONS.map(move), facts))
  const open = CASE_DECISIONS.filter((decision) => moves.has(move(decision)))
  const main = open.find((decision) => buttonOf(decision, c.state).goes === 'forward') ?? null
  return { main, others: open.filter((decision) => decision !== main) }
}

/** Returns the verification that the last move of a case sent back; null if the last move was another one. */
export function sentBackIn(
  events: readonly {
    readonly seq: number
    readonly move: string
    readonly actorId: string | null
    readonly at: Instant
  }[],
  version: number,
): SentBack | null {
  const newest = (name: string) =>
    events.filter(({ move }) => move === name).toSorted((a, b) => b.seq - a.seq)[0]
  const [back, verified] = [newest('send_back'), newest('verify')]
  if (back?.seq !== version || back.actorId === null || !verified || verified.actorId === null) return null
  return { byId: back.actorId, verifiedById: verified.actorId, decidedAt: verified.at }
}

type CodesOf<Rule> = Rule extends { readonly codes: readonly (infer Code extends string)[] }
  ? Code
  : Rule extends { readonly readyReasons: readonly (infer Code extends string)[] }
    ? Code
    : never
export type CaseReason = CodesOf<(typeof RULES)[Move]>
/** The reasons that must be chosen for these moves; `other` is explained only in the words of the police. */
type RequiredReason<M extends Move> = Exclude<
  Extract<(typeof RULES)[M], { readonly codes: unknown }>['codes'][number],
  'other'
>
export type ToldReason = RequiredReason<ToldMove>
export type MailedReason = RequiredReason<MoveWith<{ readonly textInMail: true }>>
/** The ready texts, one per move and reason. `other` has none, because it says nothing by itself. */
export type ReadyTexts = {
  readonly [M in {
    [M in Move]: [CodesOf<(typeof RULES)[M]>] extends [never] ? never : M
  }[Move]]: Readonly<Record<Exclude<CodesOf<(typeof RULES)[M]>, 'other'>, string>>
}

export const moveReasons = (move: Move): readonly string[] =>
  ruleOf(move).codes ?? ruleOf(move).readyReasons ?? []

/**
 * Returns the reason that fits the answers of a checklist, for moves that agree with the claim; null if none fits, and a person
 * has to choose or write one.
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
 * Returns the reason of a decision from its form. If none was chosen and no words were written, it is the one that fits the
 * checklist, as the script on the page would have chosen it.
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
  return fits !== null && moveReasons(move).includes(fits) ? fits : reasonCode
}
