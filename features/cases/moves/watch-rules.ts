import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { carrierDue } from '../clocks/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import type { CaseState } from '../record/state-rules.ts'
import type { Move } from './rules.ts'
import { UNDECIDED } from './shared-rules.ts'
import { BY_CITIZEN, BY_SYSTEM, ELSEWHERE, fork, type MoveSpec, NOTHING, type Telling } from './spec-rules.ts'
import type { CaseChanges, Effect, MoveFacts } from './transition-rules.ts'

export const WATCH_DAYS = 14

/**
 * Checks whether the approval of a case lets carriers watch its phone first: its person wants it, the city allows it, the
 * case is not held, and nothing has the phone blocked already.
 */
export const watchesFirst = (c: CaseSnapshot, { mayWatch, blockedElsewhere }: MoveFacts): boolean =>
  c.watchAskedAt !== null &&
  mayWatch !== false &&
  blockedElsewhere !== true &&
  c.holdUntil === null &&
  c.held === null

/** Returns the effect of an approval that starts a watch: the phone stays in service and is named only to carriers. */
export function watch(c: CaseSnapshot, now: Instant, also: CaseChanges): Effect {
  const expiresAt = addMilliseconds(now, WATCH_DAYS * DAY)
  return {
    set: { ...also, watchUntil: expiresAt, dueAt: expiresAt },
    orders: { action: 'watch', reason: c.incidentType, expiresAt },
  }
}

/** Returns the effect of a watch's end: the approved block goes to every carrier. */
const blockWatched = (c: CaseSnapshot, now: Instant): Effect => ({
  set: { watchUntil: null, watchAskedAt: null, dueAt: carrierDue(now) },
  listed: true,
  orders: { action: 'block', reason: c.incidentType },
})

/**
 * Refuses to end the watch of an IMEI that a carrier saw in several phones: city police decide first. A conflict prolongs no
 * watch: the watch's time limit and the person's choice to block at once are promises, and the block was approved before.
 */
const sharedOf = (c: CaseSnapshot) => (c.held === 'shared_imei' ? 'held' : null)

const WISHED = [...UNDECIDED, 'verified'] as const
const FORM = { act: 'case', look: 'quiet', place: 'aside', message: null, files: false } as const

/** The common part of police's notes on a phone that a carrier has seen; the case itself does not change. */
const SEEN = {
  ...ELSEWHERE,
  from: ['watching', 'blocking', 'blocked'],
  to: null,
  who: 'police',
  notBy: [],
  evidence: 'none',
  refuse: null,
  effect: NOTHING,
} as const satisfies MoveSpec

export const WATCH = {
  watch: {
    ...BY_CITIZEN,
    from: WISHED,
    to: null,
    needs: ['mayWatch'],
    refuse: (c, { mayWatch }) =>
      mayWatch === false || c.watchAskedAt !== null || c.holdUntil !== null ? 'wrong_state' : null,
    effect: (_, { now }) => ({ set: { watchAskedAt: now } }),
    form: { ...FORM, folded: () => true },
  },
  /** Takes the wish back; while carriers watch, the phone is blocked at once. */
  block: {
    ...BY_CITIZEN,
    from: [...WISHED, 'watching'],
    to: fork(['blocking', null], (c) => (c.state === 'watching' ? 'blocking' : null)),
    whileHeld: true,
    refuse: (c) => (c.watchAskedAt === null ? 'wrong_state' : sharedOf(c)),
    effect: (c, { now }) => (c.state === 'watching' ? blockWatched(c, now) : { set: { watchAskedAt: null } }),
    endsWatch: true,
    sending: 'block',
    form: { ...FORM, look: 'primary', place: 'main', folded: (c) => c.state !== 'watching' },
  },
  /** Police end it before its time. Two people have approved the block already. */
  stop_watch: {
    from: ['watching'],
    to: 'blocking',
    who: 'police',
    notBy: [],
    evidence: 'none',
    text: true,
    readyReasons: ['seen_enough', 'danger'],
    whileHeld: true,
    refuse: sharedOf,
    effect: (c, { now }) => blockWatched(c, now),
    endsWatch: true,
    sending: 'block',
    form: {
      decision: 'stop_watch',
      goes: 'forward',
      key: 'v',
      stepUp: 'block',
      needsSeal: true,
      on: 'case',
    },
  },
  /** Police have looked at a sighting and call nobody now (features/recovery). */
  note_look: { ...SEEN, whileHeld: true },
  /** Police have a carrier ask the holder of a sighted phone to hand it in. */
  call_holder: SEEN,
  end_watch: {
    ...BY_SYSTEM,
    from: ['watching'],
    to: 'blocking',
    whileHeld: true,
    refuse: (c, { now }) => (c.watchUntil === null || c.watchUntil > now ? 'wrong_state' : sharedOf(c)),
    effect: (c, { now }) => blockWatched(c, now),
    endsWatch: true,
    sending: 'block',
  },
} as const satisfies Record<string, MoveSpec>

/** The messages about a watch, its end, or a sighting of the phone. */
const OF_A_WATCH: readonly string[] = [
  'watch',
  'approve_watch',
  'note_look',
  'call_holder',
  'block',
  'stop_watch',
  'end_watch',
  'request_unblock_watched',
  'undo_unblock_watched',
  'refuse_unblock_watched',
  'verify_unblock_watched',
  'approve_unblock_watched',
  'carriers_lifted_watched',
  'phone_returned_watched',
] satisfies (keyof typeof WATCH | Telling)[]

/** The messages about acts that another person may have done in the name of the case's person, watched or blocked. */
const ALARMS: readonly string[] = [
  'watch',
  'block',
  'request_unblock',
  'request_unblock_watched',
  'undo_unblock',
  'undo_unblock_watched',
  'verify_unblock',
  'verify_unblock_watched',
] satisfies (Move | Telling)[]

/** The messages about police who are late. In `unblock_review` they say that the phone is approved and may be watched. */
const OF_LATENESS: readonly string[] = ['late', 'late_answered']

/** The states in which a phone may be watched, and is not surely blocked. */
const UNSURE: readonly CaseState[] = ['watching', 'blocking', 'unblock_review']

/**
 * Returns what a number that was in the lost phone is sent instead of a message. The thief may read it and must not learn of a
 * watch, neither from the words nor because they differ from the words for a block. An alarm names no act. If another contact is
 * told (not `alone`), this number hears nothing of a watch. Otherwise each change to a state in which the phone may be watched is
 * only `news`.
 */
export function saidToLostNumber(
  template: string,
  {
    to,
    alone,
    mayWatch,
    urgent,
  }: {
    readonly to: CaseState
    readonly alone: boolean
    readonly mayWatch: boolean
    readonly urgent: boolean
  },
): 'changed' | 'news' | 'nothing' | 'all' {
  const ofAWatch = OF_A_WATCH.includes(template)
  if (!ofAWatch && !mayWatch) return 'all'
  if (ALARMS.includes(template)) return 'changed'
  if (ofAWatch || (to === 'unblock_review' && OF_LATENESS.includes(template)))
    return alone ? 'news' : 'nothing'
  return alone && !urgent && UNSURE.includes(to) ? 'news' : 'all'
}
