import { err, ok, type Result } from '#domain/result.ts'
import { seen } from '#domain/writing.ts'
import { once, type Typed } from './typed.ts'

export const SUGGESTION_STATES = ['new', 'merged', 'accepted', 'tried', 'declined'] as const
export type SuggestionState = (typeof SUGGESTION_STATES)[number]

/** What a suggestion can be answered with. */
export const ANSWERED_STATES = ['accepted', 'tried', 'declined'] as const
export type AnsweredState = (typeof ANSWERED_STATES)[number]

/**
 * What can become of a suggestion. An answer may be put better, and a refusal taken back; what was accepted is a
 * promise. Whatever is merged has the answer of the one it went into, and can be taken out again.
 */
const NEXT: Readonly<Record<SuggestionState, readonly SuggestionState[]>> = {
  new: ['merged', 'accepted', 'tried', 'declined'],
  merged: ['new'],
  tried: ['tried', 'accepted', 'declined'],
  accepted: ['accepted'],
  declined: ['declined', 'accepted', 'tried'],
}

export const mayBecome = (from: SuggestionState, to: SuggestionState): boolean => NEXT[from].includes(to)

/** With what a suggestion can be answered now. */
export const answersOpen = (from: SuggestionState): readonly AnsweredState[] =>
  ANSWERED_STATES.filter((to) => mayBecome(from, to))

interface Standing {
  readonly id: string
  readonly state: SuggestionState
}

/** Why one suggestion cannot go into another, or null when it can. */
export function mergeFault(one: Standing, into: Standing): 'same' | 'closed' | 'into_merged' | null {
  if (one.id === into.id) return 'same'
  if (!mayBecome(one.state, 'merged')) return 'closed'
  return into.state === 'merged' ? 'into_merged' : null
}

/** What everybody reads: the manager's words, never the citizen's. */
export interface PublicAnswer {
  readonly summaryVi: string
  readonly summaryEn: string | null
  readonly answerVi: string
  readonly answerEn: string | null
}

/** In characters that a person sees. */
const SUMMARY_MAX = 300
const ANSWER_MAX = 1_000

/** An address of e-mail, or digits enough for a telephone or an identity number. */
const PERSONAL = /\S@\S+\.\S|(?:\p{Nd}[\s.-]?){9}/u

/** Reads what will be public of a suggestion; faults by field, named as under `suggestion` in the messages. */
export function readPublicAnswer(typed: Typed): Result<PublicAnswer, Readonly<Record<string, string>>> {
  const faults: Record<string, string> = {}
  const read = (field: string, max: number, needed: boolean): string => {
    const text = once(typed, field).replaceAll('\0', '').replace(/\r\n?/g, '\n').trim().normalize('NFC')
    if (text === '') {
      if (needed) faults[field] = `${max === SUMMARY_MAX ? 'summary' : 'answer'}.empty`
    } else if (seen(text) > max) faults[field] = `${max === SUMMARY_MAX ? 'summary' : 'answer'}.too_long`
    else if (PERSONAL.test(text)) faults[field] = 'personal'
    return text
  }
  const answer = {
    summaryVi: read('summaryVi', SUMMARY_MAX, true),
    summaryEn: read('summaryEn', SUMMARY_MAX, false) || null,
    answerVi: read('answerVi', ANSWER_MAX, true),
    answerEn: read('answerEn', ANSWER_MAX, false) || null,
  }
  return Object.keys(faults).length > 0 ? err(faults) : ok(answer)
}
