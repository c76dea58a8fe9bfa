import type { FieldName } from '../fields/rules.ts'

/** The form's fields, as a draft keeps them: a valid one normalised, any other as typed. */
export type DraftFields = Readonly<Partial<Record<FieldName, string>>>

export type Faults = Readonly<Record<string, string>>

export interface FieldReading<T> {
  /** Null while anything is at fault. */
  readonly value: T | null
  readonly answers: DraftFields
  readonly faults: Faults
}
