import { MINUTE } from '#lib/time.ts'

/** How long a code is valid. A message with an expired code is not sent. */
export const CODE_LIFETIME = 15 * MINUTE

export interface CodesAsked {
  readonly all: number
  readonly network: number
  /** Those of the asking draft or case; null where anybody may ask for the contact. */
  readonly own: number | null
}

/** Per hour, for one draft, case or network. */
const CODES_AN_HOUR = 3
/** Per hour, for all askers together: beyond it nobody gets a second code. */
const CALM = 12
/** Per hour: how many drafts of one network get a first code for the same contact. */
const DRAFTS_A_NETWORK = 10

/**
 * Checks the limits. Every network, and every draft of a network, has a first code of its own: strangers elsewhere cannot use it
 * up. They can only prevent a second and a third one.
 */
export function mayAskForCode({ all, network, own }: CodesAsked, scale: number): boolean {
  const scaled = (amount: number) => Math.max(1, Math.floor(amount * scale))
  if (own === 0) return network < scaled(DRAFTS_A_NETWORK)
  if (own === null && network === 0) return true
  return (own ?? network) < scaled(CODES_AN_HOUR) && network < scaled(CODES_AN_HOUR) && all < scaled(CALM)
}
