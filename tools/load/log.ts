import pg from 'pg'
import { dropIndexes } from './bulk.ts'

const TABLES = ['audit_leaves', 'audit_nodes']

/**
 * Fills the audit log's tree with `leaves` leaves, each the hash of a number, and every complete subtree above them, all
 * inside PostgreSQL. They have no entries: a proof of inclusion reads none. The product signs.
 */
export async function fillLog(
  url: string,
  leaves: number,
  told: (done: number) => void = () => {},
): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query("SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '512MB'")
    const rebuild = await dropIndexes(client, TABLES)
    await client.query(
      `INSERT INTO audit_leaves ("index", entry_id, hash)
       SELECT n, n + 1, sha256(decode('00', 'hex') || convert_to(n::text, 'UTF8'))
       FROM generate_series(0, $1::bigint - 1) AS n`,
      [leaves],
    )
    for (let level = 1; 2 ** level <= leaves; level++) {
      const [below, where] =
        level === 1 ? ['audit_leaves', ''] : ['audit_nodes', `WHERE level = ${level - 1}`]
      // Siblings are neighbours in index order: no join.
      await client.query(
        `INSERT INTO audit_nodes (level, "index", hash)
         SELECT ${level}, "index" / 2, sha256(decode('01', 'hex') || hash || sibling)
         FROM (SELECT "index", hash, lead(hash) OVER (ORDER BY "index") AS sibling FROM ${below} ${where}) AS pair
         WHERE "index" % 2 = 0 AND sibling IS NOT NULL`,
      )
      told(leaves / 2 ** level)
    }
    // Later entries get numbers after the leaves.
    await client.query("SELECT setval(pg_get_serial_sequence('audit_entries', 'id'), $1)", [leaves])
    for (const make of rebuild) await client.query(make)
    await client.query('COMMIT')
    await client.query('ANALYZE audit_leaves, audit_nodes')
  } finally {
    await client.end()
  }
}
