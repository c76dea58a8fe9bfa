import '#server-only'
import { type Aggregator, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { countInto, type ProcessMetrics } from './metrics.ts'

// Loaded only if METRICS_PORT is set. The values of several processes behind one port are summed; of values that each process
// reads from the same database, the maximum counts (`aggregator`).

/** Seconds, from a cached answer to the longest time of a page. */
const REQUEST_BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Seconds, from a statement to the drawing of a year's report. */
const JOB_BUCKETS = [0.01, 0.1, 0.5, 1, 5, 15, 60, 300]

export type GaugeName = keyof typeof GAUGES

interface GaugeOptions {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
  readonly aggregator: Aggregator
}

const gauge = (name: string, help: string, labels: readonly string[] = []): GaugeOptions => ({
  name,
  help,
  labels,
  aggregator: 'max',
})

/** The gauges that are set at each scrape: database, readiness checks, disk. */
export const GAUGES = {
  build: gauge('antam_build_info', 'Always 1; the version, its commit, and what this process is.', [
    ...['version', 'revision', 'process'],
  ]),
  checkOk: {
    ...gauge('antam_check_ok', '1 while a check of readiness is good.', ['check']),
    aggregator: 'min',
  },
  checkStopped: gauge(
    'antam_check_stopped',
    '1 while something has stopped and the site goes on (degraded).',
    ['check'],
  ),
  figuresOk: {
    ...gauge('antam_database_figures_ok', '1 while the figures of the database are read in time.'),
    aggregator: 'min',
  },
  queueJobs: gauge('antam_queue_jobs', 'Jobs of a queue by state, as workers counted them last.', [
    'queue',
    'state',
  ]),
  queueAge: gauge('antam_queue_oldest_seconds', 'How long the oldest job of a queue is due; 0 without one.', [
    'queue',
  ]),
  queueWatched: gauge(
    'antam_queue_supervised_age_seconds',
    'How long ago a worker last looked after the queues.',
  ),
  deadLetters: gauge('antam_dead_letters', 'Jobs that failed for good; counted up to 1,000.'),
  sealAge: gauge('antam_audit_seal_age_seconds', 'How long ago the audit log was last sealed.'),
  unsealedAge: gauge(
    'antam_audit_unsealed_seconds',
    'How long the oldest entry of the audit log waits to be sealed; 0 without one.',
  ),
  dataFaults: gauge(
    'antam_audit_data_faults',
    'Faults that the last run found which held the data against the audit log.',
  ),
  dataAge: gauge(
    'antam_audit_data_age_seconds',
    'How long ago the data was last held against the audit log.',
  ),
  trouble: gauge('antam_trouble', '1 while a job has stopped and waits for a person.', ['trouble', 'code']),
  upkeepAge: gauge('antam_upkeep_age_seconds', 'How long ago the last good backup, drill or restore was.', [
    'kind',
  ]),
  upkeepBytes: gauge('antam_upkeep_bytes', 'How much the last good backup holds, of database and files.', [
    'kind',
  ]),
  upkeepTime: gauge('antam_upkeep_duration_seconds', 'How long the last good backup or drill took.', [
    'kind',
  ]),
  walFails: gauge('antam_wal_archive_failing', '1 while PostgreSQL cannot write its log away.'),
  walAge: gauge(
    'antam_wal_archived_age_seconds',
    'How long ago PostgreSQL wrote a piece of its log away; not shown where it writes none.',
  ),
  replicas: gauge(
    'antam_database_replicas',
    'Replicas of the database: all, and synchronous (those that a commit waits for).',
    ['kind'],
  ),
  commitsWait: gauge('antam_database_commits_wait', '1 where each commit waits for a replica.'),
  replicaBehind: gauge('antam_replica_behind_seconds', 'By how much the slowest replica is behind.'),
  replicaRead: {
    ...gauge(
      'antam_read_replica_used',
      '1 while public pages are read from the replica of DATABASE_READ_URL.',
    ),
    aggregator: 'min',
  },
  replicaReadBehind: gauge(
    'antam_read_replica_behind_seconds',
    'By how much the replica is behind from which public pages are read.',
  ),
  transactionAge: gauge('antam_oldest_transaction_seconds', 'For how long the oldest transaction is open.'),
  idsUsed: gauge(
    'antam_transaction_ids_used_ratio',
    'Used part of the numbers of transactions; at 1 PostgreSQL takes no more.',
  ),
  certificate: gauge(
    'antam_certificate_ends_seconds',
    'How long the certificate of PUBLIC_URL is still good.',
  ),
  unacknowledged: gauge(
    'antam_carrier_oldest_unacknowledged_seconds',
    'How long ago the oldest order was given that its carrier has not taken; 0 without one.',
    ['carrier', 'way'],
  ),
  ordersOverdue: gauge(
    'antam_carrier_orders_overdue',
    'Orders past their time that are not carried out; counted up to 1,000.',
    ['carrier'],
  ),
  pushFailing: gauge(
    'antam_carrier_push_failing_seconds',
    'For how long every push to a carrier has failed; 0 while they come through.',
    ['carrier'],
  ),
  alerts: gauge(
    'antam_alerts_hour',
    'Alerts to a bank or wallet written in the last hour: all (sent), those that it has (given) and has answered (answered).',
    ['receiver', 'event'],
  ),
  alertAnswer: gauge(
    'antam_alert_answer_seconds',
    'From an alert to its answer, the median of the last hour; none without an answer.',
    ['receiver'],
  ),
  alertUngiven: gauge(
    'antam_alert_oldest_ungiven_seconds',
    'How long ago the oldest of the last 1,000 alerts was written that its bank or wallet has not had; 0 without one.',
    ['receiver'],
  ),
  alertFailing: gauge(
    'antam_alert_push_failing_seconds',
    'For how long every push to a bank or wallet has failed; 0 while they come through.',
    ['receiver'],
  ),
  casesOverdue: gauge('antam_cases_overdue', 'Cases that police are late with; counted up to 10,000.'),
  holidaysAhead: gauge(
    'antam_holidays_days_ahead',
    'Days from today on for which the holidays are known, none of them assumed.',
  ),
  business: gauge(
    'antam_business_hour',
    'What was done in the last hour by the audit log: reports begun and sent, blocks approved, staff signed in, and the like.',
    ['event', 'by'],
  ),
  pool: {
    ...gauge(
      'antam_database_pool',
      'Connections of this process to the database: busy, idle, waiting (who waits for one) and most (the limit).',
      ['pool', 'state'],
    ),
    aggregator: 'sum',
  },
  connections: gauge('antam_database_connections', 'Connections to this database, of all programs.'),
  connectionsMax: gauge('antam_database_connections_max', 'The most connections that PostgreSQL allows.'),
  storageFree: { ...gauge('antam_storage_free_bytes', 'Free space of DATA_DIR.'), aggregator: 'min' },
  storageSize: gauge('antam_storage_size_bytes', 'Size of the disk of DATA_DIR.'),
  auditFree: {
    ...gauge(
      'antam_audit_free_ratio',
      'Free part of the disk of AUDIT_DIR: of its bytes or its files, the smaller.',
    ),
    aggregator: 'min',
  },
  decoderApart: {
    ...gauge(
      'antam_decoder_networkless',
      '1 where files of strangers are decoded in a process without a network.',
    ),
    aggregator: 'min',
  },
} as const satisfies Record<string, GaugeOptions>

/** A gauge's values at one scrape; all other values disappear. */
export type Values = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[]

export interface Metrics {
  readonly registry: Registry
  /** Replaces all values of a gauge. */
  set(name: GaugeName, values: Values): void
}

/** Creates this process's metrics, and counts into them from now on. */
export function beginMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  countInto(countedIn(registry))
  const gauges = new Map<GaugeName, Gauge<string>>()
  const set: Metrics['set'] = (name, values) => {
    const { labels: labelNames, ...options } = GAUGES[name]
    // Created when first set: a gauge without labels shows 0 from its creation, even in a process that never sets it.
    const shown = gauges.get(name) ?? new Gauge({ ...options, labelNames, registers: [registry] })
    gauges.set(name, shown)
    shown.reset()
    // Without labels, a gauge would show a 0 that was never measured.
    if (labelNames.length === 0) shown.remove()
    for (const [labels, value] of values) shown.set(labels, value)
  }
  return { registry, set }
}

function countedIn(registry: Registry): ProcessMetrics {
  const registers = [registry]
  return {
    requests: new Counter({
      name: 'antam_http_requests_total',
      help: 'Requests answered, by the pattern of their address.',
      labelNames: ['route', 'method', 'status'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'antam_http_request_duration_seconds',
      help: 'From a request to the end of its answer; event streams, which stay open, are left out.',
      labelNames: ['route', 'method'],
      buckets: REQUEST_BUCKETS,
      registers,
    }),
    requestsInFlight: new Gauge({
      name: 'antam_http_requests_in_flight',
      help: 'Requests that are being answered.',
      registers,
    }),
    eventStreams: new Gauge({
      name: 'antam_event_streams_open',
      help: 'Open streams of events, of staff who are signed in.',
      registers,
    }),
    refusals: new Counter({
      name: 'antam_refusals_total',
      help: 'Work refused for want of room: database (no connection in time, or none at all) or work (too much at once).',
      labelNames: ['cause'],
      registers,
    }),
    nonsense: new Counter({
      name: 'antam_unreadable_requests_total',
      help: 'Requests that could not be read: forms of another build, cut bodies, addresses that are none.',
      labelNames: ['kind'],
      registers,
    }),
    messages: new Counter({
      name: 'antam_messages_total',
      help: 'Messages given to the mail or SMS gateway or pushed to a carrier, and whether they were taken.',
      labelNames: ['channel', 'outcome'],
      registers,
    }),
    jobs: new Counter({
      name: 'antam_jobs_total',
      help: 'Jobs that this worker ran.',
      labelNames: ['queue', 'outcome'],
      registers,
    }),
    jobSeconds: new Histogram({
      name: 'antam_job_duration_seconds',
      help: 'How long a job ran.',
      labelNames: ['queue'],
      buckets: JOB_BUCKETS,
      registers,
    }),
    logged: new Counter({
      name: 'antam_log_lines_total',
      help: 'Lines of the log, by level.',
      labelNames: ['level'],
      registers,
    }),
    codes: new Counter({
      name: 'antam_codes_total',
      help: 'Codes to contacts: sent (by the kind of contact), entered right, entered wrong.',
      labelNames: ['event', 'channel'],
      registers,
    }),
    ratings: new Counter({
      name: 'antam_ratings_total',
      help: 'Ratings that were taken, by the way on which their person came.',
      labelNames: ['channel'],
      registers,
    }),
  }
}
