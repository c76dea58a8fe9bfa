import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { inScope } from '#platform/scope.ts'
import { decisionSpeeds } from './data.ts'
import { type DecisionSpeed, SPEED_DAYS } from './rules.ts'

/**
 * Returns how many decisions of the last 30 days came sooner than 30 seconds after their maker had opened the evidence:
 * of their own unit to those who may approve, of every unit to city police and auditors; null for others.
 */
export async function quickDecisions(
  reader: StaffActor,
  now: Instant,
): Promise<readonly DecisionSpeed[] | null> {
  const all = may(reader.role, 'case:resolve_conflict') || may(reader.role, 'audit:read')
  const unit = all ? 'all' : may(reader.role, 'case:approve') ? reader.unitId : null
  if (unit === null) return null
  // The rows hold no personal data; the unit is the reader's own, or theirs is the whole city.
  return inScope(systemScope(), () => decisionSpeeds(unit, addMilliseconds(now, -SPEED_DAYS * DAY)))
}
