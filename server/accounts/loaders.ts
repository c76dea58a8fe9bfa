import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { may } from '#domain/access/roles.ts'
import type { Instant } from '#domain/time.ts'
import { keyedHash, sameBytes } from '#server/platform/crypto.ts'
import { totpText, totpUri } from '#server/platform/totp.ts'
import { offeredSecret } from './commands/second-factor.ts'
import { type AccountFilter, type AccountRow, accountById, accountsAfter } from './repository/accounts.ts'
import { invited } from './repository/invitations.ts'
import { recoveryCodesLeft as codesLeft } from './repository/second-factor.ts'
import { liveSessions, type SessionRow } from './repository/sessions.ts'

export {
  type AccountFilter,
  type AccountRow,
  type Assignable,
  accountById,
  assignable,
  holdAssignable,
  namesOf,
  peopleOf,
} from './repository/accounts.ts'
export { viewersAt } from './repository/viewers.ts'

const PAGE = 50

/** A page of the accounts, and behind whom the next one begins; null for whoever does not manage them. */
export async function accountPage(
  actor: StaffActor,
  filter: AccountFilter,
  after: string | null,
): Promise<{ readonly accounts: readonly AccountRow[]; readonly next: string | null } | null> {
  if (!may(actor.role, 'account:manage')) return null
  const found = await accountsAfter(filter, after, PAGE + 1)
  const accounts = found.slice(0, PAGE)
  return { accounts, next: found.length > PAGE ? (accounts.at(-1)?.id ?? null) : null }
}

/** One account, for whoever manages them. */
export const managedAccount = async (actor: StaffActor, id: string): Promise<AccountRow | null> =>
  may(actor.role, 'account:manage') ? accountById(id) : null

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

/** How many of the actor's own recovery codes are left. */
export const recoveryCodesLeft = ({ id }: StaffActor): Promise<number> => codesLeft(id)

/** An account's live sessions, for its owner and whoever manages accounts; `current` is the one whose token is given. */
export async function sessionsOf(
  actor: StaffActor,
  accountId: string,
  token: string | null,
  now: Instant,
): Promise<Session[]> {
  if (actor.id !== accountId && !may(actor.role, 'account:manage')) return []
  const own = keyedHash('staff-session', token ?? '')
  const rows = await liveSessions(accountId, now)
  return rows.map(({ tokenHash, ...session }) => ({ ...session, current: sameBytes(own, tokenHash) }))
}
