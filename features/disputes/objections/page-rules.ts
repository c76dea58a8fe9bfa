import { type LastBox, onceUntil, remediesAtLaw } from '#features/cases/remedies/last-box-rules.ts'
import type { RemedyLaws } from '#features/cases/remedies/rules.ts'
import { deciderOf } from '#features/cases/timeline/rules.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import type { hearingState } from '../sides/rules.ts'
import { renewUntil } from './moves-rules.ts'
import type { ObjectionSnapshot, ObjectionState } from './rules.ts'

type Chapter = ObjectionState | 'renewed' | 'finished' | 'kept' | 'reviewed' | 'blocked_again'

/** Returns the chapter of an objection, from its state and its last event; events newest first. */
export function chapterOf(
  o: Pick<ObjectionSnapshot, 'state' | 'hearingUntil' | 'renewedAt'>,
  events: readonly { readonly move: string }[],
): Chapter {
  const last = events.find(({ move }) => ['finish', 'keep', 'refuse', 'block_again'].includes(move))?.move
  switch (o.state) {
    case 'granted':
      if (o.hearingUntil !== null) return 'reviewed'
      return last === 'keep' ? 'kept' : last === 'finish' ? 'finished' : 'granted'
    case 'refused':
      return last === 'block_again' ? 'blocked_again' : 'refused'
    case 'open':
      return o.renewedAt === null ? 'open' : 'renewed'
    default:
      return o.state
  }
}

/** Returns the message keys of the headline and the next step. They depend on the earlier steps and on this browser's access. */
export function objectionWords(
  chapter: Chapter,
  hearing: ReturnType<typeof hearingState>,
  full: boolean,
  renewable: boolean,
) {
  const finally_ = full && !renewable
  // The form for the answer needs the secret.
  if (!full && (chapter === 'info_requested' || (chapter === 'reviewed' && hearing === 'open')))
    return { headline: chapter, need: `${chapter}_status` }
  if (chapter === 'reviewed')
    return { headline: chapter, need: hearing === 'open' ? chapter : `${chapter}_${hearing}` }
  if (chapter === 'refused' && finally_) return { headline: 'refused_finally', need: 'refused_finally' }
  if (chapter === 'blocked_again' && finally_) return { headline: chapter, need: 'blocked_again_finally' }
  return { headline: chapter, need: chapter }
}

interface Ended {
  readonly move: string
  readonly at: Instant
  readonly actorKind: string
  readonly actorRole: StaffRole | null
  readonly actorUnitId: string | null
  readonly reasonCode: string | null
}

/**
 * Returns the unit to name in an objection's box: `withheld`, or null for city police. A district's name would tell the holder
 * where the phone was reported, so a complaint to its head goes through city police.
 */
export const unitForHolder = (box: LastBox): 'withheld' | null => (box.unitId === null ? null : 'withheld')

const ENDS = {
  refuse: 'objection_refused',
  block_again: 'objection_reversed',
  expire: 'objection_expired',
} as const
const isEnd = (move: string): move is keyof typeof ENDS => Object.hasOwn(ENDS, move)

/** Returns the box of the event that ended an objection, if it is still ended; for its page and export. Events newest first. */
export function holderBox(
  o: ObjectionSnapshot,
  events: readonly Ended[],
  laws: RemedyLaws,
  now: Instant,
): LastBox | null {
  const ended = o.state === 'refused' || o.state === 'expired' ? events.find(({ move }) => isEnd(move)) : null
  return ended ? objectionBox(o, ended, laws, now) : null
}

/** Returns the box of an objection that was refused, expired or reversed by a review; null for any other event. */
export function objectionBox(
  o: Pick<ObjectionSnapshot, 'renewedAt' | 'unitId'>,
  event: Ended,
  laws: RemedyLaws,
  now: Instant,
): LastBox | null {
  const { move, at, reasonCode } = event
  if (!isEnd(move)) return null
  const { by } = deciderOf(event)
  return {
    act: ENDS[move],
    at,
    // City police decide a renewed look. An expiry has no actor's unit, so it counts as the objection's unit's.
    unitId: by === 'city' || o.renewedAt !== null ? null : (event.actorUnitId ?? o.unitId),
    ground: reasonCode,
    own:
      move === 'expire'
        ? { kind: 'new_objection' }
        : onceUntil('renewal', { used: o.renewedAt !== null, until: renewUntil(at), now }),
    ...remediesAtLaw(at, laws, now),
  }
}
