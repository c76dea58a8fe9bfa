/**
 * `npm run db:migrate`: brings a database to this version of the code. Running it twice, or at the same time, is
 * harmless.
 */
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PgBoss } from 'pg-boss'
import { ENTRY_VERSION } from '#features/audit/entries/rules.ts'
import type { ReferenceSet } from '#features/data-audit/records-rules.ts'
import { PrismaClient } from '#generated/prisma/client.ts'
import { readDatabaseUrl } from '#platform/database-url.ts'
import { takeFromFiles } from '#platform/env.ts'
import { DEAD_LETTERS, QUEUE_OPTIONS } from '#platform/queue.ts'
import { databaseClient, databaseConfig } from '#platform/writable-server.ts'
import { type Reference, seedReference } from '../prisma/seed/reference.ts'
import { readArguments } from './arguments.ts'
import { applyFunctions, applyMigrations, migrationsOnDisk } from './migrations.ts'

/** An advisory lock number that nothing else uses. */
const LOCK = 8_273_401

/** Indexes waiting files by source, because a new file is queued behind those of its own contact and network. */
const INDEX_OF_SOURCES = `CREATE INDEX IF NOT EXISTS proof_read_sources ON pgboss.job_common USING gin ((data -> 'from'))
  WITH (fastupdate = off) WHERE name = 'proof-read' AND state < 'active'`

export async function migrateQueues(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({
    ...databaseConfig(ownerUrl),
    max: 2,
    supervise: false,
    schedule: false,
    registerInstance: false,
  })
  boss.on('error', (error) => console.error(error.message))
  await boss.start()
  try {
    const existing = new Set((await boss.getQueues()).map(({ name }) => name))
    // A dead-letter queue must exist before another queue names it.
    for (const [name, options] of [
      [DEAD_LETTERS, { retentionSeconds: 90 * 86_400 }] as const,
      ...Object.entries(QUEUE_OPTIONS),
    ]) {
      const deadLetter = name === DEAD_LETTERS ? {} : { deadLetter: DEAD_LETTERS }
      const { policy, ...changeable } = options as { policy?: string }
      if (existing.has(name)) await boss.updateQueue(name, { ...changeable, ...deadLetter })
      else await boss.createQueue(name, { ...options, ...deadLetter })
    }
  } finally {
    await boss.stop({ graceful: false })
  }
}

/**
 * Tables in which the application only inserts rows, with the columns that it may still change: a carrier's answer, how
 * an answer reaches the figures, an alert's read mark, the text of an event whose key is destroyed. Triggers say how. All
 * other columns stay as written (ADR 101).
 */
const ADDED_TO: Readonly<Record<string, readonly string[]>> = {
  audit_entries: [],
  audit_leaves: [],
  audit_nodes: [],
  audit_heads: [],
  data_audits: [],
  disclosures: [],
  proof_checks: [],
  proof_check_imeis: [],
  // Only when the key is destroyed: `keep_case_event`.
  case_events: ['sealed'],
  objection_events: [],
  served_letters: [],
  book_entries: ['outcome', 'outcome_code', 'outcome_at', 'recorded_at', 'chain'],
  shared_words: ['state', 'own', 'said_at', 'verdict', 'note', 'asked_by_id', 'decided_by_id'],
  lookup_alerts: ['last_at', 'count', 'seen_at', 'seen_by_id', 'seen_note'],
  survey_responses: ['counted', 'received_month', 'repeated'],
  survey_kiosk_responses: ['counted', 'week', 'removal_id'],
  survey_invited_responses: ['counted'],
  survey_invited_cells: [],
  survey_kiosk_removals: [],
  survey_receipts: ['exclusion_id'],
  survey_dossier_codes: [],
  survey_reply_changes: [],
  published_figures: [],
  survey_receipt_roots: [],
  // A request for approval by two people ends once: `approved_by_two`.
  approvals: ['state', 'subject', 'content', 'decided_by_id', 'decided_at'],
  // Loans of a case stay recorded (ADR 113); the decision ends the loan.
  case_loans: ['ended_at'],
  // Marks a note of an erasure as also written outside the database.
  erasures: ['kept_at'],
}

/** Tables whose rows the application changes but never deletes, because a row's history would go with it. */
const NEVER_DELETED = ['cases', 'carrier_orders'] as const

/**
 * Builds the grants on everything that the migrator owns in a schema. An extension in it (`pg_stat_statements`, on many
 * managed servers) belongs to another role, so GRANT ON ALL FUNCTIONS would fail.
 */
const OWN_GRANTS = `
  SELECT 'GRANT ' || CASE WHEN relkind = 'S' THEN 'USAGE, SELECT, UPDATE ON SEQUENCE ' ELSE 'SELECT, INSERT, UPDATE, DELETE ON TABLE ' END
    || string_agg(oid::regclass::text, ', ') AS grant
  FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    AND pg_has_role(relowner, 'USAGE') GROUP BY relkind
  UNION ALL
  SELECT 'GRANT EXECUTE ON ROUTINE ' || string_agg(oid::regprocedure::text, ', ')
  FROM pg_proc WHERE pronamespace = $1::regnamespace AND pg_has_role(proowner, 'USAGE') HAVING count(*) > 0`

/** Grants the application its rights: it may use everything, own nothing, and delete nothing that must stay. */
async function grant(client: pg.Client, role: string): Promise<void> {
  const to = pg.escapeIdentifier(role)
  await client.query('BEGIN')
  for (const schema of ['public', 'pgboss']) {
    await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${to}`)
    const { rows } = await client.query<{ grant: string }>(OWN_GRANTS, [schema])
    for (const { grant } of rows) await client.query(`${grant} TO ${to}`)
  }
  for (const [table, columns] of Object.entries(ADDED_TO)) {
    // The monthly partitions of a table are tables of their own.
    const { rows: months } = await client.query<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass`,
      [table],
    )
    for (const name of [table, ...months.map((month) => month.name)])
      await client.query(`REVOKE UPDATE, DELETE, TRUNCATE ON ${name} FROM ${to}`)
    if (columns.length > 0) await client.query(`GRANT UPDATE (${columns.join(', ')}) ON ${table} TO ${to}`)
  }
  for (const table of NEVER_DELETED) await client.query(`REVOKE DELETE, TRUNCATE ON ${table} FROM ${to}`)
  await client.query(`REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON _prisma_migrations FROM ${to}`)
  // Triggers say which changes are allowed; these revokes cover statements that the application never needs.
  await client.query(`REVOKE INSERT, DELETE, TRUNCATE ON installation FROM ${to}`)
  await client.query(`REVOKE DELETE, TRUNCATE ON key_fingerprints FROM ${to}`)
  // The survey's rows are rewritten twice a day, and the space of their old versions is truncated (docs/adr/0048). Before
  // PostgreSQL 17 only a table's owner may do that, so autovacuum does it later.
  const { rows } = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'
       AND (tablename LIKE 'survey\\_%' OR tablename = 'submissions')
       AND current_setting('server_version_num')::int >= 170000`,
  )
  for (const { name } of rows) await client.query(`GRANT MAINTAIN ON ${pg.escapeIdentifier(name)} TO ${to}`)
  await client.query('COMMIT')
}

/** Reserves the functions that run with the owner's rights for the application: by default every role may run them. */
async function guardOwnersFunctions(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT oid::regprocedure::text AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
       AND pg_has_role(proowner, 'USAGE')
       AND has_function_privilege('public', oid, 'EXECUTE')`,
  )
  for (const { name } of rows) await client.query(`REVOKE EXECUTE ON FUNCTION ${name} FROM PUBLIC`)
}

/**
 * Applies the policies to the tables' owner, or exempts it. They apply only when the application is the owner, because
 * migrations and backups must see every row.
 */
async function bindOwner(client: pg.Client, bound: boolean): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
       AND relrowsecurity AND relforcerowsecurity <> $1`,
    [bound],
  )
  for (const { name } of rows) {
    await client.query(`ALTER TABLE ${name} ${bound ? 'FORCE' : 'NO FORCE'} ROW LEVEL SECURITY`)
  }
}

/** Returns whether a role bypasses all policies. */
async function isAboveTheWall(url: string): Promise<boolean> {
  const client = databaseClient(url)
  await client.connect()
  try {
    const { rows } = await client.query<{ above: boolean }>(
      'SELECT rolsuper OR rolbypassrls AS above FROM pg_roles WHERE rolname = current_user',
    )
    return rows[0]?.above ?? false
  } finally {
    await client.end()
  }
}

/** The changes of a run of {@link migrate}; empty when it runs again. */
export interface Migrated {
  readonly migrations: readonly string[]
  readonly reference: readonly Reference[]
}

/**
 * Applies the migrations, creates the queues, grants the role of `applicationUrl` its rights and loads the reference
 * data, all as the role of `ownerUrl`. One migrator runs at a time; others wait.
 */
export async function migrate(ownerUrl: string, applicationUrl: string): Promise<Migrated> {
  const client = databaseClient(ownerUrl)
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    const migrations = await applyMigrations(client, migrationsOnDisk())
    await applyFunctions(client)
    await migrateQueues(ownerUrl)
    await client.query(INDEX_OF_SOURCES)
    const role = readDatabaseUrl(applicationUrl).user
    const { rows } = await client.query<{ owner: string }>('SELECT current_user AS owner')
    const isOwner = role === rows[0]?.owner
    if (!isOwner) await grant(client, role)
    await guardOwnersFunctions(client)
    await bindOwner(client, isOwner)
    const reference = await bringReference(ownerUrl)
    await noteReference(client, reference)
    return { migrations, reference }
  } finally {
    // Ends the session, and with it the lock.
    await client.end()
  }
}

/** Updates carriers, areas, agencies and so on to this version; as the owner, to whom no policy applies. */
async function bringReference(url: string): Promise<Reference[]> {
  const db = new PrismaClient({
    adapter: new PrismaPg(databaseConfig(url)),
    // Nobody waits for this: a busy machine may take longer than Prisma's five seconds.
    transactionOptions: { maxWait: 60_000, timeout: 120_000 },
  })
  try {
    return await seedReference(db)
  } finally {
    await db.$disconnect()
  }
}

/** The tables under which the audit log records each kind of reference data; the carriers' names and order are in none. */
const LOADED: Readonly<Record<Reference, readonly ReferenceSet[]>> = {
  areas: ['areas'],
  carriers: [],
  holidays: ['holidays'],
  banks: ['banks'],
  survey: ['agencies', 'questionnaires'],
}

/**
 * Records in the audit log which reference data a release changed, if the log already recorded the state before (ADR
 * 131).
 */
async function noteReference(client: pg.Client, changed: readonly Reference[]): Promise<void> {
  const sets = changed.flatMap((one) => LOADED[one]).join(' ')
  if (sets === '') return
  await client.query(
    `INSERT INTO audit_entries (at, actor_kind, act, subject_kind, subject_id, request_id, facts, v)
     SELECT date_trunc('milliseconds', now()), 'system', 'reference.loaded', 'reference', 'release', gen_random_uuid()::text,
       jsonb_build_object('sets', $1::text, 'why', 'release'), ${ENTRY_VERSION}
     WHERE EXISTS (SELECT FROM audit_entries WHERE act = 'reference.loaded')`,
    [sets],
  )
}

export function sayMigrated({ migrations, reference }: Migrated): string {
  const said = [
    ...(migrations.length > 0 ? [`Applied ${migrations.join(', ')}.`] : []),
    ...(reference.length > 0 ? [`Reference data brought up to date: ${reference.join(', ')}.`] : []),
  ]
  return said.join('\n') || 'The database is up to date.'
}

async function main(): Promise<void> {
  readArguments('usage: npm run db:migrate', {})
  takeFromFiles(process.env)
  const { DATABASE_URL, DATABASE_OWNER_URL } = process.env
  if (!DATABASE_URL) {
    throw new Error(
      'DATABASE_URL is not set. (Without it `npm start` runs and migrates a database of its own.)',
    )
  }
  console.log(sayMigrated(await migrate(DATABASE_OWNER_URL || DATABASE_URL, DATABASE_URL)))
  if (
    !DATABASE_OWNER_URL ||
    readDatabaseUrl(DATABASE_OWNER_URL).user === readDatabaseUrl(DATABASE_URL).user
  ) {
    console.error(
      'Note: the application connects as the owner of the tables, so the database does not protect the audit log. Set DATABASE_OWNER_URL to another role.',
    )
  }
  if (await isAboveTheWall(DATABASE_URL)) {
    console.error(
      'Note: the application connects as a superuser or with BYPASSRLS, so the database does not keep districts apart. Set DATABASE_URL to a role without either.',
    )
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
