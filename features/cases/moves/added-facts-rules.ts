import { UNDECIDED } from './shared-rules.ts'
import { BY_CITIZEN, type MoveSpec, NOTHING } from './spec-rules.ts'

export const FACTS = {
  add_facts: {
    ...BY_CITIZEN,
    from: UNDECIDED,
    to: null,
    refuse: null,
    effect: NOTHING,
    form: { act: 'case', look: 'quiet', place: 'after', message: null, files: true, asksForFacts: true },
  },
} as const satisfies Record<string, MoveSpec>
