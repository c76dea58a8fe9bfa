import pg from 'pg'
import { issueCarrierKey } from '#server/exchange/commands/keys.ts'
import { listSequence } from '#server/exchange/loaders/list.ts'
import { transaction } from '#server/platform/db.ts'
import { type Bed, startWeb } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { CARRIER } from './load/book.ts'
import { type Bench, difference, type Figure, interleave, ratio } from './measure.ts'

const PHONES = Number(process.env.BENCH_LIST ?? 1_000_000)
const ROUNDS = 5

/** The same rows by one statement of PostgreSQL, read by a client that only throws them away. */
async function copyOf(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const started = performance.now()
  await client.query(`COPY (
    SELECT imei, to_char(min(issued_at) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYYMMDD'),
      string_agg(DISTINCT reason::text, '|' ORDER BY reason::text)
    FROM (
      SELECT imei, seq, action, reason, issued_at,
        max(seq) FILTER (WHERE action = 'unblock') OVER (PARTITION BY imei) AS lifted
      FROM book_entries WHERE carrier_id = '${CARRIER}'
    ) line
    WHERE action = 'block' AND seq > coalesce(lifted, 0) GROUP BY imei ORDER BY imei
  ) TO STDOUT (FORMAT csv)`)
  const seconds = (performance.now() - started) / 1000
  await client.end()
  return PHONES / seconds
}

/** A million listed phones as CSV through the product, beside COPY of the same rows straight from the database. */
export async function list(bed: Bed): Promise<Bench> {
  const database = await bed.book(PHONES)
  const product = await startWeb('.', database)
  const db = connect(database)
  answerFrom(db)
  try {
    const key = await transaction((tx) => issueCarrierKey(tx, CARRIER, { kind: 'system' }, new Date()))
    const address = `${product.url}/api/carrier/v1/list/${await listSequence(CARRIER)}`
    const resting = product.memory()
    let most = 0
    let bytes = 0
    const rates = await interleave(ROUNDS, {
      product: async () => {
        const started = performance.now()
        // As COPY: not packed on the way.
        const headers = { authorization: `Bearer ${key}`, 'accept-encoding': 'identity' }
        const watch = setInterval(() => {
          most = Math.max(most, product.memory())
        }, 50)
        const answer = await fetch(address, { headers })
        if (answer.status !== 200 || answer.body === null)
          throw new Error(`the list answered ${answer.status}`)
        let lines = 0
        bytes = 0
        for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
          for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) lines++
          bytes += piece.length
        }
        clearInterval(watch)
        if (lines !== PHONES + 1) throw new Error(`${lines} lines of ${PHONES + 1}`)
        return PHONES / ((performance.now() - started) / 1000)
      },
      baseline: () => copyOf(database),
    })
    const figures: Figure[] = [
      ratio('list', 'rows/s', rates, { atLeast: 0.5 }),
      difference('memory of the web server: most, and before', 'MB', most, resting, { atMost: 200 }),
    ]
    return { name: 'list', figures, facts: { phones: PHONES, 'MB of CSV': Math.round(bytes / 1e6) } }
  } finally {
    answerFrom(null)
    await Promise.all([db.$disconnect(), product.stop()])
  }
}
