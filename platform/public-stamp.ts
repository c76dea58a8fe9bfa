import '#server-only'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { queryOutsideTransaction, sql } from './db.ts'

const shared = globalThis as { antamStamp?: Promise<string> | null }

async function read(): Promise<string> {
  await nextTurn()
  // Who asks from here on may know of a change that this reading does not see.
  shared.antamStamp = null
  const [row] = await queryOutsideTransaction<{ stamp: string }>(
    sql`SELECT coalesce(sum(changes), 0)::text AS stamp FROM public_changes`,
  )
  return row?.stamp ?? ''
}

/**
 * Returns the stamp of everything that everybody may read: another one after each change to it (function
 * `count_public_change`), on every process alike. What was made after a stamp was read is at least as new as it. Requests
 * of one turn share a reading.
 */
export function publicStamp(): Promise<string> {
  shared.antamStamp ??= read()
  return shared.antamStamp
}
