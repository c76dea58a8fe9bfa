import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../scripts/migrate.ts'
import { startPostgres } from '../scripts/postgres.ts'

/** How a test file reaches the server of this run; see tests/database.ts. */
export interface TestServer {
  /** URLs of the database `template`, as superuser, owner and application. */
  readonly superuser: string
  readonly owner: string
  readonly application: string
  /** A directory for the files of the run's processes, which is removed at its end. */
  readonly directory: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    server: TestServer
  }
}

/**
 * Copies the seeded rows, and creates `seeded.reset()`, which restores every table that a test changed. The function
 * contains the statements of each table, so that a session plans them only once. Planning them for each test costs more
 * than the test. A table has changed if it has rows that are newer than the last reset, or fewer older rows than it had.
 */
const SNAPSHOT = `
  CREATE SCHEMA seeded;
  CREATE TABLE seeded.last_reset AS SELECT pg_current_xact_id()::text::bigint AS xid;
  DO $$
  DECLARE t record; rows bigint; body text := '';
  BEGIN
    FOR t IN SELECT schemaname, tablename FROM pg_tables
      WHERE ((schemaname = 'public' AND tablename NOT IN ('_prisma_migrations', 'tacs'))
        OR (schemaname = 'pgboss' AND tablename = 'job'))
        -- A month's part comes and goes; the whole empties it.
        AND NOT (SELECT relispartition FROM pg_class WHERE oid = format('%I.%I', schemaname, tablename)::regclass) LOOP
      EXECUTE format('SELECT count(*) FROM %I.%I', t.schemaname, t.tablename) INTO rows;
      IF rows = 0 OR t.schemaname = 'pgboss' THEN
        body := body || format('IF EXISTS (SELECT FROM %1$I.%2$I) THEN DELETE FROM %1$I.%2$I; END IF;',
          t.schemaname, t.tablename);
      ELSE
        EXECUTE format('CREATE TABLE seeded.%1$I AS TABLE public.%1$I', t.tablename);
        body := body || format('IF (SELECT count(*) FROM public.%1$I WHERE xmin::text::bigint <= last) <> %2$s
            OR EXISTS (SELECT FROM public.%1$I WHERE xmin::text::bigint > last) THEN
            DELETE FROM public.%1$I; INSERT INTO public.%1$I SELECT * FROM seeded.%1$I; END IF;', t.tablename, rows);
      END IF;
    END LOOP;
    EXECUTE format('CREATE FUNCTION seeded.reset() RETURNS void LANGUAGE plpgsql AS %L',
      'DECLARE last bigint := (SELECT xid FROM seeded.last_reset); BEGIN ' || body ||
      ' UPDATE seeded.last_reset SET xid = pg_current_xact_id()::text::bigint; END');
  END $$;`

async function start(): Promise<{ readonly server: TestServer; readonly stop: () => Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'an-tam-test-'))
  const password = randomBytes(12).toString('hex')
  const postgres = await startPostgres({ directory: join(directory, 'data'), password, durable: false })
  const server: TestServer = {
    superuser: postgres.url('postgres', password, 'template'),
    owner: postgres.url('antam_owner', password, 'template'),
    application: postgres.url('antam_app', password, 'template'),
    directory,
  }

  const admin = new pg.Client({ connectionString: postgres.url('postgres', password, 'postgres') })
  await admin.connect()
  await admin.query(`CREATE ROLE antam_owner LOGIN PASSWORD '${password}'`)
  await admin.query(`CREATE ROLE antam_app LOGIN PASSWORD '${password}'`)
  await admin.query('CREATE DATABASE template OWNER antam_owner')
  await admin.end()

  await migrate(server.owner, server.application)
  const snapshot = new pg.Client({ connectionString: server.superuser })
  await snapshot.connect()
  await snapshot.query(SNAPSHOT)
  // The planner assumes default sizes for a new database, but it must plan queries on many rows well.
  await snapshot.query('ANALYZE')
  await snapshot.end()

  let stopped: Promise<void> | undefined
  const end = async () => {
    await postgres.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  return {
    server,
    stop: () => {
      stopped ??= end()
      return stopped
    },
  }
}

// Each Vitest project loads this file separately, in the same process.
const run = globalThis as { testServer?: ReturnType<typeof start> }

/** Starts one PostgreSQL for the run, as Vitest's global setup, with one migrated and seeded database that test files copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  run.testServer ??= start()
  const { server, stop } = await run.testServer
  project.provide('server', server)
  return stop
}
