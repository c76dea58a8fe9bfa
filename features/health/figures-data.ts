import '#server-only'
import { listLastUpkeep } from '#features/installation/data.ts'
import { holidaysAhead } from '#features/lookup-tables/data.ts'
import { systemScope } from '#lib/access/scope.ts'
import { remembered } from '#lib/remembered.ts'
import { MINUTE } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { DEAD_LETTERS } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { countLastHour } from './business/data.ts'
import type { EventCount } from './business/rules.ts'
import type { KeptData } from './doctor/rules.ts'

// Read at each scrape. Each statement reads stored figures, ends of indexes, or a count with a limit, so that its time does not
// grow with the tables.

const COUNT_LIMIT = 1_000
const MOST_CASES = 10_000

interface QueueFigures {
  readonly queue: string
  readonly ready: number
  readonly active: number
  readonly deferred: number
  /** Seconds that the oldest job has been due; null without one. */
  readonly oldest: number | null
  /** Seconds since a worker last attended it; null: never. */
  readonly supervised: number | null
}

/** Reads the counts that pg-boss stores. */
const queueFigures = (): Promise<QueueFigures[]> => db.$queryRaw<QueueFigures[]>`
  SELECT q.name AS queue, q.ready_count AS ready, q.active_count AS active, q.deferred_count AS deferred,
    extract(epoch FROM now() - (
      SELECT min(first.at) FROM unnest(ARRAY['created', 'retry']::pgboss.job_state[]) AS waiting,
        LATERAL (SELECT j.start_after AS at FROM pgboss.job j
          WHERE j.name = q.name AND j.state = waiting AND NOT j.blocked AND j.start_after <= now()
          ORDER BY j.start_after LIMIT 1) first
    ))::float AS oldest,
    extract(epoch FROM now() - q.monitor_on)::float AS supervised
  FROM pgboss.queue q WHERE q.name <> ${DEAD_LETTERS}`

async function deadLetters(): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (
      SELECT FROM pgboss.job WHERE name = ${DEAD_LETTERS} AND state = 'created' LIMIT ${COUNT_LIMIT}) few`
  return row?.count ?? 0
}

/** Returns the seconds since the log was sealed, and those that the oldest entry above the newest head has waited. */
async function sealFigures(): Promise<{ sealed: number | null; unsealed: number | null }> {
  const [row] = await db.$queryRaw<{ sealed: number | null; unsealed: number | null }[]>`
    WITH head AS (SELECT high_id, sealed_at FROM audit_heads ORDER BY size DESC LIMIT 1)
    SELECT extract(epoch FROM clock_timestamp() - (SELECT sealed_at FROM head))::float AS sealed,
      extract(epoch FROM clock_timestamp() - (
        SELECT at FROM audit_entries WHERE id > coalesce((SELECT high_id FROM head), 0) ORDER BY id LIMIT 1
      ))::float AS unsealed`
  return row ?? { sealed: null, unsealed: null }
}

interface CarrierFigures {
  readonly carrier: string
  /** How orders are sent: those by letter are acknowledged only after the post has come. */
  readonly way: string
  /** Seconds since the first unacknowledged order was issued; null without one. */
  readonly unacknowledged: number | null
  readonly overdue: number
  /** Seconds during which every push has failed; null if pushes succeed or none is sent. */
  readonly failing: number | null
}

const carrierFigures = (): Promise<CarrierFigures[]> =>
  inScope(
    systemScope(),
    () => db.$queryRaw<CarrierFigures[]>`
  SELECT c.id AS carrier, c.way::text AS way,
    extract(epoch FROM now() - (
      SELECT o.issued_at FROM carrier_orders o
      WHERE o.carrier_id = c.id AND o.state = 'sent' AND o.drill_id IS NULL ORDER BY o.due_at, o.id LIMIT 1
    ))::float AS unacknowledged,
    (SELECT count(*) FROM (
      SELECT FROM unnest(ARRAY['sent', 'acknowledged', 'failed']::order_state[]) AS open, LATERAL (
        SELECT FROM carrier_orders o
        WHERE o.carrier_id = c.id AND o.state = open AND o.due_at < now() AND o.drill_id IS NULL LIMIT ${COUNT_LIMIT}
      ) late LIMIT ${COUNT_LIMIT}
    ) few)::int AS overdue,
    extract(epoch FROM now() - w.failing_since)::float AS failing
  FROM carriers c LEFT JOIN carrier_webhooks w ON w.carrier_id = c.id`,
  )

interface ReceiverFigures {
  readonly receiver: string
  /** Of the last hour's alerts: how many were sent, were read or delivered, and were answered. */
  readonly sent: number
  readonly given: number
  readonly answered: number
  /** Seconds from an alert to its answer, for the last hour; null without one. */
  readonly median: number | null
  /** Seconds since the first undelivered alert among the newest; null without one. */
  readonly ungiven: number | null
  readonly failing: number | null
}

const receiverFigures = (): Promise<ReceiverFigures[]> =>
  inScope(
    systemScope(),
    () => db.$queryRaw<ReceiverFigures[]>`
  SELECT r.id AS receiver, hour.*,
    extract(epoch FROM now() - (
      SELECT min(a.at) FROM bank_alerts a
      WHERE a.receiver_id = r.id AND a.seq > r.head - ${COUNT_LIMIT} AND a.given_at IS NULL
    ))::float AS ungiven,
    extract(epoch FROM now() - r.failing_since)::float AS failing
  FROM alert_receivers r, LATERAL (
    SELECT count(*)::int AS sent, count(a.given_at)::int AS given, count(a.outcome)::int AS answered,
      (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM a.recorded_at - a.at))
        FILTER (WHERE a.outcome IS NOT NULL))::float AS median
    FROM bank_alerts a WHERE a.receiver_id = r.id AND a.at >= now() - interval '1 hour'
  ) hour
  WHERE r.active ORDER BY r.id`,
  )

const casesOverdue = (): Promise<number> =>
  inScope(systemScope(), async () => {
    const [row] = await db.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM (
        SELECT FROM queue_places WHERE list = 'all' AND NOT with_citizen AND act_by < now() LIMIT ${MOST_CASES}
      ) few`
    return row?.count ?? 0
  })

const troubles = (): Promise<{ job: string; code: string }[]> =>
  db.trouble.findMany({ select: { job: true, code: true } })

async function connections(): Promise<{ used: number; most: number }> {
  const [row] = await db.$queryRaw<{ used: number; most: number }[]>`
    SELECT (SELECT sum(numbackends) FROM pg_stat_database)::int AS used,
      current_setting('max_connections')::int AS most`
  return row ?? { used: 0, most: 0 }
}

/**
 * Returns PostgreSQL's figures about its archive and replicas, and the seconds that its oldest transaction has been open. Other
 * roles' transactions and the replicas' lag need `pg_read_all_stats`.
 */
async function keptFigures(): Promise<{ kept: KeptData; transaction: number | null; idsUsed: number }> {
  const [row] = await db.$queryRaw<(KeptData & { transaction: number | null; idsUsed: number })[]>`
    SELECT current_setting('archive_mode') <> 'off' AS archiving,
      coalesce(a.last_failed_time > coalesce(a.last_archived_time, '-infinity'), false) AS "archiveFails",
      extract(epoch FROM now() - a.last_archived_time)::float AS archived,
      r.replicas, r.in_step AS "inStep", r.behind, current_setting('synchronous_standby_names') <> '' AS waits,
      (SELECT extract(epoch FROM now() - min(xact_start))::float FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend') AS transaction,
      (SELECT max(age(datfrozenxid)) / 2147483648.0 FROM pg_database)::float AS "idsUsed"
    FROM pg_stat_archiver a, (
      SELECT count(*)::int AS replicas,
        CASE WHEN bool_and(sync_state IS NOT NULL) OR count(*) = 0
          THEN count(*) FILTER (WHERE sync_state IN ('sync', 'quorum'))::int END AS in_step,
        extract(epoch FROM max(replay_lag))::float AS behind
      FROM pg_stat_replication
    ) r`
  if (!row) throw new Error('PostgreSQL says nothing of itself')
  const { transaction, idsUsed, ...kept } = row
  return { kept, transaction, idsUsed }
}

/** Counts all rows of an hour, so it is read at most once a minute. */
const lastHour = remembered(MINUTE, countLastHour)

export interface SystemFigures {
  readonly queues: readonly QueueFigures[]
  readonly deadLetters: number
  readonly seal: { readonly sealed: number | null; readonly unsealed: number | null }
  /**
   * The last run that compared the data with the audit log: its faults, and the seconds since it ended; null before the first.
   */
  readonly dataAudit: { readonly faults: number; readonly age: number } | null
  readonly carriers: readonly CarrierFigures[]
  readonly receivers: readonly ReceiverFigures[]
  readonly casesOverdue: number
  readonly holidaysAhead: number
  readonly troubles: readonly { readonly job: string; readonly code: string }[]
  readonly upkeep: Awaited<ReturnType<typeof listLastUpkeep>>
  readonly connections: { readonly used: number; readonly most: number }
  readonly kept: KeptData
  /** Seconds; null if none is open, or if this role may not see it. */
  readonly transaction: number | null
  readonly lastHour: readonly EventCount[]
  /** The used part of the transaction ids; at 1 PostgreSQL refuses new ones. */
  readonly idsUsed: number
}

async function dataAudit(): Promise<SystemFigures['dataAudit']> {
  const last = await db.dataAudit.findFirst({ orderBy: { startedAt: 'desc' } })
  return last && { faults: last.faults, age: (Date.now() - last.endedAt.getTime()) / 1000 }
}

/** Reads in sequence: a scrape takes only one connection, however busy the database is. */
export async function readFigures(): Promise<SystemFigures> {
  return {
    queues: await queueFigures(),
    deadLetters: await deadLetters(),
    seal: await sealFigures(),
    dataAudit: await dataAudit(),
    carriers: await carrierFigures(),
    receivers: await receiverFigures(),
    casesOverdue: await casesOverdue(),
    holidaysAhead: await holidaysAhead(new Date()),
    troubles: await troubles(),
    upkeep: await listLastUpkeep(),
    connections: await connections(),
    ...(await keptFigures()),
    lastHour: await lastHour(),
  }
}
