/**
 * Undoes what keyboards and pasting do to text. Phones write full-width digits, non-breaking spaces and en dashes;
 * copying from a web page or a chat brings invisible zero-width and direction marks.
 */

/** Characters that show nothing: zero-width, directional, controls, variation selectors, fillers. */
const INVISIBLE = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

/** The characters that people put between groups of a number: blanks, every dash and dot, slashes. */
const SEPARATORS = /[\s\p{Zs}\p{Pd}\u2212.·‧∙・。/\\⁄∕]/gu

const NON_ASCII_DIGIT = /(?![0-9])\p{Nd}/gu

/**
 * Returns a digit of any script as an ASCII one. Unicode keeps the digits of a script together in tens, zero first, so the number
 * of steps down to the first of the run is the digit.
 */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let steps = 0
  while (/\p{Nd}/u.test(String.fromCodePoint(code - steps - 1))) steps++
  return String(steps % 10)
}

/** Returns a text without zero-width, directional and control characters; tab and line breaks stay. */
export const stripInvisible = (text: string): string => text.replace(INVISIBLE, '')

/**
 * Returns a composed text with ordinary characters for those that only look different: full-width forms, other scripts' digits.
 */
export const normalizeCharacters = (text: string): string =>
  text.normalize('NFKC').replace(NON_ASCII_DIGIT, asciiDigit)

/**
 * Returns a number or code in its intended form: without separators and invisible characters, full-width forms and other scripts'
 * digits as ASCII. Other characters stay, so that the caller can refuse them.
 */
export const compactCode = (text: string): string =>
  normalizeCharacters(stripInvisible(text)).replace(SEPARATORS, '')

/**
 * Returns a text for comparing and searching: lower case, without diacritics, `đ` as `d`, full-width as
 * ordinary. `Nguyễn Thị Ánh Đào` → `nguyen thi anh dao`. Letters of other scripts stay.
 */
export const foldDiacritics = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[đðɖ]/g, 'd')
    .normalize('NFC')

/** The letters and marks that no other language uses: hook and dot below, horn, a circumflex or breve with a tone, `đ`. */
const VIETNAMESE_ALONE = /[\u0309\u0323\u031b]|[\u0302\u0306][\u0300\u0301\u0303]|đ/

/**
 * Checks by its letters whether a text is surely Vietnamese: a third of the words have marks. A text typed without marks may be
 * any language, and one or two names do not make another language Vietnamese.
 */
export function isVietnamese(text: string): boolean {
  const letters = text.toLowerCase().normalize('NFD')
  const words = letters.match(/[\p{L}\p{M}]+/gu) ?? []
  const marked = words.filter((word) => /[\u0300-\u036fđ]/.test(word))
  return VIETNAMESE_ALONE.test(letters) && marked.length * 3 >= words.length
}

const graphemes = new Intl.Segmenter('vi', { granularity: 'grapheme' })

/** Counts the characters that a person sees in a text (Unicode's extended grapheme clusters, UAX #29). */
export const countGraphemes = (text: string): number => {
  let count = 0
  for (const _ of graphemes.segment(text)) count++
  return count
}
