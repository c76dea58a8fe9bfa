import '#server-only'
import { randomUUID } from 'node:crypto'
import { type AskRefusal, askApproval } from '#features/approvals/acts.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { alertAuditors } from '#features/disclosures/commands/account-alert.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { parseEmail } from '#lib/person/email.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import {
  type AddressRefusal,
  type Asked,
  askOfAccount,
  disableAccount,
  newAccount,
  refuseAddress,
} from './approvals-acts.ts'
import { findMissingPlace, lockAdmins, lockOtherAuditors, lockPost, type NewAccount } from './data.ts'
import { type Post, type PostFault, postFault, postOf, samePost } from './rules.ts'

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
    const missing = await findMissingPlace(tx, after)
    if (missing) return err(missing)
    const refusal = await refuseAddress(tx, email)
    if (refusal) return err(refusal)
    const content = { email, name: account.name, after }
    const asked = await askApproval(tx, actor, newAccount, { subject: `address:${email}`, content }, now)
    return asked.ok ? ok('requested') : asked
  })
}

export type ChangeRefusal = AskRefusal | 'not_found' | 'last_auditor' | PostFault

type ChangedFrom = Post & { readonly active: boolean; readonly email: string }

/**
 * Begins a change of an account, in the caller's transaction: checks that the actor is an admin at this moment and that
 * the account is another's. All admins' rows are locked, so that the last admin cannot be removed, even by two admins
 * who dismiss each other at once.
 */
async function beginChange(
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
  if ((await lockOtherAuditors(tx, accountId)) === 0) return err('last_auditor')
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
  const missing = await findMissingPlace(tx, post, before)
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

export type ResetRefusal = 'forbidden' | 'reset_own' | 'reset_gone' | AskRefusal

/**
 * Asks that password, second factor and sessions end of a person who lost their device, forgot their password or lost
 * their link. Once a second person has confirmed it, a link that sets them anew goes to the account's address.
 *
 * @param submitKey the form's: sent again, it asks for nothing more
 */
export async function resetSignIn(
  actor: StaffActor,
  accountId: string,
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<Asked, ResetRefusal>> {
  return actOnce<Asked, ResetRefusal>(submitKey, `account.reset_sign_in:${actor.id}`, now, async (tx) => {
    const before = await beginChange(tx, actor, accountId)
    if (!before.ok) return err(REFUSED[before.error])
    if (!before.value.active) return err('reset_gone')
    return askOfAccount(tx, actor, 'account.reset', { accountId, before: postOf(before.value) }, now)
  })
}

const REFUSED = { forbidden: 'forbidden', own_account: 'reset_own', not_found: 'reset_gone' } as const
