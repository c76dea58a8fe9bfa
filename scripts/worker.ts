/** `npm run worker`: one worker process. Needs DATABASE_URL; any number may run on any number of machines. */
import { jobs as accountJobs } from '#server/accounts/jobs.ts'
import { jobs as auditJobs } from '#server/audit/jobs.ts'
import { jobs as caseJobs } from '#server/cases/jobs.ts'
import { jobs as disclosureJobs } from '#server/disclosures/jobs.ts'
import { jobs as evidenceJobs } from '#server/evidence/jobs.ts'
import { jobs as exchangeJobs } from '#server/exchange/jobs.ts'
import { jobs as factsJobs } from '#server/facts/jobs.ts'
import { checkInstallation } from '#server/installation/commands.ts'
import { keyVerdict } from '#server/installation/loaders.ts'
import { jobs as noticeJobs } from '#server/notices/jobs.ts'
import { jobs as objectionJobs } from '#server/objections/jobs.ts'
import { db } from '#server/platform/db.ts'
import { env } from '#server/platform/env.ts'
import { log } from '#server/platform/log.ts'
import type { Job } from '#server/platform/queue.ts'
import { startWorker } from '#server/platform/worker.ts'
import { jobs as reportJobs } from '#server/reports/jobs.ts'
import { jobs as retentionJobs } from '#server/retention/jobs.ts'
import { jobs as surveyJobs } from '#server/survey/jobs.ts'
import { giveUp, untilAskedToStop } from './process.ts'

/** The jobs of every noun. */
const jobs: readonly Job[] = [
  ...noticeJobs,
  ...accountJobs,
  ...caseJobs,
  ...disclosureJobs,
  ...exchangeJobs,
  ...evidenceJobs,
  ...reportJobs,
  ...objectionJobs,
  ...surveyJobs,
  ...factsJobs,
  ...retentionJobs,
  ...auditJobs,
]

try {
  if (!env().ANTAM_AUDIT_KEY) throw new Error('ANTAM_AUDIT_KEY is not set: a worker seals the audit log.')
} catch (error) {
  giveUp(error)
}
const asked = untilAskedToStop()
const later = (err: unknown): never => {
  log().error({ err }, 'the worker could not start; whoever keeps it running tries again')
  process.exit(1)
}
const faults = await checkInstallation(new Date()).catch(later)
if (faults.length > 0) giveUp(faults.join('\n'))
const worker = await startWorker(jobs).catch(later)
log().info({ queues: jobs.map(({ queue }) => queue) }, 'worker started')
process.send?.('ready')
// Another process may have begun to write under a key that this one was not given.
const watch = setInterval(async () => {
  const { faults: since } = await keyVerdict().catch(() => ({ faults: [] }))
  if (since.length === 0) return
  clearInterval(watch)
  log().error({ faults: since }, 'the keys of this worker are not the database’s any more: it stops')
  await worker.stop()
  giveUp(since.join('\n'))
}, 10_000)
await asked
clearInterval(watch)
await worker.stop()
await db.$disconnect()
log().info('worker stopped')
process.exit(0)
