/** The states of a case (docs/rules.md, "The case"); a draft is not a case yet. */
export const CASE_STATES = [
  'submitted',
  'under_review',
  'info_requested',
  'verified',
  'blocking',
  'blocked',
  'rejected',
  'unblock_review',
  'unblocking',
  'withdrawn',
  'expired',
  'unblocked',
] as const
export type CaseState = (typeof CASE_STATES)[number]

/** A case that can still become something else and holds its phone's primary claim (or is a counter-claim). */
export const ACTIVE_STATES: readonly CaseState[] = [
  'submitted',
  'under_review',
  'info_requested',
  'verified',
  'blocking',
  'blocked',
  'unblock_review',
  'unblocking',
]

export const FINAL_STATES: readonly CaseState[] = ['withdrawn', 'expired', 'unblocked']

/** Nothing more is on its way: what is held of a person is kept for a time from here on, and erased. */
export const OVER_STATES: readonly CaseState[] = [...FINAL_STATES, 'rejected']

/** The states in which somebody of the police, or the citizen they asked, owes the next step. */
export const QUEUE_STATES: readonly CaseState[] = [
  'submitted',
  'under_review',
  'info_requested',
  'verified',
  'unblock_review',
]

export type CaseHold = 'conflict' | 'shared_imei'

/** A case waits in the police's queue when a step, a conflict or a temporary block is theirs to settle. */
export const needsWork = (
  state: CaseState,
  { held, holdUntil }: { readonly held: CaseHold | null; readonly holdUntil: Date | null },
): boolean => QUEUE_STATES.includes(state) || held !== null || holdUntil !== null
