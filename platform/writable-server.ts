import '#server-only'
import pg from 'pg'
import { readDatabaseUrl } from './database-url.ts'
import { log } from './log.ts'

// Why it exists: node-postgres connects to one server and never asks whether it accepts writes. libpq does both
// (`target_session_attrs`), and so do most products that are built on it. Every connection gets its configuration from
// `databaseConfig`: the pools, the queue, the listening connection and the migrator.

/** Milliseconds for a server's answer whether it accepts writes. */
const ANSWER_WITHIN = 2_000
/** Milliseconds between two checks of the server in use: a server that is only silent breaks no connection by itself. */
const WATCH_EVERY = 2_000
/**
 * Consecutive unanswered checks that a server may have while no other accepts writes. It may only be slow; giving it up would
 * cut off all waiting queries without a better server to go to.
 */
const SILENCES = 2

/** PostgreSQL's code of a server that does not accept connections now; answered with 503 (overload.ts). */
class NoWritableServer extends Error {
  readonly code = '57P03'
}

const QUESTION = `SELECT CASE WHEN pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' THEN NULL
  ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END AS timeline`

/** The servers of one address. Which one accepts writes is known, or found out at the next connection. */
class Servers {
  readonly #all: readonly string[]
  readonly #connections = new Map<FollowingClient, string>()
  #writable: string | null = null
  #newest = 0
  #looking: Promise<string> | null = null
  #watching: NodeJS.Timeout | null = null
  #asking = false

  constructor(all: readonly string[]) {
    this.#all = all
  }

  /** Returns the server that accepts writes; concurrent callers share one check. @throws if there is none */
  writable(): Promise<string> {
    if (this.#writable !== null) return Promise.resolve(this.#writable)
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null
    })
    return this.#looking
  }

  async #look(): Promise<string> {
    const asked = await Promise.allSettled(this.#all.map(timelineOf))
    const found = asked.flatMap((answer) =>
      answer.status === 'fulfilled' && answer.value ? [answer.value] : [],
    )
    // A former primary that came back after a promotion accepts writes too, but they would be lost. Only the newest timeline is
    // right.
    const best = found.toSorted((a, b) => b.timeline - a.timeline)[0]
    if (!best || best.timeline < this.#newest) {
      const reasons = asked.map((answer, at) => {
        const why =
          answer.status === 'rejected'
            ? String(answer.reason.message)
            : best
              ? 'an older timeline'
              : 'a replica'
        return `${hostOf(this.#all[at] ?? '')}: ${why}`
      })
      throw new NoWritableServer(`no database server takes writes (${reasons.join('; ')})`)
    }
    this.#newest = best.timeline
    this.#writable = best.server
    return best.server
  }

  /** Forgets that a server accepts writes, so that the next connection checks again. */
  doubt(server: string): void {
    if (this.#writable === server) this.#writable = null
  }

  /** Cuts every connection to a server that no longer accepts writes, so that nobody waits for its answer. */
  lost(server: string, reason: string): void {
    this.doubt(server)
    const cut = [...this.#connections].filter(([, at]) => at === server)
    if (cut.length > 0)
      log().warn({ server: hostOf(server), reason, connections: cut.length }, 'a database server is given up')
    for (const [client] of cut) {
      this.#connections.delete(client)
      client.cut()
    }
  }

  joined(client: FollowingClient, server: string): void {
    this.#connections.set(client, server)
    client.once('end', () => this.#connections.delete(client))
    this.#watching ??= setInterval(() => void this.#watch(), WATCH_EVERY).unref()
  }

  async #watch(): Promise<void> {
    if (this.#connections.size === 0) {
      if (this.#watching) clearInterval(this.#watching)
      this.#watching = null
    }
    // Checking a silent server takes longer than the time between two rounds.
    if (this.#asking) return
    this.#asking = true
    for (const server of new Set(this.#connections.values())) {
      const reason = await this.#whyLost(server)
      if (reason !== null) this.lost(server, reason)
    }
    this.#asking = false
  }

  /** Returns why a server must no longer be used; null if it is fine. */
  async #whyLost(server: string): Promise<string | null> {
    for (let silences = 1; ; silences++) {
      const answer = await timelineOf(server).catch((error: Error & { code?: string }) => error)
      if (answer === null) return 'it is a replica now'
      if (!(answer instanceof Error)) return answer.timeline < this.#newest ? 'another was promoted' : null
      // Full, or still starting: its existing connections work.
      if (/^53/.test(answer.code ?? '')) return null
      const isSilent = SILENCE.test(answer.message)
      if (!isSilent || silences === SILENCES || (await this.#hasOther(server))) return answer.message
    }
  }

  /** Tells whether another server accepts writes, and is not a former primary from before a promotion. */
  async #hasOther(server: string): Promise<boolean> {
    const others = this.#all.filter((one) => one !== server)
    const asked = await Promise.allSettled(others.map(timelineOf))
    return asked.some(
      (answer) => answer.status === 'fulfilled' && (answer.value?.timeline ?? -1) >= this.#newest,
    )
  }
}

/** Messages of node-postgres for a server that did not answer in time, during connection and later. */
const SILENCE = /timeout/i

const hostOf = (server: string): string => URL.parse(server)?.host ?? ''

/** Returns a server's timeline if it accepts writes, otherwise null. @throws if it does not answer in time */
async function timelineOf(server: string): Promise<{
  readonly server: string
  /** PostgreSQL increments it at each promotion of a replica. */
  readonly timeline: number
} | null> {
  const client = new pg.Client({
    connectionString: server,
    connectionTimeoutMillis: ANSWER_WITHIN,
    query_timeout: ANSWER_WITHIN,
    application_name: 'writable',
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ timeline: number | null }>(QUESTION)
    const timeline = rows[0]?.timeline ?? null
    return timeline === null ? null : { server, timeline }
  } finally {
    client.connection.stream.destroy()
  }
}

// One per process: each of Next's bundles contains this module.
const shared = globalThis as { antamServers?: Map<string, Servers> }
shared.antamServers ??= new Map()
const known = shared.antamServers

const serversOf = (url: string): Servers => {
  const servers = known.get(url) ?? new Servers(readDatabaseUrl(url).servers)
  known.set(url, servers)
  return servers
}

const READ_ONLY = '25006'
/** Parameters that a server reports at the start of a session and after each change. */
const READ_ONLY_PARAMETERS = ['in_hot_standby', 'default_transaction_read_only']

/** Connects to the server of an address that accepts writes. */
abstract class FollowingClient extends pg.Client {
  readonly #servers: Servers
  #at: string | null = null

  constructor(url: string, config: pg.ClientConfig) {
    super({ ...config, connectionString: readDatabaseUrl(url).servers[0] })
    this.#servers = serversOf(url)
    this.on('error', () => {
      if (this.#at !== null) this.#servers.doubt(this.#at)
    })
  }

  override connect(): Promise<pg.Client>
  override connect(connected: (error: Error) => void): void
  override connect(connected?: (error: Error) => void): Promise<pg.Client> | undefined {
    const joined = this.#join()
    if (!connected) return joined
    const told = connected as (error: Error | null) => void
    joined.then(
      () => told(null),
      (error: Error) => told(error),
    )
  }

  async #join(): Promise<pg.Client> {
    const server = await this.#servers.writable()
    // The pool's timeout is over.
    if (this.connection.stream.destroyed) throw new NoWritableServer('no database server answered in time')
    const { hostname, port } = new URL(server)
    this.host = hostname.replace(/^\[|\]$/g, '')
    this.port = Number(port || 5432)
    let readOnly = false
    this.connection.on('parameterStatus', ({ parameterName, parameterValue }: Record<string, string>) => {
      if (READ_ONLY_PARAMETERS.includes(parameterName ?? '')) readOnly ||= parameterValue === 'on'
    })
    try {
      await super.connect()
    } catch (error) {
      this.#servers.doubt(server)
      throw error
    }
    if (readOnly) {
      this.#servers.lost(server, 'it is a replica now')
      this.cut()
      throw new NoWritableServer('the database server has become a replica')
    }
    this.#at = server
    this.#servers.joined(this, server)
    return this
  }

  override query: pg.Client['query'] = ((...args: unknown[]) => {
    const asked = (super.query as (...args: unknown[]) => unknown)(...args)
    if (asked instanceof Promise) asked.catch((error: { code?: string }) => this.#noticeReadOnly(error))
    return asked
  }) as pg.Client['query']

  /**
   * Gives a server up after "cannot execute … in a read-only transaction": it was demoted, and connected clients would not look
   * for another one.
   */
  #noticeReadOnly({ code }: { readonly code?: string }): void {
    if (code === READ_ONLY && this.#at !== null) this.#servers.lost(this.#at, 'it refuses to write')
  }

  cut(): void {
    this.connection.stream.destroy()
  }
}

/** Lets the system detect a server that vanished silently, within about 15 s, if nothing else does. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 5_000 } as const

interface DatabaseConfig {
  readonly connectionString: string
  readonly keepAlive: true
  readonly keepAliveInitialDelayMillis: number
  /** Creates each connection; without it, node-postgres's own client does. */
  readonly Client?: new () => pg.ClientBase
}

function clientOf(url: string): new (config: pg.ClientConfig) => pg.Client {
  if (!readDatabaseUrl(url).follows) return pg.Client
  return class extends FollowingClient {
    constructor(config: pg.ClientConfig) {
      super(url, config)
    }
  }
}

/** Returns the settings of a pool for an address: a single server, or the one of several that accepts writes. */
export function databaseConfig(url: string): DatabaseConfig {
  const { servers, follows } = readDatabaseUrl(url)
  const common = { ...KEEP_ALIVE, connectionString: servers[0] ?? url }
  return follows ? { ...common, Client: clientOf(url) as unknown as new () => pg.ClientBase } : common
}

/** Makes a separate connection, which is not open yet. */
export function databaseClient(url: string, config: pg.ClientConfig = {}): pg.Client {
  const { Client: _, ...common } = databaseConfig(url)
  return new (clientOf(url))({ ...common, ...config })
}
