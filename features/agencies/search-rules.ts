import { CITY } from '#cities/city.ts'
import { foldDiacritics } from '#lib/text-normalization.ts'
import {
  type Agency,
  type AgencyName,
  type AgencyVersion,
  type Catalogue,
  englishName,
  openOn,
  successorsOn,
} from './rules.ts'

/** Returns a name in this city by which people may search for an agency: `quan 3`. */
export const searchExample = (): string => CITY.example.replaceAll('-', ' ')

const MAX_QUERY_LENGTH = 200
const MOST_OFFERED = 12

/** The most former names shown: a dozen districts had a ward of the same number. */
const MOST_FORMER = 24
/** From this length on, a word also matches a known word with one typing error. Shorter words are too similar to each other. */
const LONG_WORD = 6

/** Numbers of districts as people say them: `quận ba`, the first also `quận nhất` and the fourth `quận tư`. */
const NUMBERS: Readonly<Record<string, number>> = {
  mot: 1,
  nhat: 1,
  hai: 2,
  ba: 3,
  bon: 4,
  tu: 4,
  nam: 5,
  sau: 6,
  bay: 7,
  tam: 8,
  chin: 9,
  muoi: 10,
  'muoi mot': 11,
  'muoi hai': 12,
}
const LETTERS = new Map([
  ['bql', 'ban quan ly'],
  ['kcx', 'khu che xuat'],
  ['kcn', 'khu cong nghiep'],
  ['kcnc', 'khu cong nghe cao'],
])
const NUMBERED = new RegExp(`\\b(?:quan|q) (${Object.keys(NUMBERS).toReversed().join('|')})\\b`, 'g')

/** The office at a place, written before it or, in English, after it. */
const OFFICE =
  /^(?:(?:uy ban nhan dan|uy ban|ubnd|ub|hoi dong nhan dan|hdnd|van phong|vp|tru so|bo phan mot cua|mot cua|people s committee|office)(?: of)? )+/
const OFFICE_AFTER = / people s committee$/
/** The last of the names of the city or country at the end of a search. The name before it may be a ward's own. */
const CITY_LAST = new RegExp(
  `(?: of)?(?: thanh pho| tp| (?:${CITY.also.join('|')})(?: city)?| viet nam| vietnam| vn)$`,
)
/** The most such names in a row: the city by two of its names, `Việt Nam`. */
const CITY_NAMES = 5
/** The kind of place. Thủ Đức was a district, then a city, and people still use both. */
const KIND =
  /^(?:quan|q|huyen|h|thanh pho|tp|thi xa|tx|thi tran|tt|phuong|p|xa|x|dac khu|so|s|department of|dept of) (?!\d)/
/** The same within a text: the kind of district after a ward's name. */
const DISTRICT_KIND = / (?:quan|q|huyen|h|thanh pho|tp|thi xa|tx) (?!\d)/g
const KIND_AFTER = / (?:rural district|district|city|town|township|ward|commune|special zone)$/

/** Words in so many names that they do not narrow a search. */
const EVERYWHERE = new Set(
  'quan huyen phuong xa so ban cac khu tp district rural ward commune city department of'
    .split(' ')
    .concat(CITY.also.filter((name) => !name.includes(' '))),
)

/**
 * Returns a name in the form for comparing names: words without diacritics, numbers separate and without leading zeros, `và` and
 * `&` left out. `Q.03` and `quận ba` → `quan 3`; `Sở GD&ĐT` → `so gd dt`.
 */
const comparableName = (text: string): string =>
  (foldDiacritics(text).match(/\p{L}+|\p{N}+/gu) ?? [])
    .map((word) => LETTERS.get(word) ?? word.replace(/^0+(?=\d)/, ''))
    .join(' ')
    .replace(/ (?:va|and)(?= )/g, '')
    .replace(/\b(?:q|d|dist)(?= \d)/g, 'quan')
    .replace(/\bp(?= \d)/g, 'phuong')
    .replace(NUMBERED, (_, number: string) => `quan ${NUMBERS[number]}`)

/** Returns words without spaces: some people write `gd dt`, others `gddt`. */
const compact = (words: string): string => words.replaceAll(' ', '')

/** Returns a place's own name: `Quận Bình Thạnh` is Bình Thạnh; `Quận 1` has no other. */
const bare = (name: string): string =>
  name.replace(/^(Quận(?! \d)|Huyện|Thành phố|Phường(?! \d)|Xã|Thị trấn|Đặc khu) /, '').replace(/, .*$/, '')

/** Returns the forms of an agency's abbreviation: `SGTVT`, and `GTVT` as people write it after `Sở`. */
const shortNames = ({ abbreviation, nameVi }: Pick<Agency, 'abbreviation' | 'nameVi'>): string[] =>
  abbreviation === null
    ? []
    : nameVi.startsWith('Sở ')
      ? [abbreviation, abbreviation.replace(/^S/, '')]
      : [abbreviation]

interface Names {
  readonly long: readonly string[]
  readonly all: readonly string[]
  readonly words: readonly string[]
}
const NAMES = new WeakMap<Agency, Names>()

function namesOf(agency: Agency): Names {
  const known = NAMES.get(agency)
  if (known) return known
  const { nameVi, nameEn, areas } = agency
  const long = [nameVi, bare(nameVi), nameEn, ...areas.flatMap((area) => [area, bare(area)])].map(
    comparableName,
  )
  const all = [...long, ...shortNames(agency).map(comparableName)]
  const names = { long, all, words: all.join(' ').split(' ') }
  NAMES.set(agency, names)
  return names
}

/** Returns the readings of a search, the most literal first: as typed, then without city, office and kind of place. */
function readings(query: string): readonly string[] {
  const typed = withoutCity(comparableName(query.slice(0, MAX_QUERY_LENGTH)))
  const places = typed.map((words) => words.replace(OFFICE, '').replace(OFFICE_AFTER, ''))
  const bare = [...typed, ...places].map((words) => words.replace(KIND, '').replace(KIND_AFTER, ''))
  return [...new Set([...typed, ...places, ...bare])].filter((words) => words !== '')
}

function withoutCity(words: string, most: number = CITY_NAMES): readonly string[] {
  const less = words.replace(CITY_LAST, '')
  return most === 0 || less === words ? [words] : [words, ...withoutCity(less, most - 1)]
}

const firstOf = <A>(meant: readonly string[], find: (words: string) => readonly A[]): readonly A[] =>
  meant.map(find).find((found) => found.length > 0) ?? []

/**
 * Returns the agencies that a search means, as people write them: without diacritics, with the office before and the city after,
 * as a city that is still a district here, or abbreviated: `q1`, `UBND quận 3`, `tp thu duc`, `Sở GTVT`. Whole names and
 * abbreviations win over parts of names: `q1` means District 1, and not District 10 too. A ward is also found by the district
 * from which it was drawn.
 */
export function searchAgencies<A extends Agency>(agencies: readonly A[], query: string): readonly A[] {
  const meant = readings(query)
  if (meant.length === 0) return agencies
  const whole = firstOf(meant, (words) =>
    agencies.filter((agency) => namesOf(agency).all.some((name) => compact(name) === compact(words))),
  )
  if (whole.length > 0) return whole
  return firstOf(meant, (words) => {
    const parts = words.split(' ')
    return agencies.filter((agency) =>
      parts.every((part) => namesOf(agency).words.some((word) => word.startsWith(part))),
    )
  })
}

/**
 * Returns the agencies that may have been meant if none was found. First come those whose whole name is in the search (`Công an
 * quận 3`). If there are none, it returns those that share the most words with the search: at least two, and at least half of
 * several words. One word in common is mostly chance.
 */
export function nearestAgencies<A extends Agency>(agencies: readonly A[], query: string): readonly A[] {
  const typed = comparableName(query.slice(0, MAX_QUERY_LENGTH))
  const within = agencies.filter((agency) =>
    namesOf(agency).long.some((name) => name !== '' && ` ${typed} `.includes(` ${name} `)),
  )
  if (within.length > 0) return within.slice(0, MOST_OFFERED)
  const words = [...new Set(typed.split(' '))].filter((word) => word !== '' && !EVERYWHERE.has(word))
  const named = agencies.map((agency) => ({ agency, known: new Set(namesOf(agency).words) }))
  const all = new Set(named.flatMap(({ known }) => [...known]))
  const mistyped = new Set(words.filter((word) => word.length >= LONG_WORD && !all.has(word)))
  const shared = named.map(({ agency, known }) => {
    const has = (word: string) =>
      known.has(word) || (mistyped.has(word) && [...known].some((other) => oneApart(word, other)))
    return { agency, count: words.filter(has).length }
  })
  const least = Math.max(Math.min(2, words.length), words.length / 2, 1)
  const most = Math.max(least, ...shared.map(({ count }) => count))
  return shared
    .filter(({ count }) => count === most)
    .map(({ agency }) => agency)
    .slice(0, MOST_OFFERED)
}

/** Checks whether two words differ by one added, missing or other letter. */
function oneApart(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false
  let same = 0
  while (same < one.length && one[same] === other[same]) same++
  const [rest, restOfOther] = [one.slice(same), other.slice(same)]
  return (
    rest.slice(1) === restOfOther.slice(1) || rest.slice(1) === restOfOther || rest === restOfOther.slice(1)
  )
}

/**
 * Searches the agencies of a day and the former names. A former name is found as a whole (`Bến Nghé`, `p.12 gò vấp`). If no open
 * agency is found, ended or renamed agencies are also found by parts (`so giao thong`), and wards within an address.
 */
export function searchPlaces<A extends Agency, F extends FormerName>(
  open: readonly A[],
  former: readonly F[],
  query: string,
): { readonly found: readonly A[]; readonly former: readonly F[]; readonly near: readonly A[] } {
  const found = searchAgencies(open, query)
  if (readings(query).length === 0) return { found, former: [], near: [] }
  const shown = new Set(found.map(({ id }) => id))
  const old = searchFormer(former, query, found.length === 0)
    .filter(({ now }) => now.length === 0 || now.some(({ id }) => !shown.has(id)))
    .slice(0, MOST_FORMER)
  const near = found.length + old.length === 0 ? nearestAgencies(open, query) : []
  return { found, former: old, near }
}

function searchFormer<F extends FormerName>(former: readonly F[], query: string, loosely: boolean) {
  const meant = readings(query).map((words) => words.replace(DISTRICT_KIND, ' '))
  const named = former.map((one) => ({ one, names: formerNamesOf(one) }))
  const whole = firstOf(meant, (words) =>
    named.filter(({ names }) => names.some((name) => compact(name) === compact(words))),
  )
  if (whole.length > 0 || !loosely) return whole.map(({ one }) => one)
  const parts = firstOf(meant, (words) =>
    named.filter(({ one, names }) => {
      const known = names.join(' ').split(' ')
      return (
        one.why !== 'ward' && words.split(' ').every((part) => known.some((word) => word.startsWith(part)))
      )
    }),
  )
  if (parts.length > 0) return parts.map(({ one }) => one)
  return named
    .filter(({ one }) => one.why === 'ward')
    .filter(({ one, names }) =>
      names.some(
        // The bare name alone may be a street's or a person's.
        (name) =>
          name !== comparableName(bare(one.nameVi)) &&
          meant.some((words) => ` ${words} `.includes(` ${name} `)),
      ),
    )
    .map(({ one }) => one)
}

/** The comparable forms of the former wards' names. They never change, and are too many to make for each search. */
const WARD_NAMES = new Map<string, readonly string[]>()

function formerNamesOf({ nameVi, nameEn, abbreviation, district }: FormerName): readonly string[] {
  const own = [nameVi, nameEn, bare(nameVi)]
  if (district === null) return compared([...own, ...shortNames({ nameVi, abbreviation })])
  const key = `${nameVi}, ${district}`
  const known = WARD_NAMES.get(key)
  if (known !== undefined) return known
  const inside = [nameVi, bare(nameVi)].flatMap((name) =>
    [bare(district), district].map((area) => `${name} ${area}`),
  )
  const names = compared([...own, ...inside])
  WARD_NAMES.set(key, names)
  return names
}

const compared = (names: readonly string[]): readonly string[] =>
  names.map((name) => comparableName(name).replace(DISTRICT_KIND, ' '))

/** A name that no agency has today, and today's agencies to which it leads. */
export interface FormerName<A extends Agency = Agency> extends AgencyName {
  /** `ward`: a ward until July 2025, which was never rated itself. */
  readonly why: 'ended' | 'renamed' | 'ward'
  /** The agency that ended or was renamed; null for a ward. */
  readonly id: string | null
  readonly abbreviation: string | null
  /** The district that a ward was in, by name; null for anything else. */
  readonly district: string | null
  /** The first local date on which it was no longer an agency's name; null for a ward. */
  readonly on: string | null
  /** Empty if the agency was abolished. */
  readonly now: readonly A[]
}

/**
 * Returns every former name on a day: names of ended agencies, earlier names of agencies that continue, and the wards that
 * existed until July 2025. A ward leads to the unit that took it over or, until that unit is open, to its district.
 */
export function formerNames(catalogue: Catalogue, today: string): readonly FormerName<AgencyVersion>[] {
  const open = openOn(catalogue, today)
  const openById = new Map(open.map((version) => [version.id, version]))
  const openByName = new Map(open.map((version) => [version.nameVi, version]))
  const versions = catalogue.versions.flatMap((version): FormerName<AgencyVersion>[] => {
    const { id, nameVi, nameEn, abbreviation, validTo: on } = version
    if (on === null || on > today || openByName.get(nameVi)?.id === id) return []
    const goesOn = openById.has(id)
    const now = goesOn ? open.filter((one) => one.id === id) : successorsOn(catalogue, id, today)
    return [{ why: goesOn ? 'renamed' : 'ended', id, nameVi, nameEn, abbreviation, district: null, on, now }]
  })
  const places = Object.entries(CITY.formerWards).flatMap(([district, inside]) =>
    Object.entries(inside).map(([nameVi, units]): FormerName<AgencyVersion> => {
      const heirs = units.flatMap((id) => openById.get(id) ?? [])
      const whole = openByName.get(district)
      return {
        why: 'ward',
        id: null,
        nameVi,
        nameEn: englishName(nameVi),
        abbreviation: null,
        district,
        on: null,
        now: heirs.length > 0 || whole === undefined ? heirs : [whole],
      }
    }),
  )
  // A change may keep the name, so each name of an agency is listed once, with its last day.
  const last = new Map(versions.map((one) => [`${one.id} ${one.nameVi}`, one]))
  return [...last.values(), ...places.filter(({ now }) => now.length > 0)]
}
