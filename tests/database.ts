import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, inject } from 'vitest'

/**
 * Loaded before every database test file (vitest.config.ts): the file gets a database of its own, copied from the
 * migrated and seeded template, and each of its tests starts from the seeded state. The application's modules are
 * used as they are, as the application's role.
 */
const name = `t_${randomBytes(6).toString('hex')}`
const server = inject('server')

const to = (url: string, database: string): string => {
  const target = new URL(url)
  target.pathname = `/${database}`
  return target.href
}

const dataDir = mkdtempSync(join(tmpdir(), 'an-tam-data-'))
const secret = () => randomBytes(32).toString('base64')
Object.assign(process.env, {
  DATA_DIR: dataDir,
  DATABASE_URL: to(server.application, name),
  ANTAM_KEY: secret(),
  ANTAM_INDEX_KEY: secret(),
  ANTAM_HASH_KEY: secret(),
  ANTAM_AUDIT_KEY: secret(),
  ANTAM_EXCHANGE_KEY: secret(),
  NEXTAUTH_SECRET: secret(),
  OUTBOX: 'on',
  LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
})

/** The test's database as its superuser: for looking at, or doing, what the application may not. */
export const superuser = new pg.Client({ connectionString: to(server.superuser, name) })

/** Counts the transactions of this test's database that wait for a lock. */
export async function waitingForLock(): Promise<number> {
  // Within a transaction it would be seen as it was the first time.
  await superuser.query('SELECT pg_stat_clear_snapshot()')
  const { rows } = await superuser.query(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  )
  return rows[0].count
}

// Constraints and triggers are off while it runs, so that the order of tables does not matter.
const RESET = `
  SET session_replication_role = replica;
  DO $$
  DECLARE t record;
  BEGIN
    FOR t IN SELECT schemaname, tablename FROM pg_tables
      WHERE (schemaname = 'public' AND tablename NOT IN ('_prisma_migrations', 'tacs'))
        OR (schemaname = 'pgboss' AND tablename = 'job') LOOP
      EXECUTE format('DELETE FROM %I.%I', t.schemaname, t.tablename);
    END LOOP;
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'seeded' AND tablename <> 'tacs' LOOP
      EXECUTE format('INSERT INTO public.%I SELECT * FROM seeded.%I', t.tablename, t.tablename);
    END LOOP;
  END $$;
  SET session_replication_role = DEFAULT;`

async function asAdministrator(sql: string): Promise<void> {
  const admin = new pg.Client({ connectionString: to(server.superuser, 'postgres') })
  await admin.connect()
  try {
    await admin.query(sql)
  } finally {
    await admin.end()
  }
}

beforeAll(async () => {
  await asAdministrator(`CREATE DATABASE ${name} TEMPLATE template OWNER antam_owner`)
  await superuser.connect()
})

afterEach(async () => {
  await superuser.query(RESET)
})

afterAll(async () => {
  for (const client of [import('#platform/db.ts'), import('./db.ts')]) await (await client).db.$disconnect()
  await superuser.end()
  rmSync(dataDir, { recursive: true, force: true })
  await asAdministrator(`DROP DATABASE ${name} WITH (FORCE)`)
})
