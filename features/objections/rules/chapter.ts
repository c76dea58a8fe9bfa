import type { hearingState } from '#features/disputes/rules.ts'
import type { ObjectionSnapshot, ObjectionState } from './state.ts'

type Chapter = ObjectionState | 'renewed' | 'finished' | 'kept' | 'reviewed' | 'blocked_again'

/** Returns how far an objection is, by its state and what happened last; events newest first. */
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

/** Returns the keys of headline and need: the next step depends on the earlier ones, and on what this browser may do. */
export function wordsOf(
  chapter: Chapter,
  hearing: ReturnType<typeof hearingState>,
  full: boolean,
  renewable: boolean,
) {
  const finally_ = full && !renewable
  // The form to answer with takes the secret.
  if (!full && (chapter === 'info_requested' || (chapter === 'reviewed' && hearing === 'open')))
    return { headline: chapter, need: `${chapter}_status` }
  if (chapter === 'reviewed')
    return { headline: chapter, need: hearing === 'open' ? chapter : `${chapter}_${hearing}` }
  if (chapter === 'refused' && finally_) return { headline: 'refused_finally', need: 'refused_finally' }
  if (chapter === 'blocked_again' && finally_) return { headline: chapter, need: 'blocked_again_finally' }
  return { headline: chapter, need: chapter }
}
