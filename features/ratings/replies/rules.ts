import { PublicWords, type WordFaults } from '#features/questionnaires/questions/form-rules.ts'
import { lastValue, type RawForm } from '#lib/raw-form.ts'
import type { Result } from '#lib/result.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { dayOf } from '#lib/written-day.ts'

export interface Commitment {
  readonly promiseVi: string
  readonly promiseEn: string | null
  /** A local date. */
  readonly dueOn: string
}

/** An agency's reply to comments, as everybody reads it: only the agency's own words, never a citizen's. */
export interface WrittenReply {
  readonly saidVi: string
  readonly saidEn: string | null
  readonly answerVi: string
  readonly answerEn: string | null
  readonly promise: Commitment | null
}

export interface PublishedReply extends WrittenReply {
  readonly id: string
  readonly publishedAt: Instant
  readonly kept: { readonly doneVi: string; readonly doneEn: string | null; readonly at: Instant } | null
  /** The promise before each change, and the reason; first change first. */
  readonly changes: readonly (Commitment & WithdrawalReason & { readonly changedAt: Instant })[]
  readonly withdrawn: Withdrawal | null
  readonly replacedAt: Instant | null
  /** When the withdrawn reply that it replaces was published. */
  readonly replaces: Instant | null
}

export type PromiseState = 'doing' | 'overdue' | 'kept'

const MOST_YEARS_AHEAD = 2

/** The most comments that one answer may cover: as many as a page shows. */
export const COMMENTS_MOST = 30

/** Reads the fields of a promise, all or none of them. */
function readPromise(words: PublicWords, today: string, needed: boolean): Commitment | null {
  const typed = lastValue(words.typed, 'dueOn').trim()
  const dueOn = dayOf(typed) ?? typed
  const english = lastValue(words.typed, 'promiseEn').trim() !== ''
  const promiseVi = words.text('promise', 'promise', needed || dueOn !== '' || english)
  const promiseEn = words.text('promiseEn', 'promise', false)
  if (promiseVi === null && !needed && dueOn === '' && !english) return null
  const fault = dueFault(dueOn, today)
  if (fault !== null) words.faults.dueOn = fault
  return { promiseVi: promiseVi ?? '', promiseEn, dueOn }
}

function dueFault(dueOn: string, today: string): string | null {
  if (dueOn === '') return 'due.empty'
  const day = new Date(`${dueOn}T00:00:00Z`)
  const exists = /^\d{4}-\d\d-\d\d$/.test(dueOn) && !Number.isNaN(day.getTime())
  if (!exists || day.toISOString().slice(0, 10) !== dueOn) return 'due.format'
  if (dueOn < today) return 'due.past'
  return dueOn > `${Number(today.slice(0, 4)) + MOST_YEARS_AHEAD}${today.slice(4)}` ? 'due.far' : null
}

export function readReply(typed: RawForm, today: string): Result<WrittenReply, WordFaults> {
  const words = new PublicWords(typed)
  return words.result({
    saidVi: words.text('said', 'said', true) ?? '',
    saidEn: words.text('saidEn', 'said', false),
    answerVi: words.text('answer', 'answer', true) ?? '',
    answerEn: words.text('answerEn', 'answer', false),
    promise: readPromise(words, today, false),
  })
}

export function readDeed(typed: RawForm) {
  const words = new PublicWords(typed)
  return words.result({
    doneVi: words.text('done', 'done', true) ?? '',
    doneEn: words.text('doneEn', 'done', false),
  })
}

export function readChange(typed: RawForm, today: string) {
  const words = new PublicWords(typed)
  const promise = readPromise(words, today, true)
  return words.result({
    promise: promise ?? { promiseVi: '', promiseEn: null, dueOn: '' },
    reasonVi: words.text('reason', 'reason', true) ?? '',
    reasonEn: words.text('reasonEn', 'reason', false),
  })
}

interface PromiseStanding {
  readonly state: PromiseState
  /** The day promised first, which stays however often the promise is moved. */
  readonly firstDue: string
  /** The current day, if it is another one. */
  readonly movedTo: string | null
  /** True if the promise was not kept by the day promised first. Moving it later does not change that. */
  readonly late: boolean
}

/** Returns a promise's state, by the earlier of the day promised first and the current one. `before`: its earlier due days. */
export function promiseStanding(
  {
    dueOn,
    before,
    keptAt,
  }: { readonly dueOn: string; readonly before: readonly string[]; readonly keptAt: Instant | null },
  today: string,
): PromiseStanding {
  const firstDue = before[0] ?? dueOn
  const measure = dueOn < firstDue ? dueOn : firstDue
  const until = keptAt === null ? today : localDate(keptAt)
  const late = measure < until
  return {
    state: keptAt !== null ? 'kept' : late ? 'overdue' : 'doing',
    firstDue,
    movedTo: dueOn === firstDue ? null : dueOn,
    late,
  }
}

const DRAFT_FIELDS = ['said', 'saidEn', 'answer', 'answerEn', 'promise', 'promiseEn', 'dueOn'] as const

export type DraftWords = Readonly<Partial<Record<(typeof DRAFT_FIELDS)[number], string>>>

/** The characters kept of a field: more than may be published, so that a text that must be shortened is not lost. */
const MAX_KEPT_CHARACTERS = 10_000
export const DRAFTS_MOST = 50

/** Reads the fields of a draft; null if all are empty. A draft may be as unfinished as it likes. */
export function readDraft(typed: RawForm): DraftWords | null {
  const words: Partial<Record<(typeof DRAFT_FIELDS)[number], string>> = {}
  for (const field of DRAFT_FIELDS) {
    const text = lastValue(typed, field).slice(0, MAX_KEPT_CHARACTERS)
    // PostgreSQL stores no NUL in a text.
    if (text.trim() !== '') words[field] = text.replaceAll('\0', '').toWellFormed()
  }
  return Object.keys(words).length === 0 ? null : words
}

/** The public reason for withdrawing something published. */
export interface WithdrawalReason {
  readonly reasonVi: string
  readonly reasonEn: string | null
}

/** The record of a withdrawn publication: it never hides that the publication existed. */
export interface Withdrawal extends WithdrawalReason {
  readonly at: Instant
}

export function readWithdrawal(typed: RawForm): Result<WithdrawalReason, WordFaults> {
  const words = new PublicWords(typed)
  return words.result({
    reasonVi: words.text('reason', 'withdraw', true) ?? '',
    reasonEn: words.text('reasonEn', 'withdraw', false),
  })
}
