import { err, ok, type Result } from '../result.ts'
import { foldDiacritics, stripInvisible } from '../text-normalization.ts'

export type NameFault = 'empty' | 'too_long' | 'no_letters' | 'digits' | 'symbols'

/** In code points, after cleaning. The longest names on record in Vietnam are well under it. */
export const NAME_MAX = 100

/** Letters of any script with their marks, and the signs between parts of names: O'Brien, J.-P., a/l. */
const NAME = /^[\p{L}\p{M} '’‘`ʼ.,·・/\p{Pd}]+$/u

/**
 * Cleans a name: composed, with single blanks, and without direction and zero-width marks, which can make one
 * name look like another.
 */
export const cleanName = (input: string): string =>
  stripInvisible(input)
    .normalize('NFC')
    .replace(/[\s\p{Zs}]+/gu, ' ')
    .trim()

/** Reads a full name as a person types it, and cleans it. Accepts every script; refuses digits and symbols. */
export function parseName(input: string): Result<string, NameFault> {
  const name = cleanName(input)
  if (name === '') return err('empty')
  if ([...name].length > NAME_MAX) return err('too_long')
  if (/\p{Nd}/u.test(name)) return err('digits')
  if (!/\p{L}/u.test(name)) return err('no_letters')
  if (!NAME.test(name)) return err('symbols')
  return ok(name)
}

/**
 * Returns the words that find a name, each once: lower case, without diacritics. `Nguyễn Thị Ánh` → `nguyen thi anh`.
 * An apostrophe does not split a word: `O'Brien` is found as `obrien`.
 */
export function searchWords(name: string): string[] {
  const words = foldDiacritics(cleanName(name).replace(/['’‘`ʼ]/g, '')).match(/[\p{L}\p{M}\p{N}]+/gu)
  return [...new Set(words)]
}
