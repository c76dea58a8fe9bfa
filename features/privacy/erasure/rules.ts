import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { OVER_STATES } from '#features/cases/record/state-rules.ts'
import { addMilliseconds, type Instant, MINUTE, UTC_OFFSET_MINUTES } from '#lib/time.ts'

/** Retention times. Each is a setting; docs/operations/retention.md has the table. */
export interface Retention {
  readonly draftDays: number
  readonly evidenceRejectedDays: number
  readonly evidenceClosedDays: number
  readonly caseMonths: number
  readonly suggestionMonths: number
  readonly commentMonths: number
  readonly foundMonths: number
  /** For the data of a citizen's sign-in, counted from the last one. */
  readonly identityMonths: number
  readonly objectionMonths: number
  readonly reconciliationDays: number
  /**
   * For the server's log, which the operator deletes. The product also deletes its records of carriers' calls and of pushes
   * after this time.
   */
  readonly logDays: number
  /**
   * For the backups, which the operator deletes. The product also keeps removed files for this time, and repeats erasures for
   * twice this time.
   */
  readonly backupDays: number
  readonly correctionDays: number
  readonly erasureDays: number
  /** By how many days an answer may be extended, once, with a reason that the person reads. */
  readonly extensionDays: number
}

export type KeptBecause = 'erased' | 'legal_hold' | 'conflict' | 'not_over' | 'order_in_force'

export interface Ties {
  readonly legalHold: boolean
  /** A carrier has, or may still have, the phone blocked: a block is in force or an unblock is not finished. */
  readonly orderInForce: boolean
}

export function keptBecause(
  c: Pick<CaseSnapshot, 'state' | 'held' | 'erasedAt'>,
  ties: Ties,
): KeptBecause | null {
  if (c.erasedAt !== null) return 'erased'
  if (ties.legalHold) return 'legal_hold'
  if (c.held !== null) return 'conflict'
  if (!OVER_STATES.includes(c.state)) return 'not_over'
  return ties.orderInForce ? 'order_in_force' : null
}

export const caseCutOff = (kept: Retention, now: Instant): Instant => monthsBefore(now, kept.caseMonths)

/** Returns the same local day of an earlier month, or that month's last day if it is shorter. */
export function monthsBefore(now: Instant, months: number): Instant {
  const local = addMilliseconds(now, UTC_OFFSET_MINUTES * MINUTE)
  const day = local.getUTCDate()
  local.setUTCDate(1)
  local.setUTCMonth(local.getUTCMonth() - months)
  const last = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 0)).getUTCDate()
  local.setUTCDate(Math.min(day, last))
  return addMilliseconds(local, -UTC_OFFSET_MINUTES * MINUTE)
}
