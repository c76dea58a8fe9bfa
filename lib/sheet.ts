import { foldDiacritics, normalizeCharacters, stripInvisible } from './text-normalization.ts'
import { fromLocal } from './time.ts'

/** `="352987065816623"` and `'352987065816623`: how sheets keep a long number a text. */
const KEPT_AS_TEXT = /^(?:=\s*"(.*)"|'(.*))$/s
/** `3.52987E+14`: a sheet has rounded the number, and its last digits are lost. */
const SCIENTIFIC = /^[+-]?\d+([.,]\d+)?e[+-]?\d+$/i

/** Returns the text that a cell means: a formula is taken as its text, and is not calculated. */
export const cellText = (text: string): string => {
  const [, quoted, marked] = KEPT_AS_TEXT.exec(text.trim()) ?? []
  return stripInvisible((quoted ?? marked ?? text).replaceAll('\0', '')).trim()
}

export const isRounded = (cell: string): boolean => SCIENTIFIC.test(cell)

/**
 * Reads a day, written `2026-11-24` or `24/11/2026`, with or without a time of day after it; null when there is none.
 */
export const dayOf = (cell: string): string | null => readDay(cell)?.day ?? null

/** Reads the same with its time of day, which is midnight where none is written. */
export function momentOf(cell: string): Date | null {
  const read = readDay(cell)
  if (read === null) return null
  const [, hour = '0', minute = '0'] = TIME.exec(read.rest) ?? []
  const [year = 0, month = 0, day = 0] = read.day.split('-').map(Number)
  return fromLocal(year, month, day, Number(hour), Number(minute))
}

/** Tells whether a time of day follows the day. */
export const saysTime = (cell: string): boolean => TIME.test(readDay(cell)?.rest ?? '')

const TIME = /^(\d{1,2})[:hg](\d{2})/i

function readDay(cell: string): { readonly day: string; readonly rest: string } | null {
  const plain = normalizeCharacters(cell)
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](.*))?$/.exec(plain)
  const local = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: (.*))?$/.exec(plain)
  const numbers = iso?.slice(1, 4) ?? local?.slice(1, 4).reverse() ?? []
  const [year, month, day] = numbers.map(Number)
  if (year === undefined || month === undefined || day === undefined || year < 2000) return null
  if (fromLocal(year, month, day, 0, 0) === null) return null
  const written = [String(year), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-')
  return { day: written, rest: (iso?.[4] ?? local?.[4] ?? '').trim() }
}

export interface SheetRow<F extends string> {
  /** The row as a spreadsheet counts it, from 1. */
  readonly line: number
  readonly typed: Readonly<Record<F, string>>
}

/**
 * Returns the rows of a table by field: columns by the names in its first row, folded and without blanks, or in the
 * order of `fields` where the first row holds data already, which `isData` says. Null where it is neither.
 */
export function readSheet<F extends string>(
  table: readonly (readonly string[])[],
  fields: readonly F[],
  names: Readonly<Record<string, F>>,
  needed: F,
  isData: (first: readonly string[]) => boolean,
): SheetRow<F>[] | null {
  const [first = []] = table
  const named = first.map((name) => names[foldDiacritics(cellText(name)).replace(/[\s_-]/g, '')])
  const headed = named.includes(needed)
  if (!headed && !isData(first)) return null
  const columns: readonly (F | undefined)[] = headed ? named : fields
  return table.slice(headed ? 1 : 0).map((cells, at) => {
    const value = (field: F) => cells[columns.indexOf(field)] ?? ''
    const typed = Object.fromEntries(fields.map((field) => [field, value(field)])) as Record<F, string>
    return { line: at + (headed ? 2 : 1), typed }
  })
}
