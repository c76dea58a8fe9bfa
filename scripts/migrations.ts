import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'

export const MIGRATIONS = 'prisma/migrations'
const FUNCTIONS = 'prisma/functions'
/**
 * The list of what `0_init` was made of: `name checksum` a line, after a first line that names the last version with
 * them.
 */
const SQUASHED = 'prisma/squashed-migrations.txt'
const INIT = '0_init'

/** One step of the database's history. */
export interface Migration {
  /** `<UTC timestamp>_<what>`: the order is that of the names. */
  readonly name: string
  readonly sql: string
  /** SHA-256 of the file, as Prisma's own command records it. */
  readonly checksum: string
}

/** Returns the migrations of this version of the code, in order. */
export function migrationsOnDisk(): Migration[] {
  return readdirSync(MIGRATIONS)
    .filter((name) => existsSync(join(MIGRATIONS, name, 'migration.sql')))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(MIGRATIONS, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
}

// Prisma's own table, so that its command line, where it can be used, sees the same history.
const TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY,
  checksum varchar(64) NOT NULL,
  finished_at timestamptz,
  migration_name varchar(255) NOT NULL,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
)`

const record = (client: pg.Client, { name, checksum }: Migration) =>
  client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, now(), 1)`,
    [randomUUID(), checksum, name],
  )

/** Returns the last version of the code that has the migrations `0_init` was made of, and these in their order. */
export function squashedMigrations(): {
  readonly version: string
  readonly all: [name: string, checksum: string][]
} {
  const [version = '', ...lines] = readFileSync(SQUASHED, 'utf8').trim().split('\n')
  return { version, all: lines.map((line) => line.split(' ') as [string, string]) }
}

/**
 * Takes `0_init` as applied where the whole history that it replaced was, as `prisma migrate resolve --applied` does, and
 * forgets that history. Returns the migrations that are applied then.
 *
 * @throws where only a part of that history was applied: nothing leads from there to `0_init`
 */
async function baseline(
  client: pg.Client,
  done: ReadonlyMap<string, string>,
  init: Migration | undefined,
): Promise<ReadonlyMap<string, string>> {
  const { version, all } = squashedMigrations()
  const has = all.filter(([name]) => done.has(name))
  if (!init || has.length === 0) return done
  const lacking = all.find(([name, checksum]) => done.get(name) !== checksum)
  if (lacking)
    throw new Error(
      `This database stands in the middle of the history that ${INIT} replaced: it has ${has.length} of its ${all.length} migrations and ${done.has(lacking[0]) ? 'another' : 'no'} ${lacking[0]}. Nothing was changed. Run npm run db:migrate of version ${version} first, then this one.`,
    )
  await client.query('BEGIN')
  await client.query('DELETE FROM _prisma_migrations WHERE migration_name = ANY($1)', [
    has.map(([name]) => name),
  ])
  await record(client, init)
  await client.query('COMMIT')
  return applied(client)
}

async function applied(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM _prisma_migrations WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL',
  )
  return new Map(rows.map((row) => [row.migration_name, row.checksum]))
}

/**
 * Applies the migrations that this database has not; returns their names. Each is one transaction together with
 * its entry in the history: it is there whole or not at all. Throws when the history and the files disagree.
 */
export async function applyMigrations(
  client: pg.Client,
  migrations: readonly Migration[],
): Promise<string[]> {
  await client.query(TABLE)
  const done = await baseline(
    client,
    await applied(client),
    migrations.find(({ name }) => name === INIT),
  )
  const known = new Set(migrations.map(({ name }) => name))
  const unknown = [...done.keys()].find((name) => !known.has(name))
  if (unknown)
    throw new Error(`The database has the migration ${unknown}, which this version of the code does not.`)
  const names: string[] = []
  for (const { name, sql, checksum } of migrations) {
    const before = done.get(name)
    if (before === checksum) continue
    if (before) throw new Error(`The migration ${name} was changed after this database applied it.`)
    await client.query('BEGIN')
    try {
      await client.query(sql)
      await record(client, { name, sql, checksum })
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK')
      throw new Error(`The migration ${name} failed and left nothing behind: ${(error as Error).message}`)
    }
    names.push(name)
  }
  return names
}

/** Returns the SQL of each function with its triggers, by the function's name. */
export const functionsOnDisk = (): [name: string, sql: string][] =>
  readdirSync(FUNCTIONS)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => [name.replace(/\.sql$/, ''), readFileSync(join(FUNCTIONS, name), 'utf8')])

/**
 * Makes the database's functions and triggers what their files say, in one transaction. Each file is `CREATE OR REPLACE`
 * alone and may be applied any number of times. One that is deleted, or answers another type, is dropped by a migration.
 */
export async function applyFunctions(client: pg.Client): Promise<void> {
  await client.query('BEGIN')
  try {
    for (const [name, sql] of functionsOnDisk()) {
      await client.query(sql).catch((error: Error) => {
        throw new Error(`${FUNCTIONS}/${name}.sql failed, and no function was changed: ${error.message}`)
      })
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}
