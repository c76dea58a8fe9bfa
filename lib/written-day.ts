import { err, ok, type Result } from './result.ts'
import { stripInvisible } from './text-normalization.ts'
import { fromLocal, type Instant, localDate } from './time.ts'

const ISO = /^(?<year>\d{4,6})-(?<month>\d\d)-(?<day>\d\d)$/
/** The form in which people type a day, for browsers that show a date as a text field. */
const WRITTEN = /^(?<day>\d\d?)[/.-](?<month>\d\d?)[/.-](?<year>\d{4})$/

/** Reads a day as people and browsers write it: the instant at which it begins in the city. */
export function parseDay(input: string): Result<Instant, 'empty' | 'format' | 'impossible'> {
  const text = stripInvisible(input).normalize('NFKC').trim()
  if (text === '') return err('empty')
  const parts = (ISO.exec(text) ?? WRITTEN.exec(text))?.groups
  if (parts === undefined) return err('format')
  const at = fromLocal(Number(parts.year), Number(parts.month), Number(parts.day), 0, 0)
  return at === null ? err('impossible') : ok(at)
}

/** Writes a day as everybody in the city does, in every browser: `25/11/2026`. */
export const writeDay = (at: Instant): string => localDate(at).split('-').reverse().join('/')
