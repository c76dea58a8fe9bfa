import '#server-only'
import { randomUUID } from 'node:crypto'
import { type AskRefusal, askApproval } from '#features/approvals/acts.ts'
import { audit } from '#features/audit/commands.ts'
import { alertAuditors } from '#features/disclosures/commands/account-alert.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { parseEmail } from '#lib/person/email.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import {
  actOnce,
  actOnceWithSecret,
  keyFor,
  RESEND_WINDOW,
  runInTransaction,
} from '#platform/idempotency/commands.ts'
import { hashPassword } from '#platform/password.ts'
import {
  countAdmins,
  insertAccount,
  lockAdmins,
  lockByEmail,
  lockPost,
  missingPlace,
  type NewAccount,
  otherAuditors,
  updateAccount,
} from '../repository/accounts.ts'
import { invited, spendInvitation } from '../repository/invitations.ts'
import { clearSignIn } from '../repository/second-factor.ts'
import { endSessions } from '../repository/sessions.ts'
import { setSignIn } from '../repository/sign-in.ts'
import { type Post, type PostFault, postFault, postOf, samePost } from '../rules/post.ts'
import {
  type AddressRefusal,
  type Asked,
  askOfAccount,
  disableAccount,
  newAccount,
  refuseAddress,
} from './approvals.ts'
import { linkSecret, makeInvitation } from './invitation.ts'
import { type NewPasswordFault, newPasswordFault } from './password.ts'
import {
  makeRecoveryCodes,
  offeredSecret,
  recoveryCodesOf,
  sealTotpSecret,
  shownFactor,
} from './second-factor.ts'
import { tellOwner } from './tell-owner.ts'
import { decidesFrom } from './wait.ts'

export type { NewAccount } from '../repository/accounts.ts'

export type InviteRefusal = AskRefusal | 'email_invalid' | AddressRefusal | PostFault

/**
 * Asks that a person be invited. The account is made, and the link mailed, once a second person has confirmed it.
 *
 * @param submitKey the form's: sent again, it asks for nothing more
 */
export async function invite(
  actor: StaffActor,
  account: NewAccount,
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<Asked, InviteRefusal>> {
  if (!may(actor.role, 'account:manage')) return err('forbidden')
  const parsed = parseEmail(account.email)
  if (!parsed.ok) return err('email_invalid')
  const fault = postFault(account)
  if (fault) return err(fault)
  const email = parsed.value.toLowerCase()
  const after = postOf(account)
  return actOnce<Asked, InviteRefusal>(submitKey, `account.invite:${actor.id}`, now, async (tx) => {
    if (!(await lockAdmins(tx)).includes(actor.id)) return err('forbidden')
    const missing = await missingPlace(tx, after)
    if (missing) return err(missing)
    const refusal = await refuseAddress(tx, email)
    if (refusal) return err(refusal)
    const content = { email, name: account.name, after }
    const asked = await askApproval(tx, actor, newAccount, { subject: `address:${email}`, content }, now)
    return asked.ok ? ok('requested') : asked
  })
}

export type AdminRefusal = 'email_invalid' | AddressRefusal | 'enough_admins'

/**
 * Makes one of the first two admins of a database, for the operator at the machine itself, who is shown the link. Refused
 * once two other admins are there: they answer for every further one together. An admin's account that was locked or was
 * never opened is opened anew.
 *
 * @returns the secret part of the link
 */
export async function inviteAdmin(typed: string, now: Instant): Promise<Result<string, AdminRefusal>> {
  const parsed = parseEmail(typed)
  if (!parsed.ok) return err('email_invalid')
  const email = parsed.value.toLowerCase()
  const post = { role: 'admin', unitId: null, agencyId: null, carrierId: null } as const
  return runInTransaction(async (tx) => {
    if ((await countAdmins(tx, email, now)) >= 2) return err('enough_admins')
    const refusal = await refuseAddress(tx, email)
    if (refusal === 'email_alerts') return err(refusal)
    const existing = await lockByEmail(tx, email)
    const opened = existing?.active && existing.passwordHash !== null && existing.totpSecret !== null
    if (existing && (existing.role !== 'admin' || opened)) return err('email_taken')
    const waits = { decidesFrom: decidesFrom(now) }
    const id =
      existing?.id ?? (await insertAccount(tx, { ...post, email, name: email.split('@')[0] ?? email }, waits))
    if (existing) {
      await updateAccount(tx, id, { ...waits, active: true })
      await clearSignIn(tx, id)
      await endSessions(tx, id, now)
    }
    const invitationId = await makeInvitation(tx, id, now)
    const entry = { actor: { kind: 'system' }, subject: { kind: 'account', id }, at: now } as const
    await audit(tx, { ...entry, act: 'account.print_link', facts: { role: 'admin' } })
    await alertAuditors(tx, { by: id, act: 'account.print_link', accountId: id }, now)
    await tellOwner(tx, id, 'link_printed')
    return ok(linkSecret(invitationId))
  })
}

export type AcceptRefusal = NewPasswordFault | 'invitation_gone' | 'code_wrong' | 'signed_in'

interface Chosen {
  readonly password: string
  readonly otp: string
  /** The id of the browser that the second factor was offered to. */
  readonly browser: string
  /** Tells whether a person is signed in in this browser: then it is not the browser of the person who was invited. */
  readonly signedIn: boolean
}

/**
 * Sets password and second factor of an account through its invitation, which is spent by it. Nothing is set before a
 * right code shows that the app has the secret, which was offered in this browser. The owner is told by mail: a
 * stranger who saw the link may have been faster.
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
  if (chosen.signedIn) return err('signed_in')
  const tokenHash = keyedHash('invitation', token)
  const signIn = await chosenSignIn(token, chosen, now)
  const key = keyFor(submitKey, chosen.browser, token)
  const activate = async (tx: Tx, secret: Buffer): Promise<Result<unknown, AcceptRefusal>> => {
    if (!signIn.ok) return signIn
    const { accountId, ...credentials } = signIn.value
    if (!(await spendInvitation(tx, tokenHash, now))) return err('invitation_gone')
    await setSignIn(tx, accountId, { ...credentials, decidesFrom: decidesFrom(now) })
    await audit(tx, {
      actor: { kind: 'system' },
      act: 'account.activate',
      subject: { kind: 'account', id: accountId },
      at: now,
    })
    await tellOwner(tx, accountId, 'activated')
    return ok(await makeRecoveryCodes(tx, accountId, recoveryCodesOf(secret)))
  }
  const made = await actOnceWithSecret(key, 'account.activate', now, activate, RESEND_WINDOW)
  return made.ok ? ok(recoveryCodesOf(made.value)) : made
}

/** Returns what an invitation's owner chose to sign in with, where it is right and the invitation still open. */
async function chosenSignIn(
  token: string,
  { password, otp, browser }: Omit<Chosen, 'signedIn'>,
  now: Instant,
): Promise<
  Result<{ readonly accountId: string } & Omit<Parameters<typeof setSignIn>[2], 'decidesFrom'>, AcceptRefusal>
> {
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

export type ChangeRefusal = AskRefusal | 'not_found' | 'last_auditor' | PostFault

/** The state of an account before it was changed. */
export type ChangedFrom = Post & { readonly active: boolean; readonly email: string }

/**
 * Begins a change of an account, in the caller's transaction: checks that the actor is an admin at this moment and that
 * the account is another's. All admins' rows are locked, so that the last admin cannot be removed, even by two admins
 * who dismiss each other at once.
 */
export async function beginChange(
  tx: Tx,
  actor: StaffActor,
  accountId: string,
): Promise<Result<ChangedFrom, 'forbidden' | 'own_account' | 'not_found'>> {
  if (!may(actor.role, 'account:manage')) return err('forbidden')
  if (!(await lockAdmins(tx)).includes(actor.id)) return err('forbidden')
  if (actor.id === accountId) return err('own_account')
  const before = await lockPost(tx, accountId)
  return before ? ok(before) : err('not_found')
}

/**
 * Disables an account: one admin does so, at once, for it must be quick. Its cases are the caller's to return. An auditor is
 * dismissed by two, and the last one not at all. Taking a person back takes two.
 */
export async function setActive(
  tx: Tx,
  actor: StaffActor,
  accountId: string,
  active: boolean,
  now: Instant,
): Promise<Result<Asked, ChangeRefusal>> {
  const before = await beginChange(tx, actor, accountId)
  if (!before.ok) return before
  if (before.value.active === active) return ok('done')
  const post = postOf(before.value)
  if (active) return askOfAccount(tx, actor, 'account.enable', { accountId, before: post }, now)
  if ((await otherAuditors(tx, accountId)) === 0) return err('last_auditor')
  if (post.role === 'auditor')
    return askOfAccount(tx, actor, 'account.disable', { accountId, before: post }, now)
  await disableAccount(tx, accountId, now)
  await audit(tx, { actor, act: 'account.disable', subject: { kind: 'account', id: accountId }, at: now })
  await alertAuditors(tx, { by: actor.id, act: 'account.disable', accountId }, now)
  return ok('done')
}

/** Asks for another post of a person, which they have from their very next request on once it is confirmed. */
export async function setPost(
  tx: Tx,
  actor: StaffActor,
  accountId: string,
  post: Post,
  now: Instant,
): Promise<Result<Asked, ChangeRefusal>> {
  const fault = postFault(post)
  if (fault) return err(fault)
  const begun = await beginChange(tx, actor, accountId)
  if (!begun.ok) return begun
  const before = postOf(begun.value)
  // Theirs already, perhaps by the same form.
  if (samePost(before, post)) return ok('done')
  const missing = await missingPlace(tx, post, before)
  if (missing) return err(missing)
  return askOfAccount(tx, actor, 'account.change', { accountId, before, after: postOf(post) }, now)
}

export type EmailRefusal = ChangeRefusal | 'email_invalid' | AddressRefusal

/** Asks for another address of an account. The old address is told when it is done. */
export async function setEmail(
  actor: StaffActor,
  accountId: string,
  typed: string,
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<Asked, EmailRefusal>> {
  const parsed = parseEmail(typed)
  if (!parsed.ok) return err('email_invalid')
  const email = parsed.value.toLowerCase()
  return actOnce<Asked, EmailRefusal>(submitKey, `account.email:${actor.id}`, now, async (tx) => {
    const before = await beginChange(tx, actor, accountId)
    if (!before.ok) return before
    if (before.value.email === email) return ok('done')
    const refusal = await refuseAddress(tx, email)
    if (refusal) return err(refusal)
    return askOfAccount(tx, actor, 'account.email', { accountId, before: postOf(before.value), email }, now)
  })
}
