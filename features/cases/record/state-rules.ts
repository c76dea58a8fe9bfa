interface StateOfCase {
  /** The case can still change its state, and claims its phone. */
  readonly active: boolean
  /** The case ends here. A rejection is not final, because it can be appealed against. */
  readonly final: boolean
  /** Nothing happens until a person or carrier acts. */
  readonly atRest: boolean
  /** Police, or the citizen they asked, owe the next step. */
  readonly queued: boolean
  /**
   * The progress of the block: police have not decided, have not approved it, let carriers watch the phone first, have ordered
   * it, or are lifting it.
   */
  readonly block: 'undecided' | 'unapproved' | 'watched' | 'in_force' | 'lifting' | 'none'
  /** Police have found that the phone is the reporter's. */
  readonly owned: boolean
  /** Carriers may have been told of the phone. */
  readonly named: boolean
  /** The clock that runs; null if none does. */
  readonly clock:
    | 'first_action'
    | 'decision'
    | 'reply'
    | 'carriers_block'
    | 'unblock_decision'
    | 'carriers_lift'
    | 'appeal'
    | 'review'
    | 'reopen'
    | null
  /** Whose turn it is, if the assignee waits for another. */
  readonly turn: 'approver' | 'reporter' | 'carriers' | 'unblock' | null
}

const UNDECIDED = {
  active: true,
  final: false,
  atRest: false,
  queued: true,
  block: 'undecided',
  owned: false,
  named: true,
  turn: null,
} as const satisfies Partial<StateOfCase>
const BLOCKED = { ...UNDECIDED, queued: false, block: 'in_force', owned: true } as const
const ENDED = {
  active: false,
  final: true,
  atRest: true,
  queued: false,
  block: 'none',
  owned: false,
  named: false,
  clock: null,
  turn: null,
} as const satisfies StateOfCase

/** The states of a case (docs/rules.md, "The case"), each with all its properties; a draft is not a case yet. */
export const STATES = {
  submitted: { ...UNDECIDED, clock: 'first_action' },
  under_review: { ...UNDECIDED, clock: 'decision' },
  info_requested: { ...UNDECIDED, clock: 'reply', turn: 'reporter' },
  verified: { ...UNDECIDED, block: 'unapproved', owned: true, clock: 'decision', turn: 'approver' },
  watching: { ...BLOCKED, block: 'watched', clock: null },
  blocking: { ...BLOCKED, clock: 'carriers_block', turn: 'carriers' },
  blocked: { ...BLOCKED, atRest: true, clock: null },
  rejected: { ...ENDED, final: false, named: true, clock: 'appeal' },
  unblock_review: { ...BLOCKED, queued: true, clock: 'unblock_decision', turn: 'unblock' },
  unblocking: { ...BLOCKED, block: 'lifting', named: false, clock: 'carriers_lift', turn: 'carriers' },
  withdrawn: ENDED,
  expired: { ...ENDED, clock: 'reopen' },
  unblocked: { ...ENDED, clock: 'review' },
} as const satisfies Record<string, StateOfCase>

export type CaseState = keyof typeof STATES
export const CASE_STATES = Object.keys(STATES) as [CaseState, ...CaseState[]]
export const stateOf = (state: CaseState): StateOfCase => STATES[state]

export const statesThat = (are: (state: StateOfCase) => boolean): readonly CaseState[] =>
  CASE_STATES.filter((state) => are(stateOf(state)))

/** The name of each state in which a case with a watched phone comes to its end: nothing is blocked, so the watch ends. */
const END_OF_WATCH = {
  unblock_review: 'watch_review',
  unblocking: 'watch_ending',
  unblocked: 'watch_ended',
} as const

/** Returns the state by which pages and papers name a case. The end of a watch has words of its own. */
export function namedState(c: { readonly state: CaseState; readonly watchUntil: Date | null }) {
  return c.watchUntil !== null && c.state in END_OF_WATCH
    ? END_OF_WATCH[c.state as keyof typeof END_OF_WATCH]
    : c.state
}

export const ACTIVE_STATES = statesThat(({ active }) => active)
export const FINAL_STATES = statesThat(({ final }) => final)

/**
 * The states in which a case is over. `rejected` is one, although an appeal can make the case active again. From here on personal
 * data is kept for a time, and then erased.
 */
export const OVER_STATES = statesThat(({ active }) => !active)

export type CaseHold = 'conflict' | 'shared_imei'

/**
 * Checks whether a case waits in the police's queue: a step, a conflict, a temporary block or a carrier's report needs their
 * action.
 */
export const needsWork = (
  state: CaseState,
  c: {
    readonly held: CaseHold | null
    readonly holdUntil: Date | null
    readonly sharedDueAt?: Date | null
    readonly imeisVerifiedById?: string | null
    readonly imeiPaperAt?: Date | null
  },
): boolean =>
  stateOf(state).queued ||
  c.held !== null ||
  c.holdUntil !== null ||
  (c.sharedDueAt ?? null) !== null ||
  isImeiAsked(state, c)

/** Checks whether police owe an answer about a number of a case that is blocked already. */
const isImeiAsked = (
  state: CaseState,
  {
    imeisVerifiedById = null,
    imeiPaperAt = null,
  }: { readonly imeisVerifiedById?: string | null; readonly imeiPaperAt?: Date | null },
): boolean => stateOf(state).block === 'in_force' && (imeisVerifiedById !== null || imeiPaperAt !== null)
