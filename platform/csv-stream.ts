import '#server-only'
import { Readable } from 'node:stream'
import { type CsvError, parse } from 'csv-parse'
import { type CsvFault, delimiterOf, encodingOf, MAX_RECORD } from './csv.ts'

/** The error of a file that is read as it comes and turned out to be no table. */
export class CsvFailure extends Error {
  readonly fault: CsvFault
  constructor(fault: CsvFault) {
    super(fault)
    this.fault = fault
  }
}

/** So much is looked at before anything is read: byte order mark, Excel's `sep=`, what parts the cells. */
const HEAD = 64 * 1024

/**
 * Reads the rows of a CSV file as it comes, however long: the same files that {@link readCsv} reads, in the memory of a
 * few rows. Throws {@link CsvFailure} where it is none.
 */
export async function* csvRows(content: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const texts = decoded(content)
  const first = await texts.next()
  if (first.done) return
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
