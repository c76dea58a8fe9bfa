import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import type { Cell, Sheet } from 'write-excel-file/node'
import writeXlsxFile from 'write-excel-file/node'
import { nfc } from '#components/paper/parts.ts'

/** A date is one of the calendar: midnight of that day in UTC. */
export type Value = string | number | Date | null
export interface Column {
  readonly label: string
  readonly width: number
  /** Shares are numbers from 0 to 1, shown as per cent. */
  readonly share?: true
  /** Dates are days where it does not say so. */
  readonly month?: true
}

/** The length that a text may have in a cell: 32,767 UTF-16 units is the format's own limit. */
const LONGEST = 32_000

/**
 * Returns a text that is safe to write. The writer finds a text that it has written before in a plain object,
 * and takes `valueOf` for one: with a space behind it is no key that every object has.
 */
const asKey = (text: string): string => (text in {} ? `${text} ` : text)

/** Makes the cell of a value. Text that begins with `=` stays text too: it is stored as a string, never as a formula. */
const cell = (value: Value, { share, month }: Partial<Column> = {}): Cell => {
  if (value === null) return null
  if (value instanceof Date)
    return { value, type: Date, format: month ? 'mm/yyyy' : 'dd/mm/yyyy', alignVertical: 'top' }
  if (typeof value === 'string')
    return { value: asKey(nfc(value).slice(0, LONGEST)), type: String, wrap: true, alignVertical: 'top' }
  return { value, type: Number, format: share ? '0.0%' : '#,##0', alignVertical: 'top' }
}

/** Returns a sheet whose first row says what the columns are; it stays in sight. */
export const sheet = (
  name: string,
  columns: readonly Column[],
  rows: readonly (readonly Value[])[],
): Sheet<never> => ({
  sheet: name,
  columns: columns.map(({ width }) => ({ width })),
  stickyRowsCount: 1,
  data: [
    columns.map(({ label }) => ({ value: nfc(label), type: String, fontWeight: 'bold', wrap: true })),
    ...rows.map((row) => row.map((value, at) => cell(value, columns[at]))),
  ],
})

/** The first moment that a zip file can express: the file must not say when it was written. */
const NO_TIME = new Date(1980, 0, 1)

/**
 * Writes sheets as XLSX: the same bytes from the same sheets. The first is text; each other that has a row can be filtered.
 *
 * @param empty the words of a table without a row
 */
export async function writeWorkbook(sheets: readonly Sheet<never>[], empty: string): Promise<Buffer> {
  const filled = sheets.map((one) => saidIfEmpty(one, empty))
  const parts = unzipSync(await writeXlsxFile(filled as Sheet<never>[]).toBuffer())
  sheets.forEach(({ columns = [], data }, at) => {
    if (at > 0 && data.length > 1) addFilter(parts, at + 1, columns.length, data.length)
  })
  return Buffer.from(zipSync(parts, { mtime: NO_TIME }))
}

/** Adds words to a table without a row: an empty sheet looks as if something were missing. */
const saidIfEmpty = (one: Sheet<never>, words: string): Sheet<never> =>
  one.data.length > 1 ? one : { ...one, data: [...one.data, [cell(words)]] }

const LETTERS = 26
const columnName = (n: number): string =>
  (n > LETTERS ? columnName(Math.floor((n - 1) / LETTERS)) : '') +
  String.fromCharCode('A'.charCodeAt(0) + ((n - 1) % LETTERS))

/** Adds a filter over a sheet's table, right behind its rows: the writing library cannot make one. */
function addFilter(parts: Record<string, Uint8Array>, sheet: number, columns: number, rows: number): void {
  const name = `xl/worksheets/sheet${sheet}.xml`
  const xml = strFromU8(parts[name] ?? new Uint8Array())
  const filter = `</sheetData><autoFilter ref="A1:${columnName(columns)}${rows}"/>`
  parts[name] = strToU8(xml.replace('</sheetData>', filter))
}
