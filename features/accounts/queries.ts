import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, sameBytes } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import { arePasskeysPossible } from '#platform/passkeys.ts'
import { totpText, totpUri } from '#platform/totp.ts'
import { mustUsePasskey } from './commands/passkey.ts'
import { offeredSecret } from './commands/second-factor.ts'
import { type Absence, absencesOf } from './repository/absences.ts'
import {
  type AccountFilter,
  type AccountRow,
  accountById,
  accountsAfter,
  countConfirmingAdmins,
} from './repository/accounts.ts'
import { invited } from './repository/invitations.ts'
import { type PasskeyRow, passkeysOf } from './repository/passkeys.ts'
import { type MailPreferences, mailPreferencesOf } from './repository/preferences.ts'
import { recoveryCodesLeft as codesLeft } from './repository/second-factor.ts'
import { liveSessions, type SessionRow } from './repository/sessions.ts'

import { asksOfAccounts, judgesAccount } from './rules/approvals.ts'
import type { Post } from './rules/post.ts'

export {
  type AccountFilter,
  type AccountRow,
  accountById,
  assignable,
  decidersOf,
  lockAssignableShared,
  lockServingShared,
  type Member,
  members,
  namesOf,
  peopleOf,
  servedBy,
  supervisorsElsewhere,
  undecidedTold,
} from './repository/accounts.ts'
export { type MailPreferences, readersAfter } from './repository/preferences.ts'
export { actorsOf } from './repository/sessions.ts'
export { viewersAt } from './repository/viewers.ts'

const PAGE = 50

/** Returns a page of the accounts, and behind whom the next one begins; null for a person who does not manage them. */
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

/** Returns one account, for a person who manages them; null for others. */
export const managedAccount = async (actor: StaffActor, id: string): Promise<AccountRow | null> =>
  may(actor.role, 'account:manage') ? accountById(id) : null

/** The most people that a text is taken to mean. */
const MOST_MEANT = 10

/**
 * Returns the people whose name or address contains a text, for a reader of the audit log; empty for any other person.
 */
export async function peopleMeant(
  actor: StaffActor,
  text: string,
): Promise<readonly Pick<AccountRow, 'id' | 'name' | 'role'>[]> {
  if (!may(actor.role, 'audit:read')) return []
  const found = await accountsAfter({ sought: text.trim() }, null, MOST_MEANT)
  return found.map(({ id, name, role }) => ({ id, name, role }))
}

/** Returns the account that a request is about, for a person who may decide it; null for others. */
export const accountAsked = async (
  actor: StaffActor,
  { accountId, before }: { readonly accountId: string; readonly before: Post },
): Promise<Pick<AccountRow, 'name' | 'email'> | null> =>
  asksOfAccounts(actor) || judgesAccount(actor, { before }) ? accountById(accountId) : null

/** Returns how long a new, reset or changed account only reads, in hours. */
export const accountWaitHours = (): number => env().ACCOUNT_WAIT_HOURS

/** Tells whether there is another admin who can confirm what an admin asks for. */
export const hasOtherAdmin = async (actor: StaffActor, now: Instant): Promise<boolean> =>
  actor.role !== 'admin' || (await countConfirmingAdmins(actor.id, now)) > 0

export interface Invitation {
  readonly email: string
  readonly name: string
  /** The address that an authenticator app reads from the QR code, and the same secret to be typed. */
  readonly totp: { readonly uri: string; readonly text: string }
}

/**
 * Returns who sets password and second factor through an invitation link, and the factor that is offered in this
 * browser; null when the link is used, too old or made up.
 */
export async function invitedBy(token: string, browser: string, now: Date): Promise<Invitation | null> {
  const account = await invited(keyedHash('invitation', token), now)
  if (!account) return null
  const { email, name } = account
  const secret = offeredSecret(token, browser)
  return { email, name, totp: { uri: totpUri(secret, email), text: totpText(secret) } }
}

export type Session = Omit<SessionRow, 'tokenHash'> & { readonly current: boolean }

/** Returns when the reader is written to about what waits for them. */
export const mailPreferences = (actor: StaffActor): Promise<MailPreferences> => mailPreferencesOf(actor.id)

/** Returns the actor's own passkeys, the oldest first. */
export const ownPasskeys = (actor: StaffActor): Promise<readonly PasskeyRow[]> => passkeysOf(actor.id)

/** Tells whether passkeys can be used at this address, and whether the actor's role has to use one. */
export const passkeyStanding = (
  actor: StaffActor,
): { readonly possible: boolean; readonly required: boolean } => ({
  possible: arePasskeysPossible(),
  required: mustUsePasskey(actor.role),
})

/** Tells whether the sign-in page offers passkeys, and of whom it says that they sign in with nothing else. */
export const passkeysAtSignIn = () => ({ possible: arePasskeysPossible(), required: env().PASSKEYS_REQUIRED })

/** Returns how many of the actor's own recovery codes are left. */
export const recoveryCodesLeft = ({ id }: StaffActor): Promise<number> => codesLeft(id)

/**
 * Returns an account's live sessions, for its owner and people who manage accounts; `current` is the one whose token is
 * given.
 */
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

/** Returns one's own absences that have not ended; null for people who are not of police, whose absences nobody marks. */
export const ownAbsences = async (actor: StaffActor, now: Instant): Promise<readonly Absence[] | null> =>
  may(actor.role, 'case:decide') ? absencesOf([actor.id], now) : null
