import { CITY } from '#cities/city.ts'
import { type AreaMap, areasNamed, areasNow, FORMER_WARDS } from './rules.ts'
import { KIND_NAMES, ownWords, placeWords, withoutCity } from './words-rules.ts'

/** The data for finding an area: the areas of every edition, and those in force to which each leads. */
export interface Gazetteer {
  readonly areas: readonly {
    readonly id: string
    readonly nameVi: string
    readonly nameEn: string
    /** The districts in no edition from which it was drawn. */
    readonly formerly: readonly string[]
  }[]
  readonly map: AreaMap
}

interface Entry {
  readonly forms: readonly string[]
  /** The areas in force that it is or has become. */
  readonly ids: readonly string[]
}

const KINDS: readonly string[] = KIND_NAMES.flatMap((kind) => kind.split(' '))

/**
 * Returns the areas in force that a text means, as people write them: without diacritics, abbreviated, by former wards and
 * districts: `p bến nghé`, `phuong 7 q3`, `thu duc`. Whole names win over parts of names, and parts over names within an address.
 * An area's own name comes first.
 */
export function findAreas(query: string, { areas, map }: Gazetteer): readonly string[] {
  // A ward may have the city's own name, so the text is tried as typed before the city is cut off.
  const typed = placeWords(query)
  const words = withoutCity(typed, CITY.also)
  const readings = [...new Set([typed, words, ownWords(words)])].filter((one) => one !== '')
  if (readings.length === 0) return []
  const entries = entriesOf({ areas, map })
  for (const reading of readings) {
    const whole = idsOf(entries, ({ forms }) => forms.some((form) => compact(form) === compact(reading)))
    if (whole.length > 0) return whole
  }
  const parts = words.split(' ').filter((word) => !KINDS.includes(word))
  const begun = idsOf(entries, ({ forms }) => {
    const known = forms.join(' ').split(' ')
    return parts.length > 0 && parts.every((part) => known.some((word) => word.startsWith(part)))
  })
  if (begun.length > 0) return begun
  return idsOf(entries, ({ forms }) =>
    forms.some((form) => form.includes(' ') && ownWords(form) !== form && ` ${words} `.includes(` ${form} `)),
  )
}

/**
 * Returns the area in force that an answer means. The answer is an id or a text that means one area. The id may be of an ended
 * area that leads to one area, or of whose new wards the place names one. `ended`: the area was divided and must be asked for
 * again; `several`: the text means more than one; `empty`: none.
 */
export function readArea(
  answer: string,
  place: string,
  gazetteer: Gazetteer,
): { readonly area: string } | 'empty' | 'ended' | 'several' {
  const { areas, map } = gazetteer
  const known = areas.find(({ id }) => id === answer)
  const meant = known ? areasNow(map, known.id) : findAreas(answer, gazetteer)
  const [only] = meant
  if (only !== undefined && meant.length === 1) return { area: only }
  const candidates = areas.filter(({ id }) => meant.includes(id))
  const [named, other] = areasNamed(place, candidates)
  if (named !== undefined && other === undefined) return { area: named }
  if (known) return 'ended'
  return meant.length === 0 ? 'empty' : 'several'
}

const compact = (words: string): string => words.replaceAll(' ', '')

const idsOf = (entries: readonly Entry[], fits: (entry: Entry) => boolean): readonly string[] => [
  ...new Set(entries.filter(fits).flatMap(({ ids }) => ids)),
]

const formsOf = (names: readonly string[]): string[] => {
  const words = names.map(placeWords)
  return [...new Set([...words, ...words.map(ownWords)])]
}

const kept = new WeakMap<AreaMap, readonly Entry[]>()

function entriesOf({ areas, map }: Gazetteer): readonly Entry[] {
  const known = kept.get(map)
  if (known) return known
  const now = (id: string) => areasNow(map, id)
  const own = areas.map(({ id, nameVi, nameEn }) => ({ id, forms: formsOf([nameVi, nameEn]), ids: now(id) }))
  const current = own.filter(({ id }) => map.inForce.has(id))
  const ended = own.filter(({ id }) => !map.inForce.has(id))
  const districts = Map.groupBy(
    areas.flatMap(({ id, formerly }) => formerly.map((name) => ({ name, id }))),
    ({ name }) => name,
  )
  const former = [...districts].map(([name, inside]) => ({
    forms: formsOf([name, name.replace(/, .*/, '')]),
    ids: inside.flatMap(({ id }) => now(id)),
  }))
  const wards = FORMER_WARDS.map(({ nameVi, district, heirs }) => {
    const [ward, around] = [placeWords(nameVi), placeWords(district.replace(/, .*/, ''))]
    const names = [ward, ownWords(ward)]
    const within = names.flatMap((name) => [`${name} ${around}`, `${name} ${ownWords(around)}`])
    return { forms: [...new Set([...names, ...within])], ids: heirs.flatMap(now) }
  })
  const entries = [...current, ...ended, ...former, ...wards]
  kept.set(map, entries)
  return entries
}

/** An area with the names that lead to it: its district, former districts, or its present wards. */
interface Sought {
  readonly id: string
  readonly nameVi: string
  readonly nameEn: string
  readonly drawnFrom: readonly { readonly nameVi: string; readonly nameEn: string }[]
  readonly formerly: readonly string[]
  readonly became: readonly { readonly nameVi: string; readonly nameEn: string }[]
}

/** Returns the names by which each area is found while typing, in the form of `placeWords`. */
export function soughtNames(areas: readonly Sought[]): Readonly<Record<string, readonly string[]>> {
  const known = keptNames.get(areas) ?? namesOf(areas)
  keptNames.set(areas, known)
  return known
}

/** Keyed by the list of the edition in force, which is the same object from page to page. */
const keptNames = new WeakMap<readonly Sought[], Readonly<Record<string, readonly string[]>>>()

const namesOf = (areas: readonly Sought[]) =>
  Object.fromEntries(
    areas.map(({ id, nameVi, nameEn, drawnFrom, formerly, became }) => {
      const around = [...drawnFrom.flatMap((one) => [one.nameVi, one.nameEn]), ...formerly].join(' ')
      const own = [`${nameVi} ${around}`, nameEn].map(placeWords)
      const former = FORMER_WARDS.flatMap(({ heirs, nameVi: ward, district }) =>
        heirs.includes(id) || district === nameVi ? [placeWords(`${ward} ${district}`)] : [],
      )
      const present = became.flatMap((one) => [one.nameVi, one.nameEn]).map(placeWords)
      return [id, [...new Set([...own, ...former, ...present])]]
    }),
  )
