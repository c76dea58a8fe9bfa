import '#server-only'
import { keyedHash } from '#server/platform/crypto.ts'

export { keysOf } from '../repository/keys.ts'

/** The hash by which an API key is kept. */
export const carrierKeyHash = (apiKey: string): Uint8Array<ArrayBuffer> => keyedHash('carrier-key', apiKey)
