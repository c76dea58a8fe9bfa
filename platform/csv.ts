import '#server-only'
import { type CsvError, parse } from 'csv-parse'
import { MAX_CSV_ROWS } from '#features/cases/rules/found/upload.ts'

/** A cell of a hundred kilobytes is no cell: a quote was never closed. */
export const MAX_RECORD = 100_000

/** The reasons why a file is no table of ours: each has its own words. */
export type CsvFault = 'encoding' | 'broken' | 'too_many_rows' | 'empty'

/**
 * Reads the rows of a CSV file: UTF-8 or UTF-16, with comma, semicolon or tab, quoted or not, as sheets in any language
 * write it. Every cell is a text and nothing is reckoned. It stops reading at one row too many.
 */
export async function readCsv(
  bytes: Uint8Array,
  mostRows = MAX_CSV_ROWS,
): Promise<{ readonly rows: readonly string[][] } | { readonly fault: CsvFault }> {
  const text = decoded(bytes)
  if (text === null) return { fault: 'encoding' }
  // Excel's own first line, which says what parts the cells.
  const [, said] = /^sep=(.)\r?\n/i.exec(text) ?? []
  const body = said === undefined ? text : text.slice(text.indexOf('\n') + 1)
  const parser = parse(body, {
    delimiter: said ?? delimiterOf(body),
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    max_record_size: MAX_RECORD,
  })
  const rows: string[][] = []
  try {
    for await (const row of parser as AsyncIterable<string[]>) {
      if (row.every((cell) => cell.trim() === '')) continue
      // One more than the limit, for the names of the columns.
      if (rows.length > mostRows) return { fault: 'too_many_rows' }
      rows.push(row)
    }
  } catch (error) {
    if ((error as Partial<CsvError>).code?.startsWith('CSV_')) return { fault: 'broken' }
    throw error
  }
  return rows.length === 0 ? { fault: 'empty' } : { rows }
}

/** Returns the encoding that the byte order mark says; without one, UTF-8. */
export function encodingOf([a, b]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  return a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8'
}

/** Returns the text of a file, by its byte order mark, or else UTF-8; null when it is neither, like a workbook. */
function decoded(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes)
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}

/** Returns the delimiter between the cells of the first line, outside quotes. */
export function delimiterOf(text: string): string {
  const line = (/^(?:"(?:[^"]|"")*"|[^"\n])*/.exec(text.slice(0, MAX_RECORD))?.[0] ?? '').replace(
    /"(?:[^"]|"")*"/g,
    '',
  )
  const count = (delimiter: string) => line.split(delimiter).length
  return [';', '\t', ','].reduce((best, one) => (count(one) > count(best) ? one : best))
}
