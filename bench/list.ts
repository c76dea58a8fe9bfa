import { issueCarrierKey } from '#features/exchange/keys/acts.ts'
import { listSequence } from '#features/exchange/lists/data.ts'
import { transaction } from '#platform/db.ts'
import { CARRIER } from '../tools/load/book.ts'
import { type Bed, startWeb } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { csvBesideCopy } from './csv.ts'
import type { Bench } from './measure.ts'

const PHONES = Number(process.env.BENCH_LIST ?? 1_000_000)

const COPY = `COPY (
  SELECT imei, to_char(min(issued_at) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYYMMDD'),
    string_agg(DISTINCT reason::text, '|' ORDER BY reason::text)
  FROM (
    SELECT imei, seq, action, reason, issued_at,
      max(seq) FILTER (WHERE action = 'unblock') OVER (PARTITION BY imei) AS lifted
    FROM book_entries WHERE carrier_id = '${CARRIER}'
  ) line
  WHERE action = 'block' AND seq > coalesce(lifted, 0) GROUP BY imei ORDER BY imei
) TO STDOUT (FORMAT csv)`

/** Measures a million listed phones as CSV through the product, beside COPY of the same rows directly from the database. */
export async function list(bed: Bed): Promise<Bench> {
  const databaseUrl = await bed.book(PHONES)
  const product = await startWeb(databaseUrl)
  const db = connect(databaseUrl)
  answerFrom(db)
  try {
    const key = await transaction((tx) => issueCarrierKey(tx, CARRIER, { kind: 'system' }, new Date()))
    const { figures, megabytes } = await csvBesideCopy(product, {
      name: 'list',
      path: `/api/carrier/v1/list/${await listSequence(CARRIER)}`,
      headers: { authorization: `Bearer ${key}` },
      rows: PHONES,
      copy: COPY,
      databaseUrl,
    })
    return { name: 'list', figures, facts: { phones: PHONES, 'MB of CSV': megabytes } }
  } finally {
    answerFrom(null)
    await Promise.all([db.$disconnect(), product.stop()])
  }
}
