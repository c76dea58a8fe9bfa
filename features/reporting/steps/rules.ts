/**
 * The report's pages in order, each with one group of questions. The contact comes before the phone, so that a person can do the
 * later steps on another device.
 */
export const STEPS = ['incident', 'contact', 'code', 'phone', 'person', 'evidence', 'review'] as const
export type ReportStep = (typeof STEPS)[number]

/** Steps whose answers the draft keeps; evidence is stored as files, and a code is only checked. */
export const ANSWER_STEPS = ['incident', 'contact', 'phone', 'person'] as const
export type AnswerStep = (typeof ANSWER_STEPS)[number]

/** Steps shown in the progress. The code and the evidence count as part of the step before them. */
export const COUNTED_STEPS = ['incident', 'contact', 'phone', 'person', 'review'] as const

export const isCounted = (step: ReportStep): boolean => COUNTED_STEPS.some((one) => one === step)

export const stepAfter = (step: ReportStep): ReportStep => STEPS[STEPS.indexOf(step) + 1] ?? step

/** Returns the previous step. The code step is skipped, because a code cannot be used again. */
export function stepBefore(step: ReportStep): ReportStep {
  const before = STEPS[STEPS.indexOf(step) - 1] ?? step
  return before === 'code' ? 'contact' : before
}

export const isReachable = (step: ReportStep, incomplete: ReportStep): boolean =>
  STEPS.indexOf(step) <= STEPS.indexOf(incomplete)
