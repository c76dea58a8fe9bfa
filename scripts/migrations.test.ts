import pg from 'pg'
import { describe, expect, inject, test } from 'vitest'
import { superuser } from '#tests/database.ts'
import { migrate } from './migrate.ts'
import {
  applyFunctions,
  applyMigrations,
  functionsOnDisk,
  migrationsOnDisk,
  squashedMigrations,
} from './migrations.ts'
import { differenceToSchema } from './schema-engine.ts'

const migration = (name: string, sql: string) => ({ name, sql, checksum: `checksum of ${sql}`.slice(0, 64) })

async function fresh(work: (client: pg.Client, url: string) => Promise<void>): Promise<void> {
  await superuser.query('CREATE DATABASE migrations_test')
  const url = new URL(inject('server').superuser)
  url.pathname = '/migrations_test'
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    await work(client, url.href)
  } finally {
    await client.end()
    await superuser.query('DROP DATABASE migrations_test WITH (FORCE)')
  }
}

test('the migrations make exactly what the schema says', async () => {
  await fresh(async (_, url) => expect(await differenceToSchema(url, migrationsOnDisk())).toBe(''))
})

test('a difference is seen: without migrations everything is missing', async () => {
  await fresh(async (_, url) => expect(await differenceToSchema(url, [])).toContain('CREATE TABLE "cases"'))
})

/** Functions that policies use: they are defined in a migration, together with the policies. */
const SCOPE = ['scope_case', 'scope_identity', 'scope_is_wide', 'scope_lent', 'scope_units']
const DEFINED = `
  SELECT DISTINCT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') ORDER BY 1`
const TRIGGERS =
  'SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0 ORDER BY 1, 2'

test("an extension in the product's schema is left to who installed it", async () => {
  await fresh(async (client, url) => {
    const as = (role: 'owner' | 'application') => {
      const { username, password } = new URL(inject('server')[role])
      return Object.assign(new URL(url), { username, password }).href
    }
    await client.query('CREATE EXTENSION pg_stat_statements SCHEMA public')
    await client.query(`ALTER DATABASE migrations_test OWNER TO ${new URL(as('owner')).username}`)
    await client.query('GRANT ALL ON SCHEMA public TO pg_database_owner')
    await migrate(as('owner'), as('application'))
    const { rows } = await client.query(`SELECT
      has_function_privilege('antam_app', 'pg_stat_statements_reset(oid, oid, bigint, boolean)', 'EXECUTE') AS reset,
      has_function_privilege('antam_app', 'place_in_queue(uuid, boolean)', 'EXECUTE') AS placing,
      has_table_privilege('antam_app', 'cases', 'INSERT') AS cases,
      has_table_privilege('antam_app', 'cases', 'DELETE') AS erasing,
      has_table_privilege('antam_app', 'pgboss.job', 'DELETE') AS jobs`)
    expect(rows).toEqual([{ reset: false, placing: true, cases: true, erasing: false, jobs: true }])
  })
})

test('every function and trigger has its file, and the files may be applied again', async () => {
  await fresh(async (client) => {
    await applyMigrations(client, migrationsOnDisk())
    await applyFunctions(client)
    const names = (await client.query(DEFINED)).rows.map(({ name }) => name)
    expect(names).toEqual([...functionsOnDisk().map(([name]) => name), ...SCOPE].sort())
    const triggers = (await client.query(TRIGGERS)).rows
    const written = functionsOnDisk().flatMap(
      ([, sql]) => sql.match(/^CREATE (?:OR REPLACE|CONSTRAINT) TRIGGER/gm) ?? [],
    )
    expect(triggers).toHaveLength(written.length)
    await client.query(`DO $$ DECLARE f record; BEGIN FOR f IN SELECT oid::regprocedure AS name FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace AND obj_description(oid) ~ '^[0-9a-f]{64}$'
      LOOP EXECUTE format('COMMENT ON FUNCTION %s IS NULL', f.name); END LOOP; END $$`)
    expect(await applyFunctions(client)).toHaveLength(functionsOnDisk().length)
    expect((await client.query(DEFINED)).rows).toHaveLength(names.length)
    expect((await client.query(TRIGGERS)).rows).toEqual(triggers)
  })
})

test('a file changes its function alone, and no migration redefines one', () => {
  for (const [name, sql] of functionsOnDisk()) {
    const made = sql.match(/^CREATE OR REPLACE (FUNCTION \w+|TRIGGER)/gm) ?? []
    expect(made[0]).toBe(`CREATE OR REPLACE FUNCTION ${name}`)
    expect(made.slice(1).every((statement) => statement.endsWith('TRIGGER'))).toBe(true)
  }
  // A definition in a migration would silently be overwritten by the function's own file.
  const files = functionsOnDisk().map(([name]) => name)
  const defined = /^CREATE (?:OR REPLACE )?(?:FUNCTION (\w+)|TRIGGER)/gm
  const redefining = migrationsOnDisk().filter(({ sql }) =>
    [...sql.matchAll(defined)].some(([, name]) => name === undefined || files.includes(name)),
  )
  expect(redefining.map((one) => one.name)).toEqual([])
})

test('the totals of what is excluded are what its groups sum up to', async () => {
  await fresh(async (client) => {
    await applyMigrations(client, migrationsOnDisk())
    await applyFunctions(client)
    await client.query(`
      INSERT INTO agencies (id, ordinal) VALUES ('quan-1', 1), ('quan-3', 3);
      INSERT INTO questionnaires (version, questions, legal_basis) VALUES (1, '[]', '');
      INSERT INTO survey_exclusions (id, agency_id, questionnaire_version, reason, month, count, reversed_at, reversal)
      VALUES (gen_random_uuid(), 'quan-1', 1, 'too_fast', '2026-10-01', 3, NULL, NULL),
        (gen_random_uuid(), 'quan-1', 1, 'too_fast', '2026-11-01', 4, NULL, NULL),
        (gen_random_uuid(), 'quan-1', 1, 'too_fast', '2026-11-01', 5, now(), 'x'),
        (gen_random_uuid(), 'quan-3', 1, 'same_answers', '2026-11-01', 7, now(), 'x')`)
    const totals = () =>
      client.query('SELECT agency_id, excluded, reversed FROM survey_exclusion_totals ORDER BY agency_id')
    expect((await totals()).rows).toEqual([
      { agency_id: 'quan-1', excluded: 7, reversed: 5 },
      { agency_id: 'quan-3', excluded: 0, reversed: 7 },
    ])
    await client.query("DELETE FROM survey_exclusions WHERE agency_id = 'quan-1' AND month = '2026-11-01'")
    expect((await totals()).rows[0]).toEqual({ agency_id: 'quan-1', excluded: 3, reversed: 0 })
  })
})

describe('a database of before 0_init', () => {
  const { all, version } = squashedMigrations()
  const init = migrationsOnDisk().slice(0, 1)
  const history = async (client: pg.Client) =>
    (await client.query('SELECT migration_name FROM _prisma_migrations ORDER BY 1')).rows.map(
      (row) => row.migration_name,
    )
  /** Makes a database whose history lists these migrations as applied. */
  async function having(client: pg.Client, some: readonly (readonly [string, string])[]): Promise<void> {
    await applyMigrations(client, [])
    for (const [name, checksum] of some)
      await client.query(
        `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
         VALUES (gen_random_uuid(), $1, $2, now())`,
        [checksum, name],
      )
  }

  test('that has its whole history is at 0_init, and runs nothing of it', async () => {
    await fresh(async (client) => {
      await having(client, all)
      const later = migration('20990101000000_later', 'CREATE TABLE later (x int)')
      expect(await applyMigrations(client, [...init, later])).toEqual([later.name])
      expect(await history(client)).toEqual(['0_init', later.name])
      expect(await applyMigrations(client, [...init, later])).toEqual([])
    })
  })

  test.each([
    [
      'lacks some',
      all.slice(0, -2),
      new RegExp(`${all.length - 2} of its ${all.length} .* no ${all.at(-2)?.[0]}.*${version}`),
    ],
    ['has another', all.map(([name, sum], at) => [name, at === 3 ? 'x' : sum] as const), /another 2026/],
  ])('that %s is refused and left as it is', async (_, some, message) => {
    await fresh(async (client) => {
      await having(client, some)
      const before = await history(client)
      await expect(applyMigrations(client, init)).rejects.toThrow(message)
      expect(await history(client)).toEqual(before)
      expect((await client.query("SELECT to_regclass('cases') AS cases")).rows).toEqual([{ cases: null }])
    })
  })
})

test('a migration is applied once, functions with semicolons included', async () => {
  const first = migration(
    '1_first',
    'CREATE TABLE a (x int); CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END $$;',
  )
  await fresh(async (client) => {
    expect(await applyMigrations(client, [first])).toEqual(['1_first'])
    expect(await applyMigrations(client, [first])).toEqual([])
    expect((await client.query('SELECT f()')).rows).toEqual([{ f: 2 }])
  })
})

test('a migration that fails leaves nothing, and can be mended and applied', async () => {
  await fresh(async (client) => {
    const broken = migration('1_a', 'CREATE TABLE a (x int); SELECT 1/0;')
    await expect(applyMigrations(client, [broken])).rejects.toThrow(/1_a failed.*division by zero/)
    expect((await client.query("SELECT to_regclass('a') AS a")).rows).toEqual([{ a: null }])
    expect(await applyMigrations(client, [migration('1_a', 'CREATE TABLE a (x int)')])).toEqual(['1_a'])
  })
})

test('a changed or missing migration is refused', async () => {
  await fresh(async (client) => {
    await applyMigrations(client, [migration('1_a', 'CREATE TABLE a (x int)')])
    await expect(applyMigrations(client, [migration('1_a', 'CREATE TABLE b (x int)')])).rejects.toThrow(
      /changed after/,
    )
    await expect(applyMigrations(client, [])).rejects.toThrow(/does not/)
  })
})

const quick = { lock: 100, pause: 100, tries: 20 }

test('a step that has to wait for a lock lets others pass meanwhile, and comes when it can', async () => {
  await fresh(async (client, url) => {
    await applyMigrations(client, [migration('1_a', 'CREATE TABLE a (x int)')])
    const [holder, reader] = [
      new pg.Client({ connectionString: url }),
      new pg.Client({ connectionString: url }),
    ]
    await holder.connect()
    await reader.connect()
    try {
      await holder.query('BEGIN')
      await holder.query('SELECT * FROM a')
      const steps = [
        migration('1_a', 'CREATE TABLE a (x int)'),
        migration('2_b', 'ALTER TABLE a ADD COLUMN y int'),
      ]
      const applied = applyMigrations(client, steps, quick)
      await new Promise((resolve) => setTimeout(resolve, 250))
      // A lock request without a timeout makes everybody behind it wait.
      await reader.query("SET statement_timeout = '300ms'")
      await reader.query('SELECT * FROM a')
      await holder.query('COMMIT')
      expect(await applied).toEqual(['2_b'])
    } finally {
      await holder.end()
      await reader.end()
    }
  })
})

test('an index is made beside the running work, also after a try that was broken off', async () => {
  await fresh(async (client) => {
    const table = migration('1_a', 'CREATE TABLE a (x int); INSERT INTO a VALUES (1), (1)')
    await applyMigrations(client, [table])
    await expect(client.query('CREATE UNIQUE INDEX CONCURRENTLY i ON a (x)')).rejects.toThrow(/unique/)
    const index = migration('2_b', '-- why\nCREATE INDEX CONCURRENTLY IF NOT EXISTS "i" ON "a" ("x")')
    expect(await applyMigrations(client, [table, index])).toEqual(['2_b'])
    const { rows } = await client.query(
      "SELECT indisvalid, indisunique FROM pg_index WHERE indexrelid = 'i'::regclass",
    )
    expect(rows).toEqual([{ indisvalid: true, indisunique: false }])
    expect(await applyMigrations(client, [table, index])).toEqual([])
  })
})

test('what is taken away waits until no process of before runs, and says from which version on the database is', async () => {
  const expand = migration(
    '1_a',
    'CREATE TABLE a (x int); CREATE TABLE processes (kind text, version text, seen_at timestamptz)',
  )
  const contract = migration('2_b', '-- contract: since 1.10.0\nALTER TABLE a DROP COLUMN x')
  await fresh(async (client) => {
    await applyMigrations(client, [expand])
    await client.query(`INSERT INTO processes VALUES ('web', '1.9.3', now()), ('web', '1.9.3', now()), ('worker', '1.10.0', now()),
      ('worker', '1.2.0', now() - interval '2 minutes')`)
    await expect(applyMigrations(client, [expand, contract])).rejects.toThrow(
      /2_b.*before 1\.10\.0.*: 2 web of 1\.9\.3\./,
    )
    await client.query("DELETE FROM processes WHERE kind = 'web'")
    expect(await applyMigrations(client, [expand, contract])).toEqual(['2_b'])
    const { rows } = await client.query("SELECT logs FROM _prisma_migrations WHERE migration_name = '2_b'")
    expect(rows).toEqual([{ logs: 'contract: since 1.10.0' }])
  })
  await fresh(async (client) => {
    expect(await applyMigrations(client, [expand, contract])).toEqual(['1_a', '2_b'])
  })
})

test('a function that stands as its file says is left, one that lost its trigger or its words is mended', async () => {
  await fresh(async (client) => {
    await applyMigrations(client, migrationsOnDisk())
    expect(await applyFunctions(client)).toHaveLength(functionsOnDisk().length)
    expect(await applyFunctions(client)).toEqual([])
    await client.query('DROP TRIGGER keep_case_number ON cases')
    await client.query("COMMENT ON FUNCTION queue_case IS 'of before'")
    expect(await applyFunctions(client)).toEqual(['keep_case_number', 'queue_case'])
  })
})

test('what a survey manager asked for in the release before goes on among the approvals', async () => {
  await fresh(async (client) => {
    const all = migrationsOnDisk()
    const at = all.findIndex(({ name }) => name.endsWith('survey_requests_are_approvals'))
    await applyMigrations(client, all.slice(0, at))
    await client.query(`
      INSERT INTO agencies (id, ordinal) VALUES ('quan-3', 3);
      INSERT INTO questionnaires (version, questions, legal_basis) VALUES (1, '[]', '');
      INSERT INTO staff_accounts (id, email, name, role, decides_from)
      VALUES ('11111111-1111-4111-8111-111111111111', 'a@example.vn', 'A', 'survey_manager', now());
      INSERT INTO survey_exclusions (id, agency_id, questionnaire_version, reason, month, count)
      VALUES ('22222222-2222-4222-8222-222222222222', 'quan-3', 1, 'too_fast', '2026-10-01', 3);
      INSERT INTO survey_requests (id, exclusion_id, reason_vi, asked_by_id, asked_at)
      VALUES ('33333333-3333-4333-8333-333333333333', '22222222-2222-4222-8222-222222222222', 'Chung mạng.',
        '11111111-1111-4111-8111-111111111111', '2026-11-29T03:00:00Z')`)
    await applyMigrations(client, all)
    const { rows } = await client.query(
      'SELECT kind, subject, content, digest, state, asked_by_id FROM approvals',
    )
    expect(rows).toEqual([
      {
        kind: 'survey.reversal',
        subject: 'exclusion:22222222-2222-4222-8222-222222222222',
        content: {
          exclusionId: '22222222-2222-4222-8222-222222222222',
          reasonVi: 'Chung mạng.',
          reasonEn: null,
        },
        digest: null,
        state: 'asked',
        asked_by_id: '11111111-1111-4111-8111-111111111111',
      },
    ])
    expect((await client.query("SELECT FROM survey_requests WHERE state = 'asked'")).rows).toEqual([])
  })
})
