import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { checkInstallation } from '#features/installation/acts.ts'
import { observeRequests } from '#http/observed-requests.ts'
import { routesOf } from '#http/request-route.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { canBeNetworkless } from '#platform/child-worker.ts'
import { pools } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { mailer } from '#platform/mail.ts'
import { asOverload } from '#platform/overload.ts'
import { enqueue, type Job } from '#platform/queue.ts'
import { reportTrouble } from '#platform/troubles.ts'
import { startWorker } from '#platform/worker.ts'
import { alertsAfter, hasPromtool, type Seen, samplesOf } from '#tests/alerts.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, makeProvenCase } from '#tests/factories/case.ts'
import { smallDisk } from '../e2e/faults/site/small-disk.ts'
import { freePort } from './free-port.ts'
import { startMonitoring } from './monitoring.ts'

// Each rule of deploy/prometheus/alerts.yaml is tested by causing its fault: `/metrics` is scraped before and after, and
// Prometheus's own tester evaluates the rules over both. If the tester is not installed, only the scraped values are
// compared.

const promtool = hasPromtool()
let monitoring: Server
let site: Server
let origin = ''
let at = ''
let ready = true

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

beforeAll(async () => {
  site = createServer(async (request, response) => {
    const status = Number(/(200|500|503)$/.exec(request.url ?? '')?.[0] ?? 200)
    if (request.url?.includes('slow')) await sleep(3_200)
    response.writeHead(status)
    // As Next does after the product already answered the request.
    response.statusCode = 500
    response.end()
  }).listen(0, '127.0.0.1')
  await once(site, 'listening')
  origin = `http://127.0.0.1:${portOf(site)}`
  process.env.METRICS_PORT = String(await freePort())
  // Nothing listens there: an unreachable gateway.
  process.env.SMTP_URL = 'smtp://127.0.0.1:9'
  at = `http://127.0.0.1:${process.env.METRICS_PORT}`
  observeRequests({
    routeOf: routesOf(['/api/evidence/[id]', '/api/[...rest]']),
    notPort: Number(process.env.METRICS_PORT),
    accessLog: false,
  })
  monitoring = (await startMonitoring({
    kind: 'worker',
    fresh: 0,
    ownChecks: () => [{ name: 'jobs', ok: ready }],
  })) as Server
})
beforeEach(async () => {
  expect(await checkInstallation(new Date())).toEqual([])
  // The first checks may be late on a busy machine.
  await expect.poll(async () => /antam_check_ok\{[^}]*\} 0/.test(await scrape())).toBe(false)
})
afterAll(() => {
  site.close()
  monitoring.close()
})

const scrape = async (): Promise<string> => (await fetch(`${at}/metrics`)).text()
const value = (text: string, name: string, labels = ''): number | undefined =>
  samplesOf(text).find((one) => one.name === name && one.labels.includes(labels))?.value

let before = ''
/** Resets to a healthy product, without leftovers of other tests in the queues. */
const sound = async () => {
  await superuser.query('UPDATE pgboss.queue SET monitor_on = now()')
  // Marks the holidays of this year and the next two as announced.
  await superuser.query(`UPDATE holidays SET basis = 'announced'`)
  await superuser.query(
    `INSERT INTO holidays (date, name) SELECT make_date(extract(year FROM now())::int + n, 2, 10), 'tet' FROM generate_series(0, 2) n
     ON CONFLICT (date) DO UPDATE SET name = 'tet'`,
  )
  before = await scrape()
}

afterEach(async () => {
  ready = true
  await superuser.query(
    `GRANT SELECT ON pgboss.queue, audit_entries TO antam_app; UPDATE pgboss.queue SET monitor_on = now()`,
  )
})

/**
 * Expects exactly these alerts of a process, scraped before and after. The alert of a lagging loop has its own test,
 * because on a busy machine this process really lags.
 */
function expectAlerts(names: readonly string[], after: string, others: readonly Seen[] = []): void {
  if (!promtool) return
  const alerts = alertsAfter([{ job: 'an-tam-worker', before, after }, ...others])
  expect(alerts.filter((name) => name !== 'AnTamEventLoopLag')).toEqual(names.toSorted())
}

test('a sound product raises nothing, and says what it is', async () => {
  await sound()
  const after = await scrape()
  expect(value(after, 'antam_build_info', 'process="worker"')).toBe(1)
  expect(value(after, 'antam_check_ok', 'check="database"')).toBe(1)
  expect(value(after, 'antam_database_figures_ok')).toBe(1)
  expect(value(after, 'antam_storage_free_bytes')).toBeGreaterThan(0)
  expect(value(after, 'antam_audit_free_ratio')).toBeGreaterThan(0)
  expect(value(after, 'antam_decoder_networkless')).toBe(canBeNetworkless() ? 1 : 0)
  expect(value(after, 'antam_database_pool', 'state="most"')).toBe(10)
  expect(value(after, 'antam_database_connections')).toBeGreaterThan(0)
  expect(value(after, 'process_resident_memory_bytes')).toBeGreaterThan(0)
  expectAlerts([], after)
})

test('a process that is gone', async () => {
  await sound()
  expectAlerts(['AnTamDown', 'AnTamNoWorker'], '')
})

async function newProcess(): Promise<string> {
  const script = `const { beginMetrics } = await import('${import.meta.dirname}/../platform/metrics-registry.ts')
    console.log(await beginMetrics().registry.metrics())`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  return stdout.match(/^process_.*$/gm)?.join('\n') ?? ''
}

// Five processes, one second apart; useless without Prometheus's tester.
test.runIf(promtool && process.env.TEST_FULL)('a process that is started again and again', async () => {
  await sound()
  const starts: string[] = []
  for (let n = 0; n < 5; n++) {
    // Start times are in whole seconds.
    const [text] = await Promise.all([newProcess(), sleep(1_000)])
    starts.push(text)
  }
  const times = starts.map((text) => value(text, 'process_start_time_seconds'))
  expect(new Set(times).size).toBe(5)
  const [first = '', ...again] = starts
  const seen = (count: number): Seen => ({
    job: 'an-tam-web',
    before: first,
    after: again.slice(0, count) as [string, ...string[]],
  })
  // Three starts in a quarter of an hour are an upgrade and its rollback.
  expectAlerts([], before, [seen(3)])
  expectAlerts(['AnTamRestarting'], before, [seen(4)])
})

test('`/ready` says what is missing, with 503; `/live` goes on', async () => {
  await sound()
  expect((await fetch(`${at}/ready`)).status).toBe(200)
  await superuser.query('REVOKE SELECT ON pgboss.queue FROM antam_app')
  ready = false
  const answer = await fetch(`${at}/ready`)
  expect(answer.status).toBe(503)
  const { checks } = (await answer.json()) as { checks: { name: string; ok: boolean }[] }
  expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['queue', 'jobs'])
  expect((await fetch(`${at}/live`)).status).toBe(200)
  const after = await scrape()
  // The queues' figures cannot be read either, and no old figures of the database are shown instead.
  expect(value(after, 'antam_check_ok', 'check="queue"')).toBe(0)
  expect(value(after, 'antam_database_figures_ok')).toBe(0)
  expect(value(after, 'antam_dead_letters')).toBeUndefined()
  expect(value(after, 'process_resident_memory_bytes')).toBeGreaterThan(0)
  expectAlerts(['AnTamFiguresUnread', 'AnTamNotReady'], after)
})

test('an audit log that is not sealed', async () => {
  await sound()
  await superuser.query(
    `INSERT INTO audit_entries (at, actor_kind, act, subject_kind, subject_id, facts)
     VALUES (now() - interval '16 minutes', 'system', 'case.note', 'case', 'c', '{}')`,
  )
  const after = await scrape()
  expect(value(after, 'antam_audit_unsealed_seconds')).toBeGreaterThan(900)
  expectAlerts(['AnTamDegraded', 'AnTamSealingLate'], after)
})

test('a backup that is old', async () => {
  await sound()
  await db.upkeep.create({
    data: { kind: 'backup', doneAt: new Date(Date.now() - 40 * 3_600_000), facts: {} },
  })
  const after = await scrape()
  expect(value(after, 'antam_upkeep_age_seconds', 'kind="backup"')).toBeGreaterThan(140_000)
  expectAlerts(['AnTamBackupOld'], after)
})

test('a job that has stopped and waits for a person', async () => {
  await sound()
  await reportTrouble('evidence-sweep', 'too_many', { stored: 9, orphans: 9 })
  const after = await scrape()
  expect(value(after, 'antam_trouble', 'trouble="evidence-sweep"')).toBe(1)
  expectAlerts(['AnTamDegraded', 'AnTamTrouble'], after)
  await superuser.query('DELETE FROM troubles')
})

test('witnesses that do not sign, and public files that are not written', async () => {
  await sound()
  await reportTrouble('audit-witness', 'no_quorum', { signed: 1, quorum: 2, size: 9 })
  await reportTrouble('audit-tiles', 'behind', {})
  const after = await scrape()
  expect(value(after, 'antam_trouble', 'trouble="audit-witness"')).toBe(1)
  expectAlerts(['AnTamDegraded', 'AnTamTilesBehind'], after)
  await superuser.query('DELETE FROM troubles')
})

test('queues that no worker looks after, and a job that waits', async () => {
  await sound()
  await enqueue(db, 'push', { carrierId: 'viettel' })
  await superuser.query(
    `UPDATE pgboss.job SET start_after = now() - interval '10 minutes' WHERE name = 'push';
     UPDATE pgboss.queue SET monitor_on = now() - interval '5 minutes'`,
  )
  const after = await scrape()
  expect(value(after, 'antam_queue_oldest_seconds', 'queue="push"')).toBeGreaterThan(590)
  expect(value(after, 'antam_queue_oldest_seconds', 'queue="clocks"')).toBe(0)
  expect(value(after, 'antam_queue_supervised_age_seconds')).toBeGreaterThan(290)
  expectAlerts(['AnTamQueueOld', 'AnTamQueuesUnattended'], after)
})

test('jobs that fail, and one that failed for good', async () => {
  await sound()
  let ran = 0
  const failing: Job = {
    queue: 'case-settle',
    async run() {
      ran++
      throw new Error('on purpose')
    },
  }
  const worker = await startWorker([failing])
  await enqueue(db, 'case-settle', { caseId: 'none' }, { retryLimit: 0 })
  await expect.poll(() => ran).toBe(1)
  await expect
    .poll(async () => value(await scrape(), 'antam_dead_letters'), { timeout: 10_000 })
    .toBe(1)
    .finally(() => worker.stop())
  const after = await scrape()
  expect(value(after, 'antam_jobs_total', 'queue="case-settle",outcome="failed"')).toBe(1)
  expectAlerts(['AnTamDeadLetters', 'AnTamJobsFail'], after)
})

test('a carrier that takes nothing, is late, and cannot be pushed to', async () => {
  await sound()
  await makeBlockingCase({ now: addMilliseconds(new Date(), -2 * DAY) })
  await superuser.query(
    `UPDATE carrier_orders SET state = 'applied', settled_at = now() WHERE carrier_id <> 'viettel';
     INSERT INTO carrier_webhooks (carrier_id, url, failures, failing_since)
     VALUES ('viettel', 'https://viettel.example/', 9, now() - interval '1 hour')`,
  )
  await forgetLog()
  const after = await scrape()
  expect(value(after, 'antam_carrier_oldest_unacknowledged_seconds', 'carrier="viettel"')).toBeGreaterThan(
    (47 * HOUR) / 1000,
  )
  expect(value(after, 'antam_carrier_orders_overdue', 'carrier="viettel"')).toBe(1)
  expect(value(after, 'antam_carrier_orders_overdue', 'carrier="vinaphone"')).toBe(0)
  expect(value(after, 'antam_carrier_push_failing_seconds', 'carrier="viettel"')).toBeGreaterThan(3_500)
  // The case's citizen has a phone number, and no gateway is set.
  expectAlerts(['AnTamCarrierSilent', 'AnTamDegraded', 'AnTamOrdersOverdue', 'AnTamPushFailing'], after)
})

test('a bank that has not had its alerts', async () => {
  await sound()
  await db.alertReceiver.create({ data: { id: 'momo', addedAt: new Date(), head: 2 } })
  const { id } = await makeProvenCase({ now: new Date() })
  await superuser.query(
    `WITH consent AS (
       INSERT INTO alert_consents (id, case_id, receiver_id, version, given_at)
       VALUES (gen_random_uuid(), $1, 'momo', '2026-12-02', now()) RETURNING id
     )
     INSERT INTO bank_alerts (receiver_id, seq, id, consent_id, event, at, contact, number, ownership, outcome, outcome_at, recorded_at, given_at)
     SELECT 'momo', seq, gen_random_uuid(), consent.id, 'reported', now() - interval '20 min', true, true, false,
       CASE WHEN seq = 1 THEN 'locked'::alert_outcome END, CASE WHEN seq = 1 THEN now() - interval '19 min' END,
       CASE WHEN seq = 1 THEN now() - interval '19 min' END,
       CASE WHEN seq = 1 THEN now() - interval '19 min' END
     FROM consent, generate_series(1, 2) seq`,
    [id],
  )
  await forgetLog()
  const after = await scrape()
  const counted = (event: string) => value(after, 'antam_alerts_hour', `receiver="momo",event="${event}"`)
  expect(['sent', 'given', 'answered'].map(counted)).toEqual([2, 1, 1])
  expect(value(after, 'antam_alert_answer_seconds', 'receiver="momo"')).toBeCloseTo(60, 0)
  expect(value(after, 'antam_alert_oldest_ungiven_seconds', 'receiver="momo"')).toBeGreaterThan(1_100)
  expectAlerts(['AnTamReceiverSilent'], after)
})

test('cases that police are late with', async () => {
  await sound()
  await makeProvenCase({ now: addMilliseconds(new Date(), -30 * DAY) })
  expect(value(await scrape(), 'antam_cases_overdue')).toBe(1)
  await superuser.query(
    `SET session_replication_role = replica;
     INSERT INTO queue_places (case_id, list, unit_id, act_by, submitted_at, incident_at, with_citizen, kind, has_files)
     SELECT gen_random_uuid(), list, unit_id, act_by, submitted_at, incident_at, with_citizen, kind, has_files
     FROM queue_places, generate_series(1, 60) WHERE list = 'all';
     SET session_replication_role = DEFAULT`,
  )
  await forgetLog()
  const after = await scrape()
  expect(value(after, 'antam_cases_overdue')).toBe(61)
  expectAlerts(['AnTamCasesOverdue', 'AnTamDegraded'], after)
})

test('holidays that are not announced for the next 120 days', async () => {
  await sound()
  expect(value(await scrape(), 'antam_holidays_days_ahead')).toBeGreaterThanOrEqual(365)
  await superuser.query(
    `INSERT INTO holidays (date, name, basis) VALUES (now()::date + 100, 'tet', 'assumed')
     ON CONFLICT (date) DO UPDATE SET basis = 'assumed'`,
  )
  const after = await scrape()
  expect(value(after, 'antam_holidays_days_ahead')).toBeGreaterThanOrEqual(99)
  expect(value(after, 'antam_holidays_days_ahead')).toBeLessThanOrEqual(100)
  expectAlerts(['AnTamHolidaysUnknown'], after)
})

/** Deletes entries that the factories wrote with their own times; nothing here seals them. */
const forgetLog = () =>
  superuser.query(
    'SET session_replication_role = replica; DELETE FROM audit_entries; SET session_replication_role = DEFAULT',
  )

const ask = async (path: string, times: number) => {
  await Promise.all(Array.from({ length: times }, () => fetch(`${origin}${path}`)))
}

test('requests that fail, are sent away, and take long: by route, never by their address', async () => {
  await ask('/api/evidence/6f1c0a52-7f2e-4c58-9d2b-000000000200', 40)
  await sound()
  await ask('/ho-so/HCM-2026-500', 4)
  await ask('/ho-so/HCM-2026-503', 8)
  await ask('/wp-login/slow', 10)
  const after = await scrape()
  expect(after).not.toMatch(/HCM-|6f1c|wp-login/)
  expect(value(after, 'antam_http_requests_total', 'route="/track/[number]",method="GET",status="500"')).toBe(
    4,
  )
  expect(value(after, 'antam_http_requests_total', 'route="other"')).toBe(10)
  expect(value(after, 'antam_http_requests_in_flight')).toBe(0)
  expectAlerts(['AnTamBusy', 'AnTamErrors', 'AnTamPagesBudget', 'AnTamSlow'], after)
})

test('a database pool that is full', async () => {
  await sound()
  const held = Promise.all(Array.from({ length: 14 }, () => pools().get('main')?.query('SELECT pg_sleep(2)')))
  await sleep(200)
  const after = await scrape()
  expect(value(after, 'antam_database_pool', 'state="waiting"')).toBeGreaterThan(0)
  expect(value(after, 'antam_database_pool', 'pool="main",state="busy"')).toBe(10)
  await held
  if (promtool) expect(alertsAfter([{ job: 'an-tam-worker', before, after }])).toContain('AnTamPoolFull')
})

test('PostgreSQL’s connections are nearly all taken', async () => {
  await sound()
  const most = value(before, 'antam_database_connections_max') ?? 100
  const used = value(before, 'antam_database_connections') ?? 0
  const { Client } = (await import('pg')).default
  const more = Array.from(
    // Well over the limit, because pools of other tests may close connections that were counted as used.
    { length: Math.ceil(most * 0.93) - used },
    () => new Client({ connectionString: process.env.DATABASE_URL }),
  )
  await Promise.all(more.map((client) => client.connect()))
  const after = await scrape()
  await Promise.all(more.map((client) => client.end()))
  expectAlerts(['AnTamConnectionsFull'], after)
})

test('a process that is busy with itself', async () => {
  await sound()
  await sleep(50)
  const until = performance.now() + 1_500
  while (performance.now() < until) Math.random()
  await sleep(20)
  const after = await scrape()
  expect(value(after, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0.5)
  if (promtool) expect(alertsAfter([{ job: 'an-tam-worker', before, after }])).toContain('AnTamEventLoopLag')
})

test.runIf(process.env.TEST_FULL)('a disk that is nearly full', async ({ skip }) => {
  await sound()
  const disk = smallDisk(process.env.DATA_DIR ?? '', 1)
  if (disk === null) return skip('only root mounts a disk')
  disk.fill()
  const after = await scrape().finally(disk.unmount)
  expect(value(after, 'antam_storage_free_bytes')).toBeLessThan(100_000)
  // Without AUDIT_DIR the checkpoints are on this disk too.
  expect(value(after, 'antam_audit_free_ratio')).toBeLessThan(0.1)
  if (promtool)
    expect(alertsAfter([{ job: 'an-tam-worker', before, after }])).toEqual(
      expect.arrayContaining(['AnTamAuditStorageLow', 'AnTamStorageLow']),
    )
})

test('a mail gateway that is away', async () => {
  await sound()
  const mail = {
    id: crypto.randomUUID(),
    to: 'a@example.vn',
    subject: 's',
    body: 'b',
    locale: 'vi',
    at: new Date(),
  }
  await expect(mailer().send(mail)).rejects.toThrow()
  const after = await scrape()
  expect(value(after, 'antam_messages_total', 'channel="email",outcome="failed"')).toBe(1)
  expectAlerts(['AnTamMessagesFail'], after)
})

test('work that finds no connection is counted as refused by the database', async () => {
  await sound()
  const was = value(before, 'antam_refusals_total', 'cause="database"') ?? 0
  asOverload(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))
  expect(value(await scrape(), 'antam_refusals_total', 'cause="database"')).toBe(was + 1)
})

// Must be the last test: its requests change the web server's figures.
test('a web server shows no figure that only workers read, and beside it no rule is even pending', async () => {
  await sound()
  const [port, own] = [await freePort(), env().METRICS_PORT]
  Object.assign(env(), { METRICS_PORT: port })
  const web = await startMonitoring({ kind: 'web', fresh: 0 }).finally(() =>
    Object.assign(env(), { METRICS_PORT: own }),
  )
  try {
    const shown = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    expect(value(shown, 'antam_build_info', 'process="web"')).toBe(1)
    expect(shown).not.toMatch(/antam_(audit_free_ratio|decoder_networkless)/)
    if (!promtool) return
    const both = [
      { job: 'an-tam-worker', before, after: await scrape() },
      { job: 'an-tam-web', before: shown, after: shown },
    ] as const
    const alerts = alertsAfter(both, 'pending|firing')
    expect(alerts.filter((name) => name !== 'AnTamEventLoopLag')).toEqual([])
  } finally {
    web?.close()
  }
})
