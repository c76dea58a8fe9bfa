import { cleanText } from '#domain/person/text.ts'
import type { Result } from '#domain/result.ts'
import { visible } from '#domain/writing.ts'
import type { Answers, Field, Reading } from './answers.ts'

/** Nothing that anybody could see: empty, blanks, zero-width characters. */
export const isBlank = (text: string): boolean => visible(text).trim() === ''

/** Reads the fields of one step, keeping what is right and naming what is not. */
export class FieldReader {
  readonly typed: Answers
  readonly #right: Partial<Record<Field, string>> = {}
  readonly #faults: Record<string, string> = {}

  constructor(typed: Answers) {
    this.typed = typed
  }

  text(field: Field): string {
    return this.typed[field] ?? ''
  }

  keep(field: Field, text: string): void {
    this.#right[field] = text
  }

  /** Refuses a field with the words at `report.FIELD.FAULT`, or of another field where those fit. */
  refuse(field: Field, fault: string, words: string = field): null {
    this.#faults[field] ??= `report.${words}.${fault}`
    delete this.#right[field]
    return null
  }

  /** What a parser of the domain makes of a field; `write` turns it back into what the form shows. */
  parsed<T>(field: Field, result: Result<T, string>, write: (value: T) => string, words?: string): T | null {
    if (!result.ok) return this.refuse(field, result.error, words)
    this.keep(field, write(result.value))
    return result.value
  }

  /** The same for a field that may stay blank, which is null. */
  optional<T>(
    field: Field,
    parse: (text: string) => Result<T, string>,
    write: (value: T) => string,
    words?: string,
  ): T | null {
    if (!isBlank(this.text(field))) return this.parsed(field, parse(this.text(field)), write, words)
    this.keep(field, '')
    return null
  }

  /** Free text as it was written, of at most `max` code points; '' when it is blank and may be. */
  free(field: Field, max: number, need: 'required' | 'optional'): string {
    const text = cleanText(this.text(field), max)
    if (!text.ok) this.refuse(field, text.error)
    else if (!isBlank(text.value)) this.keep(field, text.value)
    else if (need === 'required') this.refuse(field, 'empty')
    else this.keep(field, '')
    return this.#right[field] ?? ''
  }

  /** One of a few values. */
  choice<T extends string>(field: Field, values: readonly T[]): T | null {
    const value = values.find((one) => one === this.text(field))
    if (value === undefined) return this.refuse(field, 'empty')
    this.keep(field, value)
    return value
  }

  /** A box to tick, kept as `on` or ''. */
  box(field: Field): boolean {
    const ticked = this.text(field) === 'on'
    this.keep(field, ticked ? 'on' : '')
    return ticked
  }

  /** `value` is asked for only when nothing is at fault. */
  done<T extends object>(value: () => T | null | ''): Reading<T> {
    const right = Object.keys(this.#faults).length === 0
    return { value: right ? value() || null : null, answers: this.#right, faults: this.#faults }
  }
}
