import type { AuditAct } from '#features/audit/rules/acts.ts'
import type { Permission } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'

/** An account, and the moment from which it may decide. */
export interface Waiting {
  readonly decidesFrom: Instant
}

/** Tells whether an account is in its waiting period: it was made, reset or changed a short time ago, and only reads. */
export const isWaiting = ({ decidesFrom }: Waiting, now: Instant): boolean => decidesFrom > now

/** The permissions in an account's waiting period: these only read. An act without one is about the own account. */
const READING: readonly Permission[] = [
  'case:read',
  'case:disclose',
  'order:read',
  'audit:read',
  'alert:acknowledge',
  'message:read',
  'survey:read',
  'voice:read',
  'imei:check_list',
]

/** Tells whether an act that asks for `permission` is refused now because the account is in its waiting period. */
export const isRefusedWhileWaiting = (
  account: Waiting,
  permission: Permission | undefined,
  now: Instant,
): boolean => permission !== undefined && !READING.includes(permission) && isWaiting(account, now)

/**
 * Acts that the audit log takes from an account in its waiting period. The database refuses every other one, but for those
 * on the own account and session (the function refuse_while_waiting).
 */
export const ACTS_WHILE_WAITING: readonly AuditAct[] = [
  'case.open',
  'case.search',
  'case.disclose',
  'objection.open',
  'objection.disclose',
  'evidence.open_original',
  'evidence.turn',
  'check.list',
  // Done by a job, for a file that was confirmed before.
  'case.import',
  'alert.acknowledge',
  'audit.take_proof',
  'audit.take_story',
]
