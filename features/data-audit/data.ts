import '#server-only'
import type { Tx } from '#platform/db.ts'

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
