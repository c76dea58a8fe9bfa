import { foldDiacritics } from '#lib/text-normalization.ts'

/** The most characters of a text that are read. */
const LONGEST = 300

const NUMBERS = 'khong mot hai ba bon nam sau bay tam chin muoi'.split(' ')
const SAID: ReadonlyMap<string, string> = new Map([
  ...NUMBERS.map((word, number) => [word, String(number)] as const),
  ['nhat', '1'],
  ['tu', '4'],
])

/** The kinds of places and their abbreviations; `f` has meant `phường` since typewriters. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['p', 'phuong'],
  ['f', 'phuong'],
  ['ph', 'phuong'],
  ['ward', 'phuong'],
  ['w', 'phuong'],
  ['q', 'quan'],
  ['qu', 'quan'],
  ['d', 'quan'],
  ['dist', 'quan'],
  ['district', 'quan'],
  ['h', 'huyen'],
  ['x', 'xa'],
  ['commune', 'xa'],
  ['tt', 'thi tran'],
  ['tx', 'thi xa'],
  ['tp', 'thanh pho'],
  ['dk', 'dac khu'],
])

export const KIND_NAMES = [
  'thi tran',
  'thi xa',
  'thanh pho',
  'dac khu',
  'phuong',
  'quan',
  'huyen',
  'xa',
] as const
const NUMBERED = /\b(phuong|quan) ([a-z]+)\b(?: ([a-z]+)\b)?/g

/**
 * Returns a text in the form for comparing places: without diacritics, words and figures separate, figures without leading zeros,
 * kinds of places in full: `P.07, Q3` → `phuong 7 quan 3`; `quận nhất` → `quan 1`.
 */
export function placeWords(text: string): string {
  const words = foldDiacritics(text.slice(0, LONGEST)).match(/\p{L}+|\p{N}+/gu) ?? []
  const spoken = words.map((word, at) => {
    const figure = word.replace(/^0+(?=\d)/, '')
    // A single letter at the end is no kind of place yet.
    return at + 1 < words.length ? (KINDS.get(figure) ?? figure) : figure
  })
  return spoken
    .join(' ')
    .replace(/\b(\d+) (phuong|quan)\b(?! \S)/g, '$1 $2')
    .replace(NUMBERED, (all, kind: string, first: string, second: string | undefined) => {
      const one = SAID.get(first)
      if (one === undefined) return all
      const two = second === undefined ? undefined : SAID.get(second)
      if (one === '10' && two !== undefined && two.length === 1) return `${kind} ${10 + Number(two)}`
      return `${kind} ${one}${second === undefined ? '' : ` ${second}`}`
    })
}

/** Returns an address without the city and country at its end, unless that is all. `city`: `also` of its `city.json`. */
export function withoutCity(words: string, city: readonly string[]): string {
  const last = `(?: (?:(?:thanh pho|tp) )?(?:${city.join('|') || '(?!)'})(?: city| quan)?| viet nam| vietnam| vn)$`
  const less = words.replace(new RegExp(last), '')
  return less === words || less === '' ? words : withoutCity(less, city)
}

const KIND_BEFORE = new RegExp(`^(?:${KIND_NAMES.join('|')}) (?!\\d)`)
const KIND_AFTER = / (?:rural district|district|ward|commune|city|special zone|phuong|quan|xa)$/

/** Returns a name's own words, without the kind of place: `phuong ben nghe` is `ben nghe`; `quan 1` has no other. */
export const ownWords = (words: string): string => words.replace(KIND_BEFORE, '').replace(KIND_AFTER, '')

/** Checks whether one of the names contains the typed text: `p ben ngh` is in `phuong ben nghe quan 1`. */
export function isSought(typed: string, names: readonly string[], city: readonly string[]): boolean {
  const words = placeWords(typed)
  // A typed number is complete: `phuong 1` does not match `phuong 10`.
  // A ward has the city's own name: without the city, `phuong sai gon` would be only a kind of place.
  const without = withoutCity(words, city)
  const ways = (KIND_NAMES.some((kind) => kind === without) ? [words] : [words, without]).map((way) =>
    /\d$/.test(way) ? ` ${way} ` : ` ${way}`,
  )
  return names.some((name) => ways.some((way) => ` ${name} `.includes(way)))
}
