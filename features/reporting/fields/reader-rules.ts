import type { Result } from '#lib/result.ts'
import { stripInvisible } from '#lib/text-normalization.ts'
import type { AnswerStep } from '../steps/rules.ts'
import { FIELDS, type FieldName, type TextFieldName, type TextsOf, textsOf } from './rules.ts'

/** The form's fields as a draft keeps them: normalised if valid, otherwise as typed. */
export type DraftFields = Readonly<Partial<Record<FieldName, string>>>

export type Faults = Readonly<Record<string, string>>

export interface FieldReading<T> {
  /** Null if any field has a fault. */
  readonly value: T | null
  readonly answers: DraftFields
  readonly faults: Faults
}

/** Returns whether a text has nothing visible: it is empty, or has only spaces and zero-width characters. */
export const isBlank = (text: string): boolean => stripInvisible(text).trim() === ''

/** Keeps only the faults of filled fields: a blank field was not reached yet. */
export const faultsLeftIn = (answers: DraftFields, faults: Faults): Faults =>
  Object.fromEntries(Object.entries(faults).filter(([field]) => !isBlank(answers[field as FieldName] ?? '')))

/** Finds the area of the incident, in the edition in force, from the chosen answer and the typed place. */
export type ReadArea = (
  answer: string,
  place: string,
) => { readonly area: string } | 'empty' | 'ended' | 'several'

/** Reads the fields of one step; collects valid values and faults. */
export class FieldReader {
  readonly typed: DraftFields
  readonly #right: Partial<Record<FieldName, string>> = {}
  readonly #faults: Record<string, string> = {}

  constructor(typed: DraftFields) {
    this.typed = typed
  }

  text(field: FieldName): string {
    return this.typed[field] ?? ''
  }

  keep(field: FieldName, text: string): void {
    this.#right[field] = text
  }

  refuse(field: FieldName, fault: string, words: string = field): null {
    this.#faults[field] ??= `report.${words}.${fault}`
    delete this.#right[field]
    return null
  }

  /** Keeps the value that a domain parser returned, or refuses the field; `write` formats the value for the form. */
  parsed<T>(
    field: FieldName,
    result: Result<T, string>,
    write: (value: T) => string,
    words?: string,
  ): T | null {
    if (!result.ok) return this.refuse(field, result.error, words)
    this.keep(field, write(result.value))
    return result.value
  }

  /** Reads a field like `parsed`; a blank field is null. */
  optional<T>(
    field: FieldName,
    parse: (text: string) => Result<T, string>,
    write: (value: T) => string,
    words?: string,
  ): T | null {
    if (!isBlank(this.text(field))) return this.parsed(field, parse(this.text(field)), write, words)
    this.keep(field, '')
    return null
  }

  /** Reads a text by its descriptor; '' if it is blank and optional, or wrong. */
  oneText(field: TextFieldName, need: 'required' | 'optional' = FIELDS[field].need): string {
    if (isBlank(this.text(field)) && need === 'optional') {
      this.keep(field, '')
      return ''
    }
    if (isBlank(this.text(field))) return this.refuse(field, 'empty') ?? ''
    return this.parsed(field, FIELDS[field].read(this.text(field)), String) ?? ''
  }

  texts<Step extends AnswerStep>(step: Step): TextsOf<Step> {
    return Object.fromEntries(textsOf(step).map((field) => [field, this.oneText(field)])) as TextsOf<Step>
  }

  choice<T extends string>(field: FieldName, values: readonly T[]): T | null {
    const value = values.find((one) => one === this.text(field))
    if (isBlank(this.text(field))) return this.refuse(field, 'empty')
    if (value === undefined) return this.refuse(field, 'unknown', 'choice')
    this.keep(field, value)
    return value
  }

  area(read: ReadArea): string | null {
    const found = isBlank(this.text('district')) ? 'empty' : read(this.text('district'), this.text('place'))
    if (typeof found === 'string') return this.refuse('district', found)
    this.keep('district', found.area)
    return found.area
  }

  box(field: FieldName): boolean {
    const ticked = this.text(field) === 'on'
    this.keep(field, ticked ? 'on' : '')
    return ticked
  }

  /** Returns the reading. `value` is called only if there is no fault. */
  done<T extends object>(value: () => T | null | ''): FieldReading<T> {
    const right = Object.keys(this.#faults).length === 0
    return { value: right ? value() || null : null, answers: this.#right, faults: this.#faults }
  }
}
