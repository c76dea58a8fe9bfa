import { err, ok, type Result } from '#domain/result.ts'
import { seen } from '#domain/writing.ts'
import { findPersonal } from './masking.ts'
import { once, type Typed } from './typed.ts'

/** In characters that a person sees; the public page holds many of them. */
const MOST = { said: 500, answer: 1_000, promise: 300, done: 500, reason: 500, withdraw: 500 } as const

/** Faults by field, named as under `reply` in the messages. */
export type WordFaults = Readonly<Record<string, string>>

/** Reads what everybody will read as it is written: too much, or somebody in it, is a fault of its field. */
export class PublicWords {
  readonly faults: Record<string, string> = {}
  readonly typed: Typed
  constructor(typed: Typed) {
    this.typed = typed
  }

  text(field: string, kind: keyof typeof MOST, needed: boolean): string | null {
    const text = once(this.typed, field).replaceAll('\0', '').replace(/\r\n?/g, '\n').trim().normalize('NFC')
    if (text === '') {
      if (needed) this.faults[field] = `${kind}.empty`
      return null
    }
    if (seen(text) > MOST[kind]) this.faults[field] = 'too_long'
    else if (findPersonal(text).length > 0) this.faults[field] = 'personal'
    return text
  }

  result<T>(value: T): Result<T, WordFaults> {
    return Object.keys(this.faults).length > 0 ? err(this.faults) : ok(value)
  }
}
