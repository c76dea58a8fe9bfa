import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import { alertAuditors } from '#features/disclosures/lookups/alerts-acts.ts'
import { parseEmail } from '#lib/person/email.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { keyedHash } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { actOnceWithSecret, keyFor, RESEND_WINDOW, runInTransaction } from '#platform/idempotency/commands.ts'
import { hashPassword } from '#platform/password.ts'
import { enqueue } from '#platform/queue.ts'
import { type AddressRefusal, decidesFrom, refuseAddress } from '../approvals-acts.ts'
import { insertAccount, lockByEmail, updateAccount } from '../data.ts'
import { deriveRecoveryCodes, makeRecoveryCodes, readFactor, sealTotpSecret } from '../factors/acts.ts'
import { clearSignIn, deriveOfferedSecret } from '../factors/data.ts'
import { tellOwner } from '../preferences/acts.ts'
import { endSessions } from '../sign-in/data.ts'
import { type NewPasswordFault, newPasswordFault } from '../sign-in/password-acts.ts'
import { INVITATION_LIFE } from '../sign-in/rules.ts'
import { endInvitation, findInvited } from './data.ts'

/** Derives an invitation's secret from its id and ANTAM_HASH_KEY, so that neither its job nor the database holds the link. */
export const linkSecret = (invitationId: string): string =>
  Buffer.from(keyedHash('invitation-link', invitationId)).toString('base64url')

/** Returns the path of an invitation's link. The page there replaces the secret by a cookie (app/k/invitation/[secret]). */
export const linkPath = (secret: string): string => `/k/invitation/${secret}`

async function makeInvitation(tx: Tx, accountId: string, now: Instant): Promise<string> {
  const invitationId = randomUUID()
  await endInvitation(tx, accountId, now)
  await tx.invitation.create({
    data: {
      tokenHash: keyedHash('invitation', linkSecret(invitationId)),
      accountId,
      createdAt: now,
      expiresAt: addMilliseconds(now, INVITATION_LIFE),
    },
    select: { accountId: true },
  })
  return invitationId
}

/** Makes an invitation and mails its link to the account's address. No page shows the link. */
export async function sendInvitation(
  tx: Tx,
  accountId: string,
  notice: 'invited' | 'sign_in_reset',
  now: Instant,
): Promise<void> {
  const invitationId = await makeInvitation(tx, accountId, now)
  await enqueue(tx, 'account-notice', { id: randomUUID(), accountId, notice, invitationId })
}

export type AdminRefusal = 'email_invalid' | AddressRefusal | 'enough_admins'

/**
 * Makes one of the first two admins of a database, for the operator at the machine, who sees the link. Refused when two other
 * admins exist: together they invite all further ones. An admin's account that was disabled, or whose invitation was not
 * accepted, is invited again.
 *
 * @returns the secret part of the link
 */
export async function inviteAdmin(typed: string, now: Instant): Promise<Result<string, AdminRefusal>> {
  const parsed = parseEmail(typed)
  if (!parsed.ok) return err('email_invalid')
  const email = parsed.value.toLowerCase()
  const post = { role: 'admin', unitId: null, agencyId: null, carrierId: null } as const
  return runInTransaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('admins'))`
    const others = await tx.staffAccount.count({
      where: {
        ...{ role: 'admin', active: true, email: { not: email } },
        OR: [
          { passwordHash: { not: null }, totpSecret: { not: null } },
          { invitations: { some: { usedAt: null, expiresAt: { gt: now } } } },
        ],
      },
    })
    if (others >= 2) return err('enough_admins')
    const refusal = await refuseAddress(tx, email)
    if (refusal === 'email_alerts') return err(refusal)
    const existing = await lockByEmail(tx, email)
    const opened = existing?.active && existing.passwordHash !== null && existing.totpSecret !== null
    if (existing && (existing.role !== 'admin' || opened)) return err('taken')
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

type AcceptRefusal = NewPasswordFault | 'invitation_gone' | 'code_wrong' | 'signed_in'

interface Chosen {
  readonly password: string
  readonly otp: string
  readonly browser: string
  /** True if this browser has a signed-in session: then it is not the invited person's browser. */
  readonly signedIn: boolean
}

/**
 * Sets the password and second factor of an account and spends its invitation. Nothing is set before a right code shows that the
 * app has the secret that was offered in this browser. The owner gets a mail, because a stranger who saw the link may have been
 * faster.
 *
 * @param submitKey the form's key: sent again from the same browser within seconds, it returns the same recovery codes, although
 * the invitation is spent
 * @returns the recovery codes, which are shown once
 */
export async function acceptInvitation(
  token: string,
  chosen: Chosen,
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<readonly string[], AcceptRefusal>> {
  if (chosen.signedIn) return err('signed_in')
  const signIn = await readChosen(token, chosen, now)
  const key = keyFor(submitKey, chosen.browser, token)
  const activate = async (tx: Tx, secret: Buffer): Promise<Result<unknown, AcceptRefusal>> => {
    if (!signIn.ok) return signIn
    const { accountId, ...credentials } = signIn.value
    const unused = { tokenHash: keyedHash('invitation', token), usedAt: null }
    const { count } = await tx.invitation.updateMany({ where: unused, data: { usedAt: now } })
    if (count === 0) return err('invitation_gone')
    const data = { ...credentials, decidesFrom: decidesFrom(now) }
    await tx.staffAccount.update({ where: { id: accountId }, data, select: { id: true } })
    const subject = { kind: 'account', id: accountId } as const
    await audit(tx, { actor: { kind: 'system' }, act: 'account.activate', subject, at: now })
    await tellOwner(tx, accountId, 'activated')
    return ok(await makeRecoveryCodes(tx, accountId, deriveRecoveryCodes(secret)))
  }
  const made = await actOnceWithSecret(key, 'account.activate', now, activate, RESEND_WINDOW)
  return made.ok ? ok(deriveRecoveryCodes(made.value)) : made
}

async function readChosen(
  token: string,
  { password, otp, browser }: Chosen,
  now: Instant,
): Promise<
  Result<
    {
      readonly accountId: string
      readonly passwordHash: string
      readonly totpSecret: Uint8Array<ArrayBuffer>
      readonly totpStep: number
    },
    AcceptRefusal
  >
> {
  const account = await findInvited(keyedHash('invitation', token), now)
  if (!account) return err('invitation_gone')
  const fault = await newPasswordFault(password, account)
  if (fault) return err(fault)
  const totpSecret = sealTotpSecret(account.id, deriveOfferedSecret(token, browser))
  const factor = await readFactor({ id: account.id, totpSecret, totpStep: null }, otp, now)
  if (factor?.kind !== 'totp') return err('code_wrong')
  const passwordHash = await hashPassword(password)
  return ok({ accountId: account.id, passwordHash, totpSecret, totpStep: factor.step })
}
