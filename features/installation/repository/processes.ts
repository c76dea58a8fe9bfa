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
 * Writes down that a process runs, and deletes those that were last seen more than a day ago. It uses the database's
 * clock, so that a process with a wrong clock neither seems ended nor takes others for ended.
 */
export async function recordProcess({ id, kind, version, startedAt, stores }: RunningProcess): Promise<void> {
  await db.$executeRaw`
    INSERT INTO processes (id, kind, version, started_at, seen_at, stores)
    VALUES (${id}::uuid, ${kind}, ${version}, ${startedAt}, now(), ${[...stores]})
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`
  await db.$executeRaw`DELETE FROM processes WHERE seen_at < now() - interval '1 day'`
}

/**
 * Returns the running processes: one counts as ended a minute after it was last seen. A process of an old version,
 * which did not name its stores, has an empty list of them.
 */
export const runningProcesses = (): Promise<RunningProcess[]> =>
  db.$queryRaw`
    SELECT id, kind, version, started_at AS "startedAt", stores FROM processes
    WHERE seen_at > now() - interval '1 minute' ORDER BY started_at`

export const forgetProcess = (id: string): Promise<unknown> => db.process.deleteMany({ where: { id } })
