/** How people reach the police unit that has a case. What is not known is absent. */
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

/** Writes a number as people read it out: `1022`, `1900 545413`, `028 3829 7643`, `+84 24 3944 6699`. */
export function groupTelephone(number: string): string {
  if (/^\d{1,5}$/.test(number)) return number
  if (/^1[89]00\d{4,6}$/.test(number)) return `${number.slice(0, 4)} ${number.slice(4)}`
  const abroad = /^\+84(\d+)$/.exec(number)
  const local = abroad ? `0${abroad[1]}` : number
  const grouped = /^(02[48]|02\d\d|0[35789]\d\d)(\d{3,4}?)(\d{3,4})$/.exec(local)
  if (!grouped) return number
  const [, area = '', first = '', last = ''] = grouped
  return `${abroad ? `+84 ${area.slice(1)}` : area} ${first} ${last}`
}
