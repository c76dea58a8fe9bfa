import '#server-only'
import { type CarrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { keyedHash } from '#platform/crypto.ts'
import { type KeyRow, keysOf } from '../repository/keys.ts'

/** Returns the hash by which an API key is kept. */
export const carrierKeyHash = (apiKey: string): Uint8Array<ArrayBuffer> => keyedHash('carrier-key', apiKey)

/** Returns a carrier's keys, live ones first; none outside the scope. */
export const carrierKeys = async (scope: CarrierScope, carrierId: string): Promise<KeyRow[]> =>
  reachesCarrier(scope, carrierId) ? keysOf(carrierId) : []
