import '#server-only'
import { randomUUID } from 'node:crypto'
import type { AuditAct } from '#domain/audit/acts.ts'
import type { Instant } from '#domain/time.ts'
import type { Tx } from '#server/platform/db.ts'
import { enqueue } from '#server/platform/queue.ts'
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
