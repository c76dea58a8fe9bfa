import { compactCode } from './text-normalization.ts'

/** Returns `n` random bytes; `crypto.randomBytes` in production. */
export type Random = (n: number) => Uint8Array

/** Crockford's base32: no I, L, O or U, so that a number copied by hand or read aloud stays itself. */
export const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Returns `length` characters of five random bits each, all equally likely: 256 is a multiple of 32. */
export function randomCharacters(random: Random, length: number): string {
  const bytes = random(length)
  if (bytes.length !== length) throw new RangeError(`wanted ${length} random bytes, got ${bytes.length}`)
  return Array.from(bytes, (byte) => ALPHABET[byte % 32]).join('')
}

/**
 * Returns typed characters in their intended form: upper case, without separators, O as 0 and I and L as 1. Any character outside
 * the alphabet stays, for the caller to refuse.
 */
export const readCharacters = (input: string): string =>
  compactCode(input).toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1')

export const isCrockford = (text: string, length: number): boolean =>
  text.length === length && [...text].every((character) => ALPHABET.includes(character))

/**
 * Returns the check character of the hybrid system MOD M+1,M of ISO/IEC 7064 with M = 32, over this alphabet: the
 * construction of the standard's MOD 37,36 with another alphabet's size. Catches every single wrong
 * character, and all but 0.2 % of swaps of two neighbours. `body` is of the alphabet.
 */
export function checkCharacter(body: string): string {
  const size = ALPHABET.length
  let product = size
  for (const character of body) {
    const sum = (product + ALPHABET.indexOf(character)) % size || size
    product = (2 * sum) % (size + 1)
  }
  return ALPHABET.charAt((size + 1 - product) % size)
}
