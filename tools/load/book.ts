import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { dropIndexes } from './bulk.ts'

export const CARRIER = 'viettel'

/**
 * Fills a carrier's book with `phones` listed phones, as the database's owner. Every tenth was unblocked once and blocked
 * again. All lines belong to three orders of one case, because the list does not depend on the number of orders. At least
 * one case must exist.
 */
export async function fillBook(ownerUrl: string, phones: number): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query(`SET LOCAL antam.scope = 'system'`)
    await client.query(`SET LOCAL maintenance_work_mem = '512MB'`)
    const { rows } = await client.query<{ id: string }>('SELECT id FROM cases LIMIT 1')
    const remake = await dropIndexes(client, ['book_entries'])
    // The lines' case has none of these numbers, and nobody looked at it.
    const away = ['keep_line_of_order', 'line_by_two']
    for (const one of away) await client.query(`ALTER TABLE book_entries DISABLE TRIGGER ${one}`)
    let head = 0
    for (const [action, reason, every] of [
      ['block', 'robbed', 1],
      ['unblock', 'recovered', 10],
      ['block', 'stolen', 10],
    ] as const) {
      const order = randomUUID()
      await client.query(
        `INSERT INTO carrier_orders (id, case_id, carrier_id, action, reason, legal_basis, state, issued_at, due_at)
         VALUES ($1, $2, $3, $4, $5, '', 'applied', now(), now())`,
        [order, rows[0]?.id, CARRIER, action, reason],
      )
      // Spread over the numbers, so that the order of the book differs from that of the list.
      const { rowCount } = await client.query(
        `INSERT INTO book_entries (carrier_id, seq, order_id, imei, action, reason, legal_basis, issued_at)
         SELECT $1, $2 + row_number() OVER (ORDER BY n), $3,
           '35' || lpad((n * 7368787 % 9999999999973)::text, 13, '0'), $4, $5, '',
           now() - make_interval(secs => $6 - n)
         FROM generate_series(1::bigint, $6::bigint) AS n WHERE n % $7 = 0`,
        [CARRIER, head, order, action, reason, phones, every],
      )
      head += rowCount ?? 0
    }
    await client.query('UPDATE carriers SET book_head = $1 WHERE id = $2', [head, CARRIER])
    for (const statement of remake) await client.query(statement)
    for (const one of away) await client.query(`ALTER TABLE book_entries ENABLE TRIGGER ${one}`)
    await client.query('COMMIT')
    await client.query('VACUUM (ANALYZE) book_entries')
  } finally {
    await client.end()
  }
}
