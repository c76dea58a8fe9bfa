import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { stateOf } from '../record/state-rules.ts'

/** The party that has to act next on a case which its officer still has. */
export type Turn = 'approver' | 'reporter' | 'carriers' | 'city' | 'owner_check' | 'unblock_approver'

/** Returns whose turn it is where it is not the turn of the person who has the case; null otherwise. */
export function turnOf(
  c: Pick<CaseSnapshot, 'state' | 'held'> & { readonly unblockVerified?: boolean },
): Turn | null {
  if (c.held !== null) return 'city'
  const { turn } = stateOf(c.state)
  if (turn !== 'unblock') return turn
  return c.unblockVerified === undefined ? null : c.unblockVerified ? 'unblock_approver' : 'owner_check'
}
