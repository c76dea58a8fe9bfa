import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Postgres, startPostgres } from '../scripts/postgres.ts'

/** A primary and its streaming replica, from the PostgreSQL that the project ships. */
export interface Pair {
  readonly primary: Postgres
  readonly replica: Postgres
  readonly password: string
  /** A URL with both servers for a role, the replica first. */
  url(role: string, database: string, password?: string): string
  /** Runs a statement on one of the two, as superuser. */
  ask(server: Postgres, sql: string): Promise<pg.QueryResult>
  /** Promotes the replica, as an operator or a failover tool does. */
  promote(): Promise<void>
  /** Starts the killed primary again unchanged. It does not know that another server was promoted. */
  revive(): Promise<Postgres>
  /** Makes the killed primary the replica of the promoted one, from a copy of it. The two have then swapped roles. */
  rejoin(): Promise<void>
  close(): Promise<void>
}

interface Options {
  /** `commit` waits until the replica has the data on disk too (`synchronous_standby_names`). */
  readonly synchronous: boolean
  readonly durable: boolean
  /** Two folders, whose `data` they create; a temporary folder by default. */
  readonly directories?: readonly [string, string]
  /** The password of the superuser `postgres`; random by default. */
  readonly password?: string
  /** Further PostgreSQL settings for both, each `name=value`. */
  readonly settings?: readonly string[]
}

interface Member {
  readonly data: string
  readonly port: number
  server: Postgres
}

/** Makes both, with the roles of `npm start`. */
export async function startPair(options: Options): Promise<Pair> {
  const { synchronous, durable, settings = [] } = options
  const own = options.directories ? null : mkdtempSync(join(tmpdir(), 'an-tam-pair-'))
  const directories = options.directories ?? [join(own ?? '', 'one'), join(own ?? '', 'two')]
  const [one, two] = directories.map((directory) => join(directory, 'data')) as [string, string]
  const password = options.password ?? randomBytes(12).toString('hex')
  const start = (directory: string, port?: number, following?: number) =>
    startPostgres({
      directory,
      password,
      durable,
      ...(port !== undefined && { port }),
      settings: [
        ...settings,
        ...(synchronous ? ['synchronous_commit=on'] : []),
        'wal_retrieve_retry_interval=500',
        ...(following === undefined
          ? []
          : [
              `primary_conninfo=host=127.0.0.1 port=${following} user=postgres password=${password} application_name=standby`,
            ]),
      ],
    })
  const ask = async (server: Postgres, sql: string) => {
    const client = new pg.Client({ connectionString: server.url('postgres', password, 'postgres') })
    await client.connect()
    try {
      return await client.query(sql)
    } finally {
      await client.end()
    }
  }
  /** Sets whether every commit waits for the replica. */
  const wait = async (server: Postgres, on: boolean) => {
    await ask(server, `ALTER SYSTEM SET synchronous_standby_names = '${on ? '*' : ''}'`)
    await ask(server, 'SELECT pg_reload_conf()')
  }
  const untilFollowed = async (server: Postgres) => {
    for (let waited = 0; ; waited += 50) {
      const { rows } = await ask(server, "SELECT FROM pg_stat_replication WHERE state = 'streaming'")
      if (rows.length > 0) break
      if (waited > 20_000) throw new Error('the replica does not follow')
      await sleep(50)
    }
    if (synchronous) await wait(server, true)
  }

  const first = await start(one)
  const { port } = first
  await first.stop()
  mkdirSync(dirname(two), { recursive: true })
  // Keeps the owner, because PostgreSQL does not run as root.
  execFileSync('cp', ['-a', one, two])
  writeFileSync(join(two, 'standby.signal'), '')
  let primary: Member = { data: one, port, server: await start(one, port) }
  const second = await start(two, undefined, port)
  let replica: Member = { data: two, port: second.port, server: second }
  await untilFollowed(primary.server)
  return {
    get primary() {
      return primary.server
    },
    get replica() {
      return replica.server
    },
    password,
    url: (role, database, own = password) =>
      `postgresql://${role}:${own}@127.0.0.1:${second.port},127.0.0.1:${port}/${database}?target_session_attrs=read-write`,
    ask,
    async promote() {
      await wait(replica.server, false)
      await ask(replica.server, 'SELECT pg_promote()')
    },
    async revive() {
      primary.server = await start(primary.data, primary.port)
      return primary.server
    },
    async rejoin() {
      const [promoted, stale] = [replica, primary]
      const client = new pg.Client({
        connectionString: promoted.server.url('postgres', password, 'postgres'),
      })
      await client.connect()
      try {
        await client.query("SELECT pg_backup_start('rejoin', true)")
        rmSync(stale.data, { recursive: true, force: true })
        // Files may disappear during the copy. The WAL that follows has their changes.
        spawnSync('cp', ['-a', promoted.data, stale.data])
        const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop()')
        for (const name of ['postmaster.pid', 'postmaster.opts'])
          rmSync(join(stale.data, name), { force: true })
        writeFileSync(join(stale.data, 'backup_label'), rows[0]?.labelfile ?? '')
        writeFileSync(join(stale.data, 'standby.signal'), '')
      } finally {
        await client.end()
      }
      stale.server = await start(stale.data, stale.port, promoted.port)
      ;[primary, replica] = [promoted, stale]
      await untilFollowed(primary.server)
    },
    async close() {
      for (const { server } of [replica, primary]) {
        server.hang(false)
        await server.kill().catch(() => {})
      }
      for (const member of [replica, primary]) rmSync(member.data, { recursive: true, force: true })
      if (own) rmSync(own, { recursive: true, force: true })
    },
  }
}
