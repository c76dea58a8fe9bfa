/**
 * The report's pages in their order: one group of questions each. The contact comes before the phone, so that a
 * person can go on with all steps after it on another device.
 */
export const STEPS = ['incident', 'contact', 'code', 'phone', 'person', 'evidence', 'review'] as const
export type ReportStep = (typeof STEPS)[number]

/** The steps whose answers are kept in the draft; evidence is stored as files, a code is only checked. */
export const ANSWER_STEPS = ['incident', 'contact', 'phone', 'person'] as const
export type AnswerStep = (typeof ANSWER_STEPS)[number]

/** The steps that are counted for the reader. The code and the evidence are what is left of the step before them. */
export const COUNTED_STEPS = ['incident', 'contact', 'phone', 'person', 'review'] as const

export const isCounted = (step: ReportStep): boolean => COUNTED_STEPS.some((one) => one === step)

/** Returns the step after `step`; for the last step the step itself. */
export const stepAfter = (step: ReportStep): ReportStep => STEPS[STEPS.indexOf(step) + 1] ?? step

/**
 * Returns the step before `step`; for the first step the step itself. The code's step is skipped: a code cannot be used
 * again.
 */
export function stepBefore(step: ReportStep): ReportStep {
  const before = STEPS[STEPS.indexOf(step) - 1] ?? step
  return before === 'code' ? 'contact' : before
}

/** Tells whether a page may be opened while `incomplete` is the first one with something missing. */
export const isReachable = (step: ReportStep, incomplete: ReportStep): boolean =>
  STEPS.indexOf(step) <= STEPS.indexOf(incomplete)
