import { buttonOf, type CaseDecision } from '#features/cases/rules/decisions.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'

/** The time for which a code that was given speaks for the person at the desk. */
export const STEP_UP_LIFE = 5 * MINUTE
/** A page asks a little earlier: reading and writing take their time. */
const ASKED_BEFORE = MINUTE

/** `soon`: the page asks, and what is typed has to be right; `now`: nothing is done without a code. */
export type StepUpNeed = 'none' | 'soon' | 'now'

export function stepUpNeed(steppedUpAt: Instant, now: Instant): StepUpNeed {
  if (addMilliseconds(steppedUpAt, STEP_UP_LIFE) <= now) return 'now'
  return addMilliseconds(steppedUpAt, STEP_UP_LIFE - ASKED_BEFORE) <= now ? 'soon' : 'none'
}

/** Tells whether a decision on a case asks for a fresh code; why, its form says (features/cases/rules/moves). */
export const needsStepUp = (decision: CaseDecision): boolean => buttonOf(decision).stepUp !== null
