import { err, ok, type Result } from './result.ts'
import { normalizeCharacters, stripInvisible } from './text-normalization.ts'
import { fromLocal, type Instant, localDate } from './time.ts'

/** A day as browsers and machines write it, or as people do; a time may follow. */
const ISO = /^(\d{4,6})-(\d{1,2})-(\d{1,2})(?:[ T](.*))?$/
const WRITTEN = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: (.*))?$/
const TIME = /^(\d{1,2})[:hg](\d{2})/i

/** Parses the parts of a day and the text after it; null if the text is not a day. */
function readParts(input: string) {
  const text = normalizeCharacters(stripInvisible(input)).trim()
  const iso = ISO.exec(text)
  const written = WRITTEN.exec(text)
  const [year, month, day] = (iso?.slice(1, 4) ?? written?.slice(1, 4).reverse() ?? []).map(Number)
  if (year === undefined || month === undefined || day === undefined) return null
  return { year, month, day, rest: (iso?.[4] ?? written?.[4] ?? '').trim() }
}

/** Parses a day as people and browsers write it. Returns the instant at which it begins in the city. */
export function parseDay(input: string): Result<Instant, 'empty' | 'format' | 'impossible'> {
  if (stripInvisible(input).trim() === '') return err('empty')
  const parts = readParts(input)
  if (parts === null || parts.rest !== '') return err('format')
  const at = fromLocal(parts.year, parts.month, parts.day, 0, 0)
  return at === null ? err('impossible') : ok(at)
}

/** Parses a day from the year 2000 on, with any text after it; null if there is none. */
function readRecent(cell: string) {
  const parts = readParts(cell)
  if (parts === null || parts.year < 2000 || parts.year > 9999) return null
  const at = fromLocal(parts.year, parts.month, parts.day, 0, 0)
  return at && { ...parts, at }
}

/** Returns a day from the year 2000 on as `2026-11-24`, with or without a time of day after it; null if there is none. */
export function dayOf(cell: string): string | null {
  const read = readRecent(cell)
  return read && localDate(read.at)
}

/** Returns the same day with its time, or with midnight if no time is written. */
export function momentOf(cell: string): Date | null {
  const read = readRecent(cell)
  if (read === null) return null
  const [, hour = '0', minute = '0'] = TIME.exec(read.rest) ?? []
  return fromLocal(read.year, read.month, read.day, Number(hour), Number(minute))
}

/** Checks whether a time of day follows the day. */
export const saysTime = (cell: string): boolean => TIME.test(readRecent(cell)?.rest ?? '')

/** Writes a day as everybody in the city does, in every browser: `25/11/2026`. */
export const writeDay = (at: Instant): string => localDate(at).split('-').reverse().join('/')
