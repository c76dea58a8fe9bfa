import { type Holidays, workingDaysAfter } from '#features/cases/clocks/rules.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { stateOf } from '#features/cases/record/state-rules.ts'
import type { Instant } from '#lib/time.ts'

// In a dispute two citizens oppose each other, and both are heard before police decide (ADR 112). The kinds of dispute: a
// conflict of two proven claims, an objection to a block, and the review of a block that was lifted for its holder.

/** One side's hearing: of a case in a conflict, or of an objection in a review. */
export interface Hearing {
  /** Until when police wait for its answer; null outside a dispute, or in one from before sides were heard. */
  readonly hearingUntil: Instant | null
  /** When it last answered; null again once police have asked something more. */
  readonly answeredAt: Instant | null
}

/** Returns until when police wait for a side that is told or asked now; null if the city gives no time. */
export const hearingEnd = (asked: Instant, days: number, holidays: Holidays): Instant | null =>
  days === 0 ? null : workingDaysAfter(asked, days, holidays)

export const isHeard = ({ hearingUntil, answeredAt }: Hearing, now: Instant): boolean =>
  answeredAt !== null || hearingUntil === null || hearingUntil <= now

/** Returns the state of a side's hearing, for its own page; `none`: police wait for no answer. */
export function hearingState(side: Hearing, now: Instant): 'none' | 'open' | 'answered' | 'over' {
  if (side.answeredAt !== null) return 'answered'
  if (side.hearingUntil === null) return 'none'
  return isHeard(side, now) ? 'over' : 'open'
}

/**
 * Returns whether a block that was lifted for the phone's holder is being reviewed. Nothing is blocked until the holder was heard
 * and two people have decided.
 */
export const isReviewed = (
  c: Pick<CaseSnapshot, 'state' | 'overturnedAt' | 'reviewAskedAt' | 'approvedAt'>,
): boolean =>
  c.overturnedAt !== null &&
  c.reviewAskedAt !== null &&
  c.reviewAskedAt > c.overturnedAt &&
  c.approvedAt === null &&
  ['undecided', 'unapproved'].includes(stateOf(c.state).block)
