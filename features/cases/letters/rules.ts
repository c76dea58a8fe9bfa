import type { Instant } from '#lib/time.ts'
import type { Move, PastMove } from '../moves/rules.ts'

export type DecisionKind =
  | 'rejected'
  | 'expired'
  | 'withdrawn'
  | 'unblock_refused'
  | 'block'
  | 'lift'
  | 'data_refused'

const KINDS = {
  reject: 'rejected',
  refuse_counterclaim: 'rejected',
  overruled: 'rejected',
  expire: 'expired',
  finish_withdrawal: 'withdrawn',
  refuse_unblock: 'unblock_refused',
  approve: 'block',
  block: 'block',
  stop_watch: 'block',
  end_watch: 'block',
  approve_unblock: 'lift',
  refuse_data_request: 'data_refused',
} as const satisfies Partial<Record<Move | PastMove, DecisionKind>>

/**
 * Returns the kind of letter for a move. An approval that first lets carriers watch the phone gets its letter with the block, and
 * a wish to watch that is taken back before the approval gets none.
 */
export const decisionOf = (move: string, to: string): DecisionKind | null => {
  const kind = Object.hasOwn(KINDS, move) ? KINDS[move as keyof typeof KINDS] : null
  return (kind === 'block' && to === 'watching') || (move === 'block' && to !== 'blocking') ? null : kind
}

export const DECISION_MOVES = Object.keys(KINDS) as (keyof typeof KINDS)[]

export interface Served {
  readonly decisionSeq: number
  readonly outcome: 'signed' | 'refused'
  readonly servedAt: Instant
}

/** Returns the decisions among events, newest first, each with the delivery of its letter. */
export const decisionsIn = <E extends { readonly seq: number; readonly move: string; readonly to: string }>(
  events: readonly E[],
  served: readonly Served[],
) =>
  events
    .flatMap((event) => {
      const kind = decisionOf(event.move, event.to)
      return kind === null
        ? []
        : [{ event, kind, served: served.find(({ decisionSeq }) => decisionSeq === event.seq) ?? null }]
    })
    .toSorted((a, b) => b.event.seq - a.event.seq)
