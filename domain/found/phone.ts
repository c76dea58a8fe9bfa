import { type ImeiFault, type ImeiKey, parseImei } from '../imei/imei.ts'
import { err, ok, type Result } from '../result.ts'
import { fromLocal } from '../time.ts'
import { fold, ordinary, visible } from '../writing.ts'

/** What police write down of a phone that was found, as the form's fields and the file's columns are called. */
export const FOUND_FIELDS = ['imei', 'foundOn', 'foundPlace', 'custody', 'note'] as const
export type FoundField = (typeof FOUND_FIELDS)[number]
export type FoundTyped = Readonly<Record<FoundField, string>>

export interface FoundPhone extends FoundTyped {
  readonly key14: ImeiKey
}

export type FoundFault =
  | `imei_${ImeiFault}`
  | 'imei_scientific'
  | 'imei_repeated_row'
  | 'foundOn_invalid'
  | 'foundOn_future'
  | 'foundPlace_empty'
  | 'custody_empty'
  | 'too_long'
export type FoundFaults = Readonly<Partial<Record<FoundField, FoundFault>>>

export const FOUND_STATES = ['found', 'matched', 'returned', 'unclaimed'] as const
export type FoundState = (typeof FOUND_STATES)[number]

const LONGEST = 300
/** `3.52987E+14`: a sheet has rounded the number, and its last digits are lost. */
const SCIENTIFIC = /^[+-]?\d+([.,]\d+)?e[+-]?\d+$/i
/** `="352987065816623"` and `'352987065816623`: how sheets keep a long number a text. */
const KEPT_AS_TEXT = /^(?:=\s*"(.*)"|'(.*))$/s

const cell = (text: string): string => {
  const [, quoted, marked] = KEPT_AS_TEXT.exec(text.trim()) ?? []
  return visible((quoted ?? marked ?? text).replaceAll('\0', '')).trim()
}

/** Reads one phone as it was typed, scanned or exported; `today` is the city's date. Every faulty field is named. */
export function readFoundPhone(typed: FoundTyped, today: string): Result<FoundPhone, FoundFaults> {
  const written = cell(typed.imei)
  const imei = parseImei(written)
  const foundOn = readDay(cell(typed.foundOn))
  const texts = { foundPlace: cell(typed.foundPlace), custody: cell(typed.custody), note: cell(typed.note) }
  const faults: Partial<Record<FoundField, FoundFault>> = {}
  for (const [field, text] of Object.entries(texts))
    if (text.length > LONGEST) faults[field as FoundField] = 'too_long'
  if (!imei.ok) faults.imei = SCIENTIFIC.test(written) ? 'imei_scientific' : `imei_${imei.error}`
  if (foundOn === null) faults.foundOn = 'foundOn_invalid'
  else if (foundOn > today) faults.foundOn = 'foundOn_future'
  if (texts.foundPlace === '') faults.foundPlace = 'foundPlace_empty'
  if (texts.custody === '') faults.custody = 'custody_empty'
  if (!imei.ok || foundOn === null || Object.keys(faults).length > 0) return err(faults)
  return ok({ imei: imei.value.imei, key14: imei.value.key, foundOn, ...texts })
}

/** A day as `2026-11-24` or `24/11/2026`, with or without a time of day behind it; null when there is none. */
function readDay(text: string): string | null {
  const plain = ordinary(text)
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?$/.exec(plain)
  const local = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: .*)?$/.exec(plain)
  const [year, month, day] = (iso?.slice(1) ?? local?.slice(1).reverse() ?? []).map(Number)
  if (year === undefined || month === undefined || day === undefined || year < 2000) return null
  if (fromLocal(year, month, day, 0, 0) === null) return null
  return [String(year), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-')
}

/** Names of columns that people write, folded and without blanks. */
const COLUMN_NAMES: Readonly<Record<string, FoundField>> = {
  imei: 'imei',
  soimei: 'imei',
  foundon: 'foundOn',
  date: 'foundOn',
  ngaytimduoc: 'foundOn',
  ngay: 'foundOn',
  place: 'foundPlace',
  noitimduoc: 'foundPlace',
  custody: 'custody',
  keptat: 'custody',
  noigiu: 'custody',
  noigiumay: 'custody',
  note: 'note',
  ghichu: 'note',
}

export interface FoundRow {
  /** As a sheet counts its rows, from 1. */
  readonly line: number
  readonly typed: FoundTyped
  readonly read: Result<FoundPhone, FoundFaults>
}

/**
 * The phones of a table: columns by the names in its first row, or in the form's own order where the first row is a
 * phone already. A phone that stands in it twice is a fault of the later row. Null when there is no column of IMEIs.
 */
export function readFoundTable(table: readonly (readonly string[])[], today: string): FoundRow[] | null {
  const [first = []] = table
  const named = first.map((name) => COLUMN_NAMES[fold(cell(name)).replace(/[\s_-]/g, '')])
  const headed = named.includes('imei')
  if (!headed && !/\d/.test(first[0] ?? '')) return null
  const columns: readonly (FoundField | undefined)[] = headed ? named : FOUND_FIELDS
  const seen = new Set<string>()
  return table.slice(headed ? 1 : 0).map((cells, at): FoundRow => {
    const value = (field: FoundField) => cells[columns.indexOf(field)] ?? ''
    const typed = Object.fromEntries(FOUND_FIELDS.map((field) => [field, value(field)])) as Record<
      FoundField,
      string
    >
    const read = readFoundPhone(typed, today)
    const again = read.ok && seen.has(read.value.key14)
    if (read.ok) seen.add(read.value.key14)
    return {
      line: at + (headed ? 2 : 1),
      typed,
      read: again ? err({ imei: 'imei_repeated_row' }) : read,
    }
  })
}
