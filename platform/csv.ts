import '#server-only'
import { Readable } from 'node:stream'
import { type CsvError, parse } from 'csv-parse'
import { MAX_CSV_ROWS } from '#features/cases/found/rules.ts'

/** A cell of 100 kB means that a quote was never closed. */
const MAX_RECORD = 100_000

/** Bytes that are inspected before reading: byte order mark, Excel's `sep=`, delimiter. */
const HEAD = 64 * 1024

export type CsvFault = 'encoding' | 'broken' | 'too_many_rows' | 'empty'

/** Thrown while reading a file that turns out not to be a table. */
export class CsvFailure extends Error {
  readonly fault: CsvFault
  constructor(fault: CsvFault) {
    super(fault)
    this.fault = fault
  }
}

/** Reads a short CSV file whole, without blank rows. Stops at the first row over the limit. */
export async function readCsv(
  bytes: Uint8Array,
  mostRows = MAX_CSV_ROWS,
): Promise<{ readonly rows: readonly string[][] } | { readonly fault: CsvFault }> {
  const rows: string[][] = []
  try {
    for await (const row of csvRows(Readable.from([bytes]))) {
      if (row.every((cell) => cell.trim() === '')) continue
      // One more than the limit, for the header row.
      if (rows.length > mostRows) return { fault: 'too_many_rows' }
      rows.push(row)
    }
  } catch (error) {
    if (error instanceof CsvFailure) return { fault: error.fault }
    throw error
  }
  return rows.length === 0 ? { fault: 'empty' } : { rows }
}

/**
 * Streams the rows of a CSV file of any length, with only a few rows in memory: UTF-8 or UTF-16, with comma, semicolon or tab,
 * quoted or not, as spreadsheets in any language write it. Every cell is text; no formula is evaluated.
 *
 * @throws {@link CsvFailure} if it is not a table
 */
export async function* csvRows(content: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const texts = decoded(content)
  const first = await texts.next()
  if (first.done) return
  // Excel's own first line, which names the delimiter.
  const [line = '', said] = /^sep=(.)\r?\n/i.exec(first.value) ?? []
  const body = async function* () {
    yield first.value.slice(line.length)
    yield* texts
  }
  const source = Readable.from(body())
  const parser = parse({
    delimiter: said ?? delimiterOf(first.value),
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    max_record_size: MAX_RECORD,
  })
  source.on('error', (error) => parser.destroy(error)).pipe(parser)
  try {
    yield* parser as AsyncIterable<string[]>
  } catch (error) {
    if ((error as Partial<CsvError>).code?.startsWith('CSV_')) throw new CsvFailure('broken')
    throw error
  } finally {
    source.destroy()
  }
}

/**
 * Decodes a file by its byte order mark, or else as UTF-8.
 *
 * @throws {@link CsvFailure} if it is neither, such as a workbook
 */
async function* decoded(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let head = Buffer.alloc(0)
  let decoder: TextDecoder | null = null
  const text = (bytes: Uint8Array, stream: boolean): string => {
    decoder ??= new TextDecoder(encodingOf(bytes), { fatal: true })
    try {
      const piece = decoder.decode(bytes, { stream })
      if (!piece.includes('\0')) return piece
    } catch {}
    throw new CsvFailure('encoding')
  }
  for await (const chunk of content) {
    if (decoder) yield text(chunk, true)
    else head = Buffer.concat([head, chunk])
    if (!decoder && head.length >= HEAD) yield text(head, true)
  }
  const rest = text(decoder ? new Uint8Array() : head, false)
  if (rest !== '') yield rest
}

function encodingOf([a, b]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  return a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8'
}

function delimiterOf(text: string): string {
  const line = (/^(?:"(?:[^"]|"")*"|[^"\n])*/.exec(text.slice(0, MAX_RECORD))?.[0] ?? '').replace(
    /"(?:[^"]|"")*"/g,
    '',
  )
  const count = (delimiter: string) => line.split(delimiter).length
  return [';', '\t', ','].reduce((best, one) => (count(one) > count(best) ? one : best))
}
