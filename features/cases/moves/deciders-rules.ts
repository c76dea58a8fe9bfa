import { decisionDue } from '../clocks/rules.ts'
import { ACTIVE_STATES } from '../record/state-rules.ts'
import { clockAfterConflict } from './shared-rules.ts'
import { BY_SYSTEM, type MoveSpec } from './spec-rules.ts'

/** It depends on the people there are, and not on the step that a case is at (features/cases/deciders/rules.ts). */
const WHILE_ACTIVE = {
  ...BY_SYSTEM,
  from: ACTIVE_STATES,
  to: null,
  whileHeld: true,
  whileWithdrawing: true,
} as const

/** Tells whether there is anybody who may decide the case. */
export const DECIDERS = {
  /** All who might decide have had a part that keeps them from it: everybody concerned is told, and no day is promised. */
  nobody_left: {
    ...WHILE_ACTIVE,
    refuse: (c) => (c.noDeciderAt === null ? null : 'wrong_state'),
    effect: (_, { now }) => ({ set: { noDeciderAt: now } }),
  },
  /** Somebody may decide it again: the clock begins anew. */
  decider_found: {
    ...WHILE_ACTIVE,
    refuse: (c) => (c.noDeciderAt === null ? 'wrong_state' : null),
    effect: (c, { now, holidays }) => ({
      set: {
        noDeciderAt: null,
        ...(c.held === null
          ? clockAfterConflict(c, { now, holidays })
          : c.state !== 'info_requested' && { dueAt: decisionDue(now, holidays) }),
      },
    }),
  },
} as const satisfies Record<string, MoveSpec>
