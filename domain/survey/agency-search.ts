import { fold } from '#domain/writing.ts'
import type { Agency } from './agency.ts'

/** The longest search that is read. */
const LONGEST = 200
/** How many are offered where nothing is what was searched for. */
const OFFERED = 12

/** Districts as they are said: `quận ba`, and the fourth also `quận tư`. */
const NUMBERS: Readonly<Record<string, number>> = {
  mot: 1,
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
/** Boards and parks by their letters. */
const LETTERS = new Map([
  ['bql', 'ban quan ly'],
  ['kcx', 'khu che xuat'],
  ['kcn', 'khu cong nghiep'],
  ['kcnc', 'khu cong nghe cao'],
])
const NUMBERED = new RegExp(`\\b(?:quan|q) (${Object.keys(NUMBERS).toReversed().join('|')})\\b`, 'g')

/** Who sits there, said before the place or, in English, after it. */
const OFFICE =
  /^(?:(?:uy ban nhan dan|uy ban|ubnd|ub|hoi dong nhan dan|hdnd|van phong|vp|tru so|bo phan mot cua|mot cua|people s committee|office)(?: of)? )+/
const OFFICE_AFTER = / people s committee$/
/** The city that every one of them is in, by the last of its names: the one before may be a ward's own. */
const CITY =
  /(?: of)?(?: thanh pho| tp| tphcm| hcm| hcmc| ho chi minh| ho chi minh city| hcm city| sai gon| saigon| viet nam| vietnam| vn)$/
/** How many of them stand behind each other at most: `Sài Gòn, TP. Hồ Chí Minh, Việt Nam`. */
const CITY_NAMES = 5
/** What kind of place it is: Thủ Đức was a district, then a city, and is still called either. */
const KIND =
  /^(?:quan|q|huyen|h|thanh pho|tp|thi xa|tx|phuong|p|xa|x|dac khu|so|s|department of|dept of) (?!\d)/
const KIND_AFTER = / (?:rural district|district|city|ward|commune)$/

/** Words of so many names that they bring nobody closer to one. */
const EVERYWHERE = new Set(
  'quan huyen phuong xa so ban cac khu tp hcm district rural ward commune city department of'.split(' '),
)

/**
 * A name as it is compared: words without diacritics, figures apart and without leading zeros, `và` and `&` left out.
 * `Q.03` and `quận ba` → `quan 3`; `Sở GD&ĐT` → `so gd dt`.
 */
const spoken = (text: string): string =>
  (fold(text).match(/\p{L}+|\p{N}+/gu) ?? [])
    .map((word) => LETTERS.get(word) ?? word.replace(/^0+(?=\d)/, ''))
    .join(' ')
    .replace(/ (?:va|and)(?= )/g, '')
    .replace(/\b(?:q|d|dist)(?= \d)/g, 'quan')
    .replace(NUMBERED, (_, number: string) => `quan ${NUMBERS[number]}`)

/** Without spaces: `gd dt` is what others write as `gddt`. */
const compact = (words: string): string => words.replaceAll(' ', '')

/** A place's own name: `Quận Bình Thạnh` is Bình Thạnh; `Quận 1` has no other. */
const bare = (name: string): string =>
  name.replace(/^(Quận(?! \d)|Huyện|Thành phố|Phường|Xã|Đặc khu) /, '').replace(/, .*$/, '')

/** `SGTVT`, and as it stands after `Sở`: `GTVT`. */
const shortNames = ({ abbreviation, nameVi }: Agency): string[] =>
  abbreviation === null
    ? []
    : nameVi.startsWith('Sở ')
      ? [abbreviation, abbreviation.replace(/^S/, '')]
      : [abbreviation]

const longNames = ({ nameVi, nameEn, areas }: Agency): string[] =>
  [nameVi, bare(nameVi), nameEn, ...areas.flatMap((area) => [area, bare(area)])].map(spoken)

const namesOf = (agency: Agency): string[] => [...longNames(agency), ...shortNames(agency).map(spoken)]

/**
 * What may be meant, what was typed first: then with ever less of the city behind it, without the office, and without the
 * kind of place.
 */
function readings(query: string): readonly string[] {
  const typed = withoutCity(spoken(query.slice(0, LONGEST)))
  const places = typed.map((words) => words.replace(OFFICE, '').replace(OFFICE_AFTER, ''))
  const bare = [...typed, ...places].map((words) => words.replace(KIND, '').replace(KIND_AFTER, ''))
  return [...new Set([...typed, ...places, ...bare])].filter((words) => words !== '')
}

function withoutCity(words: string, most: number = CITY_NAMES): readonly string[] {
  const less = words.replace(CITY, '')
  return most === 0 || less === words ? [words] : [words, ...withoutCity(less, most - 1)]
}

/** The first reading's agencies, of those that mean any. */
const firstOf = <A>(meant: readonly string[], find: (words: string) => readonly A[]): readonly A[] =>
  meant.map(find).find((found) => found.length > 0) ?? []

/**
 * The agencies that a search means, as people write them: without diacritics, with the office before and the city
 * behind, as a city that is still a district here, by the usual letters: `q1`, `UBND quận 3`, `tp thu duc`, `Sở GTVT`.
 * Whole names and abbreviations win over parts of names: `q1` means District 1, and not District 10 too. A ward is also
 * found by the district it was drawn from.
 */
export function searchAgencies<A extends Agency>(agencies: readonly A[], query: string): readonly A[] {
  const meant = readings(query)
  if (meant.length === 0) return agencies
  const named = agencies.map((agency) => ({ agency, names: namesOf(agency) }))
  const whole = firstOf(meant, (words) =>
    named.filter(({ names }) => names.some((name) => compact(name) === compact(words))),
  )
  const found =
    whole.length > 0
      ? whole
      : firstOf(meant, (words) => {
          const parts = words.split(' ')
          return named.filter(({ names }) => {
            const known = names.join(' ').split(' ')
            return parts.every((part) => known.some((word) => word.startsWith(part)))
          })
        })
  return found.map(({ agency }) => agency)
}

/**
 * Whom a search may have meant that found nobody: those whose whole name stands in it (`Công an quận 3`), or else those
 * that have the most of its words.
 */
export function nearestAgencies<A extends Agency>(agencies: readonly A[], query: string): readonly A[] {
  const typed = spoken(query.slice(0, LONGEST))
  const within = agencies.filter((agency) =>
    longNames(agency).some((name) => name !== '' && ` ${typed} `.includes(` ${name} `)),
  )
  if (within.length > 0) return within.slice(0, OFFERED)
  const words = [...new Set(typed.split(' '))].filter((word) => word !== '' && !EVERYWHERE.has(word))
  const shared = agencies.map((agency) => {
    const known = new Set(namesOf(agency).join(' ').split(' '))
    return { agency, count: words.filter((word) => known.has(word)).length }
  })
  const most = Math.max(1, ...shared.map(({ count }) => count))
  return shared
    .filter(({ count }) => count === most)
    .map(({ agency }) => agency)
    .slice(0, OFFERED)
}
