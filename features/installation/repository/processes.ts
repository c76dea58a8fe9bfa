import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'

export interface RunningProcess {
  readonly id: string
  readonly kind: 'web' | 'worker'
  readonly version: string
  readonly startedAt: Instant
  /** The names of the stores that it reads; it writes to the first. */
  readonly stores: readonly string[]
}

/**
 * Writes down that a process runs, and forgets those that ended a day ago without a word. By the database's clock: a process
 * whose own is wrong is not gone while it runs, and takes no other for gone.
 */
export async function sawProcess({ id, kind, version, startedAt, stores }: RunningProcess): Promise<void> {
  await db.$executeRaw`
    INSERT INTO processes (id, kind, version, started_at, seen_at, stores)
    VALUES (${id}::uuid, ${kind}, ${version}, ${startedAt}, now(), ${[...stores]})
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`
  await db.$executeRaw`DELETE FROM processes WHERE seen_at < now() - interval '1 day'`
}

/**
 * Returns the processes that run: one is gone a minute after its last word. Of a version that did not say its stores the list of
 * them is empty.
 */
export const runningProcesses = (): Promise<RunningProcess[]> =>
  db.$queryRaw`
    SELECT id, kind, version, started_at AS "startedAt", stores FROM processes
    WHERE seen_at > now() - interval '1 minute' ORDER BY started_at`

export const forgetProcess = (id: string): Promise<unknown> => db.process.deleteMany({ where: { id } })
