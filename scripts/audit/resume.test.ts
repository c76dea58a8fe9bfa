import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { full } from '#tests/runs.ts'
import { run } from '../run.ts'

/**
 * Realistic restores: each database is a copy of another, and separate processes act on it, like a worker and the
 * commands. The folder of checkpoints stays ahead meanwhile.
 */
const server = inject('server')
const scratch = mkdtempSync(join(tmpdir(), 'an-tam-restore-'))
const made: string[] = []
const admin = new pg.Client({ connectionString: at(server.superuser, 'postgres') })

function at(url: string, database: string): string {
  const target = new URL(url)
  target.pathname = `/${database}`
  return target.href
}

beforeAll(() => admin.connect())
afterAll(async () => {
  for (const name of made) await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  await admin.end()
  rmSync(scratch, { recursive: true, force: true })
})

async function copyOf(source: string): Promise<string> {
  const name = `r_${process.pid}_${made.length}`
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${source}`)
  made.push(name)
  return name
}

const folder = () => mkdtempSync(join(scratch, 'checkpoints-'))
const files = (directory: string) => readdirSync(directory).filter((name) => name !== 'verifier-key')

async function asSuperuser(database: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: at(server.superuser, database) })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

/** Adds unsealed acts from twenty minutes ago. */
const act = (database: string, count: number) =>
  asSuperuser(
    database,
    `INSERT INTO audit_entries (at, actor_kind, act, subject_kind, subject_id, facts, v)
     SELECT now() - interval '20 minutes', 'system', 'case.note', 'case', gen_random_uuid(), '{}', 2
     FROM generate_series(1, ${count})`,
  )

const environment = (database: string, directory: string) => ({
  DATABASE_URL: at(server.application, database),
  AUDIT_DIR: directory,
  DATA_DIR: scratch,
  LOG_LEVEL: 'error',
})
const code = (database: string, directory: string, source: string) =>
  run(
    process.execPath,
    ['--input-type=module', '-e', `${source}; process.exit(0)`],
    environment(database, directory),
  )

const seal = async (database: string, directory: string): Promise<string> =>
  (await code(database, directory, "await (await import('#features/audit/sealing/jobs.ts')).sealOrReport()"))
    .output
/** Returns whether approving a block is refused now. */
const stopsBlocking = async (database: string, directory: string): Promise<boolean> =>
  (
    await code(
      database,
      directory,
      "console.log(await (await import('#features/audit/sealing/data.ts')).hasSealingFailed())",
    )
  ).output.includes('true')
const resume = (database: string, directory: string, reason: string) =>
  run(process.execPath, ['scripts/audit-resume.ts', '--reason', reason], environment(database, directory))
const verify = (database: string, directory: string) =>
  run(
    process.execPath,
    ['scripts/audit-verify.ts', '--checkpoints', directory],
    environment(database, directory),
  )

/** Makes a log of 61 entries, a copy of it as a backup, and a folder of checkpoints that continued to 64. */
async function restored() {
  const directory = folder()
  const first = await copyOf('template')
  await act(first, 61)
  expect(await seal(first, directory)).toBe('')
  const backup = await copyOf(first)
  await act(first, 3)
  expect(await seal(first, directory)).toBe('')
  expect(files(directory)).toEqual(['0000000000000061.checkpoint', '0000000000000064.checkpoint'])
  return { directory, first, backup }
}

test('after a restore nothing is signed until the break is stated; then the log goes on, and the verifier says what is lost', async () => {
  const { directory, backup } = await restored()
  await act(backup, 3)
  for (let minute = 0; minute < 2; minute++)
    expect(await seal(backup, directory)).toContain(
      'a checkpoint of 64 entries was published, but the database has only 61',
    )
  expect(files(directory)).toHaveLength(2)
  expect(await stopsBlocking(backup, directory)).toBe(true)
  const cut = await verify(backup, directory)
  expect([cut.code, cut.output]).toEqual([1, expect.stringContaining('the log was cut')])

  const stated = await resume(backup, directory, 'Restored after a disk failed')
  expect([stated.code, stated.output]).toEqual([0, expect.stringContaining('3 published entries are lost')])
  expect(await seal(backup, directory)).toBe('')
  expect(files(directory)).toEqual([
    '0000000000000061.checkpoint',
    '0000000000000064.checkpoint',
    '0000000000000065-2.checkpoint',
    'resumed-2.note',
  ])
  expect(await stopsBlocking(backup, directory)).toBe(false)
  const told = await verify(backup, directory)
  expect(told.output).toContain(
    'the published history ended at 64 entries; the log goes on from 61, and 3 published entries are lost. Reason: Restored after a disk failed',
  )
  expect([told.code, told.output]).toEqual([0, expect.stringContaining('with 1 stated break.')])
  await act(backup, 2)
  expect(await seal(backup, directory)).toBe('')
  expect((await verify(backup, directory)).code).toBe(0)

  // Faults that a stated break does not explain are still reported.
  const again = await resume(backup, directory, 'Nothing happened')
  expect([again.code, again.output]).toEqual([1, expect.stringContaining('There is no break')])
  await asSuperuser(backup, 'DELETE FROM audit_entries WHERE id = (SELECT min(id) FROM audit_entries)')
  expect((await verify(backup, directory)).code).toBe(1)
}, 600_000)

test.runIf(full)(
  'a fork is found where no two checkpoints have the same size, as after a failover that lost the tail',
  async () => {
    const { directory, backup } = await restored()
    // A log that was sealed for a while into another folder.
    const elsewhere = folder()
    writeFileSync(
      join(elsewhere, '0000000000000061.checkpoint'),
      readFileSync(join(directory, '0000000000000061.checkpoint')),
    )
    await act(backup, 9)
    expect(await seal(backup, elsewhere)).toBe('')
    await act(backup, 1)
    expect(await seal(backup, directory)).toContain('the first 64 entries in the database are not those')
    expect(files(directory)).toHaveLength(2)
    expect((await resume(backup, directory, 'The standby was behind')).code).toBe(0)
    expect(await seal(backup, directory)).toBe('')
    const told = await verify(backup, directory)
    expect([told.code, told.output]).toEqual([0, expect.stringContaining('3 published entries are lost')])
  },
  600_000,
)

test.runIf(full)(
  'a database of before a break that was stated is a break again; both are told',
  async () => {
    const { directory, backup } = await restored()
    const older = await copyOf(backup)
    expect((await resume(backup, directory, 'First restore')).code).toBe(0)
    const between = await copyOf(older)
    expect(await seal(between, directory)).toContain(
      'says that the log was resumed, and the database does not',
    )
    expect(await seal(backup, directory)).toBe('')
    await act(older, 1)
    expect(await seal(older, directory)).toContain('says that the log was resumed, and the database does not')
    expect((await resume(older, directory, 'Second restore')).code).toBe(0)
    expect(await seal(older, directory)).toBe('')
    const told = await verify(older, directory)
    expect(told.output).toMatch(/First restore[\s\S]*Second restore/)
    expect([told.code, told.output]).toEqual([0, expect.stringContaining('with 2 stated breaks.')])
  },
  600_000,
)

test.runIf(full)(
  'what hides a cut is no stated break: an entry that nobody signed, a note without its entry, a newer checkpoint kept elsewhere',
  async () => {
    const { directory, first, backup } = await restored()
    await asSuperuser(
      backup,
      `INSERT INTO audit_entries (at, actor_kind, act, subject_kind, subject_id, facts, v)
     VALUES (now(), 'system', 'audit.resumed', 'log', 'antam/audit', '{"history": 2, "ended": 64, "from": 61, "note": "antam/audit/resumed"}', 2)`,
    )
    expect(await seal(backup, directory)).toContain('the database has only 61')
    const forged = await verify(backup, directory)
    expect([forged.code, forged.output]).toEqual([1, expect.stringContaining('the log was cut')])
    expect(forged.output).toContain('a break of the log that was not signed')

    await act(first, 2)
    expect(await seal(first, directory)).toBe('')
    const kept = readFileSync(join(directory, '0000000000000066.checkpoint'))
    rmSync(join(directory, '0000000000000066.checkpoint'))
    const honest = await copyOf(backup)
    await asSuperuser(honest, "DELETE FROM audit_entries WHERE act = 'audit.resumed'")
    const unstated = await copyOf(honest)
    expect((await resume(honest, directory, 'Restored')).code).toBe(0)
    expect(await seal(honest, directory)).toBe('')
    expect((await verify(honest, directory)).code).toBe(0)
    const missing = await verify(unstated, directory)
    expect([missing.code, missing.output]).toEqual([
      1,
      expect.stringContaining('no entry of the log states it'),
    ])
    writeFileSync(join(directory, '0000000000000066.checkpoint'), kept)
    const longer = await verify(honest, directory)
    expect([longer.code, longer.output]).toEqual([
      1,
      expect.stringContaining(
        'a checkpoint of 66 entries was published, and break 1 says that the history ended at 64',
      ),
    ])
  },
  600_000,
)

test.runIf(full)(
  'a folder that is gone, empty, of another log, or changed has words of its own; an older one is filled again',
  async () => {
    const { directory, first } = await restored()
    const moved = join(scratch, 'not-mounted')
    expect(await seal(first, moved)).toContain('is not there, but the log of 64 entries was published')
    const empty = folder()
    expect(await seal(first, empty)).toContain('has no checkpoint, but the log of 64 entries was published')

    const other = folder()
    writeFileSync(join(other, 'verifier-key'), 'antam/audit+00000000+AQ==\n')
    expect(await seal(first, other)).toContain('has the checkpoints of another log')
    expect((await resume(first, other, 'Restored')).code).toBe(1)

    const changed = folder()
    const note = readFileSync(join(directory, '0000000000000064.checkpoint'), 'utf8')
    writeFileSync(join(changed, '0000000000000064.checkpoint'), note.replace('\n64\n', '\n64 \n'))
    expect(await seal(first, changed)).toContain('was not signed with ANTAM_AUDIT_KEY, or was changed')
    expect((await resume(first, changed, 'Restored')).code).toBe(1)

    const older = folder()
    writeFileSync(
      join(older, '0000000000000061.checkpoint'),
      readFileSync(join(directory, '0000000000000061.checkpoint')),
    )
    expect(await seal(first, older)).toBe('')
    expect(files(older)).toEqual(['0000000000000061.checkpoint', '0000000000000064.checkpoint'])

    expect((await resume(first, empty, 'The disk of the checkpoints is lost')).code).toBe(0)
    expect(await seal(first, empty)).toBe('')
    const told = await verify(first, empty)
    expect([told.code, told.output]).toEqual([0, expect.stringContaining('0 published entries are lost')])
  },
  600_000,
)
