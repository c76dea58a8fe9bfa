import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ScopedPool } from './connection-pool.ts'
import { poolerFault } from './pooler.ts'

/** The message in which PostgreSQL sends a client its process id and the cancel key. */
const BACKEND_KEY_DATA = 'K'.charCodeAt(0)
const LENGTH_OF_TYPE = 1

/** Changes the process id that a server sends, as every pooler does. */
function withOtherProcess(from: Buffer): Buffer {
  const sent = Buffer.from(from)
  for (let at = 0; at + 5 <= sent.length; ) {
    if (sent[at] === BACKEND_KEY_DATA) sent.writeInt32BE(sent.readInt32BE(at + 5) + 1, at + 5)
    at += LENGTH_OF_TYPE + sent.readInt32BE(at + LENGTH_OF_TYPE)
  }
  return sent
}

let server: Server | null = null
let pool: ScopedPool
afterEach(async () => {
  await pool.end()
  server?.close()
})

/** Returns a pool whose connections go through an intermediary. */
async function through(between: (sent: Buffer) => Buffer): Promise<ScopedPool> {
  const url = new URL(process.env.DATABASE_URL ?? '')
  const postgres = Number(url.port)
  server = createServer((near) => {
    const far = connect(postgres, url.hostname)
    let begun = false
    far.on('data', (sent) => {
      // The first messages belong to the sign-in; the process id comes at its end.
      const last = sent.includes(BACKEND_KEY_DATA) && sent.includes('server_version')
      near.write(!begun && last ? between(sent) : sent)
      begun ||= last
    })
    near.pipe(far)
    for (const end of [near, far])
      end.on('error', () => {}).on('close', () => [near, far].map((one) => one.destroy()))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url.port = String((server.address() as AddressInfo).port)
  pool = new ScopedPool({ connectionString: url.href, max: 2 })
  return pool
}

test('a proxy that hands connections through is none', async () => {
  expect((await (await through((sent) => sent)).query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  expect(poolerFault()).toBeNull()
})

test('a pooler is refused before anything is asked in a scope, and said in words', async () => {
  await expect((await through(withOtherProcess)).query('SELECT 1')).rejects.toMatchObject({
    name: 'Overloaded',
    cause: { message: expect.stringContaining('pooler') },
  })
  expect(poolerFault()).toContain('DATABASE_URL')
})

const PGBOUNCER = '/usr/sbin/pgbouncer'

// Only in the full tier, where Debian's PgBouncer is installed.
describe.skipIf(!process.env.TEST_FULL || !existsSync(PGBOUNCER))('PgBouncer itself', () => {
  let bouncer: ChildProcess
  let directory: string
  afterEach(async () => {
    const ended = once(bouncer, 'exit')
    bouncer.kill()
    await ended
    rmSync(directory, { recursive: true, force: true })
  })

  const STARTUP =
    'options,extra_float_digits,statement_timeout,lock_timeout,idle_in_transaction_session_timeout'

  /** Starts PgBouncer before this test's database; returns a URL through it. */
  async function bounce(mode: string, ignored: string): Promise<string> {
    const url = new URL(process.env.DATABASE_URL ?? '')
    const free = createServer().listen(0, '127.0.0.1')
    await once(free, 'listening')
    const { port } = free.address() as AddressInfo
    free.close()
    directory = mkdtempSync(join(tmpdir(), 'an-tam-pgbouncer-'))
    const database = url.pathname.slice(1)
    writeFileSync(
      join(directory, 'pgbouncer.ini'),
      `[databases]
${database} = host=127.0.0.1 port=${url.port} user=${url.username} password=${url.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = 2
ignore_startup_parameters = ${ignored}
`,
      { mode: 0o644 },
    )
    const as = process.getuid?.() === 0 ? ['--user', 'nobody'] : []
    bouncer = spawn(PGBOUNCER, [...as, join(directory, 'pgbouncer.ini')], { stdio: 'ignore', cwd: '/' })
    url.port = String(port)
    await expect
      .poll(
        () =>
          new Promise((answer) => {
            const socket = connect(port, '127.0.0.1')
            socket.on('connect', () => answer(true)).on('error', () => answer(false))
            socket.on('connect', () => socket.destroy())
          }),
      )
      .toBe(true)
    return url.href
  }

  test('lets questions be answered in another scope where nobody looks', async () => {
    const { default: pg } = await import('pg')
    const url = await bounce('transaction', STARTUP)
    const clients = ['a', 'b', 'c', 'd'].map((scope) => ({
      scope,
      client: new pg.Client({ connectionString: url }),
    }))
    for (const { client } of clients) await client.connect()
    for (const { scope, client } of clients)
      await client.query("SELECT set_config('antam.scope', $1, false)", [scope])
    const answers = await Promise.all(
      Array.from({ length: 400 }, async (_, n) => {
        const one = clients[n % clients.length]
        const { rows } = (await one?.client.query(
          "SELECT current_setting('antam.scope', true) AS scope",
        )) ?? {
          rows: [],
        }
        return rows[0]?.scope === one?.scope
      }),
    )
    for (const { client } of clients) await client.end()
    pool = new ScopedPool({ connectionString: url })
    expect(answers.filter((right) => !right).length).toBeGreaterThan(50)
  })

  test.each([
    ['transaction', STARTUP],
    ['session', STARTUP],
    ['transaction', ''],
  ])('in %s mode (%s) it is refused, and nothing is asked', async (mode, ignored) => {
    pool = new ScopedPool({
      connectionString: await bounce(mode, ignored),
      options: '-c timezone=UTC',
      statement_timeout: 15_000,
    })
    const asked = await Promise.allSettled(Array.from({ length: 50 }, () => pool.query('SELECT 1')))
    expect(asked.map(({ status }) => status)).toEqual(Array(50).fill('rejected'))
    expect(poolerFault()).toContain('DATABASE_URL')
  })
})
