import type { Instant } from '#lib/time.ts'

/** Checks whether a block of a case's phone, permanent or temporary, ever went out: before that no carrier can have seen it. */
export const wasBlocked = (c: {
  readonly approvedAt: Instant | null
  readonly holdConfirmedById: string | null
  readonly holdUntil: Instant | null
}): boolean => (c.approvedAt ?? c.holdConfirmedById ?? c.holdUntil) !== null
