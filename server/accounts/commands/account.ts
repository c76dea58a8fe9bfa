import '#server-only'
import { randomUUID } from 'node:crypto'
import type { StaffActor } from '#domain/access/actor.ts'
import { type Post, type PostFault, postFault, samePost } from '#domain/access/post.ts'
import { may } from '#domain/access/roles.ts'
import { INVITATION_LIFE } from '#domain/access/sign-in.ts'
import { parseEmail } from '#domain/person/email.ts'
import { err, ok, type Result } from '#domain/result.ts'
import { type Instant, plus } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import { keyedHash } from '#server/platform/crypto.ts'
import type { Tx } from '#server/platform/db.ts'
import { hashPassword } from '#server/platform/password.ts'
import { actOnceWithSecret, keyFor, PRESSED_AGAIN } from '#server/submissions/commands.ts'
import {
  insertAccount,
  lockAdmins,
  lockByEmail,
  lockPost,
  missingPlace,
  type NewAccount,
  updateAccount,
} from '../repository/accounts.ts'
import { insertInvitation, invited, spendInvitation } from '../repository/invitations.ts'
import { endSessions } from '../repository/sessions.ts'
import { type Credentials, setSignIn } from '../repository/sign-in.ts'
import { type NewPasswordFault, newPasswordFault } from './password.ts'
import {
  makeRecoveryCodes,
  offeredSecret,
  recoveryCodesOf,
  sealTotpSecret,
  shownFactor,
} from './second-factor.ts'
import { tellOwner } from './tell-owner.ts'

export type { NewAccount } from '../repository/accounts.ts'

export type InviteRefusal = 'forbidden' | 'email_invalid' | 'email_taken' | PostFault

/**
 * Makes an account that nobody can sign in to, and one link with which its owner sets password and second factor.
 *
 * @param actor who invites; `system` for the operator at the machine itself
 * @param submitKey the form's: sent again, it shows the same link
 * @returns the secret part of the link, which is stored nowhere
 */
export async function invite(
  actor: StaffActor | { readonly kind: 'system' },
  account: NewAccount,
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<string, InviteRefusal>> {
  if (actor.kind === 'staff' && !may(actor.role, 'account:manage')) return err('forbidden')
  const parsed = parseEmail(account.email)
  if (!parsed.ok) return err('email_invalid')
  const fault = postFault(account)
  if (fault) return err(fault)
  const email = parsed.value.toLowerCase()
  const act = `account.invite:${actor.kind === 'staff' ? actor.id : 'system'}`
  const made = await actOnceWithSecret<InviteRefusal>(submitKey, act, now, async (tx, secret) => {
    const missing = await missingPlace(tx, account)
    if (missing) return err(missing)
    const existing = await lockByEmail(tx, email)
    if (existing && !isInvited(existing, account)) return err('email_taken')
    const id = existing?.id ?? (await insertAccount(tx, { ...account, email }, null))
    await keepInvitation(tx, { accountId: id, token: invitationOf(secret) }, now)
    await audit(tx, {
      actor,
      act: 'account.invite',
      subject: { kind: 'account', id },
      facts: { role: account.role },
      at: now,
    })
    return ok(null)
  })
  return made.ok ? ok(invitationOf(made.value)) : made
}

/** Whether an account waits for its owner with this very post: another is given on its page, which returns its cases. */
const isInvited = (
  existing: Post & Pick<Credentials, 'passwordHash' | 'totpSecret'> & { readonly active: boolean },
  post: Post,
): boolean =>
  existing.active &&
  (existing.passwordHash === null || existing.totpSecret === null) &&
  samePost(existing, post)

/** The secret part of a link. */
export const invitationOf = (secret: Buffer): string => secret.toString('base64url')

/** One link for an account. An older link ends. */
export async function keepInvitation(
  tx: Tx,
  { accountId, token }: { readonly accountId: string; readonly token: string },
  now: Instant,
): Promise<void> {
  await insertInvitation(tx, {
    tokenHash: keyedHash('invitation', token),
    accountId,
    createdAt: now,
    expiresAt: plus(now, INVITATION_LIFE),
  })
}

export type AcceptRefusal = NewPasswordFault | 'invitation_gone' | 'code_wrong'

interface Chosen {
  readonly password: string
  readonly otp: string
  /** As which the second factor was offered. */
  readonly browser: string
}

/**
 * Sets password and second factor of an account through its invitation, which is spent by it. Nothing is set before a
 * right code shows that the app has the secret, which was offered in this browser. The owner is told by mail: whoever
 * else saw the link may have been faster.
 *
 * @param submitKey the form's: sent again from the same browser within seconds, it shows the same recovery codes,
 *   although its invitation is spent
 * @returns the recovery codes, which are shown once
 */
export async function acceptInvitation(
  token: string,
  chosen: Chosen,
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<readonly string[], AcceptRefusal>> {
  const tokenHash = keyedHash('invitation', token)
  const signIn = await chosenSignIn(token, chosen, now)
  const key = keyFor(submitKey, chosen.browser, token)
  const activate = async (tx: Tx, secret: Buffer): Promise<Result<unknown, AcceptRefusal>> => {
    if (!signIn.ok) return signIn
    const { accountId, ...credentials } = signIn.value
    if (!(await spendInvitation(tx, tokenHash, now))) return err('invitation_gone')
    await setSignIn(tx, accountId, credentials)
    await audit(tx, {
      actor: { kind: 'system' },
      act: 'account.activate',
      subject: { kind: 'account', id: accountId },
      at: now,
    })
    await tellOwner(tx, accountId, 'activated')
    return ok(await makeRecoveryCodes(tx, accountId, recoveryCodesOf(secret)))
  }
  const made = await actOnceWithSecret(key, 'account.activate', now, activate, PRESSED_AGAIN)
  return made.ok ? ok(recoveryCodesOf(made.value)) : made
}

/** What an invitation's owner chose to sign in with, where it is right and the invitation still open. */
async function chosenSignIn(
  token: string,
  { password, otp, browser }: Chosen,
  now: Instant,
): Promise<Result<{ readonly accountId: string } & Parameters<typeof setSignIn>[2], AcceptRefusal>> {
  const account = await invited(keyedHash('invitation', token), now)
  if (!account) return err('invitation_gone')
  const fault = await newPasswordFault(password, account)
  if (fault) return err(fault)
  const totpSecret = sealTotpSecret(account.id, offeredSecret(token, browser))
  const factor = await shownFactor({ id: account.id, totpSecret, totpStep: null }, otp, now)
  if (factor?.kind !== 'totp') return err('code_wrong')
  const passwordHash = await hashPassword(password)
  return ok({ accountId: account.id, passwordHash, totpSecret, totpStep: factor.step })
}

export type ChangeRefusal = 'forbidden' | 'own_account' | 'not_found' | PostFault

/** What an account was before it was changed. */
export type ChangedFrom = Post & { readonly active: boolean }

/**
 * Begins a change of an account, in the caller's transaction. Whoever makes one is an admin at that very moment, and
 * it is never their own: so the last admin cannot be taken away, not even by two who dismiss each other at once.
 */
async function beginChange(
  tx: Tx,
  actor: StaffActor,
  accountId: string,
): Promise<Result<ChangedFrom, ChangeRefusal>> {
  if (!may(actor.role, 'account:manage')) return err('forbidden')
  if (!(await lockAdmins(tx)).includes(actor.id)) return err('forbidden')
  if (actor.id === accountId) return err('own_account')
  const before = await lockPost(tx, accountId)
  return before ? ok(before) : err('not_found')
}

/** Disables or enables an account; disabling ends its sessions at once. Its cases are the caller's to return. */
export async function setActive(
  tx: Tx,
  actor: StaffActor,
  accountId: string,
  active: boolean,
  now: Instant,
): Promise<Result<ChangedFrom, ChangeRefusal>> {
  const before = await beginChange(tx, actor, accountId)
  if (!before.ok || before.value.active === active) return before
  await updateAccount(tx, accountId, { active })
  if (!active) await endSessions(tx, accountId, now)
  await audit(tx, {
    actor,
    act: active ? 'account.enable' : 'account.disable',
    subject: { kind: 'account', id: accountId },
    at: now,
  })
  return before
}

/** Gives somebody another post: it counts from their very next request. Their cases are the caller's to return. */
export async function setPost(
  tx: Tx,
  actor: StaffActor,
  accountId: string,
  post: Post,
  now: Instant,
): Promise<Result<ChangedFrom, ChangeRefusal>> {
  const fault = postFault(post)
  if (fault) return err(fault)
  const before = await beginChange(tx, actor, accountId)
  // Theirs already, perhaps by the same form.
  if (!before.ok || samePost(before.value, post)) return before
  const missing = await missingPlace(tx, post)
  if (missing) return err(missing)
  await updateAccount(tx, accountId, post)
  await audit(tx, {
    actor,
    act: 'account.change',
    subject: { kind: 'account', id: accountId },
    facts: { from: before.value.role, ...post },
    at: now,
  })
  return before
}
