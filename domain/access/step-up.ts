import type { CaseDecision } from '../case/decisions.ts'
import { type Instant, MINUTE, plus } from '../time.ts'

/** How long a code that was given speaks for the person at the desk. */
export const STEP_UP_LIFE = 5 * MINUTE
/** A page asks a little earlier: reading and writing take their time. */
const ASKED_BEFORE = MINUTE

/** `soon`: the page asks, and what is typed has to be right; `now`: nothing is done without a code. */
export type StepUpNeed = 'none' | 'soon' | 'now'

export function stepUpNeed(steppedUpAt: Instant, now: Instant): StepUpNeed {
  if (plus(steppedUpAt, STEP_UP_LIFE) <= now) return 'now'
  return plus(steppedUpAt, STEP_UP_LIFE - ASKED_BEFORE) <= now ? 'soon' : 'none'
}

/**
 * Why a decision on a case asks for a fresh code, or null where it asks for none: `block` and `unblock` lead to orders
 * at every carrier, `claim` settles whose phone it is. What only delays, asks or can be appealed against needs none.
 */
const WHY: Readonly<Record<CaseDecision, 'block' | 'unblock' | 'claim' | null>> = {
  take: null,
  verify: 'block',
  approve: 'block',
  uphold: 'claim',
  hold: 'block',
  confirm_hold: 'block',
  request_info: null,
  reject: null,
  send_back: null,
  accept_counterclaim: 'claim',
  refuse_counterclaim: null,
  verify_unblock: 'unblock',
  approve_unblock: 'unblock',
  refuse_unblock: null,
  release: null,
  reassign: null,
  note: null,
}

export const needsStepUp = (decision: CaseDecision): boolean => WHY[decision] !== null
