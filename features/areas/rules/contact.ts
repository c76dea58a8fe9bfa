/** Holds the ways to reach the police unit that has a case. What is not known is absent. */
export interface UnitContact {
  /** As people call it: "Công an Quận 3". */
  readonly name: string
  readonly address?: string
  /** As it is dialled: digits alone, with `+` before a country's code. */
  readonly telephone?: string
  /** When somebody is there, in words. */
  readonly hours?: string
  /** A page that shows the place; without it the address is searched for. */
  readonly mapUrl?: string
}

/**
 * Returns a plain link that leads to the unit, opened by a press alone: nothing of a map is loaded by our pages, so nobody
 * learns who reads them. `https` rather than `geo:`, which desks and iPhones do not open.
 */
export function mapLink({ address, mapUrl }: UnitContact): string | null {
  if (mapUrl?.startsWith('https://')) return mapUrl
  if (!address) return null
  return `https://www.openstreetmap.org/search?query=${encodeURIComponent(`${address}, Thành phố Hồ Chí Minh`)}`
}
