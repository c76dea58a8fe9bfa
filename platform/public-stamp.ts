import '#server-only'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { db, queryOutsideTransaction, rawQuery, sql } from './db.ts'
import { readsFromReplica } from './read-replica.ts'

type Source = 'primary' | 'replica'
const shared = globalThis as { antamStamps?: Partial<Record<Source, Promise<string> | null>> }
shared.antamStamps ??= {}
const stamps = shared.antamStamps

const STAMP = sql`SELECT coalesce(sum(changes), 0)::text AS stamp FROM public_changes`

async function read(source: Source): Promise<string> {
  await nextTurn()
  // Who asks from here on may know of a change that this reading does not see.
  stamps[source] = null
  const [row] = await (source === 'primary'
    ? queryOutsideTransaction<{ stamp: string }>(STAMP)
    : rawQuery<{ stamp: string }>(db, STAMP))
  return row?.stamp ?? ''
}

/**
 * Returns the stamp of everything that everybody may read: another one after each change to it (function
 * `count_public_change`), on every process alike. What was made after a stamp was read is at least as new as it. Requests
 * of one turn share a reading. Work that reads from the replica gets the replica's stamp, which is as old as its rows.
 */
export function publicStamp(): Promise<string> {
  const source = readsFromReplica() ? 'replica' : 'primary'
  const stamp = stamps[source] ?? read(source)
  stamps[source] = stamp
  return stamp
}
