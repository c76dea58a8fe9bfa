/** `npm run worker`: one worker process. Needs DATABASE_URL; any number may run on any number of machines. */
import { jobs as accountJobs } from '#features/accounts/preferences/jobs.ts'
import { jobs as alertJobs } from '#features/alerts/alerts/jobs.ts'
import { jobs as approvalJobs } from '#features/approvals/jobs.ts'
import { jobs as auditJobs } from '#features/audit/sealing/jobs.ts'
import { jobs as caseJobs } from '#features/cases/jobs.ts'
import { jobs as watchJobs } from '#features/check/watches/jobs.ts'
import { jobs as surveyJobs } from '#features/city-report/jobs.ts'
import { jobs as dataAuditJobs } from '#features/data-audit/jobs.ts'
import { jobs as disclosureJobs } from '#features/disclosures/lookups/jobs.ts'
import { jobs as disputeJobs } from '#features/disputes/jobs.ts'
import { jobs as evidenceJobs } from '#features/evidence/jobs.ts'
import { jobs as exchangeJobs } from '#features/exchange/jobs.ts'
import { announceProcess, checkInstallation } from '#features/installation/acts.ts'
import { checkDatabaseSchema, checkGivenKeys } from '#features/installation/data.ts'
import { jobs as latenessJobs } from '#features/lateness/jobs.ts'
import { listMissingWays } from '#features/notices/data.ts'
import { jobs as noticeJobs } from '#features/notices/jobs.ts'
import { jobs as phoneJobs } from '#features/phones/registrations/jobs.ts'
import { jobs as trustedJobs } from '#features/phones/trusted/jobs.ts'
import { jobs as recoveryJobs } from '#features/recovery/jobs.ts'
import { jobs as reportJobs } from '#features/reporting/jobs.ts'
import { jobs as retentionJobs } from '#features/retention/jobs.ts'
import { jobs as factsJobs } from '#features/statistics/jobs.ts'
import { jobs as taskJobs } from '#features/tasks/jobs.ts'
import { exitOnUncaughtError, logConsole } from '#platform/console-log.ts'
import { db } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { log } from '#platform/log.ts'
import { poolerFault } from '#platform/pooler.ts'
import type { Job } from '#platform/queue.ts'
import { version } from '#platform/release.ts'
import { startWorker, type Worker } from '#platform/worker.ts'
import { readArguments } from './arguments.ts'
import { type OwnCheck, startMonitoring } from './monitoring.ts'
import { giveUp, untilAskedToStop } from './process.ts'
import { startTracing } from './tracing.ts'

const jobs: readonly Job[] = [
  ...noticeJobs,
  ...accountJobs,
  ...approvalJobs,
  ...latenessJobs,
  ...caseJobs,
  ...disclosureJobs,
  ...exchangeJobs,
  ...alertJobs,
  ...recoveryJobs,
  ...evidenceJobs,
  ...reportJobs,
  ...phoneJobs,
  ...trustedJobs,
  ...disputeJobs,
  ...watchJobs,
  ...surveyJobs,
  ...factsJobs,
  ...taskJobs,
  ...retentionJobs,
  ...auditJobs,
  ...dataAuditJobs,
]

readArguments('usage: npm run worker (its settings are variables: docs/operations/configuration.md)', {})
logConsole()
exitOnUncaughtError()
try {
  if (!env().ANTAM_AUDIT_KEY) throw new Error('ANTAM_AUDIT_KEY is not set: a worker seals the audit log.')
} catch (error) {
  giveUp(error)
}
const asked = untilAskedToStop()
let worker: Worker | undefined

/** Reports whether the worker has started, and then whether it polls all its queues. */
function jobsCheck(): OwnCheck {
  if (!worker) return { name: 'jobs', ok: false, problem: 'this worker has not begun' }
  const stalled = worker.stalled()
  if (stalled.length === 0) return { name: 'jobs', ok: true }
  return { name: 'jobs', ok: false, problem: `not looked into for a minute: ${stalled.join(', ')}` }
}

const flush = await startTracing('worker')
await startMonitoring({ kind: 'worker', ownChecks: () => [jobsCheck()] }).catch(giveUp)
const later = (err: unknown): never => {
  const pooler = poolerFault()
  if (pooler !== null) giveUp(pooler)
  log().error({ err }, 'the worker could not start; the program that keeps it running tries again')
  process.exit(1)
}
const faults = await checkInstallation(new Date()).catch(later)
if (faults.length > 0) giveUp(faults.join('\n'))
// On an old schema its jobs would fail one by one; a web server reports the same in its readiness.
const behind = await checkDatabaseSchema().catch(later)
if (behind.length > 0) later(new Error(behind.join('\n')))
worker = await startWorker(jobs).catch(later)
const forget = announceProcess('worker', new Date())
log().info({ version, node: process.version, queues: jobs.map(({ queue }) => queue) }, 'worker started')
for (const missing of listMissingWays()) log().warn({ missing }, 'messages do not leave by every way')
process.send?.('ready')
// Another process may have started to write with a key that this one was not given.
const watch = setInterval(async () => {
  const { faults: since } = await checkGivenKeys().catch(() => ({ faults: [] }))
  if (since.length === 0) return
  clearInterval(watch)
  log().error({ faults: since }, 'the keys of this worker are not the database’s any more: it stops')
  await worker?.stop()
  giveUp(since.join('\n'))
}, 10_000)
await asked
clearInterval(watch)
await worker.stop()
await forget()
await flush?.()
await db.$disconnect()
log().info('worker stopped')
process.exit(0)
