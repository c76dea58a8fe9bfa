import '#server-only'
import { keyedHash } from '#server/platform/crypto.ts'
import { carrierOfKeyHash, keysOf } from '../repository/keys.ts'

export { keysOf }

/** The hash by which an API key is kept. */
export const carrierKeyHash = (apiKey: string): Uint8Array<ArrayBuffer> => keyedHash('carrier-key', apiKey)

/** The carrier that shows this API key, or null when it is wrong or revoked. */
export const carrierOfKey = (apiKey: string): Promise<string | null> =>
  carrierOfKeyHash(carrierKeyHash(apiKey))
