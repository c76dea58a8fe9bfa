/** What a file shows: box label, invoice, warranty card, account page at Apple or Google, contract, other. */
export const EVIDENCE_KINDS = ['box', 'invoice', 'warranty', 'account', 'contract', 'other'] as const
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number]

/** What the form said. A file without a word about it is kept all the same: losing it would cost more. */
export const evidenceKind = (input: string | undefined): EvidenceKind =>
  EVIDENCE_KINDS.find((kind) => kind === input) ?? 'other'
