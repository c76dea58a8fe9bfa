import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { takeFromFiles } from '#platform/env.ts'
import { type Postgres, startPostgres } from './postgres.ts'
import { type Secrets, secrets } from './secrets.ts'
import { lockDataDir } from './start-lock.ts'

export const OWNER = 'antam_owner'
export const APPLICATION = 'antam_app'
export const DATABASE = 'antam'

export interface EmbeddedDatabase {
  readonly server: Postgres
  readonly DATABASE_URL: string
  readonly DATABASE_OWNER_URL: string
}

export async function makeRoles(url: string, passwords: Secrets['database']): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await addRoles(client, passwords)
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE])
    if (!rowCount) await client.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`)
  } finally {
    await client.end()
  }
}

export async function addRoles(client: pg.Client, passwords: Secrets['database']): Promise<void> {
  for (const [role, password] of [
    [OWNER, passwords.owner],
    [APPLICATION, passwords.application],
  ] as const) {
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role])
    if (!rowCount) await client.query(`CREATE ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(password)}`)
  }
}

/** Starts PostgreSQL in `DATA_DIR/postgres`: one role owns the tables, the application uses another. */
export async function startEmbedded(
  dataDir: string,
  passwords: Secrets['database'],
): Promise<EmbeddedDatabase> {
  const server = await startPostgres({
    directory: join(dataDir, 'postgres'),
    password: passwords.superuser,
    durable: true,
  })
  await makeRoles(server.url('postgres', passwords.superuser, 'postgres'), passwords)
  return {
    server,
    DATABASE_URL: server.url(APPLICATION, passwords.application, DATABASE),
    DATABASE_OWNER_URL: server.url(OWNER, passwords.owner, DATABASE),
  }
}

/** Returns a role's URL of the embedded installation running over a directory; null if none runs. */
export function runningUrl(dataDir: string, role: 'application' | 'owner' = 'application'): string | null {
  const running = join(dataDir, 'postgres/postmaster.pid')
  // Its fourth line is the port (PostgreSQL, "postmaster.pid").
  const port = existsSync(running) ? readFileSync(running, 'utf8').split('\n')[3] : undefined
  if (!port) return null
  const password = encodeURIComponent(secrets(dataDir).database[role])
  const user = role === 'owner' ? OWNER : APPLICATION
  return `postgresql://${user}:${password}@127.0.0.1:${port.trim()}/${DATABASE}`
}

/**
 * Returns the URL of the role that owns the tables: from the environment, else of the running embedded installation, else
 * null.
 */
export function ownerUrl(): string | null {
  takeFromFiles(process.env)
  const { DATABASE_OWNER_URL, DATABASE_URL, DATA_DIR } = process.env
  return DATABASE_OWNER_URL || DATABASE_URL || runningUrl(DATA_DIR || '.data', 'owner')
}

/** Starts the embedded database over DATA_DIR for one command, if it exists and is not running; returns null otherwise. */
export async function startWhereNothingRuns(): Promise<EmbeddedDatabase | null> {
  takeFromFiles(process.env)
  const dataDir = process.env.DATA_DIR || '.data'
  if (process.env.DATABASE_URL || runningUrl(dataDir) || !existsSync(join(dataDir, 'postgres'))) return null
  await lockDataDir(dataDir)
  return startEmbedded(dataDir, secrets(dataDir).database)
}

/**
 * Sets, for a command beside `npm start`, the variables of the embedded installation running over DATA_DIR. Does nothing
 * if DATABASE_URL is set; throws if no such installation runs.
 */
export function joinEmbedded(): void {
  takeFromFiles(process.env)
  if (process.env.DATABASE_URL) return
  const dataDir = process.env.DATA_DIR || '.data'
  const DATABASE_URL = runningUrl(dataDir)
  if (!DATABASE_URL) {
    throw new Error(
      `DATABASE_URL is not set, and nothing runs over ${dataDir}: start it (npm start) and try again.`,
    )
  }
  const { database: _, ...keys } = secrets(dataDir)
  Object.assign(process.env, { ...keys, ...process.env, DATABASE_URL })
  process.env.OUTBOX ||= 'on'
  process.env.RECOVERY ||= 'on'
}
