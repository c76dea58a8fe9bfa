import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { checkReadiness } from '#features/health/data.ts'
import { checkInstallation } from '#features/installation/acts.ts'
import { SECRETS, VARIABLES } from '#platform/env-schema.ts'
import { superuser } from '#tests/database.ts'
import { full } from '#tests/runs.ts'
import { run } from './run.ts'

const DATABASE = 'setup_test'
const urlOf = (role: 'application' | 'owner'): string => {
  const url = new URL(inject('server')[role])
  url.pathname = `/${DATABASE}`
  return url.href
}

/** An empty environment, so that nothing of this test's process looks like the operator's. */
const BARE = Object.fromEntries(
  [...VARIABLES, ...SECRETS.map((name) => `${name}_FILE`)].map((name) => [name, '']),
)

let place: string
beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'antam-setup-'))
  await superuser.query(`CREATE DATABASE ${DATABASE} OWNER antam_owner`)
})
afterEach(async () => {
  await superuser.query(`DROP DATABASE ${DATABASE} WITH (FORCE)`)
  rmSync(place, { recursive: true })
})

const inPlace = (name: string) => join(place, name)
const script = (name: string, args: readonly string[], given: Record<string, string>) =>
  run(process.execPath, [`scripts/${name}.ts`, ...args], { ...BARE, DATA_DIR: inPlace('data'), ...given })

const environment = (kind: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(inPlace(`env/${kind}.env`), 'utf8')
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )

const files = (): string[] =>
  readdirSync(place, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .filter((name) => statSync(inPlace(name)).isFile())
    .map(
      (name) =>
        `${name} ${(statSync(inPlace(name)).mode & 0o777).toString(8)} ${readFileSync(inPlace(name), 'utf8')}`,
    )

async function counted(): Promise<string> {
  const client = new pg.Client({ connectionString: urlOf('owner') })
  await client.connect()
  const { rows } = await client.query(
    `SELECT (SELECT count(*) FROM carriers) || ' ' || (SELECT count(*) FROM invitations) || ' ' || (SELECT count(*) FROM audit_entries) AS all`,
  )
  await client.end()
  return rows[0].all
}

test('an empty database becomes an installation, and a second run changes nothing', async () => {
  const given = {
    ...{ DATABASE_URL: urlOf('application'), DATABASE_OWNER_URL: urlOf('owner') },
    ...{ PUBLIC_URL: 'https://antam.example.vn', TRUSTED_PROXIES: '1', AUTHORITY_NAME: 'Sở "X" & Y' },
    CITY: 'da-nang',
  }
  const args = ['--secrets', inPlace('secrets'), '--env', inPlace('env'), '--admin', 'first@example.vn']
  const first = await script('setup', args, given)
  expect(first.code, first.output).toBe(0)
  expect(first.output).toMatch(
    /Open this link once within 72 hours: https:\/\/antam\.example\.vn\/k\/invitation\/\S{40,}/,
  )
  const secrets = readdirSync(inPlace('secrets'))
  expect(secrets.toSorted()).toEqual([
    ...['ANTAM_AUDIT_KEY', 'ANTAM_AUDIT_PUBLIC_KEY', 'ANTAM_EXCHANGE_KEY', 'ANTAM_HASH_KEY'],
    ...['ANTAM_INDEX_KEY', 'ANTAM_KEY', 'ANTAM_PUSH_KEY', 'NEXTAUTH_SECRET'],
  ])
  for (const name of secrets) {
    const file = inPlace(`secrets/${name}`)
    if (name !== 'ANTAM_AUDIT_PUBLIC_KEY') expect(statSync(file).mode & 0o777, name).toBe(0o600)
    // The output says where a secret is, but never shows it.
    if (name !== 'ANTAM_AUDIT_PUBLIC_KEY')
      expect(first.output).not.toContain(readFileSync(file, 'utf8').trim())
  }
  expect(first.output).not.toContain(new URL(given.DATABASE_URL).password)

  const [web, worker, migrate] = [environment('web'), environment('worker'), environment('migrate')]
  expect(Object.keys(migrate)).toEqual(['DATABASE_URL', 'DATABASE_OWNER_URL', 'CITY'])
  expect(first.output).toContain('CITY: da-nang, Thành phố Đà Nẵng')
  // Each upgrade migrates with only these variables: a city of another name would be refused.
  const again = await script('migrate', [], migrate)
  expect(again.code, again.output).toBe(0)
  expect(web).not.toHaveProperty('DATABASE_OWNER_URL')
  expect(web).not.toHaveProperty('ANTAM_AUDIT_KEY_FILE')
  expect(web.ANTAM_AUDIT_PUBLIC_KEY_FILE).toBe(inPlace('secrets/ANTAM_AUDIT_PUBLIC_KEY'))
  expect(worker.ANTAM_AUDIT_KEY_FILE).toBe(inPlace('secrets/ANTAM_AUDIT_KEY'))
  expect(web).toMatchObject({ PUBLIC_URL: 'https://antam.example.vn', AUTHORITY_NAME: '"Sở \\"X\\" & Y"' })

  const [before, rows] = [files(), await counted()]
  const second = await script('setup', args, given)
  expect(second.code, second.output).toBe(0)
  expect(second.output).toContain('Nothing was changed')
  expect([files(), await counted()]).toEqual([before, rows])

  // The second administrator needs only the command with a web server's variables: no signing key, no owner.
  const invited = await script('admin-invite', ['second@example.vn'], { ...web, AUTHORITY_NAME: '' })
  expect(invited.code, invited.output).toBe(0)
}, 120_000)

test.runIf(full)(
  'the pair of the audit log is made also where all else is given, and no key in the place of one in use',
  async () => {
    const key = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')
    const given = {
      ...{ DATABASE_URL: urlOf('application'), DATABASE_OWNER_URL: urlOf('owner') },
      ...{ ANTAM_KEY: key(), ANTAM_INDEX_KEY: key(), ANTAM_HASH_KEY: key(), ANTAM_EXCHANGE_KEY: key() },
      NEXTAUTH_SECRET: key(),
    }
    const { NEXTAUTH_SECRET: _, ...lacking } = given
    const refused = await script('setup', [], lacking)
    expect([refused.code, refused.output]).toEqual([
      1,
      expect.stringContaining('NEXTAUTH_SECRET: is not set'),
    ])
    const made = await script('setup', [], given)
    expect(made.code, made.output).toBe(0)
    const seed = inPlace('data/secrets/ANTAM_AUDIT_KEY')
    expect(statSync(seed).mode & 0o777).toBe(0o600)
    expect(made.output).not.toContain(given.ANTAM_KEY)
    expect(made.output).toContain('ANTAM_KEY=… (as it was given here)')
    const stands = readFileSync(seed, 'utf8')
    // A later run finds the pair at its place without any option; it is not made a second time elsewhere.
    expect((await script('setup', [], given)).output).toContain('Nothing was changed')
    const elsewhere = await script('setup', ['--secrets', inPlace('other')], {
      ...given,
      DATA_DIR: inPlace('empty'),
    })
    expect([elsewhere.code, elsewhere.output]).toEqual([
      1,
      expect.stringContaining('ANTAM_AUDIT_KEY: this database was used with one'),
    ])
    expect(readFileSync(seed, 'utf8')).toBe(stands)
    // A file with another key than the database's is refused before anything starts with it.
    rmSync(inPlace('data/secrets/ANTAM_AUDIT_PUBLIC_KEY'))
    writeFileSync(seed, key())
    const strange = await script('setup', [], given)
    expect([strange.code, strange.output]).toEqual([1, expect.stringContaining('ANTAM_AUDIT_KEY: is not')])
  },
  120_000,
)

test('what is wrong with the surroundings is said, and nothing is made', async () => {
  const cases: [Record<string, string>, string][] = [
    [{}, 'DATABASE_URL: is not set'],
    [{ DATABASE_URL: 'antam' }, 'DATABASE_URL: is no URL'],
    [{ DATABASE_URL: 'postgresql://antam_app:x@127.0.0.1:9/antam' }, 'DATABASE_URL: connect ECONNREFUSED'],
    [
      { DATABASE_URL: urlOf('application'), DATABASE_OWNER_URL: inject('server').owner },
      'is another database',
    ],
  ]
  for (const [given, said] of cases) {
    const { code, output } = await script('setup', ['--secrets', inPlace('secrets')], given)
    expect([code, output]).toEqual([1, expect.stringContaining(said)])
  }
  expect(files()).toEqual([])
  const { code } = await script('setup', ['--nonsense'], {})
  expect(code).toBe(2)
}, 60_000)

test('npm run db:migrate makes a database ready that lacks its reference data', async () => {
  await superuser.query(`SET session_replication_role = replica; DELETE FROM carriers; DELETE FROM banks;
    SET session_replication_role = DEFAULT`)
  expect(await checkInstallation(new Date())).toEqual([])
  const red = async () =>
    (await checkReadiness()).filter(({ ok }) => !ok).map(({ name, problem }) => [name, problem])
  await expect.poll(red).toEqual([['reference', 'missing: carriers, banks (run npm run db:migrate)']])
  await superuser.query(
    `ALTER DATABASE ${pg.escapeIdentifier(superuser.database ?? '')} OWNER TO antam_owner`,
  )
  const owner = new URL(inject('server').owner)
  owner.pathname = new URL(process.env.DATABASE_URL ?? '').pathname
  const DATABASE_URL = process.env.DATABASE_URL ?? ''
  const migrated = await script('migrate', [], { DATABASE_URL, DATABASE_OWNER_URL: owner.href })
  expect([migrated.code, migrated.output]).toEqual([
    0,
    expect.stringContaining('Reference data brought up to date: carriers, banks.'),
  ])
  await expect.poll(red).toEqual([])
}, 60_000)
