/**
 * The kinds of things that a file can show: box label, invoice, warranty card, account page at Apple or Google,
 * contract, other.
 */
export const EVIDENCE_KINDS = ['box', 'invoice', 'warranty', 'account', 'contract', 'other'] as const
/**
 * The same for the holder of a phone, who first shows the phone's own `*#06#` screen, beside their objection's word.
 */
export const HOLDER_KINDS = ['screen', ...EVIDENCE_KINDS] as const
export type EvidenceKind = (typeof HOLDER_KINDS)[number]

/**
 * Returns the kind that the form said. A file without a word about it is kept all the same: losing it would cost more.
 */
export const evidenceKind = (input: string | undefined): EvidenceKind =>
  EVIDENCE_KINDS.find((kind) => kind === input) ?? 'other'

/** Returns the same for a file of the person who holds the phone. */
export const holderKind = (input: string | undefined): EvidenceKind =>
  HOLDER_KINDS.find((kind) => kind === input) ?? 'other'
