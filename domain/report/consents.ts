/**
 * What a person agrees to on the last page, one box a purpose. The version stands for the exact words in
 * `messages`: who changes those gives them a new version (consents.test.ts insists).
 */
export const CONSENTS = [
  { field: 'consentProcessing', purpose: 'processing', version: '2026-11-24' },
  { field: 'consentCarriers', purpose: 'carriers', version: '2026-11-24' },
  { field: 'declareTrue', purpose: 'declaration', version: '2026-11-24' },
] as const

export type ConsentField = (typeof CONSENTS)[number]['field']
