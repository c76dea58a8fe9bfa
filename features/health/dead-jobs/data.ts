import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { DEAD_LETTERS } from '#platform/queue.ts'
import { choiceValue, type DeadChoice, MOST_DEAD } from './rules.ts'

/** A job that failed for good. It has nothing about the job's content. */
export interface DeadJob {
  readonly id: string
  readonly queue: string
  /** The time of its last failure. */
  readonly since: Instant
  readonly askedAt: Instant | null
  readonly tries: number
  /** The kind of the last error, such as `TypeError`, or a word of `deadReason`. */
  readonly why: string
}

interface DeadRow {
  readonly id: string
  readonly queue: string | null
  readonly since: Instant
  readonly askedAt: Instant | null
  readonly tries: number | null
  readonly error: string | null
  readonly said: string | null
}

/** Lists the dead jobs, oldest first; at most `MOST_DEAD`. */
export async function listDead(): Promise<DeadJob[]> {
  const rows = await db.$queryRaw<DeadRow[]>`
    SELECT id, source_name AS queue, created_on AS since, source_created_on AS "askedAt", source_retry_count AS tries,
      coalesce(source_output ->> 'error', output ->> 'error') AS error, source_output -> 'value' ->> 'message' AS said
    FROM pgboss.job WHERE name = ${DEAD_LETTERS} AND state < 'active'
    ORDER BY created_on, id LIMIT ${MOST_DEAD}`
  return rows.map(({ error, said, queue, tries, ...row }) => ({
    ...row,
    queue: queue ?? 'unknown',
    tries: (tries ?? 0) + 1,
    why: deadReason(error, said),
  }))
}

/** Reasons from pg-boss itself, for jobs whose worker stopped or took too long. */
const OF_THE_QUEUE: Readonly<Record<string, 'timeout' | 'worker_lost' | 'unknown'>> = {
  'job timed out': 'timeout',
  'job heartbeat timeout': 'worker_lost',
}

const deadReason = (error: string | null, said: string | null): string =>
  error ?? OF_THE_QUEUE[said ?? ''] ?? 'unknown'

/** Returns null without the permission. */
export const readDead = async (reader: StaffActor): Promise<DeadJob[] | null> =>
  may(reader.role, 'installation:read') ? listDead() : null

/** Locks the chosen dead jobs, oldest first, and skips those that another transaction has locked. */
export const lockDead = (tx: Tx, choice: DeadChoice): Promise<{ id: string; queue: string }[]> =>
  tx.$queryRaw`
    SELECT id, coalesce(source_name, 'unknown') AS queue FROM pgboss.job
    WHERE name = ${DEAD_LETTERS} AND state < 'active'
      AND ${choiceValue(choice)} IN ('all', 'queue ' || coalesce(source_name, 'unknown'), id::text)
    ORDER BY created_on, id LIMIT ${MOST_DEAD} FOR UPDATE SKIP LOCKED`
