import '#server-only'
import { statfs } from 'node:fs/promises'
import { KNOWN_DAYS_AHEAD } from '#features/cases/clocks/holidays-rules.ts'
import { listRunningProcesses } from '#features/installation/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type Instant, localDate, TIME_ZONE } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { certificateEnd, reachFault } from '#platform/reach.ts'
import { lookAtReplica } from '#platform/read-replica.ts'
import { expectedMigrations, release } from '#platform/release.ts'
import { type Check, checkReadiness } from '../data.ts'
import { readFigures, type SystemFigures } from '../figures-data.ts'
import {
  above,
  type Fact,
  type FactName,
  ofArchive,
  ofDisk,
  ofReadReplica,
  ofReplicas,
  runbook,
  sayBytes,
  saySeconds,
} from './rules.ts'

/** Returns null without the permission. */
export const readState = async (reader: StaffActor, now: Instant): Promise<readonly Fact[] | null> =>
  may(reader.role, 'installation:read') ? examine(now) : null

/**
 * Collects all facts about this installation, as this process sees them. What cannot be read becomes a red fact; the others are
 * still returned.
 */
export async function examine(now: Instant): Promise<readonly Fact[]> {
  // In sequence: a check that waits for the process's first connection would look slow or failed.
  const inDatabase = await ofDatabase().catch(() => [])
  const checks = await checkReadiness()
  const figures = await readFigures().catch(() => null)
  const backup = figures?.upkeep.find(({ kind }) => kind === 'backup')
  const processes = await ofProcesses().catch(() => [])
  const clock = await ofClock().catch(() => [])
  const [disks, outside, replica] = await Promise.all([ofDisks(), ofOutside(), lookAtReplica()])
  return [
    { name: 'app', state: 'ok', value: release() },
    {
      name: 'node',
      state: Number.parseInt(process.versions.node, 10) < 24 ? 'look' : 'ok',
      value: process.versions.node,
    },
    ...inDatabase,
    ...processes,
    ...ofSettings(),
    ...clock,
    { name: 'city_time', state: 'ok', value: sayCityTime(now) },
    ...disks,
    ...checks.map((check) => ofCheck(check, backup?.doneAt ?? null, now)),
    ...(figures ? ofFigures(figures, now) : []),
    ...(replica ? [ofReadReplica(replica)] : []),
    ...outside,
  ]
}

const sayCityTime = (now: Instant): string =>
  `${localDate(now)} ${now.toLocaleTimeString('en-GB', { timeZone: TIME_ZONE })} ${TIME_ZONE}; ${process.env.TZ ?? Intl.DateTimeFormat().resolvedOptions().timeZone}`

/** Checks whose stopped part can wait until working hours. */
const BY_DAY: readonly string[] = ['backup', 'database']
const SEE: Partial<Record<string, string>> = { backup: 'AnTamBackupOld', database: 'AnTamReadReplicaLate' }

function ofCheck(
  { name, ok, problem, stopped, sealedSecondsAgo }: Check,
  madeAt: Instant | null,
  now: Instant,
): Fact {
  const since =
    name === 'backup' && madeAt
      ? (now.getTime() - madeAt.getTime()) / 1000
      : name === 'audit'
        ? sealedSecondsAgo
        : null
  const said = problem ?? stopped
  const see = !ok ? 'AnTamNotReady' : (SEE[name] ?? 'AnTamDegraded')
  return {
    name,
    state: ok && stopped === undefined ? 'ok' : ok && BY_DAY.includes(name) ? 'look' : 'red',
    value: since == null ? '' : saySeconds(since),
    ...(said !== undefined && { said }),
    ...((!ok || stopped !== undefined) && { see: runbook(see) }),
  }
}

async function ofDatabase(): Promise<Fact[]> {
  const [row] = await db.$queryRaw<{ version: string; size: number; applied: number; last: string | null }[]>`
    SELECT current_setting('server_version') AS version, pg_database_size(current_database())::float AS size,
      count(*)::int AS applied, max(migration_name) AS last
    FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`
  if (!row) return []
  return [
    { name: 'postgres', state: 'ok', value: row.version },
    {
      name: 'migrations',
      state: row.applied < expectedMigrations.length ? 'red' : 'ok',
      value: `${row.applied} / ${expectedMigrations.length} (${row.last})`,
      ...(row.applied < expectedMigrations.length && { see: 'docs/operations/upgrade.md' }),
    },
    { name: 'database_size', state: 'ok', value: sayBytes(row.size) },
  ]
}

/** Lists the running processes by version: two versions mean an upgrade in progress. */
async function ofProcesses(): Promise<Fact[]> {
  const running = await listRunningProcesses()
  return (['web', 'worker'] as const).map((kind) => {
    const versions = running.filter((one) => one.kind === kind).map((one) => one.version)
    const counts = [...new Set(versions)].map(
      (one) => `${versions.filter((other) => other === one).length} × ${one}`,
    )
    const state = versions.length === 0 ? 'red' : counts.length > 1 ? 'look' : 'ok'
    return {
      name: kind,
      state,
      value: counts.join(', ') || '0',
      ...(versions.length === 0 && { see: runbook(kind === 'worker' ? 'AnTamNoWorker' : 'AnTamDown') }),
      ...(counts.length > 1 && { see: 'docs/operations/upgrade.md' }),
    }
  })
}

/** Compares this machine's clock with the database's, in milliseconds. */
async function ofClock(): Promise<Fact[]> {
  const before = Date.now()
  const [row] = await db.$queryRaw<{ at: Date }[]>`SELECT clock_timestamp() AS at`
  const off = Math.abs((row?.at.getTime() ?? 0) - (before + Date.now()) / 2)
  const say = (ms: number) => `${Math.round(ms)} ms`
  return [
    {
      ...above('database_clock', off, { look: 2_000, red: 30_000, alert: '', say }),
      ...(off > 2_000 && { see: 'docs/operations/install.md' }),
    },
  ]
}

async function ofDisks(): Promise<Fact[]> {
  const room = async (folder: string) => {
    const disk = await statfs(folder).catch(() => null)
    return disk && { free: disk.bavail * disk.bsize, size: disk.blocks * disk.bsize }
  }
  return [
    ofDisk('data_disk', await room(env().DATA_DIR)),
    ofDisk('audit_disk', await room(env().AUDIT_DIR ?? env().DATA_DIR)),
  ]
}

function ofSettings(): Fact[] {
  const { PUBLIC_URL, HOST, PORT, TRUSTED_PROXIES, METRICS_PORT, METRICS_HOST, OUTBOX } = env()
  // With the outbox on, this is a trial without real people.
  const look = (missing: boolean) => (missing && OUTBOX === 'off' ? 'look' : 'ok')
  const see = (missing: boolean, document: string) => missing && OUTBOX === 'off' && { see: document }
  const secure = PUBLIC_URL?.startsWith('https:') ?? false
  const watched = METRICS_PORT !== undefined
  return [
    {
      name: 'public_url',
      state: look(!secure),
      value: PUBLIC_URL ?? `http://${HOST}:${PORT}`,
      ...see(!secure, 'docs/operations/configuration.md'),
    },
    { name: 'proxies', state: 'ok', value: String(TRUSTED_PROXIES) },
    {
      name: 'metrics',
      state: look(!watched),
      value: watched ? `${METRICS_HOST}:${METRICS_PORT}` : '–',
      ...see(!watched, 'docs/operations/watch.md'),
    },
  ]
}

function ofFigures(
  {
    queues,
    deadLetters,
    connections,
    holidaysAhead,
    troubles,
    seal,
    upkeep,
    kept,
    transaction,
  }: SystemFigures,
  now: Instant,
): Fact[] {
  const looked = queues.flatMap(({ supervised }) => supervised ?? [])
  const oldest = queues.toSorted((a, b) => (b.oldest ?? 0) - (a.oldest ?? 0))[0]
  const drill = upkeep.find(({ kind }) => kind === 'drill')
  return [
    above('connections', connections.used / connections.most, {
      ...{ look: 0.85, red: 0.95, alert: 'AnTamConnectionsFull' },
      say: () => `${connections.used} / ${connections.most}`,
    }),
    above('transaction', transaction ?? 0, {
      look: 3_600,
      red: 6 * 3_600,
      alert: 'AnTamTransactionOld',
      say: saySeconds,
    }),
    ofArchive(kept),
    ofReplicas(kept),
    above('attended', looked.length > 0 ? Math.min(...looked) : Number.POSITIVE_INFINITY, {
      ...{ look: 30, red: 60, alert: 'AnTamQueuesUnattended' },
      say: (seconds) => (Number.isFinite(seconds) ? saySeconds(seconds) : '–'),
    }),
    above('oldest_job', oldest?.oldest ?? 0, {
      ...{ look: 120, red: 300, alert: 'AnTamQueueOld' },
      say: (seconds) => (seconds === 0 ? saySeconds(0) : `${saySeconds(seconds)} (${oldest?.queue})`),
    }),
    {
      name: 'dead_jobs',
      state: deadLetters > 0 ? 'look' : 'ok',
      value: String(deadLetters),
      ...(deadLetters > 0 && { see: runbook('AnTamDeadLetters') }),
    },
    {
      name: 'holidays',
      state: holidaysAhead < KNOWN_DAYS_AHEAD ? 'look' : 'ok',
      value: `${holidaysAhead} d`,
      ...(holidaysAhead < KNOWN_DAYS_AHEAD && { see: runbook('AnTamHolidaysUnknown') }),
    },
    above('sealed', seal.unsealed ?? 0, { look: 120, red: 300, alert: 'AnTamSealingLate', say: saySeconds }),
    {
      name: 'trouble',
      state: troubles.length > 0 ? 'red' : 'ok',
      value: troubles.map(({ job, code }) => `${job} (${code})`).join(', ') || '0',
      ...(troubles.length > 0 && { see: runbook('AnTamTrouble') }),
    },
    ofDrill(drill?.doneAt ?? null, now),
  ]
}

/** After this many days without a tried restore, nobody knows whether the backups work. */
const DRILL_DAYS = 35
function ofDrill(doneAt: Instant | null, now: Instant): Fact {
  const seconds = doneAt === null ? null : (now.getTime() - doneAt.getTime()) / 1000
  const late = seconds === null || seconds > DRILL_DAYS * 86_400
  return {
    name: 'drill',
    state: late && env().OUTBOX === 'off' ? 'look' : 'ok',
    value: seconds === null ? '–' : saySeconds(seconds),
    ...(late && { see: runbook('AnTamDrillOld') }),
  }
}

const ofOutside = (): Promise<Fact[]> => {
  const { SMTP_URL, SMS_HTTP_URL, OUTBOX, CLAMD_HOST, CLAMD_PORT, PUBLIC_URL } = env()
  const none = (name: FactName): Fact =>
    OUTBOX === 'on'
      ? { name, state: 'ok', value: 'outbox' }
      : { name, state: name === 'mail' ? 'red' : 'look', value: '–', see: 'docs/operations/messages.md' }
  return Promise.all([
    SMTP_URL === undefined ? none('mail') : ofMachine('mail', new URL(SMTP_URL), 25),
    SMS_HTTP_URL === undefined ? none('sms') : ofMachine('sms', new URL(SMS_HTTP_URL), 443),
    ...(CLAMD_HOST === undefined
      ? []
      : [ofMachine('scanner', new URL(`tcp://${CLAMD_HOST}:${CLAMD_PORT}`), 3310)]),
    ...(PUBLIC_URL?.startsWith('https:') ? [ofCertificate(new URL(PUBLIC_URL))] : []),
  ])
}

const PORTS: Readonly<Record<string, number>> = { 'smtps:': 465, 'smtp:': 25, 'http:': 80, 'https:': 443 }

async function ofMachine(name: 'mail' | 'sms' | 'scanner', url: URL, otherwise: number): Promise<Fact> {
  const port = Number(url.port) || (PORTS[url.protocol] ?? otherwise)
  const fault = await reachFault(url.hostname.replace(/^\[|\]$/g, ''), port)
  const value = `${url.hostname}:${port}${fault === null ? '' : ` ${fault}`}`
  return fault === null
    ? { name, state: 'ok', value }
    : { name, state: 'red', value, see: runbook(name === 'scanner' ? 'AnTamDegraded' : 'AnTamMessagesFail') }
}

async function ofCertificate({ hostname, port }: URL): Promise<Fact> {
  const end = await certificateEnd(hostname, Number(port) || 443).catch(() => null)
  const seconds = end === null ? null : (end.getTime() - Date.now()) / 1000
  const see = { see: runbook('AnTamCertificateEnds') }
  if (end === null || seconds === null) return { name: 'certificate', state: 'red', value: '–', ...see }
  const state = seconds < 3 * 86_400 ? 'red' : seconds < 14 * 86_400 ? 'look' : 'ok'
  return { name: 'certificate', state, value: end.toISOString().slice(0, 10), ...(state !== 'ok' && see) }
}
