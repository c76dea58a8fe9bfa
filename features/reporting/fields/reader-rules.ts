import type { Result } from '#lib/result.ts'
import { stripInvisible } from '#lib/text-normalization.ts'
import type { DraftFields, Faults, FieldReading } from '../drafts/fields-rules.ts'
import type { AnswerStep } from '../steps/rules.ts'
import { FIELDS, type FieldName, type TextFieldName, type TextsOf, textsOf } from './rules.ts'

/** Tells whether a text has nothing that anybody could see: empty, blanks, zero-width characters. */
export const isBlank = (text: string): boolean => stripInvisible(text).trim() === ''

/** Returns the faults of fields that are filled in: a blank field was not reached yet. */
export const faultsLeftIn = (answers: DraftFields, faults: Faults): Faults =>
  Object.fromEntries(Object.entries(faults).filter(([field]) => !isBlank(answers[field as FieldName] ?? '')))

/**
 * Reads the area of the incident from the chosen answer and the typed place; it returns an area of the edition in
 * force.
 */
export type ReadArea = (
  answer: string,
  place: string,
) => { readonly area: string } | 'empty' | 'ended' | 'several'

/** Reads the fields of one step, keeping valid values and naming faults. */
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

  /**
   * Takes the value that a parser of the domain read from a field, or refuses the field; `write` turns the value back
   * into what the form shows.
   */
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

  /** Reads like `parsed` a field that may stay blank, which is null. */
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

  /** Reads a text by its descriptor; '' when it is blank and may be, or wrong. */
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

  /** Reads a box to tick, kept as `on` or ''. */
  box(field: FieldName): boolean {
    const ticked = this.text(field) === 'on'
    this.keep(field, ticked ? 'on' : '')
    return ticked
  }

  /** Ends the reading. `value` is asked for only when nothing is at fault. */
  done<T extends object>(value: () => T | null | ''): FieldReading<T> {
    const right = Object.keys(this.#faults).length === 0
    return { value: right ? value() || null : null, answers: this.#right, faults: this.#faults }
  }
}
