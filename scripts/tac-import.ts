/**
 * `npm run tac:import -- FILE.csv`: imports a `TAC,Manufacturer,Model` file into the TAC table of DATABASE_URL or, beside
 * `npm start`, of the embedded database.
 */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { importTacs } from '#features/lookup-tables/acts.ts'
import type { TacFault, TacLine } from '#lib/imei/tac.ts'
import { endWithUsage, readArguments } from './arguments.ts'
import { onDatabase } from './on-database.ts'

async function* linesOf(path: string): AsyncGenerator<TacLine> {
  const input = createReadStream(path, 'utf8')
  let number = 0
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    // A byte order mark is not part of the first field.
    yield { number, text: number === 1 ? text.replace(/^\ufeff/, '') : text }
  }
}

/** Imports a file as a stream, in constant memory. */
export const importTacFile = (path: string) => importTacs(linesOf(path))

const WORDS: Readonly<Record<TacFault, string>> = {
  quotes: 'a quotation mark is not closed',
  columns: 'there are not three columns',
  tac: 'the TAC is not eight digits',
  manufacturer: 'the manufacturer is missing, or longer than 200 characters',
  model: 'the model is longer than 200 characters',
}

async function main(path: string): Promise<number> {
  const started = performance.now()
  const { changed, same, faults, faulty } = await importTacFile(path)
  for (const { line, fault } of faults) console.error(`${path}:${line}: ${WORDS[fault]}`)
  if (faulty > faults.length) console.error(`… and ${faulty - faults.length} more faulty lines`)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${changed} written, ${same} unchanged, ${faulty} faulty lines left out (${seconds} s)`)
  return faulty > 0 ? 1 : 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const usage = 'usage: npm run tac:import -- FILE.csv   (columns TAC, Manufacturer, Model)'
  const [path, more] = readArguments(usage, { allowPositionals: true }).positionals
  if (path === undefined || more !== undefined) endWithUsage(usage)
  await onDatabase(() => main(path))
}
