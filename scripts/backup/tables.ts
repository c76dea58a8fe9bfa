import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { databaseClient } from '#platform/writable-server.ts'
import { type Manifest, Measured, measureFile, OWN } from './manifest.ts'

/**
 * Tables whose rows are not copied. The restoring code creates the history of migrations and the version of the queues'
 * schema itself. The queues' statistics have a partition per day, which a database of another day does not have.
 * (Unlogged tables are not copied either: a crash loses them anyway.)
 */
const MADE = ['public._prisma_migrations', 'pgboss.version', 'pgboss.queue_stats']

const SCHEMAS = ['public', 'pgboss']

/**
 * Returns every table that stores rows, with its stored columns. A table with monthly partitions is returned as a whole,
 * because another database has other months.
 */
async function tablesOf(client: pg.Client): Promise<{ name: string; columns: string[] }[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `SELECT format('%s.%s', n.nspname, c.relname) AS name,
            array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
       AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     GROUP BY 1 ORDER BY 1`,
    [SCHEMAS],
  )
  return rows.filter(({ name }) => !MADE.includes(name))
}

const quoted = (name: string): string => name.split('.').map(pg.escapeIdentifier).join('.')
const listed = (columns: readonly string[]): string => columns.map(pg.escapeIdentifier).join(', ')

/** The settings of PostgreSQL's own pg_dump, so that values read back unchanged. */
const PLAIN = `SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET extra_float_digits = 3; SET bytea_output = 'hex'`

/** Connects for statements that take minutes or hours. The session sees every row, or fails. */
export async function connectForCopy(url: string): Promise<pg.Client> {
  const client = databaseClient(url, {
    options: '-c timezone=UTC -c antam.scope=system -c statement_timeout=0 -c lock_timeout=0',
  })
  client.on('error', () => {})
  await client.connect()
  await client.query(`${PLAIN}; SET idle_in_transaction_session_timeout = 0`)
  return client
}

/**
 * Writes every table's rows into `folder`, one compressed file per table in COPY format, within the caller's transaction.
 * Each file is read again and compared.
 */
export async function dumpTables(client: pg.Client, folder: string): Promise<Manifest['tables']> {
  mkdirSync(join(folder, OWN.database), { recursive: true, mode: 0o700 })
  const tables: Manifest['tables'] = []
  for (const { name, columns } of await tablesOf(client)) {
    const file = `${OWN.database}/${name}.copy.gz`
    // COPY TO does not accept a partitioned table by name.
    const rows = client.query(copyTo(`COPY (SELECT ${listed(columns)} FROM ${quoted(name)}) TO STDOUT`))
    const measured = new Measured()
    await pipeline(
      rows,
      createGzip({ level: 1 }),
      (chunks: AsyncIterable<Buffer>) => measured.through(chunks),
      createWriteStream(join(folder, file), { mode: 0o600, flush: true }),
    )
    const [bytes, sha256] = [measured.bytes, measured.sha256()]
    if ((await measureFile(join(folder, file))).sha256 !== sha256)
      throw new Error(`${file} does not read as it was written: look at the disk.`)
    tables.push({ name, columns, rows: rows.rowCount, file, bytes, sha256 })
  }
  return tables
}

export async function dumpSequences(client: pg.Client): Promise<Manifest['sequences']> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%s.%s', schemaname, sequencename) AS name FROM pg_sequences WHERE schemaname = ANY ($1) ORDER BY 1`,
    [SCHEMAS],
  )
  const sequences: Manifest['sequences'] = []
  for (const { name } of rows) {
    const { rows: at } = await client.query<{ value: string; called: boolean }>(
      `SELECT last_value::text AS value, is_called AS called FROM ${quoted(name)}`,
    )
    if (at[0]) sequences.push({ name, ...at[0] })
  }
  return sequences
}

interface Statements {
  readonly before: string[]
  readonly after: string[]
}

/**
 * Returns the statements that drop foreign keys and indexes, disable triggers and free the owner from row security during
 * a restore, and the statements that put each back as it was. Adding a key again checks all its rows; an index is built
 * over all rows at once, by parallel workers if PostgreSQL has them.
 */
async function setAside(client: pg.Client): Promise<Statements> {
  const { rows: keys } = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT k.conrelid::regclass::text AS table, k.conname AS name, pg_get_constraintdef(k.oid) AS definition
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
     WHERE k.contype = 'f' AND k.conparentid = 0 AND c.relnamespace::regnamespace::text = ANY ($1)`,
    [SCHEMAS],
  )
  const { rows: triggers } = await client.query<{ table: string; name: string; state: string }>(
    `SELECT t.tgrelid::regclass::text AS table, t.tgname AS name, t.tgenabled AS state
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND c.relnamespace::regnamespace::text = ANY ($1)`,
    [SCHEMAS],
  )
  const { rows: forced } = await client.query<{ table: string }>(
    `SELECT oid::regclass::text AS table FROM pg_class
     WHERE relforcerowsecurity AND relnamespace::regnamespace::text = ANY ($1)`,
    [SCHEMAS],
  )
  // Constraint indexes stay, and those of partitioned tables, whose partitions have index names of their own.
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE c.relkind = 'i' AND NOT c.relispartition AND c.relnamespace::regnamespace::text = ANY ($1)
       AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)`,
    [SCHEMAS],
  )
  const ENABLE: Readonly<Record<string, string>> = {
    O: 'ENABLE TRIGGER',
    A: 'ENABLE ALWAYS TRIGGER',
    R: 'ENABLE REPLICA TRIGGER',
    D: 'DISABLE TRIGGER',
  }
  const named = ({ name }: { readonly name: string }) => pg.escapeIdentifier(name)
  return {
    before: [
      ...forced.map(({ table }) => `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`),
      ...keys.map((key) => `ALTER TABLE ${key.table} DROP CONSTRAINT ${named(key)}`),
      ...triggers.map((one) => `ALTER TABLE ${one.table} DISABLE TRIGGER ${named(one)}`),
      ...indexes.map(({ name }) => `DROP INDEX ${name}`),
    ],
    after: [
      ...indexes.map(({ definition }) => definition),
      ...triggers.map((one) => `ALTER TABLE ${one.table} ${ENABLE[one.state]} ${named(one)}`),
      ...keys.map((key) => `ALTER TABLE ${key.table} ADD CONSTRAINT ${named(key)} ${key.definition}`),
      ...forced.map(({ table }) => `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`),
    ],
  }
}

/** Ends sessions from before the restore, because revoked ones must not come back. */
const SESSIONS = ['staff_sessions', 'case_sessions', 'identity_sessions'].map(
  (table) => `UPDATE ${table} SET expires_at = now() WHERE expires_at > now()`,
)

/**
 * Fills a database that has the backup's schema with the backup's rows, in one transaction. `within` runs in the same
 * transaction.
 *
 * @throws Error when a table has other rows than were backed up, or a foreign key leads nowhere
 */
export async function loadTables(
  client: pg.Client,
  folder: string,
  { tables, sequences }: Pick<Manifest, 'tables' | 'sequences'>,
  within: (client: pg.Client) => Promise<void>,
): Promise<void> {
  await client.query('BEGIN')
  try {
    const { before, after } = await setAside(client)
    for (const statement of before) await client.query(statement)
    await client.query(`TRUNCATE ${tables.map(({ name }) => quoted(name)).join(', ')}`)
    for (const { name, columns, rows, file } of tables) {
      const copy = client.query(copyFrom(`COPY ${quoted(name)} (${listed(columns)}) FROM STDIN`))
      await pipeline(createReadStream(join(folder, file)), createGunzip(), copy)
      if (copy.rowCount !== rows) throw new Error(`${name}: ${copy.rowCount} of ${rows} rows came back.`)
    }
    for (const { name, value, called } of sequences)
      await client.query('SELECT setval($1::regclass, $2::bigint, $3)', [quoted(name), value, called])
    for (const statement of SESSIONS) await client.query(statement)
    await client.query(
      `SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL max_parallel_maintenance_workers = 4`,
    )
    await within(client)
    for (const statement of after) await client.query(statement)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
  await client.query('ANALYZE')
}
