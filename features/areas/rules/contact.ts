/** The ways to reach the police unit that has a case. Unknown ones are absent. */
export interface UnitContact {
  /** The name that people use: "Công an Quận 3". */
  readonly name: string
  readonly address?: string
  /** In the form in which it is dialled: digits alone, with `+` before a country's code. */
  readonly telephone?: string
  /** When the unit is open, in words. */
  readonly hours?: string
  /** A page that shows the place; without it the address is searched for. */
  readonly mapUrl?: string
}

/**
 * Returns a link to the unit on a map, which opens only when it is pressed: our pages load nothing of a map, so that no
 * map service learns who reads them. `https` rather than `geo:`, which desktop browsers and iPhones do not open.
 */
export function mapLink({ address, mapUrl }: UnitContact): string | null {
  if (mapUrl?.startsWith('https://')) return mapUrl
  if (!address) return null
  return `https://www.openstreetmap.org/search?query=${encodeURIComponent(`${address}, Thành phố Hồ Chí Minh`)}`
}
