import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { hasPromtool, RULES, type RuleTest, testRules } from './alerts.ts'

// Evaluates each rule with Prometheus's own tester, with a sample a minute. scripts/monitoring.test.ts causes
// real faults for most rules. This test checks for every rule when it fires, when not yet, and when never.

interface Rule {
  readonly alert: string
  readonly for?: string
}
const file: { groups: { rules: Rule[] }[] } = parse(readFileSync(RULES, 'utf8'))
const rules = file.groups.flatMap(({ rules }) => rules)
/** Returns the rule file with only one rule. Evaluating all rules for each test would take ten times as long. */
const ruleFile = (alert: string): string =>
  stringify({
    groups: file.groups.map((group) => ({
      ...group,
      rules: group.rules.filter((rule) => rule.alert === alert),
    })),
  })

/** The values of series by name, in promtool's notation. `1x60` is a 1, repeated in each of the next sixty minutes. */
type Series = Readonly<Record<string, string>>
interface Tried {
  readonly healthy: Series
  /** The series of a fault that begins with the eleventh minute. */
  readonly faulty: Series
  /** The minute in which the rule's expression is first true; the eleventh by default. */
  readonly holdsAt?: number
}

const BEGINS = 11
/** A healthy value for eleven minutes, then a faulty one. */
const turns = (healthy: number | '_', faulty: number): string =>
  // `x10` repeats a value ten times after its first sample, but `_x11` is exactly eleven gaps.
  `${healthy === '_' ? '_x11' : `${healthy}x10`} ${faulty}x60`
const gauge = (series: string, healthy: number | '_', faulty: number): Tried => ({
  healthy: { [series]: `${healthy}x70` },
  faulty: { [series]: turns(healthy, faulty) },
})
const requests = (labels: string) => `antam_http_requests_total{${labels}}`
const bucket = (le: string) => `antam_http_request_duration_seconds_bucket{route="/check",le="${le}"}`
const sent = (outcome: string, channel = 'mail') =>
  `antam_messages_total{channel="${channel}",outcome="${outcome}"}`

const onDatabaseDisk = (what: 'avail' | 'size') =>
  `node_filesystem_${what}_bytes{job="an-tam-database",fstype="ext4",mountpoint="/"}`
const reports = 'antam_business_hour{event="report_sent",by="citizen"}'
/** An error budget of one failure in a thousand. One in a thousand is tolerated, one in twenty is not. */
const budget = (labels: string): Tried => ({
  healthy: {
    [requests(`${labels},status="200"`)]: '0+1000x70',
    [requests(`${labels},status="500"`)]: '0+1x70',
  },
  faulty: {
    [requests(`${labels},status="200"`)]: '0+1000x70',
    [requests(`${labels},status="500"`)]: '0x10 50+50x60',
  },
  holdsAt: 12,
})

const TRIED: Readonly<Record<string, Tried>> = {
  AnTamDown: gauge('up{job="an-tam-web",instance="a"}', 1, 0),
  AnTamNoWorker: {
    healthy: { 'antam_build_info{process="worker"}': '1x70', 'antam_build_info{process="web"}': '1x70' },
    // Prometheus marks a series as stale once a scrape no longer has it.
    faulty: { 'antam_build_info{process="worker"}': '1x10 stale', 'antam_build_info{process="web"}': '1x70' },
  },
  AnTamRestarting: {
    // A release, and one restart after it.
    healthy: { 'process_start_time_seconds{job="an-tam-web"}': '100x20 1300x20 2500x30' },
    faulty: { 'process_start_time_seconds{job="an-tam-web"}': '100x10 700+60x3 880x60' },
    holdsAt: 14,
  },
  AnTamNotReady: gauge('antam_check_ok{check="database",instance="a"}', 1, 0),
  AnTamDegraded: {
    healthy: {
      'antam_check_stopped{check="messages"}': '0x70',
      'antam_check_stopped{check="backup"}': '1x70',
    },
    faulty: { 'antam_check_stopped{check="messages"}': turns(0, 1) },
  },
  AnTamTrouble: gauge('antam_trouble{trouble="letters",code="too_many"}', '_', 1),
  AnTamSealingLate: gauge('antam_audit_unsealed_seconds', 300, 301),
  AnTamDataAltered: gauge('antam_audit_data_faults', 0, 1),
  AnTamDataUnchecked: gauge('antam_audit_data_age_seconds', 129600, 129601),
  AnTamNoQuorum: gauge('antam_trouble{trouble="audit-witness",code="no_quorum"}', '_', 1),
  AnTamTilesBehind: gauge('antam_trouble{trouble="audit-tiles",code="behind"}', '_', 1),
  AnTamBackupOld: {
    healthy: {
      'antam_check_stopped{check="backup"}': '0x70',
      'antam_check_stopped{check="messages"}': '1x70',
    },
    faulty: { 'antam_check_stopped{check="backup"}': turns(0, 1) },
  },
  AnTamFiguresUnread: gauge('antam_database_figures_ok{instance="a"}', 1, 0),
  AnTamQueuesUnattended: gauge('antam_queue_supervised_age_seconds', 60, 61),
  AnTamQueueOld: gauge('antam_queue_oldest_seconds{queue="notice-send"}', 300, 301),
  AnTamJobsFail: {
    // One failure in five minutes, as gateways have them, and jobs that end well.
    healthy: {
      'antam_jobs_total{queue="push",outcome="failed"}': '0x4 1x4 2x4 3x4 4x54',
      'antam_jobs_total{queue="push",outcome="done"}': '0+50x70',
    },
    faulty: { 'antam_jobs_total{queue="push",outcome="failed"}': '0x10 2+2x60' },
    holdsAt: 13,
  },
  AnTamDeadLetters: gauge('antam_dead_letters', 3, 4),
  AnTamCarrierSilent: {
    healthy: {
      'antam_carrier_oldest_unacknowledged_seconds{carrier="viettel",way="pull"}': '21600x70',
      'antam_carrier_oldest_unacknowledged_seconds{carrier="gmobile",way="letter"}': '90000x70',
    },
    faulty: {
      'antam_carrier_oldest_unacknowledged_seconds{carrier="viettel",way="pull"}': turns(0, 21601),
    },
  },
  AnTamOrdersOverdue: gauge('antam_carrier_orders_overdue{carrier="viettel"}', 0, 1),
  AnTamPushFailing: gauge('antam_carrier_push_failing_seconds{carrier="viettel"}', 900, 901),
  AnTamReceiverSilent: gauge('antam_alert_oldest_ungiven_seconds{receiver="momo"}', 900, 901),
  AnTamCasesOverdue: gauge('antam_cases_overdue', 50, 51),
  AnTamHolidaysUnknown: gauge('antam_holidays_days_ahead', 120, 119),
  AnTamErrors: {
    // Another rule covers 503.
    healthy: {
      [requests('status="200"')]: '0+100x70',
      [requests('status="503"')]: '0+50x70',
      [requests('status="500"')]: '0x30 1x40',
    },
    faulty: { [requests('status="200"')]: '0+100x70', [requests('status="500"')]: '0x10 8+8x60' },
  },
  AnTamBusy: {
    healthy: { [requests('status="200"')]: '0+100x70', [requests('status="503"')]: '0x30 20x40' },
    faulty: { [requests('status="200"')]: '0+100x70', [requests('status="503"')]: '0x10 40+40x60' },
  },
  AnTamSlow: {
    // Long polls are slow by design.
    healthy: {
      [bucket('0.5')]: '0+100x70',
      [bucket('5')]: '0+102x70',
      [bucket('+Inf')]: '0+102x70',
      'antam_http_request_duration_seconds_bucket{route="/api/carrier/v1/changes",le="5"}': '0x70',
      'antam_http_request_duration_seconds_bucket{route="/api/carrier/v1/changes",le="+Inf"}': '0+900x70',
    },
    faulty: {
      [bucket('0.5')]: '0+100x70',
      [bucket('5')]: '0+100x10 1200+200x60',
      [bucket('+Inf')]: '0+100x10 1200+200x60',
    },
  },
  AnTamPoolFull: gauge('antam_database_pool{state="waiting",pool="main"}', 0, 1),
  AnTamConnectionsFull: {
    healthy: { antam_database_connections: '85x70', antam_database_connections_max: '100x70' },
    faulty: { antam_database_connections: turns(85, 86), antam_database_connections_max: '100x70' },
  },
  AnTamEventLoopLag: gauge('nodejs_eventloop_lag_p99_seconds{job="an-tam-web"}', 0.5, 0.6),
  AnTamStorageLow: {
    healthy: { antam_storage_free_bytes: '10x70', antam_storage_size_bytes: '100x70' },
    faulty: { antam_storage_free_bytes: turns(10, 9), antam_storage_size_bytes: '100x70' },
  },
  AnTamAuditStorageLow: gauge('antam_audit_free_ratio', 0.1, 0.09),
  AnTamMessagesFail: {
    // Another rule covers failed pushes to a carrier.
    healthy: { [sent('ok')]: '0+90x70', [sent('failed')]: '0+10x70', [sent('failed', 'push')]: '0+90x70' },
    faulty: { [sent('ok')]: '0+90x10 900+1x60', [sent('failed')]: '0x10 90+90x60' },
    holdsAt: 13,
  },
  AnTamWalArchiveFailing: gauge('antam_wal_archive_failing', 0, 1),
  AnTamWalArchiveOld: gauge('antam_wal_archived_age_seconds', 900, 901),
  AnTamReplicaGone: {
    // A site that never had a replica does not wait for one.
    healthy: {
      antam_database_commits_wait: '0x70',
      'antam_database_replicas{kind="all"}': '0x70',
      'antam_database_replicas{kind="synchronous"}': '0x70',
    },
    faulty: {
      antam_database_commits_wait: '1x70',
      'antam_database_replicas{kind="all"}': '1x70',
      'antam_database_replicas{kind="synchronous"}': turns(1, 0),
    },
  },
  AnTamReplicaBehind: gauge('antam_replica_behind_seconds', 30, 31),
  AnTamReadReplicaLate: {
    healthy: { antam_read_replica_used: '1x70', antam_read_replica_behind_seconds: '60x70' },
    // If the replica does not answer, its delay is unknown.
    faulty: { antam_read_replica_used: turns(1, 0), antam_read_replica_behind_seconds: '0x10 stale' },
  },
  AnTamTransactionOld: gauge('antam_oldest_transaction_seconds', 3600, 3601),
  AnTamTransactionIdsLow: gauge('antam_transaction_ids_used_ratio', 0.5, 0.51),
  AnTamDatabaseDiskLow: {
    healthy: {
      [onDatabaseDisk('avail')]: '15x70',
      [onDatabaseDisk('size')]: '100x70',
      'node_filesystem_avail_bytes{job="an-tam-database",fstype="tmpfs"}': '0x70',
      'node_filesystem_size_bytes{job="an-tam-database",fstype="tmpfs"}': '100x70',
    },
    faulty: { [onDatabaseDisk('avail')]: turns(15, 14), [onDatabaseDisk('size')]: '100x70' },
  },
  AnTamCertificateEnds: gauge('antam_certificate_ends_seconds', 14 * 86_400, 14 * 86_400 - 1),
  AnTamBackupShrunk: gauge('antam_upkeep_bytes{kind="backup"}', 100, 69),
  AnTamDrillOld: gauge('antam_upkeep_age_seconds{kind="drill"}', 35 * 86_400, 35 * 86_400 + 1),
  AnTamDrillSlow: gauge('antam_upkeep_duration_seconds{kind="drill"}', 4 * 3600, 4 * 3600 + 1),
  AnTamPagesBudget: budget('route="/check",method="GET"'),
  AnTamReportsBudget: budget('route="/report/review",method="POST"'),
  AnTamCarriersBudget: budget('route="/api/carrier/v1/changes",method="GET"'),
  // The tester's clock begins at midnight UTC, which is 7:00 in the city. The test's first hour does not count as daytime.
  AnTamNoReports: {
    healthy: { [reports]: '10x70' },
    faulty: { [reports]: turns(10, 0) },
    holdsAt: 60,
  },
}

test('every rule has its series here, and none is of a rule that is gone', () => {
  expect(Object.keys(TRIED)).toEqual(rules.map(({ alert }) => alert))
})

const minutes = (time = '0m'): number => Number(/^(\d+)m$/.exec(time)?.[1])
const series = (of: Series) => Object.entries(of).map(([name, values]) => ({ series: name, values }))
/** Expects this number of a rule's alerts in these states at a minute. */
const expected = (alert: string, states: string, minute: number, value: number) => ({
  expr: `count(ALERTS{alertname="${alert}",alertstate=~"${states}"}) > bool 0 or vector(0)`,
  eval_time: `${minute}m`,
  exp_samples: [{ labels: '{}', value }],
})

describe.skipIf(!hasPromtool())('as Prometheus evaluates it', () => {
  test.each(rules)('$alert fires after its time, and not on a healthy site', ({ alert, for: time }) => {
    const { healthy, faulty, holdsAt = BEGINS } = TRIED[alert] as Tried
    const fires = holdsAt + minutes(time)
    const tests: RuleTest[] = [
      {
        name: `${alert} on a healthy site`,
        interval: '1m',
        input_series: series(healthy),
        // The rule must not even be pending.
        promql_expr_test: [15, 30, 45, 60, 69].map((at) => expected(alert, 'pending|firing', at, 0)),
      },
      {
        name: `${alert} with its fault`,
        interval: '1m',
        input_series: series(faulty),
        promql_expr_test: [
          expected(alert, 'pending|firing', holdsAt - 1, 0),
          expected(alert, 'firing', fires - 1, 0),
          expected(alert, 'firing', fires, 1),
        ],
      },
    ]
    expect(testRules(tests, ruleFile(alert))).toBe('')
  })
})
