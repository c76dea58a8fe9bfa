import '#server-only'
import { randomUUID } from 'node:crypto'
import type { AuditAct } from '#features/audit/rules/acts.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { auditors, insertAlert } from '../repository/lookups.ts'

/**
 * Raises an alert about what was done to an account that can lead to a block, and mails every auditor.
 *
 * @param by the account that did it
 * @param accountId the account it was done to, where there is one by then
 */
export async function alertAuditors(
  tx: Tx,
  { by, act, accountId }: { readonly by: string; readonly act: AuditAct; readonly accountId: string | null },
  now: Instant,
): Promise<void> {
  const alertId = await insertAlert(tx, by, { count: 1, since: now, act, subjectId: accountId }, now)
  for (const { id } of await auditors(tx))
    await enqueue(tx, 'lookup-alert', { alertId, accountId: id, mailId: randomUUID() })
}
