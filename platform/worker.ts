import '#server-only'
import { setTimeout } from 'node:timers/promises'
import { type JobResult, PgBoss, type JobWithMetadata as QueuedJob } from 'pg-boss'
import { TIME_ZONE } from '#lib/time.ts'
import { env } from './env.ts'
import { log } from './log.ts'
import { MessageRefused } from './message-fault.ts'
import { processMetrics } from './metrics.ts'
import type { Job } from './queue.ts'
import { withRequestId } from './request.ts'
import { inSpan } from './tracing.ts'
import { databaseConfig } from './writable-server.ts'

const CONNECTION = {
  max: 4,
  connectionTimeoutMillis: 10_000,
  // The schema belongs to the migrator; this role may not change it.
  migrate: false,
  createSchema: false,
  reindex: false,
  openTelemetry: { enabled: false },
  // Seconds until a dead worker's job is noticed, after its queue's heartbeatSeconds.
  superviseIntervalSeconds: 5,
  monitorIntervalSeconds: 5,
  cronMonitorIntervalSeconds: 20,
  cronWorkerIntervalSeconds: 2,
}

/** The number of concurrent jobs of a queue in one worker, unless the job sets its own. */
const BATCH = 10

/** Milliseconds between two queries for queues with jobs. */
const ASK_MS = 500
/** Milliseconds after a failed query: the database is away, and each queue logs that itself. */
const ASK_AGAIN_MS = 5_000
/** Seconds between polls of a single queue, and so the longest delay if {@link wakeQueues} fails. */
const LOOK_SECONDS = 10

/** Milliseconds without a poll after which a queue is stuck: its worker hangs or has no connection. */
const STALLED_MS = 60_000

export interface Worker {
  /** Lists the queues of this worker that were not polled for a minute, with no job of theirs running. */
  stalled(): readonly string[]
  /** Takes no more jobs, lets running ones end (`DRAIN_SECONDS` at most), hands back unfinished ones, and disconnects. */
  stop(): Promise<void>
}

async function runOne(job: Job, queued: QueuedJob): Promise<JobResult> {
  const { traceparent: parent = null, ...data } = queued.data as object & { readonly traceparent?: string }
  const attributes = {
    'messaging.system': 'pg-boss',
    'messaging.destination.name': job.queue,
    'antam.attempt': queued.retryCount + 1,
  }
  const run = job.run as (data: object, now: Date, signal: AbortSignal) => Promise<void>
  return withRequestId(queued.id, async () => {
    const started = performance.now()
    try {
      await inSpan(`process ${job.queue}`, { kind: 'consumer', attributes, parent }, () =>
        // The database's time: a worker with a wrong clock would let codes and periods expire wrongly.
        run(data, queued.startedOn, queued.signal),
      )
      noteJob(job, 'done', started)
      log().debug({ queue: job.queue, ms: Math.round(performance.now() - started) }, 'job done')
      return { id: queued.id, status: 'completed' }
    } catch (err) {
      if (err instanceof MessageRefused) {
        noteJob(job, 'done', started)
        log().error({ queue: job.queue, fault: err.code }, 'a message was refused for good')
        return { id: queued.id, status: 'completed' }
      }
      noteJob(job, 'failed', started)
      log().error({ err, queue: job.queue, attempt: queued.retryCount + 1 }, 'job failed')
      // Only the error's type is stored with the job, because its message may quote personal data.
      return { id: queued.id, status: 'failed', output: { error: (err as Error)?.constructor?.name } }
    }
  })
}

function noteJob({ queue }: Job, outcome: 'done' | 'failed', started: number): void {
  processMetrics()?.jobs.inc({ queue, outcome })
  processMetrics()?.jobSeconds.observe({ queue }, (performance.now() - started) / 1000)
}

async function schedule(boss: PgBoss, jobs: readonly Job[]): Promise<void> {
  const wanted = new Map(jobs.flatMap((job) => (job.schedule ? [[job.queue as string, job.schedule]] : [])))
  for (const { name } of await boss.getSchedules()) if (!wanted.has(name)) await boss.unschedule(name)
  for (const [queue, cron] of wanted) await boss.schedule(queue, cron, {}, { tz: TIME_ZONE })
}

/**
 * Wakes the workers of every queue with a due job, with one statement for all queues. By itself, the library polls each queue,
 * which makes about 76 statements a second on an idle site. Its own NOTIFY is written by the sender: the previous release could
 * not combine it with its other rows, and PostgreSQL commits notifying transactions one by one.
 */
async function wakeQueues(
  boss: PgBoss,
  workersOf: ReadonlyMap<string, readonly string[]>,
  signal: AbortSignal,
): Promise<void> {
  const names = [...workersOf.keys()]
  while (!signal.aborted) {
    let pause = ASK_MS
    try {
      const { rows } = await boss.getDb().executeSql(READY, [names])
      for (const { name } of rows) for (const id of workersOf.get(name) ?? []) boss.notifyWorker(id)
    } catch (err) {
      if (!signal.aborted) log().warn({ err }, 'queues could not be asked for jobs')
      pause = ASK_AGAIN_MS
    }
    await setTimeout(pause, undefined, { signal }).catch(() => {})
  }
}

const READY = `SELECT queue.name FROM unnest($1::text[]) AS queue (name) WHERE EXISTS (SELECT FROM pgboss.job
  WHERE job.name = queue.name AND job.state < 'active' AND NOT job.blocked AND job.start_after <= now())`

/**
 * Runs `jobs` as they are queued. Any number of workers may run: each job runs in one worker at a time, a schedule fires once
 * for all, and another worker takes over a dead worker's jobs after the queue's heartbeat has lapsed.
 */
export async function startWorker(jobs: readonly Job[]): Promise<Worker> {
  const twice = jobs.find(({ queue }, n) => jobs.findIndex((other) => other.queue === queue) !== n)
  if (twice) throw new Error(`the queue ${twice.queue} has two jobs`)
  const boss = new PgBoss({ ...databaseConfig(env().DATABASE_URL), ...CONNECTION })
  boss.on('error', (err) => log().error({ err }, 'queue error'))
  boss.on('warning', ({ message }) => log().warn({ warning: message }, 'queue warning'))
  await boss.start()
  const workersOf = new Map<string, string[]>()
  for (const job of jobs) {
    const options = {
      batchSize: job.apart ? 1 : (job.batchSize ?? BATCH),
      pollingIntervalSeconds: LOOK_SECONDS,
      // Drains a backlog at once; without it, each poll takes only one batch.
      burstWhenBatchFull: true,
      perJobResults: true,
      includeMetadata: true,
    } as const
    const ids: string[] = []
    // One worker each, because `localConcurrency` returns only the id of the first.
    for (let n = 0; n < (job.apart ?? 1); n++)
      ids.push(
        await boss.work(job.queue, options, (batch: QueuedJob[]) =>
          Promise.all(batch.map((queued) => runOne(job, queued))),
        ),
      )
    workersOf.set(job.queue, ids)
  }
  await schedule(boss, jobs)
  for (const { queue, atStart } of jobs) if (atStart) await boss.send(queue, {})
  const stopped = new AbortController()
  const asking = wakeQueues(boss, workersOf, stopped.signal)
  return {
    stalled: () => {
      const since = Date.now() - STALLED_MS
      const late = boss
        .getWipData()
        .filter(
          ({ count, createdOn, lastFetchedOn }) =>
            count === 0 && Math.max(createdOn, lastFetchedOn ?? 0) < since,
        )
      return [...new Set(late.map(({ name }) => name))]
    },
    async stop() {
      stopped.abort()
      await asking
      await boss.stop({ graceful: true, timeout: env().DRAIN_SECONDS * 1000 })
    },
  }
}
