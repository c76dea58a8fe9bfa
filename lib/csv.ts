/**
 * Returns one line of CSV (RFC 4180, CRLF). Text that a spreadsheet would run as a formula gets an apostrophe before
 * it, as OWASP advises (CSV injection); null is an empty cell.
 */
export const csvLine = (cells: readonly (string | number | boolean | null)[]): string =>
  `${cells.map(csvCell).join(',')}\r\n`

function csvCell(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Lines of CSV without quotes, whose cells are made safe for spreadsheets as {@link csvLine} does. */
export const withoutFormulas = (lines: string): string => lines.replace(/(^|[\n,])([=+\-@\t])/g, "$1'$2")
