import { z } from 'zod'

/** What is to become of a release: sent, sent without the cases in `withheld`, or withheld as a whole. */
export const releaseDecision = z.object({
  releaseId: z.uuid(),
  outcome: z.enum(['sending', 'withholding']),
  reason: z.string(),
  /** Ids of cases, in order. */
  withheld: z.array(z.uuid()),
})

/** Names what is open once a release: the decision on it. */
export const releaseSubject = (releaseId: string): string => `release:${releaseId}`
