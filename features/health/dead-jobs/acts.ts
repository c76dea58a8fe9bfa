import '#server-only'
import { z } from 'zod'
import { act, logged, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import type { Actor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { DEAD_LETTERS, sendDeadAgain } from '#platform/queue.ts'
import { lockDead } from './data.ts'
import { type DeadChoice, readChoice } from './rules.ts'

const onDeadJobs = {
  permission: 'installation:mend',
  stepUp: 'work',
  faults: 'dead_job',
  page: () => '/admin/health/jobs' as const,
} as const

const choice = z
  .string('dead_job.which')
  .max(60, 'dead_job.which')
  .transform(readChoice)
  .refine((read) => read !== null, 'dead_job.which')

/** Sends dead jobs again, with all their tries. Returns how many. */
export const sendJobsAgain = act({
  ...onDeadJobs,
  name: 'installation.jobs_sent_again',
  input: z.object({ which: choice }),
  async run({ tx, actor, input, now }) {
    const count = await sendAgain(tx, actor, input.which, now)
    return count === 0 ? refuse('not_found', 'which') : logged(count)
  },
})

/** Drops dead jobs; the reason is audited. Their work is not done. Returns how many. */
export const dropJobs = act({
  ...onDeadJobs,
  name: 'installation.jobs_dropped',
  input: z.object({
    which: choice,
    reason: z
      .string('dead_job.reason_missing')
      .trim()
      .min(1, 'dead_job.reason_missing')
      .max(500, 'dead_job.reason_too_long'),
  }),
  async run({ tx, actor, input: { which, reason }, now }) {
    const count = await drop(tx, actor, which, reason, now)
    return count === 0 ? refuse('not_found', 'which') : logged(count)
  },
})

/** Does the same for the command, in transactions of at most `MOST_DEAD` jobs. */
export async function sendAllAgain(which: DeadChoice, now: Instant): Promise<number> {
  let count = 0
  for (;;) {
    const sent = await transaction((tx) => sendAgain(tx, { kind: 'system' }, which, now))
    if (sent === 0) return count
    count += sent
  }
}

/** Drops one dead job for the command. Returns 0 if it is gone. */
export const dropOne = (id: string, reason: string, now: Instant): Promise<number> =>
  transaction((tx) => drop(tx, { kind: 'system' }, { id }, reason, now))

type Who = { readonly kind: Actor['kind']; readonly id?: string }

async function sendAgain(tx: Tx, actor: Who, which: DeadChoice, now: Instant): Promise<number> {
  const jobs = await lockDead(tx, which)
  let count = 0
  for (const [queue, ids] of byQueue(jobs)) {
    const sent = await sendDeadAgain(tx, ids)
    count += sent
    if (sent > 0) await note(tx, actor, 'installation.jobs_sent_again', { queue, count: sent }, now)
  }
  return count
}

async function drop(tx: Tx, actor: Who, which: DeadChoice, reason: string, now: Instant): Promise<number> {
  const jobs = await lockDead(tx, which)
  for (const [queue, ids] of byQueue(jobs)) {
    await deleteDead(tx, ids)
    await note(tx, actor, 'installation.jobs_dropped', { queue, count: ids.length, reason }, now)
  }
  return jobs.length
}

const deleteDead = (tx: Tx, ids: readonly string[]): Promise<number> =>
  tx.$executeRaw`DELETE FROM pgboss.job WHERE name = ${DEAD_LETTERS} AND id = ANY (${[...ids]}::uuid[])`

function byQueue(jobs: readonly { readonly id: string; readonly queue: string }[]): Map<string, string[]> {
  const queues = new Map<string, string[]>()
  for (const { id, queue } of jobs) queues.set(queue, [...(queues.get(queue) ?? []), id])
  return queues
}

const note = (
  tx: Tx,
  actor: Who,
  done: 'installation.jobs_sent_again' | 'installation.jobs_dropped',
  facts: Readonly<Record<string, string | number>>,
  at: Instant,
) => audit(tx, { actor, act: done, subject: { kind: 'installation', id: 'installation' }, facts, at })
