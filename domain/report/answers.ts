import type { AnswerStep } from './steps.ts'

/** The fields of each step, by the names in the form (docs/interface.md, "Form fields"). */
export const STEP_FIELDS = {
  incident: ['incidentType', 'incidentAt', 'district', 'place', 'story', 'ownDevice'],
  phone: [
    'imei1',
    'imei2',
    'imei3',
    'imei4',
    'brand',
    'model',
    'colour',
    'serialNumber',
    'phoneNumber1',
    'phoneNumber2',
  ],
  person: ['fullName', 'idKind', 'nationalId', 'contactEmail', 'contactPhone', 'simReissued', 'address'],
} as const satisfies Record<AnswerStep, readonly string[]>

export type Field = (typeof STEP_FIELDS)[AnswerStep][number]

/** What has been answered, in writing: what is right reads again as what it was read as, the rest is as it was typed. */
export type Answers = Readonly<Partial<Record<Field, string>>>

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
