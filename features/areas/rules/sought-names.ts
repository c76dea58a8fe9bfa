import { FORMER_WARDS } from './places.ts'
import { placeWords } from './words.ts'

/** An area with what leads to it: its district, or the districts of no edition that it was drawn from. */
interface Sought {
  readonly id: string
  readonly nameVi: string
  readonly nameEn: string
  readonly drawnFrom: readonly { readonly nameVi: string; readonly nameEn: string }[]
  readonly formerly: readonly string[]
}

/** The number of areas from which a list is too long to be looked through on a phone. */
const LONG_LIST = 40

/**
 * Returns the names that find each area while typing: its own name and the names of the wards that it took over, each
 * with its district, in the form of `placeWords`. Null where the list is short enough to be looked through.
 */
export function soughtNames(areas: readonly Sought[]): Readonly<Record<string, readonly string[]>> | null {
  if (areas.length < LONG_LIST) return null
  const known = kept.get(areas) ?? namesOf(areas)
  kept.set(areas, known)
  return known
}

/** A cache by the list of the edition in force, which is the same object from page to page. */
const kept = new WeakMap<readonly Sought[], Readonly<Record<string, readonly string[]>>>()

const namesOf = (areas: readonly Sought[]) =>
  Object.fromEntries(
    areas.map(({ id, nameVi, nameEn, drawnFrom, formerly }) => {
      const around = [...drawnFrom.flatMap((one) => [one.nameVi, one.nameEn]), ...formerly].join(' ')
      const own = [`${nameVi} ${around}`, nameEn].map(placeWords)
      const former = FORMER_WARDS.flatMap(({ heirs, nameVi, district }) =>
        heirs.includes(id) ? [placeWords(`${nameVi} ${district}`)] : [],
      )
      return [id, [...new Set([...own, ...former])]]
    }),
  )
