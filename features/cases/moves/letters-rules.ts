import { CASE_STATES } from '../record/state-rules.ts'
import { ELSEWHERE, type MoveSpec } from './spec-rules.ts'

export const LETTERS = {
  serve_letter: {
    ...ELSEWHERE,
    from: CASE_STATES,
    to: null,
    who: 'police',
    notBy: [],
    evidence: 'none',
    textIsPublic: true,
    whileHeld: true,
    whileWithdrawing: true,
    refuse: (_, { reasonCode, text }) => (reasonCode === 'refused' && !text?.trim() ? 'text_missing' : null),
    effect: (_, { letter, now }) => ({
      set: {
        unheardSeq: letter?.stillUnheard ?? null,
        // The time to appeal begins with this letter if nothing told of the rejection before.
        ...(letter?.tellsOfRejection && { heardAt: now }),
      },
    }),
  },
} as const satisfies Record<string, MoveSpec>
