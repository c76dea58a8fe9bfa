import type pg from 'pg'

interface Rebuild {
  readonly drop: string
  readonly make: string
}

/**
 * Drops the indexes and constraints of tables and returns the statements that restore them: building an index once costs
 * a fraction of updating it with each row. Primary keys with foreign keys to them stay. Use it in the transaction that
 * fills the tables, so that a failure leaves everything as it was.
 */
export async function dropIndexes(client: pg.Client, tables: readonly string[]): Promise<readonly string[]> {
  const { rows } = await client.query<Rebuild>(
    `WITH filled AS (SELECT unnest($1::regclass[]) AS oid),
     constraints AS (
       SELECT c.oid, c.conrelid, c.contype, c.conname, c.conindid FROM pg_constraint c
       WHERE c.conrelid IN (SELECT oid FROM filled) AND c.contype IN ('f', 'p', 'u')
         AND NOT (c.contype <> 'f' AND EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.confrelid = c.conrelid))
     )
     SELECT 1 AS turn, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make
     FROM constraints WHERE contype = 'f'
     UNION ALL
     SELECT 0, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
     FROM constraints WHERE contype <> 'f'
     UNION ALL
     -- Of a table of partitions an index is said to be of it alone: it is of each of them.
     SELECT 0, format('DROP INDEX %s', indexrelid::regclass), replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')
     FROM pg_index WHERE indrelid IN (SELECT oid FROM filled)
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
     ORDER BY turn`,
    [tables],
  )
  for (const { drop } of rows) await client.query(drop)
  return rows.map(({ make }) => make)
}

type Row = Readonly<Record<string, unknown>>

/** Returns column types as the database writes them: `case_state`, `character(15)`. */
async function columnTypes(client: pg.Client, table: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type
     FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0`,
    [table],
  )
  return new Map(rows.map(({ name, type }) => [name, type]))
}

/** Inserts rows of one table with the same columns as one statement, with one array per column. */
export async function insertRows(client: pg.Client, table: string, rows: readonly Row[]): Promise<void> {
  const [first] = rows
  if (!first) return
  const columns = Object.keys(first)
  const types = await columnTypes(client, table)
  const arrays = columns.map((_, index) => `$${index + 1}::${types.get(columns[index] ?? '')}[]`)
  await client.query(
    `INSERT INTO ${table} (${columns.map((name) => `"${name}"`).join(', ')}) SELECT * FROM unnest(${arrays.join(', ')})`,
    columns.map((name) => rows.map((row) => sendable(row[name]))),
  )
}

const sendable = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value)

/**
 * Returns whether a table has rows of its own: any at all, or in the demo city more than it was filled with.
 *
 * @param filled the name of their number in the facts of the demo city's audit entry
 */
export async function hasOwnRows(
  client: pg.Client,
  table: 'cases' | 'survey_responses',
  filled: 'cases' | 'responses',
): Promise<boolean> {
  const { rows } = await client.query<{ own: boolean }>(
    `SELECT (SELECT count(*) FROM ${table}) > coalesce((SELECT (facts->>'${filled}')::int FROM audit_entries
       WHERE act = 'installation.demo_filled'), 0) AS own`,
  )
  return rows[0]?.own ?? false
}
