import { findPersonal, type PersonalKind } from '#features/ratings/masking/rules.ts'
import { lastValue, type RawForm } from '#lib/raw-form.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { countGraphemes } from '#lib/text-normalization.ts'

/** The longest texts, in graphemes; the public page shows many of them. */
const MOST = {
  said: 500,
  answer: 1_000,
  promise: 300,
  done: 500,
  reason: 500,
  withdraw: 500,
  summary: 300,
  reversal: 500,
  basis: 300,
  change: 600,
  legalBasis: 1_000,
  recommendations: 4_000,
} as const
type Kind = keyof typeof MOST

/** Faults by field, named as under the form's noun in the messages; `personal` is told alike for all of them. */
export type WordFaults = Readonly<Record<string, string>>

/** The kinds of data that an office may publish: where it stands, and which company it speaks of. */
const MAY_BE_PUBLIC = new Set<PersonalKind>(['address', 'company'])

/**
 * Returns the fault of a text that everybody will read: it is too long, or holds personal data other than an address or
 * a company; null where it has none.
 */
export function wordFault(text: string, kind: Kind): string | null {
  if (countGraphemes(text) > MOST[kind]) return `${kind}.too_long`
  return findPersonal(text).some(({ kind: found }) => !MAY_BE_PUBLIC.has(found)) ? 'personal' : null
}

/** Reads texts that everybody will read, and collects the fault of each by its field. */
export class PublicWords {
  readonly faults: Record<string, string> = {}
  readonly typed: RawForm
  constructor(typed: RawForm) {
    this.typed = typed
  }

  text(field: string, kind: Kind, needed: boolean): string | null {
    const text = lastValue(this.typed, field)
      .replaceAll('\0', '')
      .replace(/\r\n?/g, '\n')
      .trim()
      .normalize('NFC')
    if (text === '') {
      if (needed) this.faults[field] = `${kind}.empty`
      return null
    }
    const fault = wordFault(text, kind)
    if (fault !== null) this.faults[field] = fault
    return text
  }

  result<T>(value: T): Result<T, WordFaults> {
    return Object.keys(this.faults).length > 0 ? err(this.faults) : ok(value)
  }
}
