/** The report's pages in their order: one group of questions each. */
export const STEPS = ['incident', 'phone', 'evidence', 'person', 'code', 'review'] as const
export type Step = (typeof STEPS)[number]

/** The steps whose answers are kept in the draft; evidence is stored as files, a code is only checked. */
export type AnswerStep = 'incident' | 'phone' | 'person'

/** Returns the step behind `step`; the last is its own. */
export const stepAfter = (step: Step): Step => STEPS[STEPS.indexOf(step) + 1] ?? step

/** Returns the step before `step`; the first is its own. A code is not gone back to: it has been used. */
export function stepBefore(step: Step): Step {
  const before = STEPS[STEPS.indexOf(step) - 1] ?? step
  return before === 'code' ? 'person' : before
}

/** Tells whether a page may be opened while `incomplete` is the first one with something missing. */
export const isReachable = (step: Step, incomplete: Step): boolean =>
  STEPS.indexOf(step) <= STEPS.indexOf(incomplete)
