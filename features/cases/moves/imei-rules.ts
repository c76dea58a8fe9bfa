import { decisionDue } from '../clocks/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { waitsForSecondOfHold } from './hold-rules.ts'
import { UNDECIDED } from './shared-rules.ts'
import { type Attempt, BY_CITIZEN, type MoveSpec, NOTHING } from './spec-rules.ts'
import type { Effect } from './transition-rules.ts'

const known = (c: CaseSnapshot) => (c.imeiUnknown ? null : 'imei_known')

/** Returns the effect of a new IMEI: the time to decide begins on the day when there is a phone to decide about. */
const speaksForIt = (
  c: CaseSnapshot,
  { now, holidays }: Attempt & { readonly holidays: ReadonlySet<string> },
): Effect => ({
  set: c.state === 'under_review' ? { dueAt: decisionDue(now, holidays) } : {},
  claim: 'gain',
})

/** The common part of moves that set the IMEI of a case reported without one. */
const SETS = {
  to: null,
  refuse: known,
  effect: speaksForIt,
  setsImei: true,
} as const

export const IMEI = {
  /** Lets the reporter see the phones that carriers have named, to choose the right one. */
  release_imeis: {
    from: ['under_review', 'info_requested'],
    to: null,
    who: 'assignee',
    notBy: [],
    evidence: 'opened',
    needs: ['imeisNamed'],
    readyReasons: ['let_choose'],
    text: true,
    refuse: (c, { imeisNamed }) => known(c) ?? (imeisNamed ? null : 'no_imeis_named'),
    effect: NOTHING,
    releasesImeis: true,
    form: {
      decision: 'release_imeis',
      goes: 'forward',
      key: 'p',
      staysOpen: true,
      stepUp: null,
      needsSeal: false,
      on: 'case',
    },
  },
  /** Police set it: from the box, an invoice, or what carriers have named. */
  set_imei: {
    ...SETS,
    from: ['under_review', 'info_requested'],
    who: 'assignee',
    notBy: [],
    evidence: 'opened',
    readyReasons: ['from_proof', 'from_carrier'],
    text: true,
    form: {
      decision: 'set_imei',
      goes: 'forward',
      key: '5',
      staysOpen: true,
      stepUp: null,
      needsSeal: false,
      on: 'case',
      asksForImei: true,
    },
  },
  /** The reporter found the number, or chose a phone that was released or read on the proof. */
  give_imei: {
    ...BY_CITIZEN,
    ...SETS,
    from: UNDECIDED,
    form: { act: 'case', look: 'primary', place: 'main', message: null, files: true, asksForImei: 'both' },
  },
  allow_lookup: {
    ...BY_CITIZEN,
    atDesk: true,
    from: UNDECIDED,
    to: null,
    refuse: known,
    effect: NOTHING,
    consents: 'imei_of_number',
    form: { act: 'case', look: 'quiet', place: 'main', message: null, files: false },
  },
  /** The reporter adds the number of the other SIM slot: a phone is blocked for certain only by all of its numbers. */
  add_imei: {
    ...BY_CITIZEN,
    atDesk: true,
    from: UNDECIDED,
    to: null,
    // No number is added while a temporary block waits for a second person, because the first one has not seen it.
    refuse: (c) => (c.imeiUnknown ? 'imei_unknown' : waitsForSecondOfHold(c) ? 'wrong_state' : null),
    effect: () => ({ set: {}, claim: 'gain' }),
    setsImei: true,
    form: {
      act: 'case',
      look: 'quiet',
      place: 'after',
      folded: () => true,
      message: null,
      files: true,
      asksForImei: 'one',
    },
  },
} as const satisfies Record<string, MoveSpec>
