import '#server-only'
import { type CarrierScope, reachesCarrier } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { healthRows } from '../repository/health.ts'
import { type Health, type HealthSpan, healthOf, spanStart } from '../rules/health.ts'

/** Returns how a carrier has answered and kept in contact, day by day; null outside the scope. */
export async function carrierHealth(
  scope: CarrierScope,
  carrierId: string,
  span: HealthSpan,
  now: Instant,
): Promise<Health | null> {
  if (!reachesCarrier(scope, carrierId)) return null
  return healthOf(span, now, await healthRows(carrierId, spanStart(span, now)))
}
