import { CASE_STATES, stateOf } from '../record/state-rules.ts'
import { BY_CITIZEN, ELSEWHERE, type MoveSpec, NOTHING } from './spec-rules.ts'

const AT_ANY_TIME = {
  ...BY_CITIZEN,
  ...ELSEWHERE,
  from: CASE_STATES,
  to: null,
  whileHeld: true,
  whileWithdrawing: true,
  refuse: null,
  effect: NOTHING,
} as const

/**
 * The moves that change who is told of a case: its contacts (features/cases/contacts/acts.ts), and the banks and wallets that
 * its person names at the desk. On the case page the person names them without a move.
 */
export const CONTACTS = {
  add_contact: { ...AT_ANY_TIME, atDesk: 'by_code' },
  /** The first contact objects to the second one before that takes effect. */
  keep_contacts: AT_ANY_TIME,
  drop_contact: AT_ANY_TIME,
  tell_banks: {
    ...AT_ANY_TIME,
    atDesk: true,
    refuse: (c) => (stateOf(c.state).active ? null : 'wrong_state'),
  },
  stop_banks: { ...AT_ANY_TIME, atDesk: true },
} as const satisfies Record<string, MoveSpec>
