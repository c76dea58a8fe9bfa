import '#server-only'
import type { AuditAct } from '#features/audit/entries/names-rules.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { auditors, insertAlert } from './data.ts'
import { mailAlert } from './mail-acts.ts'

interface AccountAct {
  readonly by: string
  readonly act: AuditAct
  readonly accountId: string | null
  /** That account before the change: an auditor who was dismissed, or has another address, is told at the old one. */
  readonly before?: { readonly role: StaffRole; readonly email: string; readonly active: boolean } | null
}

/**
 * Raises an alert about what was done to a staff account. It is mailed to the auditors of before and after the change, and
 * to `ALERT_MAIL`.
 */
export async function alertAuditors(
  tx: Tx,
  { by, act, accountId, before = null }: AccountAct,
  now: Instant,
): Promise<void> {
  const alertId = await insertAlert(tx, by, { count: 1, since: now, act, subjectId: accountId }, now)
  await mailAlert(tx, alertId, before?.role === 'auditor' && before.active ? [before.email] : [])
}

/** Tells whether an auditor is there to be told. Without one nothing that auditors are told of is asked for or confirmed (ADR 103). */
export const hasAuditor = async (tx: Tx): Promise<boolean> => (await auditors(tx)).length > 0

export const accountBefore = (tx: Tx, id: string): Promise<AccountAct['before']> =>
  tx.staffAccount.findUnique({ where: { id }, select: { role: true, email: true, active: true } })
