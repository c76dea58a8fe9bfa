import { decisionDue } from '../clocks/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { stateOf, statesThat } from '../record/state-rules.ts'
import { BY_SYSTEM, ELSEWHERE, type MoveSpec, NOTHING } from './spec-rules.ts'

export const OWNED = statesThat(({ owned }) => owned)

type Contested = Pick<CaseSnapshot, 'state' | 'objectedAt' | 'overturnedAt'>

/**
 * Checks whether the person who held the phone objects to its block, or had it lifted. Then the phone is not handed over to the
 * reporter.
 */
export const isContested = ({ state, objectedAt, overturnedAt }: Contested): boolean =>
  objectedAt !== null || (overturnedAt !== null && (state === 'unblocking' || state === 'unblocked'))

/**
 * Checks whether two people have agreed on a case; no found phone is handed over before that. A person whose block was lifted
 * earlier is still the owner, unless it was lifted for the phone's holder.
 */
export const mayCollect = (c: Contested): boolean =>
  !isContested(c) &&
  (c.state === 'unblocked' || (stateOf(c.state).owned && stateOf(c.state).block !== 'unapproved'))

export const FOUND = {
  /** Police have the phone; the person known as its owner is told where. */
  phone_found: {
    ...BY_SYSTEM,
    from: OWNED,
    to: null,
    textIsPublic: true,
    textInMail: true,
    refuse: (c) => (isContested(c) ? 'held' : null),
    effect: NOTHING,
    // A person who may not collect the phone yet is told to wait.
    tells: (c) => (mayCollect(c) ? null : 'phone_found_wait'),
  },
  /** The district that kept the phone handed it over; two people still decide on the unblock. */
  phone_returned: {
    ...ELSEWHERE,
    from: ['watching', 'blocking', 'blocked'],
    to: 'unblock_review',
    who: 'other_police',
    notBy: [],
    evidence: 'none',
    textIsPublic: true,
    refuse: null,
    effect: (_, { now, holidays }) => ({
      set: { unblockVerifiedById: null, unblockReason: 'recovered', dueAt: decisionDue(now, holidays) },
    }),
    asksUnblock: true,
    tells: (c) => (c.state === 'watching' ? 'phone_returned_watched' : null),
  },
} as const satisfies Record<string, MoveSpec>
