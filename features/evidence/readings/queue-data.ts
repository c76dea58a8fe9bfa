import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import { db, rawQuery, type Tx } from '#platform/db.ts'

/** The greatest priority of a file; others wait at 0 and below. */
const TAKEN = 1
/** A source is counted up to this number: who has more waiting stands behind all who have fewer, and that is enough. */
const COUNTED = 200

const WAITING = Prisma.sql`j.name = 'proof-read' AND j.state < 'active'`

/** Returns the hashes of a case's contact, in hexadecimal digits. */
export async function contactHashes(tx: Tx, caseId: string): Promise<string[]> {
  const rows = await rawQuery<{ hash: string }>(
    tx,
    Prisma.sql`SELECT encode(hash, 'hex') AS hash FROM blind_index
      WHERE case_id = ${caseId}::uuid AND kind = 'contact'`,
  )
  return rows.map(({ hash }) => hash)
}

/** Counts the files that wait from the one of these sources that has most of them. */
export async function waitingFrom(tx: Tx, sources: readonly string[]): Promise<number> {
  if (sources.length === 0) return 0
  const [row] = await rawQuery<{ most: number }>(
    tx,
    Prisma.sql`SELECT coalesce(max(files), 0)::int AS most FROM (VALUES ${Prisma.join(sources.map((one) => Prisma.sql`(${one})`))}) AS s (source),
      LATERAL (SELECT count(*) AS files FROM (SELECT FROM pgboss.job j
        WHERE ${WAITING} AND j.data->'from' ? source LIMIT ${COUNTED}) waiting) counted`,
  )
  return row?.most ?? 0
}

/** Puts the files of cases that somebody has taken before all others that wait. */
export async function putTakenFirst(): Promise<void> {
  await db.$executeRaw`UPDATE pgboss.job j SET priority = ${TAKEN}
    FROM evidence e JOIN cases c ON c.id = e.case_id
    WHERE ${WAITING} AND j.priority < ${TAKEN} AND e.id = (j.data->>'id')::uuid AND c.assignee_id IS NOT NULL`
}

/** Returns those of these files that a job waits for, or is reading. */
export async function queuedAmong(ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await rawQuery<{ id: string }>(
    db,
    Prisma.sql`SELECT j.data->>'id' AS id FROM pgboss.job j
      WHERE j.name = 'proof-read' AND j.state < 'completed' AND j.data->>'id' = ANY(${[...ids]})`,
  )
  return new Set(rows.map(({ id }) => id))
}
