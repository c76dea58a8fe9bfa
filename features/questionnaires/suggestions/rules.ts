import type { RawForm } from '#lib/raw-form.ts'
import type { Result } from '#lib/result.ts'
import { foldDiacritics } from '#lib/text-normalization.ts'
import { PublicWords, type WordFaults } from '../questions/form-rules.ts'

export const SUGGESTION_STATES = ['new', 'merged', 'accepted', 'tried', 'declined'] as const
export type SuggestionState = (typeof SUGGESTION_STATES)[number]

export const ANSWERED_STATES = ['accepted', 'tried', 'declined'] as const
export type AnsweredState = (typeof ANSWERED_STATES)[number]

/** The states that may follow each state: an accepted suggestion is a promise, and a merged one can be separated again. */
const NEXT: Readonly<Record<SuggestionState, readonly SuggestionState[]>> = {
  new: ['merged', 'accepted', 'tried', 'declined'],
  merged: ['new'],
  tried: ['tried', 'accepted', 'declined'],
  accepted: ['accepted'],
  declined: ['declined', 'accepted', 'tried'],
}

export const mayBecome = (from: SuggestionState, to: SuggestionState): boolean => NEXT[from].includes(to)

export const answersOpen = (from: SuggestionState): readonly AnsweredState[] =>
  ANSWERED_STATES.filter((to) => mayBecome(from, to))

interface Standing {
  readonly id: string
  readonly state: SuggestionState
}

/** Returns why one suggestion cannot be merged into another; null when it can. */
export function mergeFault(one: Standing, into: Standing): 'same' | 'closed' | 'into_merged' | null {
  if (one.id === into.id) return 'same'
  if (!mayBecome(one.state, 'merged')) return 'closed'
  return into.state === 'merged' ? 'into_merged' : null
}

/** The public answer, in the manager's words, never the citizen's. */
export interface PublicAnswer {
  readonly summaryVi: string
  readonly summaryEn: string | null
  readonly answerVi: string
  readonly answerEn: string | null
}

/** Parses the public part of a suggestion; faults by field, named as under `suggestion` in the messages. */
export function readPublicAnswer(typed: RawForm): Result<PublicAnswer, WordFaults> {
  const words = new PublicWords(typed)
  return words.result({
    summaryVi: words.text('summaryVi', 'summary', true) ?? '',
    summaryEn: words.text('summaryEn', 'summary', false),
    answerVi: words.text('answerVi', 'answer', true) ?? '',
    answerEn: words.text('answerEn', 'answer', false),
  })
}

/** Frequent words without diacritics that say nothing about what is suggested. */
const FILLERS = new Set(
  (
    'nen co them cho cau hoi phieu khao sat de nghi xin duoc la cua va mot cac nhung hon qua rat thi ma o ve voi ghi nay do toi minh ' +
    'em a oi nha nhe di len lai ra vao can muon mong hay neu khong dung bi bo sua doi khi trong ngoai phai ' +
    'please add a an the more question questions should ask about to in of for and or is are it be this that not do i we you'
  ).split(' '),
)

/** Returns the words of a text without diacritics, and each pair of neighbours: a Vietnamese word often has two syllables. */
function meaningOf(text: string): Set<string> {
  const words = (foldDiacritics(text).match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !FILLERS.has(word))
  return new Set([...words, ...words.slice(1).map((word, at) => `${words[at]} ${word}`)])
}

/** Returns a text in the form in which two are compared as equal: in lower case, with single blanks. */
export const sameText = (text: string): string => text.trim().replace(/\s+/g, ' ').toLowerCase()

/** The similarity from which two suggestions are alike: the weight of their common words in that of all their words. */
const ALIKE_FROM = 0.3

/** Returns a function that finds the suggestions most similar to one, by inverse document frequency of their words. */
export function findAlike<T extends { readonly id: string; readonly text: string }>(all: readonly T[]) {
  const read = all.map((one) => ({ one, meaning: meaningOf(one.text) }))
  const seen = new Map<string, number>()
  for (const { meaning } of read) for (const word of meaning) seen.set(word, (seen.get(word) ?? 0) + 1)
  const weight = (words: Iterable<string>): number =>
    [...words].reduce((sum, word) => sum + Math.log(1 + (all.length + 1) / (seen.get(word) ?? 1)), 0)
  return ({ id, text }: { readonly id: string; readonly text: string }, most: number): T[] => {
    const own = meaningOf(text)
    const whole = weight(own)
    return read
      .filter(({ one }) => one.id !== id)
      .map(({ one, meaning }) => {
        const both = weight(own.intersection(meaning))
        const same = sameText(one.text) === sameText(text)
        const other = weight(meaning)
        // A short suggestion may repeat a part of a long one.
        const like = Math.max((2 * both) / (whole + other), (0.6 * both) / Math.min(whole, other))
        return { one, like: same ? 2 : both === 0 ? 0 : like }
      })
      .filter(({ like }) => like >= ALIKE_FROM)
      .toSorted((a, b) => b.like - a.like || (a.one.id < b.one.id ? -1 : 1))
      .slice(0, most)
      .map(({ one }) => one)
  }
}
