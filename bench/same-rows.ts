import pg from 'pg'
import type { SameRows, Value } from './baseline/app/same/[name]/statement.ts'

/**
 * Turns the rows of one send of the product into one statement for the bare site. The rows come from a real send, so that
 * they follow every change of the product's tables.
 */

interface Column {
  readonly name: string
  readonly type: string
  /** True if it is part of a unique index, so that no two rows may share its values. */
  readonly unique: boolean
  readonly key: boolean
}

interface Written {
  /** `"schema"."name"` of the product's table. */
  readonly table: string
  readonly columns: readonly Column[]
  readonly rows: readonly Record<string, string | null>[]
  /** True if the rows existed before and were updated. */
  readonly updated: boolean
}

/** The number of keys to draw from in a table whose rows are updated; the product spreads its updates, too. */
const KEYS = 256

/**
 * Lets the product write once. From that it makes tables with the same columns, rows, checks and indexes in a separate
 * schema, and the statement that writes such rows to them. Foreign keys, triggers, row-level security and deletes are
 * left out, so that the baseline is rather too fast than too slow.
 *
 * @param send one send of the product, while nothing else writes; not the first of its kind
 */
export async function sameRows(
  ownerUrl: string,
  name: string,
  send: () => Promise<unknown>,
): Promise<string> {
  const options = '-c antam.scope=system -c timezone=UTC'
  const before = new pg.Client({ connectionString: ownerUrl, options })
  const after = new pg.Client({ connectionString: ownerUrl, options })
  await Promise.all([before.connect(), after.connect()])
  try {
    // A snapshot of the database before the send, kept open until it ends.
    await before.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { rows: marks } = await before.query<{ mark: string }>(
      'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS mark',
    )
    await send()
    const written: Written[] = []
    for (const table of await tables(after)) {
      const one = await writtenTo(table, marks[0]?.mark ?? '', before, after)
      if (one) written.push(one)
    }
    const values = await valuesOf(written, before)
    await before.query('ROLLBACK')
    const schema = `same_${name}`
    await copy(after, schema, written)
    const statement = await statementOf(after, schema, written, values)
    await after.query(
      'CREATE TABLE IF NOT EXISTS bench_same (name text PRIMARY KEY, statement jsonb NOT NULL)',
    )
    await after.query('GRANT SELECT ON bench_same TO PUBLIC')
    await after.query('DELETE FROM bench_same WHERE name = $1', [name])
    await after.query('INSERT INTO bench_same (name, statement) VALUES ($1, $2)', [name, statement])
    return written
      .map(({ table, rows }) => `${table.replaceAll('"', '').replace(/^public\./, '')} ${rows.length}`)
      .join(', ')
  } finally {
    await Promise.all([before.end(), after.end()])
  }
}

async function tables(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname IN ('public', 'pgboss') AND c.relname NOT LIKE 'bench_%' ORDER BY name`,
  )
  return rows.map(({ name }) => name)
}

async function writtenTo(
  table: string,
  mark: string,
  before: pg.Client,
  after: pg.Client,
): Promise<Written | null> {
  const since = `FROM ${table} WHERE xmin::text::bigint >= $1::bigint`
  const { rowCount: count } = await after.query(`SELECT ${since}`, [mark])
  if (count === 0) return null
  // Without columns that the database fills in by itself.
  const { rows: columns } = await after.query<Column>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique AND a.attnum = ANY (i.indkey)) AS unique,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)) AS key
     FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
       AND coalesce(pg_get_expr(d.adbin, d.adrelid) NOT LIKE 'nextval(%', true)
     ORDER BY a.attnum`,
    [table],
  )
  const cells = columns.map(({ name }) => `"${name}"::text`).join(', ')
  const { rows } = await after.query<Record<string, string | null>>(`SELECT ${cells} ${since}`, [mark])
  const keys = columns.filter(({ key }) => key)
  const sought = keys.map(({ name, type }, at) => `"${name}" = $${at + 1}::${type}`).join(' AND ')
  const { rowCount } = await before.query(
    `SELECT FROM ${table} WHERE ${sought || 'false'}`,
    keys.map(({ name }) => rows[0]?.[name]),
  )
  return { table, columns, rows, updated: (rowCount ?? 0) > 0 }
}

/**
 * Returns the values that must be new with each send, by their text in the rows: ids, hashes and sealed text that no row
 * had before, and values of a unique index.
 */
async function valuesOf(written: readonly Written[], before: pg.Client): Promise<ReadonlyMap<string, Value>> {
  const values = new Map<string, Value>()
  for (const { table, columns, rows, updated } of written) {
    if (updated) continue
    for (const { name, type, unique } of columns) {
      for (const { [name]: value } of rows) {
        if (value === null || value === undefined || values.has(value)) continue
        const fresh = freshOf(type, value, unique)
        if (!fresh) continue
        const { rowCount } = await before.query(
          `SELECT FROM ${table} WHERE "${name}" = $1::${type} LIMIT 1`,
          [value],
        )
        if (!rowCount) values.set(value, fresh)
      }
    }
  }
  return values
}

function freshOf(type: string, value: string, unique: boolean): Value | null {
  if (type === 'uuid') return { kind: 'uuid' }
  if (type === 'bytea') return { kind: 'bytes', length: (value.length - 2) / 2 }
  return unique && /^(text|character)/.test(type) ? { kind: 'text', like: value } : null
}

const copyOf = (schema: string, table: string): string => `${schema}.${table.slice(table.indexOf('.') + 1)}`

async function copy(client: pg.Client, schema: string, written: readonly Written[]): Promise<void> {
  await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
  await client.query(`CREATE SCHEMA ${schema}`)
  for (const { table } of written) {
    const into = copyOf(schema, table)
    await client.query(`CREATE TABLE ${into} (LIKE ${table} INCLUDING ALL)`)
    const { rows } = await client.query<{ names: string }>(
      `SELECT string_agg(format('%I', attname), ', ') AS names FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
      [table],
    )
    const names = rows[0]?.names
    await client.query(`INSERT INTO ${into} (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} FROM ${table}`)
    await client.query(`ANALYZE ${into}`)
  }
  await client.query(`GRANT USAGE ON SCHEMA ${schema} TO PUBLIC`)
  await client.query(`GRANT ALL ON ALL TABLES IN SCHEMA ${schema} TO PUBLIC`)
}

async function statementOf(
  client: pg.Client,
  schema: string,
  written: readonly Written[],
  values: ReadonlyMap<string, Value>,
): Promise<SameRows> {
  const parameters: Value[] = []
  const keys: Record<string, readonly (readonly string[])[]> = {}
  const places = new Map<string, number>()
  /** Returns one parameter for each value, even if the value appears several times in the rows. */
  const place = (id: string, value: Value): string => {
    if (!places.has(id)) places.set(id, parameters.push(value))
    return `$${places.get(id)}`
  }
  const insertions: string[] = []
  for (const { table, columns, rows, updated } of written) {
    const into = copyOf(schema, table)
    const keyed = columns.filter(({ key }) => key).map(({ name }) => name)
    if (updated) {
      const { rows: some } = await client.query<Record<string, string>>(
        `SELECT ${keyed.map((name) => `"${name}"::text`).join(', ')} FROM ${into} ORDER BY 1 LIMIT ${KEYS}`,
      )
      keys[into] = some.map((row) => keyed.map((name) => row[name] ?? ''))
    }
    const tuples = rows.map((row, at) => {
      const cells = columns.map(({ name, type }) => {
        const value = row[name]
        if (value === null || value === undefined) return 'NULL'
        const column = keyed.indexOf(name)
        const drawn = updated && column >= 0
        const parameter = drawn
          ? place(`${into} ${at} ${column}`, { kind: 'key', table: into, row: at, column })
          : place(`=${value}`, values.get(value) ?? { kind: 'value', value })
        // First cast to text, so that a repeated value has one parameter type.
        return `${parameter}::text::${type}`
      })
      return `(${cells.join(', ')})`
    })
    const names = columns.map(({ name }) => `"${name}"`)
    const changed = columns.filter(({ key }) => !key).map(({ name }) => `"${name}" = EXCLUDED."${name}"`)
    const conflict = `ON CONFLICT (${keyed.map((name) => `"${name}"`).join(', ')}) DO UPDATE SET ${changed.join(', ')}`
    insertions.push(
      `INSERT INTO ${into} (${names.join(', ')}) VALUES ${tuples.join(', ')} ${updated ? conflict : ''}`,
    )
  }
  const last = insertions.pop() ?? ''
  const others = insertions.map((one, at) => `part_${at} AS (${one})`)
  const text = others.length > 0 ? `WITH ${others.join(', ')} ${last}` : last
  return { text, parameters, keys }
}
