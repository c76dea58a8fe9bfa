import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Postgres, startPostgres } from '../scripts/postgres.ts'

/** A primary and its streaming replica, from the PostgreSQL that the project ships. */
export interface Pair {
  readonly primary: Postgres
  readonly replica: Postgres
  readonly password: string
  /** The URL of both for a role with that password, the replica first. */
  url(role: string, database: string): string
  /** Runs a statement as the superuser, on one of the two. */
  ask(server: Postgres, sql: string): Promise<pg.QueryResult>
  /** Makes the replica a primary, as whoever decides that would. */
  promote(): Promise<void>
  /** Starts the killed primary again, as it was: it does not know that another was promoted. */
  revive(): Promise<Postgres>
  close(): Promise<void>
}

interface Options {
  /** `commit` waits until the replica has it on disk too (`synchronous_standby_names`). */
  readonly synchronous: boolean
  readonly durable: boolean
}

/** Makes both, with the roles of `npm start`. */
export async function startPair({ synchronous, durable }: Options): Promise<Pair> {
  const directory = mkdtempSync(join(tmpdir(), 'an-tam-pair-'))
  const [one, two] = [join(directory, 'one/data'), join(directory, 'two/data')]
  const password = randomBytes(12).toString('hex')
  const first = await startPostgres({ directory: one, password, durable })
  const port = first.port
  await first.stop()
  mkdirSync(join(directory, 'two'))
  // With its owner: PostgreSQL does not run as root.
  execFileSync('cp', ['-a', one, two])
  writeFileSync(join(two, 'standby.signal'), '')
  const settings = synchronous ? ['synchronous_standby_names=*', 'synchronous_commit=on'] : []
  const again = () => startPostgres({ directory: one, password, durable, port, settings })
  let primary = await again()
  const following = `primary_conninfo=host=127.0.0.1 port=${port} user=postgres password=${password} application_name=two`
  const replica = await startPostgres({ directory: two, password, durable, settings: [following] })
  const ask = async (server: Postgres, sql: string) => {
    const client = new pg.Client({ connectionString: server.url('postgres', password, 'postgres') })
    await client.connect()
    try {
      return await client.query(sql)
    } finally {
      await client.end()
    }
  }
  for (let waited = 0; ; waited += 50) {
    const { rows } = await ask(primary, "SELECT FROM pg_stat_replication WHERE state = 'streaming'")
    if (rows.length > 0) break
    if (waited > 20_000) throw new Error('the replica does not follow')
    await sleep(50)
  }
  return {
    primary,
    replica,
    password,
    url: (role, database) =>
      `postgresql://${role}:${password}@127.0.0.1:${replica.port},127.0.0.1:${port}/${database}?target_session_attrs=read-write`,
    ask,
    async promote() {
      await ask(replica, 'SELECT pg_promote()')
    },
    async revive() {
      primary = await again()
      return primary
    },
    async close() {
      for (const server of [replica, primary]) {
        server.hang(false)
        await server.kill().catch(() => {})
      }
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
