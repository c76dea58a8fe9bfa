import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { isOlder } from '#features/installation/rules.ts'
import { isOutside, readHeader } from './migration-header.ts'

export const MIGRATIONS = 'prisma/migrations'
const FUNCTIONS = 'prisma/functions'
/**
 * Lists the migrations that `0_init` replaced, `name checksum` per line; the first line is the last version that had
 * them.
 */
const SQUASHED = 'prisma/squashed-migrations.txt'
const INIT = '0_init'

export interface Migration {
  /** `<UTC timestamp>_<words>`: migrations run in the order of their names. */
  readonly name: string
  readonly sql: string
  /** SHA-256 of the file, as Prisma's own command records it. */
  readonly checksum: string
  /** Replaces `sql` on a PostgreSQL before 17, which does not know one of its statements. */
  readonly before17?: string
}

export function migrationsOnDisk(): Migration[] {
  return readdirSync(MIGRATIONS)
    .filter((name) => existsSync(join(MIGRATIONS, name, 'migration.sql')))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(MIGRATIONS, name, 'migration.sql'), 'utf8')
      const older = join(MIGRATIONS, name, 'before-17.sql')
      return {
        ...{ name, sql, checksum: createHash('sha256').update(sql).digest('hex') },
        ...(existsSync(older) && { before17: readFileSync(older, 'utf8') }),
      }
    })
}

// Prisma's own table, so that its command line sees the same history.
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

/**
 * Records a migration in the history; for a contract step also the oldest version of the product that works with the
 * database.
 */
const record = (client: pg.Client, { name, checksum, sql }: Migration) => {
  const { contract } = readHeader(sql)
  return client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count, logs)
     VALUES ($1, $2, $3, now(), 1, $4)`,
    [randomUUID(), checksum, name, contract && `contract: since ${contract}`],
  )
}

/** Returns the last version of the code with the migrations that `0_init` replaced, and these migrations in order. */
export function squashedMigrations(): {
  readonly version: string
  readonly all: [name: string, checksum: string][]
} {
  const [version = '', ...lines] = readFileSync(SQUASHED, 'utf8').trim().split('\n')
  return { version, all: lines.map((line) => line.split(' ') as [string, string]) }
}

/**
 * Marks `0_init` as applied when all migrations that it replaced were, as `prisma migrate resolve --applied` does, and
 * deletes that history. Returns the applied migrations.
 *
 * @throws when only some of them were applied: there is no way from there to `0_init`
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

/** How a step waits for locks: briefly, because everybody behind it waits too, but many times. */
interface Patience {
  /** The timeout of one try, and the pause before the next, in milliseconds. */
  readonly lock: number
  readonly pause: number
  readonly tries: number
}
const PATIENCE: Patience = { lock: 3_000, pause: 2_000, tries: 30 }
/** A longer statement would keep others from its table beyond their own timeout (platform/db.ts). */
const STATEMENT = '60s'

const LOCK_TIMEOUT = '55P03'
const DEADLOCK = '40P01'

/** Retries until every lock is granted in time. @throws any other error, or the last refusal */
async function withLocks<T>(work: () => Promise<T>, { pause, tries }: Patience): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const { code } = error as { code?: string }
      if ((code !== LOCK_TIMEOUT && code !== DEADLOCK) || attempt === tries) throw error
      if (attempt === 1) console.error('Others hold what this changes; trying again until they let go …')
      await sleep(pause)
    }
  }
}

async function inTransaction(client: pg.Client, work: () => Promise<unknown>): Promise<void> {
  await client.query('BEGIN')
  try {
    await work()
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}

/**
 * Applies a migration of one statement that PostgreSQL refuses inside a transaction. It has no timeout, because it blocks
 * no other work.
 */
async function applyOutside(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('SET lock_timeout = 0; SET statement_timeout = 0')
  const index = /\bINDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?"?(\w+)"?\s+ON\b/i.exec(migration.sql)?.[1]
  if (index) {
    // An interrupted attempt leaves an invalid index under the same name.
    const { rows } = await client.query(
      'SELECT FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid',
      [`"${index}"`],
    )
    if (rows.length > 0) await client.query(`DROP INDEX CONCURRENTLY "${index}"`)
  }
  await client.query(migration.sql)
  await record(client, migration)
}

/**
 * Returns the running processes of versions before `since`, one line per kind; a process counts as ended a minute after
 * it was last seen.
 */
async function olderThan(client: pg.Client, since: string): Promise<string[]> {
  const { rows } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('processes') IS NOT NULL AS there",
  )
  if (!rows[0]?.there) return []
  const alive = await client.query<{ kind: string; version: string; count: number }>(
    `SELECT kind, version, count(*)::int AS count FROM processes WHERE seen_at > now() - interval '60 seconds'
     GROUP BY kind, version ORDER BY kind, version`,
  )
  return alive.rows
    .filter(({ version }) => isOlder(version, since))
    .map(({ kind, version, count }) => `${count} ${kind} of ${version}`)
}

/**
 * Applies the missing migrations and returns their names. Each is one transaction together with its entry in the history,
 * except an index that is built concurrently. Throws when the history and the files disagree, and before a contract step
 * while processes still run that need the removed things.
 */
export async function applyMigrations(
  client: pg.Client,
  migrations: readonly Migration[],
  patience = PATIENCE,
): Promise<string[]> {
  const { rows } = await client.query<{ version: number }>(
    "SELECT current_setting('server_version_num')::int / 10000 AS version",
  )
  const isBefore17 = (rows[0]?.version ?? 0) < 17
  await client.query(TABLE)
  const done = await baseline(
    client,
    await applied(client),
    migrations.find(({ name }) => name === INIT),
  )
  const known = new Set(migrations.map(({ name }) => name))
  const unknown = [...done.keys()].find((name) => !known.has(name))
  if (unknown)
    throw new Error(
      `The database has the migration ${unknown}, which this version of the code does not. To go back to this version, start its web servers and workers without migrating.`,
    )
  const names: string[] = []
  for (const migration of migrations) {
    const { name, sql, checksum, before17 } = migration
    const before = done.get(name)
    if (before === checksum) continue
    if (before) throw new Error(`The migration ${name} was changed after this database applied it.`)
    const { contract, statementTimeout } = readHeader(sql)
    const older = contract !== null && done.size > 0 ? await olderThan(client, contract) : []
    if (older.length > 0)
      throw new Error(
        `The migration ${name} takes away what versions before ${contract} use, and such processes run: ${older.join(', ')}. Stop them, or bring them to this version, and run this again a minute later. What came before it is applied.`,
      )
    try {
      if (isOutside(sql)) await applyOutside(client, migration)
      else
        await withLocks(
          () =>
            inTransaction(client, async () => {
              await client.query(
                `SET LOCAL lock_timeout = ${patience.lock}; SET LOCAL statement_timeout = '${statementTimeout ?? STATEMENT}'`,
              )
              await client.query(isBefore17 && before17 ? before17 : sql)
              await record(client, migration)
            }),
          patience,
        )
    } catch (error) {
      const left = isOutside(sql) ? 'and is tried anew next time' : 'and left nothing behind'
      throw new Error(`The migration ${name} failed ${left}: ${(error as Error).message}`)
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

/** Selects the checksum that each function's file was last applied with, and the number of the function's triggers. */
const APPLIED_FUNCTIONS = `
  SELECT proname AS name, obj_description(p.oid, 'pg_proc') AS checksum,
    (SELECT count(*)::int FROM pg_trigger WHERE tgfoid = p.oid AND NOT tgisinternal AND tgparentid = 0) AS triggers
  FROM pg_proc p WHERE pronamespace = 'public'::regnamespace`

/**
 * Applies the files of the database's functions and triggers in one transaction. Each file consists of
 * `CREATE OR REPLACE` only and may be applied any number of times. An unchanged one is skipped, because replacing a
 * trigger waits for every writer of its table. A migration drops functions that are deleted or change their return type.
 */
export async function applyFunctions(client: pg.Client, patience = PATIENCE): Promise<string[]> {
  const { rows } = await client.query<{ name: string; checksum: string | null; triggers: number }>(
    APPLIED_FUNCTIONS,
  )
  const standing = new Set(rows.map(({ name, checksum, triggers }) => `${name} ${checksum} ${triggers}`))
  const due = functionsOnDisk().flatMap(([name, sql]) => {
    const checksum = createHash('sha256').update(sql).digest('hex')
    const triggers = sql.match(/^CREATE (?:OR REPLACE|CONSTRAINT) TRIGGER/gm)?.length ?? 0
    return standing.has(`${name} ${checksum} ${triggers}`) ? [] : [{ name, sql, checksum }]
  })
  if (due.length === 0) return []
  await withLocks(
    () =>
      inTransaction(client, async () => {
        await client.query(
          `SET LOCAL lock_timeout = ${patience.lock}; SET LOCAL statement_timeout = '${STATEMENT}'`,
        )
        for (const { name, sql, checksum } of due) {
          await client.query(sql).catch((error: Error) => {
            error.message = `${FUNCTIONS}/${name}.sql failed, and no function was changed: ${error.message}`
            throw error
          })
          await client.query(`COMMENT ON FUNCTION ${name} IS '${checksum}'`)
        }
      }),
    patience,
  )
  return due.map(({ name }) => name)
}
