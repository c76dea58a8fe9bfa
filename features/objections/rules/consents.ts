/**
 * The statements that the holder agrees to on the last page. A person who changes the words gives them a new version.
 */
export const HOLDER_CONSENTS = [
  { field: 'consentProcessing', purpose: 'processing', version: 'objection-2026-11-25' },
  { field: 'declareTrue', purpose: 'declaration', version: 'objection-2026-11-25' },
] as const
export type HolderConsent = (typeof HOLDER_CONSENTS)[number]['field']
