import { lastValue, type RawForm } from '#lib/raw-form.ts'

/** The fields of a reply's form that a draft keeps, as they were typed. */
export const DRAFT_FIELDS = ['said', 'saidEn', 'answer', 'answerEn', 'promise', 'promiseEn', 'dueOn'] as const

export type DraftWords = Readonly<Partial<Record<(typeof DRAFT_FIELDS)[number], string>>>

/** Characters of a field that are kept: more than may be published, so that a text to be shortened is not lost. */
const MAX_KEPT_CHARACTERS = 10_000
/** The most drafts of one agency. */
export const DRAFTS_MOST = 50

/** Reads what a draft keeps; a draft may be as unfinished as it likes, but not empty. */
export function readDraft(typed: RawForm): DraftWords | null {
  const words: Partial<Record<(typeof DRAFT_FIELDS)[number], string>> = {}
  for (const field of DRAFT_FIELDS) {
    const text = lastValue(typed, field).slice(0, MAX_KEPT_CHARACTERS)
    // PostgreSQL keeps no NUL in a text.
    if (text.trim() !== '') words[field] = text.replaceAll('\0', '').toWellFormed()
  }
  return Object.keys(words).length === 0 ? null : words
}
