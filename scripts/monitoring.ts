import { statfs } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { ListenOptions } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Check, checkReadiness } from '#features/health/data.ts'
import { readFigures, type SystemFigures } from '#features/health/figures-data.ts'
import { remembered } from '#lib/remembered.ts'
import { canBeNetworkless } from '#platform/child-worker.ts'
import { pools } from '#platform/db.ts'
import { isDraining } from '#platform/draining.ts'
import { env } from '#platform/env.ts'
import { log } from '#platform/log.ts'
import type { Metrics, Values } from '#platform/metrics-registry.ts'
import { certificateEnd } from '#platform/reach.ts'
import { replicaState } from '#platform/read-replica.ts'
import { revision, version } from '#platform/release.ts'
import { AS_JSON, json, serveRoutes, TOGETHER } from './monitoring-port.ts'

export type ProcessKind = 'web' | 'worker'

/** Milliseconds for which a reading is reused: several programs may scrape, and a proxy asks for `/ready` each second. */
const FRESH = 5_000
/** Milliseconds that a scrape waits for the database, a little longer than each readiness check; then it shows the rest. */
const PATIENCE = 4_000

interface Watched {
  readonly kind: ProcessKind
  /** Checks in addition to those of every process. */
  readonly ownChecks?: () => readonly OwnCheck[]
  readonly fresh?: number
}

export interface OwnCheck {
  readonly name: string
  readonly ok: boolean
  readonly problem?: string
}

type AnyCheck = Pick<Check, 'ok' | 'problem' | 'stopped'> & { readonly name: string }

/**
 * Opens the port for the programs that watch this process, if METRICS_PORT is set: `/metrics` (Prometheus text), `/live`
 * and `/ready`. It answers even when the site does not.
 */
export async function startMonitoring(watched: Watched): Promise<Server | null> {
  const { METRICS_PORT, METRICS_HOST } = env()
  if (METRICS_PORT === undefined) return null
  // Loaded here, so that a process without monitoring does not load the library.
  const { beginMetrics } = await import('#platform/metrics-registry.ts')
  const metrics = beginMetrics()
  const { fresh = FRESH } = watched
  const checks = remembered(
    fresh,
    async (): Promise<AnyCheck[]> => [...(await checkReadiness()), ...(watched.ownChecks?.() ?? [])],
  )
  const read = remembered(fresh, readFigures)
  async function refresh(): Promise<void> {
    // Read before any query, which would change the values of the pool.
    metrics.set('pool', poolValues())
    const [now, found] = await Promise.all([inTime(checks()), inTime(read())])
    await show(metrics, watched.kind, now, found)
  }
  const together = process.env[TOGETHER]
  return serveRoutes(
    together ? { path: join(together, String(process.pid)) } : portOf(METRICS_PORT, METRICS_HOST),
    {
      '/metrics': async (response) => {
        await refresh()
        response.setHeader('content-type', metrics.registry.contentType)
        response.end(await metrics.registry.metrics())
      },
      [AS_JSON]: async (response) => {
        await refresh()
        json(response, 200, await metrics.registry.getMetricsAsJSON())
      },
      '/live': (response) => json(response, 200, { status: 'ok' }),
      '/ready': async (response) => {
        if (isDraining()) return json(response, 503, { status: 'unavailable', checks: [] })
        const now = (await inTime(checks())) ?? []
        const ok = now.length > 0 && now.every((check) => check.ok)
        const status = !ok ? 'unavailable' : now.some(({ stopped }) => stopped) ? 'degraded' : 'ok'
        json(response, ok ? 200 : 503, { status, version, revision: revision(), checks: now })
      },
    },
  )
}

const portOf = (port: number, host: string): ListenOptions => ({ port, host })

/** Returns the reading, or null if it failed or took too long. */
async function inTime<T>(reading: Promise<T>): Promise<T | null> {
  const read = reading.catch((err: unknown) => {
    log().warn({ err }, 'figures could not be read')
    return null
  })
  return Promise.race([read, sleep(PATIENCE, null, { ref: false })])
}

async function show(
  { set }: Metrics,
  kind: ProcessKind,
  checks: readonly AnyCheck[] | null,
  found: SystemFigures | null,
): Promise<void> {
  set('build', [[{ version, revision: revision(), process: kind }, 1]])
  const disk = await statfs(env().DATA_DIR).catch(() => null)
  set('storageFree', disk ? [[{}, disk.bavail * disk.bsize]] : [])
  set('storageSize', disk ? [[{}, disk.blocks * disk.bsize]] : [])
  if (kind === 'worker') {
    set('auditFree', await freePart(env().AUDIT_DIR ?? env().DATA_DIR))
    set('decoderApart', [[{}, canBeNetworkless() ? 1 : 0]])
    set('certificate', present(await certificateLeft()))
  } else {
    const replica = replicaState()
    set('replicaRead', replica ? [[{}, replica.fault === null ? 1 : 0]] : [])
    set('replicaReadBehind', present(replica?.behind ?? null))
  }
  set(
    'checkOk',
    (checks ?? []).map(({ name, ok }) => [{ check: name }, ok ? 1 : 0]),
  )
  set(
    'checkStopped',
    (checks ?? []).map(({ name, stopped }) => [{ check: name }, stopped ? 1 : 0]),
  )
  set('figuresOk', [[{}, found ? 1 : 0]])
  if (found) showFigures(set, found)
  else for (const name of OF_DATABASE) set(name, [])
}

/**
 * Returns the free share of a disk: of its bytes or of its inodes, whichever is smaller; many file systems do not count
 * inodes.
 */
async function freePart(folder: string): Promise<Values> {
  const disk = await statfs(folder).catch(() => null)
  if (disk === null) return []
  const ofFiles = disk.files > 0 ? disk.ffree / disk.files : 1
  return [[{}, Math.min(disk.bavail / disk.blocks, ofFiles)]]
}

/** Milliseconds for which the certificate's end is cached. */
const CERTIFICATE_FRESH = 10 * 60_000
const readCertificate = remembered(CERTIFICATE_FRESH, async () => {
  const { protocol = '', hostname = '', port } = URL.parse(env().PUBLIC_URL ?? '') ?? {}
  return protocol === 'https:' ? certificateEnd(hostname, Number(port) || 443).catch(() => null) : null
})
/** Returns the seconds until the site's certificate expires; null if it has none, or none can be read. */
async function certificateLeft(): Promise<number | null> {
  const end = await readCertificate()
  return end && (end.getTime() - Date.now()) / 1000
}

const poolValues = (): Values =>
  [...pools()].flatMap(([pool, { totalCount, idleCount, waitingCount, options }]) =>
    Object.entries({
      busy: totalCount - idleCount,
      idle: idleCount,
      waiting: waitingCount,
      most: options.max ?? 0,
    }).map(([state, count]) => [{ pool, state }, count] as const),
  )

const OF_DATABASE = [
  ...([
    'queueJobs',
    'queueAge',
    'queueWatched',
    'deadLetters',
    'sealAge',
    'unsealedAge',
    'dataFaults',
    'dataAge',
    'trouble',
    'upkeepAge',
    'upkeepBytes',
    'upkeepTime',
  ] as const),
  ...(['walFails', 'walAge', 'replicas', 'commitsWait', 'replicaBehind'] as const),
  ...(['transactionAge', 'idsUsed', 'business'] as const),
  ...(['unacknowledged', 'ordersOverdue', 'pushFailing', 'alerts', 'casesOverdue', 'holidaysAhead'] as const),
  ...(['alertAnswer', 'alertUngiven', 'alertFailing', 'connections', 'connectionsMax'] as const),
]

const present = (value: number | null): Values => (value === null ? [] : [[{}, value]])

function showFigures(set: Metrics['set'], { queues, seal, carriers, ...found }: SystemFigures): void {
  set(
    'queueJobs',
    queues.flatMap(({ queue, ready, active, deferred }) => [
      [{ queue, state: 'ready' }, ready] as const,
      [{ queue, state: 'active' }, active] as const,
      [{ queue, state: 'deferred' }, deferred] as const,
    ]),
  )
  set(
    'queueAge',
    queues.map(({ queue, oldest }) => [{ queue }, oldest ?? 0]),
  )
  const looked = queues.flatMap(({ supervised }) => supervised ?? [])
  set('queueWatched', present(looked.length > 0 ? Math.min(...looked) : null))
  set('deadLetters', [[{}, found.deadLetters]])
  set('sealAge', present(seal.sealed))
  set('unsealedAge', [[{}, seal.unsealed ?? 0]])
  set('dataFaults', present(found.dataAudit?.faults ?? null))
  set('dataAge', present(found.dataAudit?.age ?? null))
  set(
    'trouble',
    found.troubles.map(({ job, code }) => [{ trouble: job, code }, 1]),
  )
  set(
    'upkeepAge',
    found.upkeep.map(({ kind, doneAt }) => [{ kind }, (Date.now() - doneAt.getTime()) / 1000]),
  )
  set(
    'upkeepBytes',
    found.upkeep.flatMap(({ kind, bytes }) => (bytes === null ? [] : [[{ kind }, bytes] as const])),
  )
  set(
    'upkeepTime',
    found.upkeep.flatMap(({ kind, seconds }) => (seconds === null ? [] : [[{ kind }, seconds] as const])),
  )
  showKept(set, found)
  set(
    'business',
    found.lastHour.map(({ event, by, count }) => [{ event, by }, count]),
  )
  set(
    'unacknowledged',
    carriers.map(({ carrier, way, unacknowledged }) => [{ carrier, way }, unacknowledged ?? 0]),
  )
  set(
    'ordersOverdue',
    carriers.map(({ carrier, overdue }) => [{ carrier }, overdue]),
  )
  set(
    'pushFailing',
    carriers.map(({ carrier, failing }) => [{ carrier }, failing ?? 0]),
  )
  set(
    'alerts',
    found.receivers.flatMap((one) =>
      (['sent', 'given', 'answered'] as const).map(
        (event) => [{ receiver: one.receiver, event }, one[event]] as const,
      ),
    ),
  )
  set(
    'alertAnswer',
    found.receivers.flatMap(({ receiver, median }) =>
      median === null ? [] : [[{ receiver }, median] as const],
    ),
  )
  set(
    'alertUngiven',
    found.receivers.map(({ receiver, ungiven }) => [{ receiver }, ungiven ?? 0]),
  )
  set(
    'alertFailing',
    found.receivers.map(({ receiver, failing }) => [{ receiver }, failing ?? 0]),
  )
  set('casesOverdue', [[{}, found.casesOverdue]])
  set('holidaysAhead', [[{}, found.holidaysAhead]])
  set('connections', [[{}, found.connections.used]])
  set('connectionsMax', [[{}, found.connections.most]])
}

/** Sets the figures of WAL archiving, replicas, the oldest transaction and used transaction ids. */
function showKept(
  set: Metrics['set'],
  { kept, transaction, idsUsed }: Pick<SystemFigures, 'kept' | 'transaction' | 'idsUsed'>,
): void {
  const { archiving, archiveFails, archived, replicas, inStep, waits, behind } = kept
  set('walFails', [[{}, archiving && archiveFails ? 1 : 0]])
  set('walAge', present(archiving ? archived : null))
  set('replicas', [
    [{ kind: 'all' }, replicas],
    ...(inStep === null ? [] : [[{ kind: 'synchronous' }, inStep] as const]),
  ])
  set('commitsWait', [[{}, waits ? 1 : 0]])
  set('replicaBehind', present(behind))
  set('transactionAge', present(transaction))
  set('idsUsed', [[{}, idsUsed]])
}
