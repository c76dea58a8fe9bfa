import type { FieldName } from './fields.ts'

/**
 * The answers given so far, in writing: a right one reads again as the value it was read as, the rest are as they were
 * typed.
 */
export type Answers = Readonly<Partial<Record<FieldName, string>>>

/** By field, a key of messages' `faults`. */
export type Faults = Readonly<Record<string, string>>

/** A step's form, read. */
export interface Reading<T> {
  /** Null while anything is at fault. */
  readonly value: T | null
  /** The fields that are right, cleaned. */
  readonly answers: Answers
  readonly faults: Faults
}
