import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { db, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { databaseClient } from '#platform/writable-server.ts'
import type { Read } from './rules.ts'

/** Any number that nothing else locks. */
const LOCK = 8_273_417

/** Waits for another process that begins at this moment. */
export const lockRecords = async (tx: Tx): Promise<void> =>
  void (await tx.$queryRaw`SELECT pg_advisory_xact_lock(${LOCK})::text`)

/** Tells whether this installation has written down what it began with. */
export const hasRecords = async (tx: Tx): Promise<boolean> =>
  (await tx.auditEntry.count({
    where: { act: 'reference.loaded', facts: { path: ['why'], equals: 'begun' } },
  })) > 0

/** Returns the accounts, and the carriers with keys, of which no entry says yet what they are. */
export async function listUnrecorded(tx: Tx) {
  const accounts = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM staff_accounts a WHERE NOT EXISTS (
      SELECT FROM audit_entries e WHERE e.subject_kind = 'account' AND e.subject_id = a.id::text AND e.facts ? 'record')
    ORDER BY 1`
  const carriers = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT carrier_id AS id FROM carrier_keys k WHERE NOT EXISTS (
      SELECT FROM audit_entries e WHERE e.subject_kind = 'carrier' AND e.subject_id = k.carrier_id AND e.facts ? 'record')
    ORDER BY 1`
  return { accounts: accounts.map(({ id }) => id), carriers: carriers.map(({ id }) => id) }
}

/** Begins a snapshot in which every case is to be seen, and times and bytes are written as records have them. */
export const SNAPSHOT = [
  'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
  "SET LOCAL timezone = 'UTC'",
  "SET LOCAL bytea_output = 'hex'",
  "SELECT set_config('antam.scope', 'system', true)",
] as const

/** Runs `work` over one snapshot, on a connection of its own: it may take longer than a transaction of the product. */
export async function inSnapshot<T>(work: (read: Read) => Promise<T>): Promise<T> {
  const client = databaseClient(env().DATABASE_URL)
  await client.connect()
  try {
    for (const statement of SNAPSHOT) await client.query(statement)
    return await work(
      async <Row extends object>(sql: string, given: readonly unknown[] = []) =>
        (await client.query<Row>(sql, [...given])).rows,
    )
  } finally {
    await client.end()
  }
}

/** Returns how much of the log is sealed, and the id up to which no entry comes later. */
export async function readSealed(read: Read): Promise<{ readonly size: bigint; readonly settledId: bigint }> {
  const [head] = await read<{ size: string; settledId: string }>(
    'SELECT size, settled_id AS "settledId" FROM audit_heads ORDER BY audit_heads.size DESC LIMIT 1',
  )
  return { size: BigInt(head?.size ?? 0), settledId: BigInt(head?.settledId ?? 0) }
}

export const findLastRun = () => db.dataAudit.findFirst({ orderBy: { startedAt: 'desc' } })

/** Returns when everything was last read and found as the log says. */
export const findLastWhole = () =>
  db.dataAudit.findFirst({ where: { whole: true, faults: 0 }, orderBy: { startedAt: 'desc' } })

export type NewRun = Parameters<typeof db.dataAudit.create>[0]['data']
export const insertRun = async (data: NewRun): Promise<void> =>
  void (await db.dataAudit.create({ data, select: { id: true } }))

/** Returns the last run for a person who reads the log; null before the first, and for others. */
export async function readLastRun(actor: StaffActor) {
  if (!may(actor.role, 'audit:read')) return null
  const run = await findLastRun()
  return (
    run && {
      ...run,
      held: run.held as unknown as readonly { readonly name: string; readonly count: number }[],
    }
  )
}
