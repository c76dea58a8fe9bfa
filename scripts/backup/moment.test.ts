import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { expect, test } from 'vitest'
import { freePort } from '../free-port.ts'
import { migrate } from '../migrate.ts'
import { runnerFor } from '../postgres-user.ts'
import { run } from '../run.ts'

/** The folder of PostgreSQL's own programs on Debian; null if they are not installed. */
const PROGRAMS =
  ['/usr/lib/postgresql/18/bin', '/usr/lib/postgresql/17/bin', '/usr/lib/postgresql/15/bin'].find((folder) =>
    existsSync(join(folder, 'pg_basebackup')),
  ) ?? null

async function serve(runner: ReturnType<typeof runnerFor>, data: string, port: number) {
  const [command, args] = runner.command(join(PROGRAMS ?? '', 'postgres'), [
    ...['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
  ])
  const child = spawn(command, args, { ...runner.identity, cwd: '/', stdio: 'ignore' })
  const url = (database: string) => `postgresql://postgres@127.0.0.1:${port}/${database}`
  for (let waited = 0; waited < 60_000; waited += 200) {
    const client = new pg.Client({ connectionString: url('postgres') })
    const writes = await client
      .connect()
      .then(() => client.query('SELECT pg_is_in_recovery() AS recovering'))
      .then(({ rows }) => rows[0].recovering === false)
      .catch(() => false)
      .finally(() => client.end().catch(() => {}))
    if (writes) break
    await sleep(200)
  }
  return {
    url,
    stop: () =>
      new Promise<void>((ended) => {
        child.on('exit', () => ended())
        child.kill('SIGINT')
      }),
  }
}

async function on<T>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return (await client.query(sql).finally(() => client.end())).rows as T[]
}

// Follows docs/operations/backup.md, To any moment, with PostgreSQL's own programs.
test.skipIf(!process.env.TEST_FULL || PROGRAMS === null)(
  'a base backup and the write-ahead log bring the database back to a moment; files that are younger wait in the trash',
  async () => {
    const room = mkdtempSync(join(tmpdir(), 'antam-moment-'))
    const runner = runnerFor(PROGRAMS ?? '', room)
    const folder = (name: string) => {
      mkdirSync(join(room, name), { mode: 0o700 })
      runner.give(join(room, name))
      return join(room, name)
    }
    runner.give(room)
    const [data, wal, base] = [folder('data'), folder('wal'), join(room, 'base')]
    const tool = (name: string, ...args: string[]) => {
      const done = runner.runSync(join(PROGRAMS ?? '', name), args)
      if (done.status !== 0) throw new Error(`${name}: ${done.stderr}`)
    }
    tool('initdb', '-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8')
    appendFileSync(
      join(data, 'postgresql.conf'),
      `wal_level = replica\narchive_mode = on\narchive_timeout = 60\narchive_command = 'if test -f ${wal}/%f; then cmp -s %p ${wal}/%f; else cp %p ${wal}/%f.half && sync ${wal}/%f.half && mv ${wal}/%f.half ${wal}/%f; fi'\n`,
    )
    const port = await freePort()
    const live = await serve(runner, data, port)
    await on(live.url('postgres'), 'CREATE ROLE antam_owner LOGIN')
    await on(live.url('postgres'), 'CREATE ROLE antam_app LOGIN')
    await on(live.url('postgres'), 'CREATE DATABASE antam OWNER antam_owner')
    const as = (role: string, at = port) => `postgresql://${role}@127.0.0.1:${at}/antam`
    await migrate(as('antam_owner'), as('antam_app'))
    tool(
      'pg_basebackup',
      '-h',
      '127.0.0.1',
      '-p',
      String(port),
      '-U',
      'postgres',
      '-D',
      base,
      '-X',
      'none',
      '--checkpoint=fast',
    )

    // Three moments: the backup, the wanted state, and the mistake.
    const stored = join(room, 'stored')
    mkdirSync(stored)
    const variables = (at: number) => ({
      DATABASE_URL: as('antam_app', at),
      DATABASE_OWNER_URL: as('antam_owner', at),
      DATA_DIR: stored,
      LOG_LEVEL: 'error',
    })
    // Joins the store, and stores a file that the database will not know at the wanted moment.
    const status = () => run(process.execPath, ['scripts/storage.ts', 'status'], variables(port))
    expect(
      (await run(process.execPath, ['scripts/storage.ts', 'join', '--reason', 'new'], variables(port))).code,
    ).toBe(0)
    const put = (subject: string) =>
      on(
        live.url('antam'),
        `INSERT INTO audit_entries (at, actor_kind, act, subject_kind, subject_id, facts)
         VALUES (now(), 'system', 'case.note', 'case', '${subject}', '{}')`,
      )
    await put('wanted')
    await sleep(1_100)
    const [moment] = await on<{ at: string }>(live.url('antam'), 'SELECT now()::text AS at')
    await sleep(1_100)
    await put('after')
    await on(
      live.url('antam'),
      'DELETE FROM carriers WHERE id NOT IN (SELECT carrier_id FROM carrier_orders)',
    )
    await on(live.url('postgres'), 'SELECT pg_switch_wal()')
    expect((await status()).code).toBe(0)
    await live.stop()

    // The data directory is lost.
    rmSync(data, { recursive: true })
    appendFileSync(
      join(base, 'postgresql.conf'),
      `restore_command = 'cp ${wal}/%f %p'\nrecovery_target_time = '${moment?.at}'\nrecovery_target_action = promote\narchive_mode = off\n`,
    )
    appendFileSync(join(base, 'recovery.signal'), '')
    runner.give(join(base, 'recovery.signal'))
    const begun = Date.now()
    const next = await freePort()
    const back = await serve(runner, base, next)
    const seconds = (Date.now() - begun) / 1000
    const subjects = await on<{ id: string }>(
      back.url('antam'),
      `SELECT subject_id AS id FROM audit_entries WHERE act = 'case.note'`,
    )
    expect(subjects).toEqual([{ id: 'wanted' }])
    // A file younger than the moment belongs to no row: it may move to the trash, but is not deleted.
    const young = `${randomUUID()}.original`
    mkdirSync(join(stored, 'evidence', young.slice(0, 2)), { recursive: true })
    appendFileSync(join(stored, 'evidence', young.slice(0, 2), young), 'x')
    const yesterday = new Date(Date.now() - 2 * 86_400_000)
    utimesSync(join(stored, 'evidence', young.slice(0, 2), young), yesterday, yesterday)
    const swept = await run(process.execPath, ['scripts/storage.ts', 'sweep'], variables(next))
    expect([swept.code, swept.output]).toEqual([0, expect.stringContaining('files moved into the trash')])
    const places = ['evidence/trash', 'evidence'].map((place) =>
      join(stored, place, young.slice(0, 2), young),
    )
    expect(places.some((place) => existsSync(place))).toBe(true)
    await back.stop()
    rmSync(room, { recursive: true, force: true })
    console.log(`recovered to the moment in ${seconds.toFixed(1)} s`)
  },
  300_000,
)
