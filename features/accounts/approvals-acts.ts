import '#server-only'
import { randomUUID } from 'node:crypto'
import { type Approvable, type AskRefusal, askApproval } from '#features/approvals/acts.ts'
import type { ApprovalKind, ContentOf } from '#features/approvals/rules.ts'
import { audit } from '#features/audit/entries/acts.ts'
import type { AuditAct } from '#features/audit/entries/names-rules.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { sealFor } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { type AccountNotice, enqueue } from '#platform/queue.ts'
import {
  findMissingPlace,
  insertAccount,
  lockByEmail,
  lockOtherAuditors,
  lockPost,
  updateAccount,
} from './data.ts'
import { clearSignIn } from './factors/data.ts'
import { sendInvitation } from './invitations/acts.ts'
import { endInvitation } from './invitations/data.ts'
import { getAddressContext, tellOwner } from './preferences/acts.ts'
import { type PostFault, samePost } from './rules.ts'
import { endSessions } from './sign-in/data.ts'

// Changes of an account that need two people. Most of them begin a waiting period and mail the account's owner.

type OfAccount = Exclude<Extract<ApprovalKind, `account.${string}`>, 'account.invite'>

/** `requested`: it waits for a second person. */
export type AskOutcome = 'done' | 'requested'

export async function askOfAccount<K extends OfAccount>(
  tx: Tx,
  actor: StaffActor,
  kind: K,
  content: ContentOf<K>,
  now: Instant,
): Promise<Result<AskOutcome, AskRefusal>> {
  const { accountId } = content
  const asked = await askApproval(
    tx,
    actor,
    { kind },
    { subject: `account:${accountId}`, content, accountId },
    now,
  )
  return asked.ok ? ok('requested') : asked
}

const holds = async (tx: Tx, { accountId, before }: ContentOf<OfAccount>): Promise<boolean> => {
  const now = await lockPost(tx, accountId)
  return now !== null && samePost(now, before)
}

const noteAccount = (tx: Tx, askedById: string, act: AuditAct, id: string, at: Instant, facts = {}) =>
  audit(tx, { actor: { kind: 'staff', id: askedById }, act, subject: { kind: 'account', id }, facts, at })

/** `email_alerts`: this address gets the alerts, which must reach somebody outside the staff. */
export type AddressRefusal = 'taken' | 'email_alerts'

/** Returns why an account cannot have an address, or null. Locks the account that has it already. */
export async function refuseAddress(tx: Tx, email: string): Promise<AddressRefusal | null> {
  if (env().ALERT_MAIL?.toLowerCase() === email) return 'email_alerts'
  return (await lockByEmail(tx, email)) ? 'taken' : null
}

export const newAccount: Approvable<'account.invite', AddressRefusal | PostFault> = {
  kind: 'account.invite',
  async carryOut({ tx, request, now }) {
    const { email, name, after } = request.content
    const missing = await findMissingPlace(tx, after)
    if (missing) return err(missing)
    const fault = await refuseAddress(tx, email)
    if (fault) return err(fault)
    const accountId = await insertAccount(tx, { ...after, email, name }, { decidesFrom: decidesFrom(now) })
    await sendInvitation(tx, accountId, 'invited', now)
    await noteAccount(tx, request.askedById, 'account.invite', accountId, now, { role: after.role })
    return ok({ accountId })
  },
}

async function renewSignIn(tx: Tx, accountId: string, now: Instant): Promise<boolean> {
  if (!(await clearSignIn(tx, accountId))) return false
  await updateAccount(tx, accountId, { decidesFrom: decidesFrom(now) })
  await endSessions(tx, accountId, now)
  await noteErased(tx, 'sign_in', [accountId], now)
  await sendInvitation(tx, accountId, 'sign_in_reset', now)
  return true
}

export const resetOfSignIn: Approvable<'account.reset', 'reset_gone'> = {
  kind: 'account.reset',
  holds,
  async carryOut({ tx, request: { content, askedById }, now }) {
    if (!(await renewSignIn(tx, content.accountId, now))) return err('reset_gone')
    await noteAccount(tx, askedById, 'account.reset_sign_in', content.accountId, now)
    return ok({})
  },
}

/** Enables an account. Its old password and factors are cleared, because others may know them by now. */
export const takingBack: Approvable<'account.enable', 'reset_gone'> = {
  kind: 'account.enable',
  holds,
  async carryOut({ tx, request: { content, askedById }, now }) {
    await updateAccount(tx, content.accountId, { active: true })
    if (!(await renewSignIn(tx, content.accountId, now))) return err('reset_gone')
    await noteAccount(tx, askedById, 'account.enable', content.accountId, now)
    return ok({})
  },
}

/** Disables an account and ends its sessions. Returns false for the last auditor, who cannot be disabled. */
export async function disableAccount(tx: Tx, accountId: string, now: Instant): Promise<boolean> {
  if ((await lockOtherAuditors(tx, accountId)) === 0) return false
  await updateAccount(tx, accountId, { active: false })
  await endSessions(tx, accountId, now)
  await noteErased(tx, 'account', [accountId], now)
  return true
}

/** Disables an auditor. One admin alone disables any other account. */
export const dismissal: Approvable<'account.disable', 'last_auditor'> = {
  kind: 'account.disable',
  holds,
  async carryOut({ tx, request: { content, askedById }, now }) {
    if (!(await disableAccount(tx, content.accountId, now))) return err('last_auditor')
    await noteAccount(tx, askedById, 'account.disable', content.accountId, now)
    return ok({})
  },
}

/** An older backup has the old post and its rights. If it is restored, the account is disabled (ADR 98). */
export const changeOfPost: Approvable<'account.change', PostFault | 'last_auditor'> = {
  kind: 'account.change',
  holds,
  async carryOut({ tx, request: { content, askedById }, now }) {
    const { accountId, before, after } = content
    const missing = await findMissingPlace(tx, after, before)
    if (missing) return err(missing)
    if (after.role !== before.role && (await lockOtherAuditors(tx, accountId)) === 0)
      return err('last_auditor')
    await updateAccount(tx, accountId, { ...after, decidesFrom: decidesFrom(now) })
    await noteErased(tx, 'account', [accountId], now)
    await noteAccount(tx, askedById, 'account.change', accountId, now, { from: before.role, ...after })
    await tellOwner(tx, accountId, 'post_changed')
    return ok({})
  },
}

/** Changes an account's address and mails the old one. An older backup, once restored, disables the account (ADR 98). */
export const changeOfAddress: Approvable<'account.email', AddressRefusal | 'request_gone'> = {
  kind: 'account.email',
  holds,
  async carryOut({ tx, request: { content, askedById }, now }) {
    const { accountId, email } = content
    const fault = await refuseAddress(tx, email)
    if (fault) return err(fault)
    const before = await lockPost(tx, accountId)
    if (!before) return err('request_gone')
    await updateAccount(tx, accountId, { email, decidesFrom: decidesFrom(now) })
    await endSessions(tx, accountId, now)
    await noteErased(tx, 'account', [accountId], now)
    if (await endInvitation(tx, accountId, now)) await sendInvitation(tx, accountId, 'invited', now)
    await noteAccount(tx, askedById, 'account.change_email', accountId, now)
    await tellAddress(tx, accountId, 'email_changed', before.email)
    await tellOwner(tx, accountId, 'email_changed')
    return ok({})
  },
}

/** Queues the notice to the account's former address, which the job carries sealed. */
function tellAddress(tx: Tx, accountId: string, notice: AccountNotice, address: string) {
  const sealedTo = Buffer.from(sealFor(getAddressContext(accountId), Buffer.from(address))).toString('base64')
  return enqueue(tx, 'account-notice', { id: randomUUID(), accountId, notice, sealedTo })
}

/** Returns when an account that is made, reset or changed at `now` may decide (ADR 44). */
export const decidesFrom = (now: Instant): Instant => addMilliseconds(now, env().ACCOUNT_WAIT_HOURS * HOUR)

// Repeats what a restored backup has undone (ADR 98). Each function returns whether there was anything to do.

/** Disables an account that was disabled, or whose post or address was changed, after the backup. */
export async function disableAgain(tx: Tx, accountId: string, now: Instant): Promise<boolean> {
  if (!(await lockPost(tx, accountId))?.active) return false
  await updateAccount(tx, accountId, { active: false })
  await endSessions(tx, accountId, now)
  await ended(tx, 'account.disable', accountId, now)
  return true
}

/** Clears an account's password, second factor and passkeys. An admin then resets the sign-in, as for a person who lost them. */
export async function endSignInAgain(tx: Tx, accountId: string, now: Instant): Promise<boolean> {
  if (!(await clearSignIn(tx, accountId))) return false
  await endSessions(tx, accountId, now)
  await ended(tx, 'account.reset_sign_in', accountId, now)
  return true
}

export async function removePasskeyAgain(tx: Tx, id: string, now: Instant): Promise<boolean> {
  const passkey = await tx.passkey.findUnique({ where: { id }, select: { accountId: true } })
  const { count } = await tx.passkey.deleteMany({ where: { id } })
  if (!passkey || count === 0) return false
  await ended(tx, 'account.remove_passkey', passkey.accountId, now)
  return true
}

const ended = (tx: Tx, act: AuditAct, id: string, at: Instant): Promise<void> =>
  audit(tx, { actor: { kind: 'system' }, act, subject: { kind: 'account', id }, at })
