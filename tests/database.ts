import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, inject, vi } from 'vitest'

/**
 * Loaded before every database test file (vitest.config.ts). Each worker process of the run has one database,
 * copied from the migrated and seeded template. Its test files use it one after another, and each test starts
 * from the seeded state. The application's modules run unchanged, as the application's role.
 */
interface Own {
  /** The superuser's connection, to see or do what the application may not. */
  readonly superuser: pg.Client
  /** The superuser's connection for the reset. Constraints and triggers are off, so the order of tables does not matter. */
  readonly resetter: pg.Client
  readonly ready: Promise<unknown>
  readonly directory: string
}

const server = inject('server')

const to = (url: string, database: string): string => {
  const target = new URL(url)
  target.pathname = `/${database}`
  return target.href
}

async function copyTemplate(name: string): Promise<void> {
  const admin = new pg.Client({ connectionString: to(server.superuser, 'postgres') })
  await admin.connect()
  try {
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template OWNER antam_owner`)
  } finally {
    await admin.end()
  }
}

function setUp(): Own {
  const name = `t_${randomBytes(6).toString('hex')}`
  const directory = mkdtempSync(join(server.directory, 'files-'))
  const secret = () => randomBytes(32).toString('base64')
  Object.assign(process.env, {
    DATA_DIR: directory,
    DATABASE_URL: to(server.application, name),
    ANTAM_KEY: secret(),
    ANTAM_INDEX_KEY: secret(),
    ANTAM_HASH_KEY: secret(),
    ANTAM_AUDIT_KEY: secret(),
    ANTAM_EXCHANGE_KEY: secret(),
    NEXTAUTH_SECRET: secret(),
    OUTBOX: 'on',
    RECOVERY: 'on',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
  })
  const connectionString = to(server.superuser, name)
  const superuser = new pg.Client({ connectionString })
  const resetter = new pg.Client({ connectionString, options: '-c session_replication_role=replica' })
  const ready = copyTemplate(name).then(() => Promise.all([superuser.connect(), resetter.connect()]))
  return { superuser, resetter, ready, directory }
}

// This file is loaded again for each test file, but its setup is kept for the whole process.
const shared = globalThis as { ownDatabase?: Own }
shared.ownDatabase ??= setUp()
export const { superuser } = shared.ownDatabase
const { resetter, ready, directory } = shared.ownDatabase

/** Lets a test write rows as superuser that triggers would refuse, because their earlier history is missing. */
export async function withoutTriggers<T>(write: () => Promise<T>): Promise<T> {
  await superuser.query('SET session_replication_role = replica')
  try {
    return await write()
  } finally {
    await superuser.query('RESET session_replication_role')
  }
}

export async function waitingForLock(): Promise<number> {
  // Within a transaction, PostgreSQL would otherwise return the first snapshot again.
  await superuser.query('SELECT pg_stat_clear_snapshot()')
  const { rows } = await superuser.query(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  )
  return rows[0].count
}

beforeAll(() => ready)

afterEach(async () => {
  await superuser.query('DISCARD TEMP')
  await resetter.query('SELECT seeded.reset()')
})

// Each file leaves the process as it found it: files, clock and mocks.
afterAll(() => {
  // Keeps the directories, because the product creates them only once.
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }))
    if (!entry.isDirectory()) rmSync(join(entry.parentPath, entry.name))
  vi.useRealTimers()
  vi.restoreAllMocks()
})
