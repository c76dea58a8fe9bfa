import { decisionDue } from '../clocks/rules.ts'
import { ACTIVE_STATES } from '../record/state-rules.ts'
import { clockAfterConflict } from './shared-rules.ts'
import { BY_SYSTEM, type MoveSpec } from './spec-rules.ts'

/** Depends on which people exist, not on the case's step (features/cases/deciders/rules.ts). */
const WHILE_ACTIVE = {
  ...BY_SYSTEM,
  from: ACTIVE_STATES,
  to: null,
  whileHeld: true,
  whileWithdrawing: true,
} as const

export const DECIDERS = {
  /** Everybody who could decide has had a part that excludes them. All people concerned are told, and no day is promised. */
  nobody_left: {
    ...WHILE_ACTIVE,
    refuse: (c) => (c.noDeciderAt === null ? null : 'wrong_state'),
    effect: (_, { now }) => ({ set: { noDeciderAt: now } }),
  },
  /** Somebody may decide the case again, so the clock restarts. */
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
