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

// What two people do to an account. Each change begins a waiting period and tells the account's owner.

type OfAccount = Exclude<Extract<ApprovalKind, `account.${string}`>, 'account.invite'>

/** The result of an admin's act: left to a second person, or done by now. */
export type AskOutcome = 'done' | 'requested'

/** Asks for one thing about an account; a second one is not asked for meanwhile. */
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

/** `email_alerts`: alerts go there so that somebody outside the staff reads them. */
export type AddressRefusal = 'taken' | 'email_alerts'

/** Returns why an address cannot be an account's, or null; an account that has it is locked. */
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

/** Takes a person back: with nothing of how they signed in before, which others may know by now. */
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

/** Disables an account and ends its sessions. Returns false for the last auditor: who watches is not dismissed. */
export async function disableAccount(tx: Tx, accountId: string, now: Instant): Promise<boolean> {
  if ((await lockOtherAuditors(tx, accountId)) === 0) return false
  await updateAccount(tx, accountId, { active: false })
  await endSessions(tx, accountId, now)
  await noteErased(tx, 'account', [accountId], now)
  return true
}

/** Dismisses an auditor; anybody else is dismissed by one admin, at once. */
export const dismissal: Approvable<'account.disable', 'last_auditor'> = {
  kind: 'account.disable',
  holds,
  async carryOut({ tx, request: { content, askedById }, now }) {
    if (!(await disableAccount(tx, content.accountId, now))) return err('last_auditor')
    await noteAccount(tx, askedById, 'account.disable', content.accountId, now)
    return ok({})
  },
}

/** A copy of before has the old post, with its rights: restored, it is disabled (ADR 98). */
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

/**
 * Gives an account another address. The old address is told as well, and open sessions end. A link that was mailed to the
 * old address ends too: one that still opened the account is mailed anew. In a restored copy, which mails to the old one, the
 * account is disabled (ADR 98).
 */
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

/** Queues the same to an address that is no longer the account's. The job carries it sealed. */
function tellAddress(tx: Tx, accountId: string, notice: AccountNotice, address: string) {
  const sealedTo = Buffer.from(sealFor(getAddressContext(accountId), Buffer.from(address))).toString('base64')
  return enqueue(tx, 'account-notice', { id: randomUUID(), accountId, notice, sealedTo })
}

/** Returns from when on an account decides that is made, reset or changed at `now` (ADR 44). */
export const decidesFrom = (now: Instant): Instant => addMilliseconds(now, env().ACCOUNT_WAIT_HOURS * HOUR)

// Ends again what a restored backup has brought back (ADR 98). Each function returns whether there was anything to end.

/** Disables an account that was, or whose post or address is another by now. Its cases keep its name, until somebody shares them out. */
export async function disableAgain(tx: Tx, accountId: string, now: Instant): Promise<boolean> {
  if (!(await lockPost(tx, accountId))?.active) return false
  await updateAccount(tx, accountId, { active: false })
  await endSessions(tx, accountId, now)
  await ended(tx, 'account.disable', accountId, now)
  return true
}

/** Ends an account's password, second factor and passkeys: an admin resets it, as that of a person who lost them. */
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
