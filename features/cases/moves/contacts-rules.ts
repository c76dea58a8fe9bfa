import { CASE_STATES } from '../record/state-rules.ts'
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

/** The moves of the contacts of a case (features/cases/contacts/acts.ts). */
export const CONTACTS = {
  add_contact: AT_ANY_TIME,
  /** The first contact objects to the second one before that takes effect. */
  keep_contacts: AT_ANY_TIME,
  drop_contact: AT_ANY_TIME,
} as const satisfies Record<string, MoveSpec>
