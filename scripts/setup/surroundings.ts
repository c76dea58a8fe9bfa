import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import type pg from 'pg'
import { CITY } from '#cities/city.ts'
import type { Env } from '#platform/env-schema.ts'
import { databaseClient } from '#platform/writable-server.ts'

/** The oldest PostgreSQL that the product was tested on. */
const OLDEST = 15
/** A one-time code is valid for half a minute before and after. */
const CLOCKS_APART_SECONDS = 15

/** The findings of setup: a fault stops it, a note informs the operator. */
export interface Findings {
  readonly right: string[]
  readonly notes: string[]
  readonly faults: string[]
}

interface Server {
  readonly version: number
  readonly role: string
  readonly database: string
  readonly encoding: string
  readonly above: boolean
  readonly now: Date
}

async function ask<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = databaseClient(url, { connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

const SERVER = `SELECT current_setting('server_version_num')::int / 10000 AS version, current_user AS role,
  current_database() AS database, current_setting('server_encoding') AS encoding, rolsuper OR rolbypassrls AS above,
  clock_timestamp() AS now FROM pg_roles WHERE rolname = current_user`

/** Returns the server behind a URL, or null and a fault that names the variable. */
async function reach(variable: string, url: string, { right, faults }: Findings): Promise<Server | null> {
  try {
    const [server] = await ask<Server & pg.QueryResultRow>(url, SERVER)
    if (!server) throw new Error('no such role')
    right.push(`${variable}: PostgreSQL ${server.version}, database ${server.database}, role ${server.role}`)
    return server
  } catch (error) {
    // When a name has several addresses, each error has a reason, and the aggregate has none.
    const causes = error instanceof AggregateError ? error.errors : [error]
    faults.push(`${variable}: ${causes.map((cause: Error) => cause.message).join('; ')}`)
    return null
  }
}

/** Checks both roles of the database: the owner of the tables, and the application's, to which the policies apply. */
export async function lookAtDatabase(
  {
    DATABASE_URL,
    DATABASE_OWNER_URL,
  }: { readonly DATABASE_URL: string; readonly DATABASE_OWNER_URL?: string | undefined },
  findings: Findings,
): Promise<void> {
  const { notes, faults } = findings
  const application = await reach('DATABASE_URL', DATABASE_URL, findings)
  const owner = DATABASE_OWNER_URL
    ? await reach('DATABASE_OWNER_URL', DATABASE_OWNER_URL, findings)
    : application
  if (!application || !owner) return
  if (application.version < OLDEST)
    faults.push(`DATABASE_URL: PostgreSQL ${application.version} is too old: ${OLDEST} or later`)
  if (application.encoding !== 'UTF8')
    faults.push(`DATABASE_URL: the database is in ${application.encoding}: it must be in UTF8`)
  if (application.database !== owner.database) faults.push('DATABASE_OWNER_URL: is another database')
  if (application.role === owner.role)
    notes.push(
      'DATABASE_OWNER_URL: the application connects as the owner of the tables, so the database does not protect the audit log',
    )
  if (application.above)
    notes.push(
      'DATABASE_URL: this role is a superuser or has BYPASSRLS, so the database does not keep districts apart',
    )
  const apart = Math.round((Date.now() - application.now.getTime()) / 1000)
  if (Math.abs(apart) > CLOCKS_APART_SECONDS)
    notes.push(
      `The clocks of this machine and of the database are ${Math.abs(apart)} s apart: one-time codes need NTP`,
    )
}

/** Returns the names of the keys that a database was used with; empty for an empty database. */
export async function keysInUse(url: string): Promise<Set<string>> {
  const [table] = await ask<{ there: boolean }>(
    url,
    "SELECT to_regclass('key_fingerprints') IS NOT NULL AS there",
  )
  if (!table?.there) return new Set()
  const rows = await ask<{ name: string }>(
    url,
    'SELECT DISTINCT name FROM key_fingerprints WHERE retired_at IS NULL',
  )
  return new Set(rows.map(({ name }) => name))
}

/** Checks everything besides the database: folders, addresses, gateways. */
export function lookAround(env: Env, { right, notes, faults }: Findings): void {
  right.push(`CITY: ${env.CITY}, ${CITY.name.vi}. A database stays the city's that it began as`)
  const { DATA_DIR, PUBLIC_URL, TRUSTED_PROXIES, SMTP_URL, MAIL_FROM, ALERT_MAIL } = env
  try {
    mkdirSync(DATA_DIR, { recursive: true, mode: 0o711 })
    accessSync(DATA_DIR, constants.R_OK | constants.W_OK | constants.X_OK)
    right.push(`DATA_DIR: ${DATA_DIR} can be written to`)
  } catch (error) {
    faults.push(`DATA_DIR: ${(error as Error).message}`)
  }
  if (!PUBLIC_URL) notes.push('PUBLIC_URL: is not set, so links in mails lead to this machine')
  else if (!PUBLIC_URL.startsWith('https:')) notes.push('PUBLIC_URL: is not https, so cookies are not Secure')
  else right.push(`PUBLIC_URL: ${PUBLIC_URL}`)
  if (PUBLIC_URL?.startsWith('https:') && TRUSTED_PROXIES === 0)
    notes.push('TRUSTED_PROXIES: is 0, so all who come through the proxy share one limit: 1 behind one proxy')
  if (!SMTP_URL) notes.push('SMTP_URL: is not set, so mail goes to DATA_DIR/outbox and reaches nobody')
  else if (MAIL_FROM.includes('.invalid'))
    notes.push('MAIL_FROM: is not set, so mail has no sender that can be answered')
  if (!ALERT_MAIL)
    notes.push(
      'ALERT_MAIL: is not set, so alerts reach auditors alone: give a mailbox of nobody who has an account',
    )
  if (!env.AUDIT_ORIGIN)
    notes.push(
      `AUDIT_ORIGIN: is not set, so the audit log is called antam/audit, as others are: give a new installation a name of its own, such as ${URL.parse(PUBLIC_URL ?? '')?.host ?? 'antam.example.gov.vn'}/log, before its first start`,
    )
  if (!existsSync('.next/BUILD_ID'))
    notes.push('There is no build here yet: npm run build, before a web server starts')
}
