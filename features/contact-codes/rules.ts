/** How often codes were asked for within the last hour, for one purpose and one contact (or case number). */
export interface CodesAsked {
  readonly all: number
  readonly network: number
  /** By the draft or case that asks now; null where anybody may ask for the contact. */
  readonly own: number | null
}

/** The codes that one draft, case or network may ask for in an hour. */
const CODES_AN_HOUR = 3
/** Beyond so many in an hour, from all together, nobody gets a second one. */
const CALM = 12
/** The drafts of one network that are each sent a first code for the same contact in an hour. */
const DRAFTS_A_NETWORK = 10

/**
 * Tells whether a code may be asked for. The first of each who asks is theirs alone: a network's, or that of each draft of a
 * network. Strangers elsewhere, however many, can't use it up; they only take away that there is a second and a third.
 */
export function mayAskForCode({ all, network, own }: CodesAsked, scale: number): boolean {
  const scaled = (amount: number) => Math.max(1, Math.floor(amount * scale))
  if (own === 0) return network < scaled(DRAFTS_A_NETWORK)
  if (own === null && network === 0) return true
  return (own ?? network) < scaled(CODES_AN_HOUR) && network < scaled(CODES_AN_HOUR) && all < scaled(CALM)
}
