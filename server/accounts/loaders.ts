import '#server-only'
import type { Instant } from '#domain/time.ts'
import { keyedHash, sameBytes } from '#server/platform/crypto.ts'
import { totpText, totpUri } from '#server/platform/totp.ts'
import { offeredSecret } from './commands/second-factor.ts'
import { invited } from './repository/invitations.ts'
import { liveSessions, type SessionRow } from './repository/sessions.ts'

export {
  type AccountRow,
  type Assignable,
  accountById,
  allAccounts,
  assignable,
  holdAssignable,
  namesOf,
  peopleOf,
} from './repository/accounts.ts'
export { recoveryCodesLeft } from './repository/second-factor.ts'

export interface Invitation {
  readonly email: string
  readonly name: string
  /** What an authenticator app reads from the QR code, and the same secret to be typed. */
  readonly totp: { readonly uri: string; readonly text: string }
}

/**
 * Who sets password and second factor through an invitation link, and the factor that is offered in this browser; null
 * when the link is used, too old or made up.
 */
export async function invitedBy(token: string, browser: string, now: Date): Promise<Invitation | null> {
  const account = await invited(keyedHash('invitation', token), now)
  if (!account) return null
  const { email, name } = account
  const secret = offeredSecret(token, browser)
  return { email, name, totp: { uri: totpUri(secret, email), text: totpText(secret) } }
}

export type Session = Omit<SessionRow, 'tokenHash'> & { readonly current: boolean }

/** An account's live sessions; `current` is the one whose token is given. */
export async function sessionsOf(accountId: string, token: string | null, now: Instant): Promise<Session[]> {
  const own = keyedHash('staff-session', token ?? '')
  const rows = await liveSessions(accountId, now)
  return rows.map(({ tokenHash, ...session }) => ({ ...session, current: sameBytes(own, tokenHash) }))
}
