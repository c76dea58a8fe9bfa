import type { CaseNumber } from './rules.ts'

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
 * all, and {@link parseCaseNumber} doesn't need it. `HCM-7K3Q-9XWD-4` → `7 Kilo 3 Quebec, 9 X-ray Whiskey Delta, 4`.
 */
export function spellCaseNumber(number: CaseNumber, locale: 'vi' | 'en'): string {
  const letters = LETTERS[locale]
  const [, ...groups] = number.split('-')
  return groups
    .map((group) => [...group].map((character) => letters[character] ?? character).join(' '))
    .join(', ')
}
