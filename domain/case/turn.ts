import type { CaseSnapshot } from './snapshot.ts'

/** Who has to act next on a case that its officer still stands beside. */
export type Turn = 'approver' | 'reporter' | 'carriers' | 'city' | 'owner_check' | 'unblock_approver'

/** Returns whose turn it is where it is not the turn of the person who has the case; null otherwise. */
export function turnOf(
  c: Pick<CaseSnapshot, 'state' | 'held'> & { readonly unblockVerified?: boolean },
): Turn | null {
  if (c.held !== null) return 'city'
  switch (c.state) {
    case 'verified':
      return 'approver'
    case 'info_requested':
      return 'reporter'
    case 'blocking':
    case 'unblocking':
      return 'carriers'
    case 'unblock_review':
      return c.unblockVerified === undefined ? null : c.unblockVerified ? 'unblock_approver' : 'owner_check'
    default:
      return null
  }
}
