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
  // A later caller may know of a change that this read does not see.
  stamps[source] = null
  const [row] = await (source === 'primary'
    ? queryOutsideTransaction<{ stamp: string }>(STAMP)
    : rawQuery<{ stamp: string }>(db, STAMP))
  return row?.stamp ?? ''
}

/**
 * Returns the stamp of all public data. It changes with each change of the data (function `count_public_change`), for every
 * process. Anything rendered after reading a stamp is at least as new as that stamp. Requests of one turn of the event loop
 * share a read. Work that reads from the replica gets the replica's stamp, which is as old as its rows.
 */
export function publicStamp(): Promise<string> {
  const source = readsFromReplica() ? 'replica' : 'primary'
  const stamp = stamps[source] ?? read(source)
  stamps[source] = stamp
  return stamp
}
