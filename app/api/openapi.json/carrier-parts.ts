import { LIMITS } from '#domain/exchange/interface.ts'
import { parameter } from './parts.ts'

// The pieces that the descriptions of the carrier interface share.

export const bearer = { tags: ['carrier'], security: [{ carrierKey: [] }] }
export const sequence = { type: 'integer', minimum: 0 }
export const sha256 = { type: 'string', pattern: '^[0-9a-f]{64}$' }
export const time = { type: 'string', format: 'date-time' }

/** In every example. */
export const IMEI = '356789101234563'

/** How a growing sequence is read. */
export const readingOn = [
  parameter('query', 'after', 'the last sequence you have', { ...sequence, default: 0 }),
  parameter('query', 'limit', 'the most to answer', {
    type: 'integer',
    minimum: 1,
    maximum: LIMITS.changes.max,
    default: LIMITS.changes.default,
  }),
  parameter('query', 'wait', 'seconds to wait when there is none', {
    type: 'integer',
    minimum: 0,
    maximum: LIMITS.waitSeconds,
    default: 0,
  }),
]
