import { CASE_STATES, OVER_STATES } from '../record/state-rules.ts'
import { BY_CITIZEN, BY_SYSTEM, ELSEWHERE, type MoveSpec, NOTHING } from './spec-rules.ts'

/** The common part of moves that do not depend on the case's state: its person may ask, and police may answer, at any time. */
const AT_ANY_TIME = {
  to: null,
  whileHeld: true,
  whileWithdrawing: true,
  refuse: null,
  effect: NOTHING,
} as const
const ANSWER = {
  ...AT_ANY_TIME,
  ...ELSEWHERE,
  from: CASE_STATES,
  who: 'data_decider',
  notBy: [],
  evidence: 'none',
  text: true,
  textIsPublic: true,
  textInMail: true,
  answersRequest: true,
} as const
/** Police agree among themselves: only colleagues read the words. */
const INSIDE = { ...AT_ANY_TIME, ...ELSEWHERE, notBy: [], evidence: 'none', text: true, quiet: true } as const
const LEGAL_HOLD = { ...INSIDE, from: CASE_STATES, who: 'data_holder' } as const

/** The moves about stored personal data. They leave the case itself unchanged, in any state. */
export const DATA = {
  ask_correction: {
    ...BY_CITIZEN,
    atDesk: true,
    ...AT_ANY_TIME,
    from: CASE_STATES,
    textIsPublic: true,
    form: {
      act: 'data',
      look: 'quiet',
      place: 'data',
      message: {
        label: 'ask_correction.message',
        // A request names a field and its new value, or has only words if no field fits.
        optional: true,
        rows: 3,
      },
      files: false,
      asksForCorrection: true,
    },
  },
  ask_erasure: {
    ...BY_CITIZEN,
    atDesk: true,
    ...AT_ANY_TIME,
    from: OVER_STATES,
    textIsPublic: true,
    form: {
      act: 'data',
      look: 'danger',
      place: 'data',
      message: { label: 'ask_erasure.message', optional: true, rows: 3 },
      files: false,
    },
  },
  withdraw_consent: {
    ...BY_CITIZEN,
    atDesk: true,
    ...AT_ANY_TIME,
    from: CASE_STATES,
    form: { act: 'data', look: 'quiet', place: 'data', message: null, files: false },
  },
  grant_data_request: ANSWER,
  /** Erasure is final, and a legal hold keeps data that the person wants gone, so a second person confirms each. */
  propose_erasure: { ...INSIDE, from: OVER_STATES, who: 'data_decider' },
  decline_erasure: { ...INSIDE, from: CASE_STATES, who: 'data_decider' },
  propose_legal_hold: LEGAL_HOLD,
  propose_hold_end: LEGAL_HOLD,
  decline_legal_hold: LEGAL_HOLD,
  refuse_data_request: ANSWER,
  /** Extends the deadline of the answer, once (features/privacy/requests/rules.ts). */
  extend_data_request: ANSWER,
  place_legal_hold: LEGAL_HOLD,
  lift_legal_hold: LEGAL_HOLD,
  erase_evidence: {
    ...BY_SYSTEM,
    from: OVER_STATES,
    to: null,
    quiet: true,
    refuse: null,
    effect: NOTHING,
  },
  erase: {
    ...BY_SYSTEM,
    from: OVER_STATES,
    to: null,
    quiet: true,
    refuse: null,
    effect: (_, { now }) => ({ set: { erasedAt: now } }),
  },
} as const satisfies Record<string, MoveSpec>
