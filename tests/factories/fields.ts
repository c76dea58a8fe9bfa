import { FIELDS, type TextFieldName, type ValueKind } from '#features/reporting/fields/rules.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

const SAMPLES: Readonly<Record<ValueKind, (nth: number) => string>> = {
  words: (nth) => `MAU${LETTERS[nth]}`,
  number: (nth) => String(7_301 + nth),
  money: (nth) => String(7_654_321 + nth),
  date: (nth) => `2024-03-${String(nth + 10).padStart(2, '0')}`,
}

/**
 * Returns a value that a report field accepts, in its stored form. It is unique to each field and `nth`, and
 * part of no other text.
 */
export function sampleOf(name: TextFieldName, nth = 1): string {
  const { value, read: parse } = FIELDS[name]
  const kind = value as ValueKind
  const place = Object.keys(FIELDS).indexOf(name)
  const typed =
    kind === 'words'
      ? `${SAMPLES.words(nth)}${LETTERS[place % 26]}${LETTERS[Math.floor(place / 26)]}`
      : SAMPLES[kind](nth)
  const read = parse(typed)
  if (!read.ok) throw new Error(`${typed} is no ${name}: ${read.error}; give it a sample of its own`)
  return read.value
}
