import '#server-only'
import { db, sql, type Tx } from '#platform/db.ts'

interface Lease {
  readonly token: string | null
  readonly held: boolean
  readonly mine: boolean
  readonly idleSeconds: number | null
}

/** A lease that was not renewed for so long is over: three times what its holder lets pass. */
const HELD = sql`holder IS NOT NULL AND held_at > now() - interval '45 seconds'`

export async function readLease(name: string, process: string): Promise<Lease> {
  const [row] = await db.$queryRaw<Lease[]>`
    SELECT token, coalesce(${HELD}, false) AS held, coalesce(holder = ${process}::uuid, false) AS mine,
      extract(epoch FROM now() - held_at)::float8 AS "idleSeconds"
    FROM stores WHERE name = ${name}`
  return row ?? { token: null, held: false, mine: false, idleSeconds: null }
}

/** Gives a process the lease of a store that has no holder or whose lease is over; false where another has it. */
export async function takeStoreLease(name: string, process: string): Promise<boolean> {
  const taken = await db.$executeRaw`
    INSERT INTO stores (name, holder, held_at) VALUES (${name}, ${process}::uuid, now())
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_at = excluded.held_at
      WHERE NOT coalesce(stores.holder IS NOT NULL AND stores.held_at > now() - interval '45 seconds', false)`
  return taken === 1
}

/** Renews a process's lease, and says which token is in the store by now; false where it has none. */
export async function renewLease(name: string, process: string, token: string | null): Promise<boolean> {
  const kept = await db.$executeRaw`
    UPDATE stores SET held_at = now(), token = coalesce(${token}, token)
    WHERE name = ${name} AND holder = ${process}::uuid`
  return kept === 1
}

export const releaseLeases = (process: string, name?: string): Promise<unknown> =>
  db.store.updateMany({ where: { holder: process, ...(name && { name }) }, data: { holder: null } })

/** Notes of stores, of all but some where only those are named, that no file lies in them any more. */
export const markLeft = (tx: Tx, stores: { readonly only: string } | { readonly but: readonly string[] }) =>
  tx.store.updateMany({
    where: {
      writtenAt: { not: null },
      leftAt: null,
      name: 'only' in stores ? stores.only : { notIn: [...stores.but] },
    },
    data: { leftAt: new Date() },
  })

export const isLeft = async (name: string): Promise<boolean> =>
  (await db.store.findUnique({ where: { name } }))?.leftAt != null
