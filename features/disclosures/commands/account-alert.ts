import '#server-only'
import type { AuditAct } from '#features/audit/rules/acts.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { countAuditors, insertAlert } from '../repository/lookups.ts'
import { mailAlert } from './alert-mail.ts'

interface AccountAct {
  /** The account that did it. */
  readonly by: string
  readonly act: AuditAct
  /** The account it was done to, where there is one by then. */
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

/** Tells whether an auditor is there to be told. Without one nothing is done that takes two people (ADR 103). */
export const hasAuditor = async (tx: Tx): Promise<boolean> => (await countAuditors(tx)) > 0

/**
 * Tells whether an account is the last active auditor's. Two such questions at once are answered one after the other, so that
 * two auditors cannot both go as the last but one.
 */
export async function isLastAuditor(tx: Tx, { id, role }: { id: string; role: StaffRole }): Promise<boolean> {
  if (role !== 'auditor') return false
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('auditors'))`
  return (await countAuditors(tx, id)) === 0
}
