import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { seen } from '#domain/writing.ts'
import { findPersonal } from './masking.ts'
import { once, type Typed } from './typed.ts'

/** A promise to do something by a day, in the agency's words. */
export interface Commitment {
  readonly promiseVi: string
  readonly promiseEn: string | null
  /** A local date. */
  readonly dueOn: string
}

/** What everybody reads of an agency's answer to comments: its own words throughout, never a citizen's. */
export interface WrittenReply {
  readonly saidVi: string
  readonly saidEn: string | null
  readonly answerVi: string
  readonly answerEn: string | null
  readonly promise: Commitment | null
}

/** What was done, when a promise is kept. */
export interface Deed {
  readonly doneVi: string
  readonly doneEn: string | null
}

/** A promise that takes the place of another, and why. */
export interface ChangedPromise {
  readonly promise: Commitment
  readonly reasonVi: string
  readonly reasonEn: string | null
}

/** A promise as it was until it was changed. */
export interface PromiseChange extends Commitment {
  readonly reasonVi: string
  readonly reasonEn: string | null
  readonly changedAt: Instant
}

/** A published answer, with all that became of its promise. */
export interface PublishedReply extends WrittenReply {
  readonly id: string
  readonly publishedAt: Instant
  readonly kept: (Deed & { readonly at: Instant }) | null
  /** The first change first. */
  readonly changes: readonly PromiseChange[]
}

/** A place in a list of them: the last published first. */
export interface ReplyKey {
  readonly at: Instant
  readonly id: string
}

const KEY = /^(\d{1,15})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** The place that an address names; null for the list's beginning. */
export function readReplyPlace(sent: string | readonly string[] | undefined): ReplyKey | null {
  const [, at, id] = (typeof sent === 'string' && KEY.exec(sent)) || []
  return at === undefined || id === undefined ? null : { at: new Date(Number(at)), id }
}

export const writtenReplyPlace = ({ at, id }: ReplyKey): string => `${at.getTime()}_${id}`

export type PromiseState = 'doing' | 'overdue' | 'kept'

/** How a promise stands on a local date: its day itself is still in time. */
export const promiseState = (
  { dueOn, kept }: { readonly dueOn: string; readonly kept: boolean },
  today: string,
): PromiseState => {
  if (kept) return 'kept'
  return dueOn < today ? 'overdue' : 'doing'
}

/** In characters that a person sees; the public page holds many of them. */
const MOST = { said: 500, answer: 1_000, promise: 300, done: 500, reason: 500 } as const
/** A promise further away than this is none. */
const YEARS_MOST = 2

/** How many comments one answer may answer: as many as a page shows. */
export const COMMENTS_MOST = 30

export type ReplyFaults = Readonly<Record<string, string>>

/** Reads what is published as it is written: faults by field, named as under `survey.reply` in the messages. */
class Reader {
  readonly faults: Record<string, string> = {}
  readonly #typed: Typed
  constructor(typed: Typed) {
    this.#typed = typed
  }

  text(field: string, kind: keyof typeof MOST, needed: boolean): string | null {
    const text = once(this.#typed, field).replaceAll('\0', '').replace(/\r\n?/g, '\n').trim().normalize('NFC')
    if (text === '') {
      if (needed) this.faults[field] = `${kind}.empty`
      return null
    }
    if (seen(text) > MOST[kind]) this.faults[field] = 'too_long'
    else if (findPersonal(text).length > 0) this.faults[field] = 'personal'
    return text
  }

  /** The promise's fields, all or none of them. */
  promise(today: string, needed: boolean): Commitment | null {
    const dueOn = once(this.#typed, 'dueOn').trim()
    const english = once(this.#typed, 'promiseEn').trim() !== ''
    const promiseVi = this.text('promise', 'promise', needed || dueOn !== '' || english)
    const promiseEn = this.text('promiseEn', 'promise', false)
    if (promiseVi === null && !needed && dueOn === '' && !english) return null
    const fault = dueFault(dueOn, today)
    if (fault !== null) this.faults.dueOn = fault
    return { promiseVi: promiseVi ?? '', promiseEn, dueOn }
  }

  result<T>(value: T): Result<T, ReplyFaults> {
    return Object.keys(this.faults).length > 0 ? err(this.faults) : ok(value)
  }
}

function dueFault(dueOn: string, today: string): string | null {
  if (dueOn === '') return 'due.empty'
  const day = new Date(`${dueOn}T00:00:00Z`)
  const exists = /^\d{4}-\d\d-\d\d$/.test(dueOn) && !Number.isNaN(day.getTime())
  if (!exists || day.toISOString().slice(0, 10) !== dueOn) return 'due.format'
  if (dueOn < today) return 'due.past'
  return dueOn > `${Number(today.slice(0, 4)) + YEARS_MOST}${today.slice(4)}` ? 'due.far' : null
}

export function readReply(typed: Typed, today: string): Result<WrittenReply, ReplyFaults> {
  const reader = new Reader(typed)
  return reader.result({
    saidVi: reader.text('said', 'said', true) ?? '',
    saidEn: reader.text('saidEn', 'said', false),
    answerVi: reader.text('answer', 'answer', true) ?? '',
    answerEn: reader.text('answerEn', 'answer', false),
    promise: reader.promise(today, false),
  })
}

export function readDeed(typed: Typed): Result<Deed, ReplyFaults> {
  const reader = new Reader(typed)
  return reader.result({
    doneVi: reader.text('done', 'done', true) ?? '',
    doneEn: reader.text('doneEn', 'done', false),
  })
}

export function readChange(typed: Typed, today: string): Result<ChangedPromise, ReplyFaults> {
  const reader = new Reader(typed)
  const promise = reader.promise(today, true)
  return reader.result({
    promise: promise ?? { promiseVi: '', promiseEn: null, dueOn: '' },
    reasonVi: reader.text('reason', 'reason', true) ?? '',
    reasonEn: reader.text('reasonEn', 'reason', false),
  })
}
