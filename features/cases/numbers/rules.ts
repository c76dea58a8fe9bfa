import { CITY } from '#cities/city.ts'
import { checkCharacter, isCrockford, type Random, randomCharacters, readCharacters } from '#lib/crockford.ts'
import { err, ok, type Result } from '#lib/result.ts'

/** The city's prefix, eight characters of Crockford's base32 and a check character: `ABC-XXXX-XXXX-C`. Public, not a secret. */
export type CaseNumber = string & { readonly __brand: 'CaseNumber' }
export const EXAMPLE_NUMBER = `${CITY.number_prefix}-7K3Q-9XWD-4`

const series = numberSeries<CaseNumber>(CITY.number_prefix)

export const newCaseNumber = (random: Random): CaseNumber => series.draw(random)
export const parseCaseNumber = (input: string): Result<CaseNumber, NumberFault> => series.parse(input)
/**
 * Returns a possible part of a case number, in normal form and without the prefix; null if the text has fewer than
 * four characters or cannot be one.
 */
export const partOfCaseNumber = (input: string): string | null => series.part(input)

type NumberFault = 'empty' | 'format' | 'check'

const BODY_LENGTH = 8
/** The fewest characters to search by; a shorter part matches too many numbers. */
const SHORTEST_PART = 4

/**
 * Makes a series of numbers such as `ABC-XXXX-XXXX-C`: a prefix, eight characters of Crockford's base32 and a
 * check character.
 */
export function numberSeries<N extends string>(prefix: string) {
  const write = (body: string, check: string): N =>
    `${prefix}-${body.slice(0, 4)}-${body.slice(4)}-${check}` as N
  return {
    /** Draws one of 2^40 numbers. The database refuses a number that is taken, and the caller draws again. */
    draw(random: Random): N {
      const body = randomCharacters(random, BODY_LENGTH)
      return write(body, checkCharacter(body))
    },
    /**
     * Parses a number as people type or dictate it: any case and grouping, with or without its prefix, O for 0, I or L for 1.
     * `check` means that it has the right form but a character is wrong or two are swapped.
     */
    parse(input: string): Result<N, NumberFault> {
      const characters = readCharacters(input)
      if (characters === '') return err('empty')
      // A number without its prefix may itself begin with the same letters, so the length decides.
      const prefixed = characters.length === prefix.length + BODY_LENGTH + 1 && characters.startsWith(prefix)
      const code = prefixed ? characters.slice(prefix.length) : characters
      if (!isCrockford(code, BODY_LENGTH + 1)) return err('format')
      const body = code.slice(0, BODY_LENGTH)
      const check = code.slice(BODY_LENGTH)
      return check === checkCharacter(body) ? ok(write(body, check)) : err('check')
    },
    part(input: string): string | null {
      const characters = readCharacters(input)
      // The part may begin with the prefix or anywhere after it.
      const rest = characters.startsWith(prefix) ? characters.slice(prefix.length) : characters
      const code = rest.length < SHORTEST_PART ? characters : rest
      return code.length >= SHORTEST_PART && code.length <= BODY_LENGTH + 1 && isCrockford(code, code.length)
        ? code
        : null
    },
  }
}

/** The names of the letters of Crockford's alphabet: as taught in Vietnamese schools, and the ICAO alphabet. */
const LETTERS: Readonly<Record<'vi' | 'en', Readonly<Record<string, string>>>> = {
  vi: {
    A: 'a',
    B: 'bê',
    C: 'xê',
    D: 'đê',
    E: 'e',
    F: 'ép',
    G: 'giê',
    H: 'hát',
    J: 'gi',
    K: 'ca',
    M: 'em-mờ',
    N: 'en-nờ',
    P: 'pê',
    Q: 'quy',
    R: 'e-rờ',
    S: 'ét-xì',
    T: 'tê',
    V: 'vê',
    W: 'vê kép',
    X: 'ích-xì',
    Y: 'i dài',
    Z: 'dét',
  },
  en: {
    A: 'Alfa',
    B: 'Bravo',
    C: 'Charlie',
    D: 'Delta',
    E: 'Echo',
    F: 'Foxtrot',
    G: 'Golf',
    H: 'Hotel',
    J: 'Juliett',
    K: 'Kilo',
    M: 'Mike',
    N: 'November',
    P: 'Papa',
    Q: 'Quebec',
    R: 'Romeo',
    S: 'Sierra',
    T: 'Tango',
    V: 'Victor',
    W: 'Whiskey',
    X: 'X-ray',
    Y: 'Yankee',
    Z: 'Zulu',
  },
}

/**
 * Spells a case number for reading over the phone, a pause at each comma. The prefix is left out: it is the same for
 * all, and {@link parseCaseNumber} doesn't need it. `ABC-7K3Q-9XWD-4` → `7 Kilo 3 Quebec, 9 X-ray Whiskey Delta, 4`.
 */
export function spellCaseNumber(number: CaseNumber, locale: 'vi' | 'en'): string {
  const letters = LETTERS[locale]
  const [, ...groups] = number.split('-')
  return groups
    .map((group) => [...group].map((character) => letters[character] ?? character).join(' '))
    .join(', ')
}
