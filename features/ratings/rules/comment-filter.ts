import { type Month, parseMonth } from '#features/results/rules/month.ts'
import { foldDiacritics } from '#lib/text-normalization.ts'
import { COMMENT_THEMES, type CommentTheme, themesOf } from './comment-theme.ts'

/** Describes what an agency's viewer looks for among its comments; an empty part asks nothing. */
export interface CommentFilter {
  /** Words that must all occur, with or without their marks. */
  readonly words: string
  readonly theme: CommentTheme | null
  readonly month: Month | null
}

export const NO_FILTER: CommentFilter = { words: '', theme: null, month: null }

const WORDS_MAX = 100

type Sent = Readonly<Record<string, string | readonly string[] | undefined>>

/** Reads a filter from an address; what it cannot be asks nothing. */
export function readCommentFilter({ q, theme, month }: Sent): CommentFilter {
  const text = (sent: string | readonly string[] | undefined) => (typeof sent === 'string' ? sent : '')
  return {
    words: text(q).normalize('NFC').replace(/\s+/g, ' ').trim().slice(0, WORDS_MAX),
    theme: COMMENT_THEMES.find((one) => one === theme) ?? null,
    month: parseMonth(text(month)),
  }
}

/** Returns a filter as an address has it. */
export const filterQuery = ({ words, theme, month }: CommentFilter): Record<string, string> => ({
  ...(words !== '' && { q: words }),
  ...(theme !== null && { theme }),
  ...(month !== null && { month }),
})

/** Tells whether words or a theme are asked for, which each comment has to be read for. */
export const readsWords = ({ words, theme }: CommentFilter): boolean => words !== '' || theme !== null

/**
 * Tells whether a comment matches the filter. `masked` is the text that its agency reads: masked words are never found,
 * so that names cannot be guessed by searching.
 */
export function matches(masked: string, { words, theme }: CommentFilter): boolean {
  const said = masked.replace(/\[[^\]]*\]/g, ' ')
  if (theme !== null && !themesOf(said).includes(theme)) return false
  const folded = foldDiacritics(said)
  return foldDiacritics(words)
    .split(' ')
    .every((word) => folded.includes(word))
}
