type Cell = string | number | boolean | null

/**
 * Returns one line of CSV (RFC 4180, CRLF). Text that a spreadsheet would run as a formula gets an apostrophe before
 * it, as OWASP advises (CSV injection); null is an empty cell.
 */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`

/** Spreadsheets recognise UTF-8 only by this byte order mark, and otherwise garble Vietnamese. */
export const BYTE_ORDER_MARK = '\ufeff'

/** Returns lines as a CSV file for spreadsheets. */
export const csvForSheets = (lines: readonly (readonly Cell[])[]): string =>
  `${BYTE_ORDER_MARK}${lines.map(csvLine).join('')}`

/** Returns a table as CSV: a line of its columns, then one line per row. A row's values must be in the order of the columns. */
export const csvTable = (
  columns: readonly string[],
  rows: readonly Readonly<Record<string, Cell>>[],
): string => [columns, ...rows.map((row) => Object.values(row))].map(csvLine).join('')

function csvCell(value: Cell): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Makes the cells of unquoted lines of CSV safe for spreadsheets, as {@link csvLine} does. */
export const withoutFormulas = (lines: string): string => lines.replace(/(^|[\n,])([=+\-@\t])/g, "$1'$2")
