import '#server-only'
import { confirmedOf } from '#features/approvals/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { type CarrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { keyedHash } from '#platform/crypto.ts'
import { callsSince, type KeyRow, keysOf } from '../repository/keys.ts'
import { wayStanding } from '../repository/way-change.ts'
import { subjectOf } from '../rules/approvals.ts'
import type { WayStanding } from '../rules/way-change.ts'

/** Returns the hash by which an API key is kept. */
export const carrierKeyHash = (apiKey: string): Uint8Array<ArrayBuffer> => keyedHash('carrier-key', apiKey)

/** Returns a carrier's keys, live ones first; none outside the scope. */
export const carrierKeys = async (scope: CarrierScope, carrierId: string): Promise<KeyRow[]> =>
  reachesCarrier(scope, carrierId) ? keysOf(carrierId) : []

/** Describes what ends with a key, for the person who may revoke it. */
export interface KeyEnd {
  readonly key: KeyRow
  /** The carrier's other live keys, with how often each was shown in the last hour. */
  readonly others: readonly (KeyRow & { readonly calls: number })[]
  /** How often this key was shown in the last hour. */
  readonly calls: number
  readonly standing: WayStanding
}

/** Returns what ends with a live key of a carrier; null for any other, and outside the scope. */
export async function keyEnd(
  scope: CarrierScope,
  carrierId: string,
  keyId: string,
  now: Instant,
): Promise<KeyEnd | null> {
  if (!reachesCarrier(scope, carrierId)) return null
  const [keys, calls, standing] = await Promise.all([
    keysOf(carrierId),
    callsSince(carrierId, addMilliseconds(now, -HOUR)),
    wayStanding(carrierId),
  ])
  const live = keys.filter(({ revokedAt }) => revokedAt === null)
  const key = live.find(({ id }) => id === keyId)
  const counted = (id: string) => calls.get(id) ?? 0
  return key
    ? {
        key,
        calls: counted(keyId),
        others: live.filter((one) => one !== key).map((one) => ({ ...one, calls: counted(one.id) })),
        standing,
      }
    : null
}

/** Returns the confirmed requests of a person for a key of a carrier that was not taken yet. */
export async function keysToTake(actor: StaffActor, carrierId: string, now: Instant): Promise<string[]> {
  const confirmed = await confirmedOf(actor, 'carrier.key', subjectOf('carrier.key', carrierId), now)
  const made = confirmed.length === 0 ? [] : (await keysOf(carrierId)).map(({ id }) => id)
  return confirmed.filter((id) => !made.includes(id))
}
