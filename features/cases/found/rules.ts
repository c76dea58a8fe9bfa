import { type ImeiFault, type ImeiKey, parseImei } from '#lib/imei/imei.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { cellText, isRounded, readSheet, type SheetRow } from '#lib/sheet.ts'
import { dayOf } from '#lib/written-day.ts'

export const FOUND_FIELDS = ['imei', 'foundOn', 'foundPlace', 'custody', 'note'] as const
export type FoundField = (typeof FOUND_FIELDS)[number]
export type FoundTyped = Readonly<Record<FoundField, string>>

export interface FoundPhone extends FoundTyped {
  readonly key14: ImeiKey
}

type FoundFault =
  | `imei_${ImeiFault}`
  | 'imei_scientific'
  | 'imei_repeated_row'
  | 'foundOn_invalid'
  | 'foundOn_future'
  | 'foundPlace_empty'
  | 'custody_empty'
  | 'too_long'
export type FoundFaults = Readonly<Partial<Record<FoundField, FoundFault>>>

const FOUND_STATES = ['found', 'matched', 'returned', 'unclaimed', 'to_holder'] as const
export type FoundState = (typeof FOUND_STATES)[number]
export type ClosedFound = Exclude<FoundState, 'found' | 'matched'>

const LONGEST = 300

/** Parses one phone as it was typed, scanned or exported; `today` is the city's date. Returns every faulty field. */
export function parseFoundPhone(typed: FoundTyped, today: string): Result<FoundPhone, FoundFaults> {
  const written = cellText(typed.imei)
  const imei = parseImei(written)
  const foundOn = dayOf(cellText(typed.foundOn))
  const texts = {
    foundPlace: cellText(typed.foundPlace),
    custody: cellText(typed.custody),
    note: cellText(typed.note),
  }
  const faults: Partial<Record<FoundField, FoundFault>> = {}
  for (const [field, text] of Object.entries(texts))
    if (text.length > LONGEST) faults[field as FoundField] = 'too_long'
  if (!imei.ok) faults.imei = isRounded(written) ? 'imei_scientific' : `imei_${imei.error}`
  if (foundOn === null) faults.foundOn = 'foundOn_invalid'
  else if (foundOn > today) faults.foundOn = 'foundOn_future'
  if (texts.foundPlace === '') faults.foundPlace = 'foundPlace_empty'
  if (texts.custody === '') faults.custody = 'custody_empty'
  if (!imei.ok || foundOn === null || Object.keys(faults).length > 0) return err(faults)
  return ok({ imei: imei.value.imei, key14: imei.value.key, foundOn, ...texts })
}

/** Names of columns that people write, without diacritics and blanks. */
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

export interface FoundRow extends SheetRow<FoundField> {
  readonly read: Result<FoundPhone, FoundFaults>
}

/** Returns the phones of a table. A phone that occurs twice is a fault of the later row. Null if there is no column of IMEIs. */
export function readFoundTable(table: readonly (readonly string[])[], today: string): FoundRow[] | null {
  const rows = readSheet(table, FOUND_FIELDS, COLUMN_NAMES, 'imei', ([first]) => /\d/.test(first ?? ''))
  const seen = new Set<string>()
  return (
    rows?.map((row): FoundRow => {
      const read = parseFoundPhone(row.typed, today)
      const again = read.ok && seen.has(read.value.key14)
      if (read.ok) seen.add(read.value.key14)
      return { ...row, read: again ? err({ imei: 'imei_repeated_row' }) : read }
    }) ?? null
  )
}

export const MAX_CSV_BYTES = 5_000_000
export const MAX_CSV_ROWS = 10_000
