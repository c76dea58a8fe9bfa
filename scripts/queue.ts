/**
 * `npm run queue -- dead [--retry ID|all] [--drop ID [--reason TEXT]]`: lists the jobs that failed for good, requeues
 * them, or drops one. Each action is recorded in the audit log. On DATABASE_URL or, beside `npm start`, on the embedded
 * database. Exit code 0: done; 1: no such job; 2: usage.
 */
import { dropOne, sendAllAgain } from '#features/health/dead-jobs/acts.ts'
import { listDead } from '#features/health/dead-jobs/data.ts'
import { MOST_DEAD, readChoice } from '#features/health/dead-jobs/rules.ts'
import { endWithUsage, readArguments } from './arguments.ts'
import { onDatabase } from './on-database.ts'

const USAGE = 'usage: npm run queue -- dead [--retry ID|all] [--drop ID [--reason TEXT]]'

const text = { type: 'string' } as const
const { values, positionals } = readArguments(USAGE, {
  options: { retry: text, drop: text, reason: text },
  allowPositionals: true,
})
const { retry, drop, reason } = values
const which = readChoice(retry ?? drop ?? 'all')
const isUnclear =
  positionals.join() !== 'dead' ||
  (retry !== undefined && drop !== undefined) ||
  (drop === undefined && reason !== undefined) ||
  (drop !== undefined && which !== null && !('id' in which))
if (isUnclear || which === null) endWithUsage(USAGE)

async function list(): Promise<number> {
  const jobs = await listDead()
  for (const { id, queue, since, tries, why } of jobs)
    console.log(`${id}  ${queue}  since ${since.toISOString()}  ${tries} tries  ${why}`)
  if (jobs.length === 0) console.log('No job has failed for good.')
  else if (jobs.length === MOST_DEAD) console.log(`These are the oldest ${MOST_DEAD}.`)
  return 0
}

await onDatabase(async () => {
  if (retry !== undefined) {
    const count = await sendAllAgain(which, new Date())
    console.log(`${count} jobs are sent again.`)
    return count === 0 && retry !== 'all' ? 1 : 0
  }
  if (!('id' in which)) return list()
  const count = await dropOne(which.id, reason?.trim() || 'by command', new Date())
  console.log(count === 0 ? 'There is no such job.' : 'The job is dropped.')
  return count === 0 ? 1 : 0
})
