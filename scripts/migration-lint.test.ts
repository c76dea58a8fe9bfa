import { expect, test } from 'vitest'
import { lastRelease, lintMigrations, sayFault } from './migration-lint.ts'
import { migrationsOnDisk } from './migrations.ts'

const released = { version: '1.4.0', commit: '', migration: '2' }
const rules = async (...all: string[]) =>
  (
    await lintMigrations(
      all.map((sql, at) => ({ name: `${3 + at}`, sql, checksum: '' })),
      released,
    )
  ).map(({ rule }) => rule)

test('the migrations of this version leave the last release working', async () => {
  expect((await lintMigrations(migrationsOnDisk(), lastRelease())).map(sayFault)).toEqual([])
  expect(migrationsOnDisk().map(({ name }) => name)).toContain(lastRelease().migration)
})

test.each([
  ['drop', 'ALTER TABLE invitations DROP COLUMN totp_secret'],
  ['drop', 'DROP TABLE invitations'],
  ['drop', 'DROP FUNCTION check_imei(text)'],
  ['drop', 'DROP TYPE reading_outcome'],
  ['drop', 'ALTER TABLE carriers ALTER COLUMN x DROP DEFAULT'],
  ['rename', 'ALTER TABLE carriers RENAME COLUMN listed TO blocklist_size'],
  ['rename', 'ALTER TABLE carriers RENAME TO companies'],
  ['rename', "ALTER TYPE flag_kind RENAME VALUE 'a' TO 'b'"],
  ['not-null', 'ALTER TABLE cases ALTER COLUMN unit_id SET NOT NULL'],
  ['not-null', 'ALTER TABLE cases ADD COLUMN change_id UUID NOT NULL'],
  ['type', 'ALTER TABLE cases ALTER COLUMN ordinal TYPE bigint'],
  [
    'type',
    'ALTER TABLE cases ADD COLUMN act_by timestamptz NOT NULL GENERATED ALWAYS AS (submitted_at) STORED',
  ],
  ['index', 'CREATE INDEX i ON cases (unit_id)'],
  ['index', 'DROP INDEX cases_queue_city'],
  ['index', 'ALTER TABLE cases ADD CONSTRAINT u UNIQUE (number)'],
  ['alone', 'CREATE INDEX CONCURRENTLY i ON cases (unit_id)'],
  ['not-valid', 'ALTER TABLE cases ADD CONSTRAINT c CHECK (ordinal > 0)'],
  ['not-valid', 'ALTER TABLE cases ADD CONSTRAINT f FOREIGN KEY (unit_id) REFERENCES police_units (id)'],
  ['whole-table', 'UPDATE police_areas SET unit_id = id'],
  ['whole-table', 'DELETE FROM evidence_readings'],
  ['whole-table', 'TRUNCATE evidence_readings'],
  ['before-17', "ALTER TABLE cases ALTER COLUMN state_text SET EXPRESSION AS ('')"],
] as const)('%s is refused: %s', async (rule, sql) => {
  expect(await rules(sql)).toEqual([rule])
})

test.each([
  'ALTER TABLE cases ADD COLUMN note text',
  'ALTER TABLE cases ADD COLUMN turns int[] NOT NULL DEFAULT ARRAY[]::int[]',
  'ALTER TABLE cases ALTER COLUMN imei DROP NOT NULL',
  "ALTER TYPE flag_kind ADD VALUE 'other_way'",
  'CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON cases (unit_id)',
  'DROP INDEX CONCURRENTLY IF EXISTS i',
  'ALTER TABLE cases ADD CONSTRAINT c CHECK (ordinal > 0) NOT VALID',
  'ALTER TABLE cases VALIDATE CONSTRAINT c',
  'ALTER TABLE cases ADD CONSTRAINT u UNIQUE USING INDEX i',
  'CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM cases; DROP TABLE cases; RETURN 1; END $$',
  "-- DROP TABLE cases\nSELECT 'DROP TABLE cases; UPDATE cases SET x = 1'",
])('allowed: %s', async (sql) => {
  expect(await rules(sql)).toEqual([])
})

test('a table that came since the last release is nobody’s yet, in that migration and in later ones', async () => {
  const make = 'CREATE TABLE fresh (id int PRIMARY KEY); CREATE INDEX i ON fresh (id)'
  expect(
    await rules(make, 'ALTER TABLE fresh DROP COLUMN id, ADD COLUMN x int NOT NULL', 'DROP TABLE fresh'),
  ).toEqual([])
  // Migrations of the release itself are not checked.
  expect(await lintMigrations([{ name: '1', sql: 'DROP TABLE cases', checksum: '' }], released)).toEqual([])
})

test('a contract step takes away what a release that is out does not use any more, and nothing besides', async () => {
  const drop = 'ALTER TABLE cases DROP COLUMN x'
  expect(await rules(`-- contract: since 1.4.0\n${drop}`)).toEqual([])
  expect(await rules(`-- contract: since 1.5.0\n${drop}`)).toEqual(['contract'])
  expect(await rules(`-- contract: since 1.4.0\n${drop}; CREATE INDEX i ON cases (y)`)).toEqual(['index'])
})

test('what was weighed is accepted by its name and a reason', async () => {
  expect(await rules('-- accepted: index: sixty rows in all\nCREATE INDEX i ON carriers (id)')).toEqual([])
  expect(await rules('-- accepted: index: x\nCREATE INDEX i ON carriers (id)')).toEqual(['index'])
  expect(await rules('-- accepted: drop: sixty rows in all\nCREATE INDEX i ON carriers (id)')).toEqual([
    'index',
  ])
})

test('a function that stays keeps its arguments: another signature is another function, and the old one is dropped later', async () => {
  expect(
    await rules(
      'DROP FUNCTION IF EXISTS check_imeis(text[]); CREATE FUNCTION check_imeis(a text[], b int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    ),
  ).toEqual(['drop'])
})
