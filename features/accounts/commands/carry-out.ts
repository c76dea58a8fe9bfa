import '#server-only'
import { noteErased } from '#features/audit/commands/erasures.ts'
import { audit } from '#features/audit/commands.ts'
import type { AuditAct } from '#features/audit/rules/acts.ts'
import { alertAuditors } from '#features/disclosures/commands/account-alert.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { insertAccount, type NewAccount, updateAccount } from '../repository/accounts.ts'
import { endInvitation } from '../repository/invitations.ts'
import { clearSignIn } from '../repository/second-factor.ts'
import { endSessions } from '../repository/sessions.ts'
import { isGuarded, isWatched } from '../rules/account-request.ts'
import type { Post } from '../rules/post.ts'
import { mailInvitation } from './invitation.ts'
import { tellAddress, tellOwner } from './tell-owner.ts'
import { decidesFrom } from './wait.ts'

// Changes to an account that everybody required has agreed to. Each runs in the caller's transaction, begins a waiting
// period and tells the account's owner.

/** The state of an account before it was changed. */
export type ChangedFrom = Post & { readonly active: boolean; readonly email: string }

/** The person who asked for it. */
interface Asker {
  readonly kind: 'staff'
  readonly id: string
}

/** Tells the auditors of what one admin does to an auditor's account; what two people do they are told as it is asked and confirmed. */
async function tellOfAuditor(
  tx: Tx,
  actor: Asker,
  {
    role,
    ...done
  }: {
    readonly role: StaffRole
    readonly accountId: string
    readonly act: AuditAct
    readonly before?: ChangedFrom
  },
  now: Instant,
): Promise<void> {
  if (isWatched(role) && !isGuarded(role)) await alertAuditors(tx, { by: actor.id, ...done }, now)
}

const subjectOf = (id: string) => ({ kind: 'account', id }) as const

/** Makes an account and mails its link. Returns the account's id. */
export async function carryOutInvite(
  tx: Tx,
  actor: Asker,
  account: NewAccount,
  now: Instant,
): Promise<string> {
  const id = await insertAccount(tx, account, { decidesFrom: decidesFrom(now) })
  await mailInvitation(tx, id, 'invited', now)
  const facts = { role: account.role }
  await audit(tx, { actor, act: 'account.invite', subject: subjectOf(id), facts, at: now })
  await tellOfAuditor(tx, actor, { role: account.role, accountId: id, act: 'account.invite' }, now)
  return id
}

/** Ends password, second factor and sessions of an account, and mails a link that sets them anew; false where it is locked. */
export async function carryOutReset(
  tx: Tx,
  actor: Asker,
  { accountId, role }: { readonly accountId: string; readonly role: StaffRole },
  now: Instant,
): Promise<boolean> {
  if (!(await clearSignIn(tx, accountId))) return false
  await updateAccount(tx, accountId, { decidesFrom: decidesFrom(now) })
  await endSessions(tx, accountId, now)
  await noteErased(tx, 'sign_in', [accountId], now)
  await audit(tx, { actor, act: 'account.reset_sign_in', subject: subjectOf(accountId), at: now })
  await mailInvitation(tx, accountId, 'sign_in_reset', now)
  await tellOfAuditor(tx, actor, { role, accountId, act: 'account.reset_sign_in' }, now)
  return true
}

/** Gives an account another post. A copy of before has the old one, with its rights: restored, it is disabled (ADR 98). */
export async function carryOutChange(
  tx: Tx,
  actor: Asker,
  {
    accountId,
    before,
    post,
  }: { readonly accountId: string; readonly before: ChangedFrom; readonly post: Post },
  now: Instant,
): Promise<void> {
  await updateAccount(tx, accountId, { ...post, decidesFrom: decidesFrom(now) })
  await noteErased(tx, 'account', [accountId], now)
  const facts = { from: before.role, ...post }
  await audit(tx, { actor, act: 'account.change', subject: subjectOf(accountId), facts, at: now })
  await tellOwner(tx, accountId, 'post_changed')
  await tellOfAuditor(tx, actor, { role: before.role, accountId, act: 'account.change', before }, now)
}

/**
 * Gives an account another address. The old address is told as well, and open sessions end. A link that was mailed to the
 * old address ends too: one that still opened the account is mailed anew. In a restored copy, which mails to the old one, the
 * account is disabled (ADR 98).
 */
export async function carryOutEmail(
  tx: Tx,
  actor: Asker,
  {
    accountId,
    before,
    email,
  }: { readonly accountId: string; readonly before: ChangedFrom; readonly email: string },
  now: Instant,
): Promise<void> {
  await updateAccount(tx, accountId, { email, decidesFrom: decidesFrom(now) })
  await endSessions(tx, accountId, now)
  await noteErased(tx, 'account', [accountId], now)
  if (await endInvitation(tx, accountId, now)) await mailInvitation(tx, accountId, 'invited', now)
  await audit(tx, { actor, act: 'account.change_email', subject: subjectOf(accountId), at: now })
  await tellAddress(tx, accountId, 'email_changed', before.email)
  await tellOwner(tx, accountId, 'email_changed')
  await tellOfAuditor(tx, actor, { role: before.role, accountId, act: 'account.change_email', before }, now)
}
