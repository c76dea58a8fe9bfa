import pg from 'pg'
import type { Web } from './bed.ts'
import { difference, type Figure, interleave, ratio } from './measure.ts'

const ROUNDS = 5

interface CsvOf {
  readonly name: string
  /** The path, and the headers that authorize it. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly rows: number
  /** `COPY … TO STDOUT` of the same rows. */
  readonly copy: string
  readonly databaseUrl: string
}

/**
 * Measures a CSV that the web server streams beside COPY directly from the database: rows per second, and the server's
 * memory.
 */
export async function csvBesideCopy(
  product: Web,
  { name, path, headers, rows, copy, databaseUrl }: CsvOf,
): Promise<{ readonly figures: Figure[]; readonly megabytes: number }> {
  const resting = product.memory()
  let most = 0
  let bytes = 0
  const rates = await interleave(ROUNDS, {
    product: async () => {
      const started = performance.now()
      const watch = setInterval(() => {
        most = Math.max(most, product.memory())
      }, 50)
      // Uncompressed, like COPY.
      const answer = await fetch(product.url + path, {
        headers: { ...headers, 'accept-encoding': 'identity' },
      })
      if (answer.status !== 200 || answer.body === null) throw new Error(`${path} answered ${answer.status}`)
      let lines = 0
      bytes = 0
      for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
        for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) lines++
        bytes += piece.length
      }
      clearInterval(watch)
      if (lines !== rows + 1) throw new Error(`${lines} lines of ${rows + 1}`)
      return rows / ((performance.now() - started) / 1000)
    },
    baseline: () => copied(databaseUrl, copy, rows),
  })
  return {
    figures: [
      ratio(name, 'rows/s', rates, { atLeast: 0.5 }),
      difference('memory of the web server: most, and before', 'MB', most, resting, { atMost: 200 }),
    ],
    megabytes: Math.round(bytes / 1e6),
  }
}

/** Returns rows per second, read by a client that discards them. */
async function copied(databaseUrl: string, copy: string, rows: number): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const started = performance.now()
  await client.query(copy)
  const seconds = (performance.now() - started) / 1000
  await client.end()
  return rows / seconds
}
