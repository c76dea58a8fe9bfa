/**
 * `npm run queue -- dead [--retry ID|all] [--drop ID [--reason TEXT]]`: lists the jobs that failed for good, requeues
 * them, or drops one. Each action is recorded in the audit log. On DATABASE_URL or, beside `npm start`, on the embedded
 * database. Exit code 0: done; 1: no such job; 2: usage.
 */
import { parseArgs } from 'node:util'
import { dropOne, sendAllAgain } from '#features/health/dead-jobs/acts.ts'
import { listDead } from '#features/health/dead-jobs/data.ts'
import { MOST_DEAD, readChoice } from '#features/health/dead-jobs/rules.ts'
import { onDatabase } from './on-database.ts'

const USAGE = 'usage: npm run queue -- dead [--retry ID|all] [--drop ID [--reason TEXT]]'

function readArguments() {
  const text = { type: 'string' } as const
  try {
    const { values, positionals } = parseArgs({
      options: { retry: text, drop: text, reason: text },
      allowPositionals: true,
    })
    if (positionals.join() !== 'dead' || (values.retry !== undefined && values.drop !== undefined))
      return null
    return values.drop === undefined && values.reason !== undefined ? null : values
  } catch {
    return null
  }
}

async function list(): Promise<number> {
  const jobs = await listDead()
  for (const { id, queue, since, tries, why } of jobs)
    console.log(`${id}  ${queue}  since ${since.toISOString()}  ${tries} tries  ${why}`)
  if (jobs.length === 0) console.log('No job has failed for good.')
  else if (jobs.length === MOST_DEAD) console.log(`These are the oldest ${MOST_DEAD}.`)
  return 0
}

const given = readArguments()
if (given === null) {
  console.error(USAGE)
  process.exitCode = 2
} else
  await onDatabase(async () => {
    const { retry, drop, reason = '' } = given
    const which = readChoice(retry ?? drop ?? 'all')
    if (which === null || (drop !== undefined && !('id' in which))) {
      console.error(USAGE)
      return 2
    }
    if (retry !== undefined) {
      const count = await sendAllAgain(which, new Date())
      console.log(`${count} jobs are sent again.`)
      return count === 0 && retry !== 'all' ? 1 : 0
    }
    if (!('id' in which)) return list()
    const count = await dropOne(which.id, reason.trim() || 'by command', new Date())
    console.log(count === 0 ? 'There is no such job.' : 'The job is dropped.')
    return count === 0 ? 1 : 0
  })
