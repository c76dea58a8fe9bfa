import type { Instant } from '#lib/time.ts'

/** Tells whether a block of a case's phone ever went out, for good or for a time: before that no carrier can have seen it. */
export const wasBlocked = (c: {
  readonly approvedAt: Instant | null
  readonly holdConfirmedById: string | null
  readonly holdUntil: Instant | null
}): boolean => (c.approvedAt ?? c.holdConfirmedById ?? c.holdUntil) !== null
