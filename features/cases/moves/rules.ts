import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { type CaseState, stateOf } from '../record/state-rules.ts'
import { FACTS } from './added-facts-rules.ts'
import { CARRIERS } from './carriers-rules.ts'
import { CONFLICT } from './conflict-rules.ts'
import { CONTACTS } from './contacts-rules.ts'
import { DATA } from './data-rules.ts'
import { DECIDERS } from './deciders-rules.ts'
import { ENDS } from './ends-rules.ts'
import { FOUND } from './found-rules.ts'
import { HOLD, type HoldRequest, waitsForSecondOfHold } from './hold-rules.ts'
import { IMEI } from './imei-rules.ts'
import { LATER_IMEI } from './later-imei-rules.ts'
import { LETTERS } from './letters-rules.ts'
import { OBJECTION } from './objection-rules.ts'
import { REVIEW } from './review-rules.ts'
import type { MoveSpec, Need } from './spec-rules.ts'
import type { MoveFacts } from './transition-rules.ts'
import { UNBLOCK } from './unblock-rules.ts'
import { WATCH } from './watch-rules.ts'

export { CONTESTABLE } from './conflict-rules.ts'
export { UNAPPROVED } from './ends-rules.ts'
export { isContested, mayCollect, OWNED } from './found-rules.ts'
export { isBlocked } from './objection-rules.ts'
export { INFO_CODES } from './review-rules.ts'
export { findsForHolder } from './unblock-rules.ts'

/** Every move (docs/rules.md, "The case"), each defined in one file of `moves/`. */
export const RULES = {
  ...REVIEW,
  ...FACTS,
  ...IMEI,
  ...LATER_IMEI,
  ...HOLD,
  ...WATCH,
  ...CARRIERS,
  ...ENDS,
  ...UNBLOCK,
  ...CONFLICT,
  ...FOUND,
  ...OBJECTION,
  ...CONTACTS,
  ...DECIDERS,
  ...LETTERS,
  ...DATA,
} as const satisfies Record<string, MoveSpec>

export type Move = keyof typeof RULES
/** A move that is no longer made but remains in histories. */
export type PastMove = 'refuse_counterclaim'
export const MOVES = Object.keys(RULES) as Move[]

export const ruleOf = (move: Move): MoveSpec => RULES[move]

export const movesThat = (are: (rule: MoveSpec) => boolean): Move[] =>
  MOVES.filter((move) => are(ruleOf(move)))

export type MoveWith<Has> = { [M in Move]: (typeof RULES)[M] extends Has ? M : never }[Move]
/** Moves that the citizen of a case is told of: each has a message and a line in the history. */
export type ToldMove = Exclude<Move, MoveWith<{ readonly quiet: true }>>

export const DATA_MOVES = Object.keys(DATA) as (keyof typeof DATA)[]

/** The moves that hand over a decision on paper, also of a closed case. */
export const LETTER_MOVES = Object.keys(LETTERS) as (keyof typeof LETTERS)[]

/** The moves that change who is told of a case; like those about data, they do not change its state. */
export const CONTACT_MOVES = Object.keys(CONTACTS) as (keyof typeof CONTACTS)[]

export function targetOf({ to }: MoveSpec, c: CaseSnapshot, facts: MoveFacts): CaseState {
  const target = to === null || typeof to === 'string' ? to : to.which(c, facts)
  return target ?? c.state
}

export const targetsOf = ({ to }: MoveSpec, from: CaseState): CaseState[] =>
  (to === null || typeof to === 'string' ? [to] : to.states).map((state) => state ?? from)

export const needs = (move: Move, need: Need): boolean => ruleOf(move).needs?.includes(need) ?? false

/** Moves that ask police to lift a block, or restate why; the last one decides whose request it is. */
export const UNBLOCK_ASKED = movesThat((rule) => rule.asksUnblock === true)

/** Moves after which no unblock rests any more on an officer's finding for a holder. */
export const FINDING_ENDED = ['objection_over', 'finding_over'] as const satisfies Move[]

/** Returns the event that the unblock in `unblock_review` rests on, from a case's events, newest first. */
export function findUnblockGround<E extends { readonly move: string }>(events: readonly E[]): E | undefined {
  const ended = events.findIndex(({ move }) => FINDING_ENDED.some((one) => one === move))
  return events.find(
    ({ move }, at) =>
      UNBLOCK_ASKED.some((one) => one === move) &&
      // The request that stood before the finding stands again.
      !(move === 'uphold_objection' && ended !== -1 && ended < at),
  )
}

/** Checks from a case's events, newest first, whether the citizen asked for the unblock in `unblock_review`. */
export function askedByCitizen(events: readonly { readonly move: string }[]): boolean {
  const ground = findUnblockGround(events)
  return ground !== undefined && ruleOf(ground.move as Move).who === 'citizen'
}

export const isHoldAsked = (c: HoldRequest & Pick<CaseSnapshot, 'state'>): boolean =>
  waitsForSecondOfHold(c) && stateOf(c.state).block === 'undecided'

/**
 * Returns the deadline for a second person to confirm a requested temporary block; null if none waits or it cannot be confirmed
 * now.
 */
export const holdWaitsUntil = (
  c: HoldRequest &
    Pick<CaseSnapshot, 'state' | 'held' | 'withdrawEffectiveAt' | 'holdDueAt' | 'renewalDueAt'>,
): Date | null =>
  isHoldAsked(c) && c.held === null && c.withdrawEffectiveAt === null ? (c.renewalDueAt ?? c.holdDueAt) : null
