import '#server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { confirmedOf } from '#features/approvals/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { type CarrierScope, carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import { cameThrough, deliveryRow } from '../repository/delivery.ts'
import { secretsAmong } from '../repository/secrets.ts'
import { wayStanding } from '../repository/way-change.ts'
import { subjectOf } from '../rules/approvals.ts'
import type { WayStanding } from '../rules/way-change.ts'
import type { Delivery } from '../rules/ways.ts'

/**
 * Returns how the lines of its book reach a carrier, and how that goes; null outside the scope and for no such carrier.
 */
export const deliveryOf = async (scope: CarrierScope, carrierId: string): Promise<Delivery | null> =>
  reachesCarrier(scope, carrierId) ? deliveryRow(carrierId) : null

/**
 * Returns the lines and letters under way to a carrier, for a person who is about to change the way; null outside the
 * scope.
 */
export const underWayTo = async (scope: CarrierScope, carrierId: string): Promise<WayStanding | null> =>
  reachesCarrier(scope, carrierId) ? wayStanding(carrierId) : null

/** Milliseconds that the next page waits for the result of a test: most receivers answer within it. */
const WAIT_MS = 6_000
const LOOK_MS = 250

/**
 * Waits a while, holding no connection, for a test message that was asked for at `asked`, and returns what came of it.
 */
export async function outcomeOfTest(
  actor: StaffActor,
  carrierId: string,
  messageId: string,
  asked: Instant,
  waitMs = WAIT_MS,
): Promise<'received' | 'failed' | 'under_way'> {
  const scope = carrierScope(actor)
  if (!scope || !reachesCarrier(scope, carrierId)) return 'under_way'
  // A form that is sent twice may have its answer before it is sent the second time.
  const since = addMilliseconds(asked, -MINUTE)
  const until = performance.now() + waitMs
  for (;;) {
    const through = await cameThrough(carrierId, messageId, since)
    if (through !== null) return through ? 'received' : 'failed'
    if (performance.now() >= until) return 'under_way'
    await sleep(LOOK_MS)
  }
}

/** Returns the confirmed requests of a person for a signing secret of a carrier that was not taken yet. */
export async function secretsToTake(actor: StaffActor, carrierId: string, now: Instant): Promise<string[]> {
  const confirmed = await confirmedOf(actor, 'carrier.secret', subjectOf('carrier.secret', carrierId), now)
  const made = await secretsAmong(confirmed)
  return confirmed.filter((id) => !made.includes(id))
}
