import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { db } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { databaseClient } from '#platform/writable-server.ts'
import type { Read } from './rules.ts'

/** Begins a snapshot with all cases visible, and with times and bytes in the format of the records. */
export const SNAPSHOT = [
  'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
  "SET LOCAL timezone = 'UTC'",
  "SET LOCAL bytea_output = 'hex'",
  "SELECT set_config('antam.scope', 'system', true)",
] as const

/** Runs `work` on one snapshot. It has its own connection, because it may take longer than the product's transactions may. */
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

export const findLastRun = () => db.dataAudit.findFirst({ orderBy: { startedAt: 'desc' } })
export const findLastWhole = () =>
  db.dataAudit.findFirst({ where: { whole: true, faults: 0 }, orderBy: { startedAt: 'desc' } })

/** Returns the last run; null before the first, or without the permission. */
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
