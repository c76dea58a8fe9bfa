import '#server-only'
import { db, sql, type Tx } from '#platform/db.ts'

interface Lease {
  readonly token: string | null
  readonly held: boolean
  readonly mine: boolean
  readonly idleSeconds: number | null
}

/** A lease ends after this time without a renewal: three times the interval of its holder. */
const HELD = sql`stores.holder IS NOT NULL AND stores.held_at > now() - interval '45 seconds'`

export async function readLease(name: string, process: string): Promise<Lease> {
  const [row] = await db.$queryRaw<Lease[]>`
    SELECT token, coalesce(${HELD}, false) AS held, coalesce(holder = ${process}::uuid, false) AS mine,
      extract(epoch FROM now() - held_at)::float8 AS "idleSeconds"
    FROM stores WHERE name = ${name}`
  return row ?? { token: null, held: false, mine: false, idleSeconds: null }
}

/** Gives a process the lease of a store without a holder; returns false if another process has it. */
export async function takeStoreLease(name: string, process: string): Promise<boolean> {
  const taken = await db.$executeRaw`
    INSERT INTO stores (name, holder, held_at) VALUES (${name}, ${process}::uuid, now())
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_at = excluded.held_at
      WHERE NOT coalesce(${HELD}, false)`
  return taken === 1
}

/** Renews a process's lease and stores a new token, if any. Returns false if it has no lease. */
export async function renewLease(name: string, process: string, token: string | null): Promise<boolean> {
  const kept = await db.$executeRaw`
    UPDATE stores SET held_at = now(), token = coalesce(${token}, token)
    WHERE name = ${name} AND holder = ${process}::uuid`
  return kept === 1
}

export const releaseLeases = (process: string, name?: string): Promise<unknown> =>
  db.store.updateMany({ where: { holder: process, ...(name && { name }) }, data: { holder: null } })

/** Records that stores have no more files: the one in `only`, or all except those in `but`. */
export const markLeft = (tx: Tx, stores: { readonly only: string } | { readonly but: readonly string[] }) =>
  tx.store.updateMany({
    where: {
      writtenAt: { not: null },
      leftAt: null,
      name: 'only' in stores ? stores.only : { notIn: [...stores.but] },
    },
    data: { leftAt: new Date() },
  })

export const isLeft = async (name: string) => (await db.store.findUnique({ where: { name } }))?.leftAt != null
