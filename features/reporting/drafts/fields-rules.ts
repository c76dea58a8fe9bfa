import type { FieldName } from '../fields/rules.ts'

/** The form's fields as a draft keeps them: normalised if valid, otherwise as typed. */
export type DraftFields = Readonly<Partial<Record<FieldName, string>>>

export type Faults = Readonly<Record<string, string>>

export interface FieldReading<T> {
  /** Null if any field has a fault. */
  readonly value: T | null
  readonly answers: DraftFields
  readonly faults: Faults
}
