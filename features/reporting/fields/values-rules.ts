import { err, ok, type Result } from '#lib/result.ts'
import { stripInvisible } from '#lib/text-normalization.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { parseDay } from '#lib/written-day.ts'

/** Parses a whole number in a range, as people write it (`12.000.000`), into its digits: `value: 'number'` or `'money'`. */
export const wholeNumber =
  (least: number, most: number) =>
  (typed: string): Result<string, 'number' | 'range'> => {
    const text = stripInvisible(typed).normalize('NFKC').trim()
    const digits = text.replace(/[\s.,_]/g, '')
    // A point or comma must separate thousands; one or two digits after it would be decimals.
    if (!/^\d{1,15}$/.test(digits) || /[.,]\d{1,2}$/.test(text)) return err('number')
    const number = Number(digits)
    return number < least || number > most ? err('range') : ok(String(number))
  }

/** Parses a day up to today, as people and browsers write it, into `YYYY-MM-DD`: `value: 'date'`. */
export const pastDay =
  (now: () => Instant = () => new Date()) =>
  (typed: string): Result<string, 'format' | 'impossible' | 'future'> => {
    const day = parseDay(typed)
    if (!day.ok) return err(day.error === 'impossible' ? 'impossible' : 'format')
    return day.value > now() ? err('future') : ok(localDate(day.value))
  }
