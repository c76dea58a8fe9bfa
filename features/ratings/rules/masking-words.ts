import { foldDiacritics } from '#lib/text-normalization.ts'

export type Casing = 'lower' | 'title' | 'upper' | 'other'

/** A word of a text, and how it is written. */
export interface Word {
  readonly start: number
  readonly end: number
  readonly lower: string
  /** The word in small letters without diacritics. */
  readonly plain: string
  readonly casing: Casing
  /** True when only a space or two is between it and the word before. */
  readonly joined: boolean
}

const WORD = /[\p{L}\p{M}][\p{L}\p{M}'’]*/gu

function casingOf(word: string): Casing {
  if (word === word.toLowerCase()) return 'lower'
  if (word === word.toUpperCase()) return word.length === 1 ? 'title' : 'upper'
  return /^\p{Lu}/u.test(word) && word.slice(1) === word.slice(1).toLowerCase() ? 'title' : 'other'
}

/** Returns the words of a text in order. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = []
  let before = -1
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const lower = word.toLowerCase()
    const gap = before < 0 ? '' : text.slice(before, index)
    words.push({
      start: index,
      end: index + word.length,
      lower,
      plain: foldDiacritics(lower),
      casing: casingOf(word),
      joined: before >= 0 && /^[ \t\u00a0]{1,3}$/.test(gap),
    })
    before = index + word.length
  }
  return words
}

/** Returns the words from one on that stand joined and are written alike, at most some. */
export function runFrom(words: readonly Word[], at: number, most: number): Word[] {
  const first = words[at]
  if (first === undefined) return []
  const run = [first]
  for (let next = at + 1; run.length < most; next++) {
    const word = words[next]
    if (word === undefined || !word.joined) break
    const alike = word.casing === first.casing || (first.casing === 'upper' && word.plain.length === 1)
    if (!alike) break
    run.push(word)
  }
  return run
}
