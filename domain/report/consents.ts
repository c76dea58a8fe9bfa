/**
 * The statements that a person agrees to on the last page, one box a purpose; without those that are `required` nothing
 * is sent. The version stands for the exact words in `messages`: a person who changes those gives them a new version
 * (consents.test.ts insists).
 */
export const CONSENTS = [
  { field: 'consentProcessing', purpose: 'processing', version: '2026-11-24', required: true },
  { field: 'consentCarriers', purpose: 'carriers', version: '2026-11-24', required: true },
  { field: 'declareTrue', purpose: 'declaration', version: '2026-11-24', required: true },
  // Passes on more than the other two: a number. It may be left out, and nobody is served any worse for it.
  { field: 'consentSim', purpose: 'sim_question', version: '2026-11-24', required: false },
] as const

export type ConsentField = (typeof CONSENTS)[number]['field']
export type ConsentPurpose = (typeof CONSENTS)[number]['purpose']

/** Returns the boxes to show: nobody is asked about a number they have not given. */
export const consentsAsked = (phoneNumbers: number) =>
  CONSENTS.filter(({ field }) => field !== 'consentSim' || phoneNumbers > 0)
