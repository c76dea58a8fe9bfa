import type { FieldName } from './fields.ts'

/** What has been answered, in writing: what is right reads again as what it was read as, the rest is as it was typed. */
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
