import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../scripts/migrate.ts'
import { startPostgres } from '../scripts/postgres.ts'

/** Tells a test file how to reach the server of this run; see tests/database.ts. */
export interface TestServer {
  /** URLs for the database `template`: as the superuser, the owner and the application. */
  readonly superuser: string
  readonly owner: string
  readonly application: string
  /** A directory for the files of the run's processes, removed at its end. */
  readonly directory: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    server: TestServer
  }
}

/** Keeps a copy of the seeded rows, from which tests/database.ts restores them. */
const SNAPSHOT = `
  CREATE SCHEMA seeded;
  DO $$
  DECLARE name text; filled boolean;
  BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' LOOP
      EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
      IF filled THEN EXECUTE format('CREATE TABLE seeded.%I AS TABLE public.%I', name, name); END IF;
    END LOOP;
  END $$;`

/** Vitest's global setup: one real PostgreSQL a run, with one migrated and seeded database that files copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
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
  // What a young product's database takes its tables for: many rows at once must be planned well all the same.
  await snapshot.query('ANALYZE')
  await snapshot.end()

  project.provide('server', server)
  return async () => {
    await postgres.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}
