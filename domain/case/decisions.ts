import type { Actor } from '../access/actor.ts'
import type { Instant } from '../time.ts'
import { movesOpenTo } from './lifecycle.ts'
import type { Move } from './moves.ts'
import type { CaseSnapshot } from './snapshot.ts'
import type { CaseState } from './state.ts'
import type { MoveRequest } from './transition.ts'

/** What a button of the police's case page can say (docs/interface.md, `decision`), and saving a note alone. */
export const CASE_DECISIONS = [
  'confirm_hold',
  'take',
  'verify',
  'approve',
  'uphold',
  'hold',
  'request_info',
  'reject',
  'send_back',
  'accept_counterclaim',
  'refuse_counterclaim',
  'verify_unblock',
  'approve_unblock',
  'refuse_unblock',
  'release',
  'reassign',
  'note',
] as const
export type CaseDecision = (typeof CASE_DECISIONS)[number]

/**
 * The move that a decision makes on the case it was made on; of a conflict's two, the upheld one's. Of a rejected case
 * there is only a temporary block to lift.
 */
export function moveOf(decision: CaseDecision, state?: CaseState): Move {
  if (decision === 'uphold') return 'upheld'
  return decision === 'approve_unblock' && state === 'rejected' ? 'lift_hold' : decision
}

/** Decisions that carry on what the case is there for; a page shows the first of them as its one main button. */
const FORWARD: readonly CaseDecision[] = [
  'confirm_hold',
  'take',
  'verify',
  'approve',
  'verify_unblock',
  'approve_unblock',
]

export interface DecisionsOpen {
  readonly main: CaseDecision | null
  readonly others: readonly CaseDecision[]
}

/**
 * What somebody may decide on a case now, in the order in which a page offers it. Of an open counter-claim the
 * question is whether it stands, so the ordinary verdicts wait until that is answered.
 */
export function decisionsOpenTo(
  c: CaseSnapshot,
  by: Actor,
  now: Instant,
  facts: Pick<MoveRequest, 'judgedOther' | 'decidedBefore'> = {},
): DecisionsOpen {
  const move = (decision: CaseDecision) => moveOf(decision, c.state)
  const moves = new Set(movesOpenTo(c, by, now, CASE_DECISIONS.map(move), facts))
  const open = CASE_DECISIONS.filter((decision) => moves.has(move(decision)) && makesSense(c, decision))
  const main = open.find((decision) => FORWARD.includes(decision)) ?? null
  return { main, others: open.filter((decision) => decision !== main) }
}

function makesSense(c: CaseSnapshot, decision: CaseDecision): boolean {
  const openCounterclaim = c.counterclaim === 'pending' && !c.primaryClaim
  return !openCounterclaim || (decision !== 'verify' && decision !== 'reject')
}
