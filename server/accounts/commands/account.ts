import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { may } from '#domain/access/roles.ts'
import { INVITATION_LIFE, type PasswordFault, passwordFault } from '#domain/access/sign-in.ts'
import { parseEmail } from '#domain/person/email.ts'
import { err, ok, type Result } from '#domain/result.ts'
import { type Instant, plus } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import { keyedHash, random } from '#server/platform/crypto.ts'
import { type Tx, transaction } from '#server/platform/db.ts'
import { hashPassword } from '#server/platform/password.ts'
import { newTotpSecret } from '#server/platform/totp.ts'
import * as repository from '../repository.ts'
import { makeRecoveryCodes, sealTotpSecret, shownFactor } from './second-factor.ts'

export type { NewAccount } from '../repository.ts'

export type InviteRefusal =
  | 'forbidden'
  | 'email_invalid'
  | 'email_taken'
  | 'area_missing'
  | 'area_not_needed'
  | 'agency_missing'
  | 'agency_not_needed'

/**
 * Makes an account that nobody can sign in to, and one link with which its owner sets password and second factor.
 *
 * @param actor who invites; `system` for the operator at the machine itself
 * @returns the secret part of the link, which is stored nowhere
 */
export async function invite(
  actor: StaffActor | { readonly kind: 'system' },
  account: repository.NewAccount,
  now: Instant,
): Promise<Result<string, InviteRefusal>> {
  if (actor.kind === 'staff' && !may(actor.role, 'account:manage')) return err('forbidden')
  const parsed = parseEmail(account.email)
  if (!parsed.ok) return err('email_invalid')
  const bound = account.role === 'officer' || account.role === 'supervisor'
  if (bound && account.areaId === null) return err('area_missing')
  if (!bound && account.areaId !== null) return err('area_not_needed')
  const viewer = account.role === 'agency_viewer'
  if (viewer && account.agencyId === null) return err('agency_missing')
  if (!viewer && account.agencyId !== null) return err('agency_not_needed')
  const email = parsed.value.toLowerCase()
  return transaction(async (tx) => {
    const existing = await repository.accountByEmail(tx, email)
    const inUse = existing?.passwordHash != null && existing.totpSecret !== null
    if (existing && (inUse || !existing.active)) return err('email_taken')
    const id = existing?.id ?? (await repository.insertAccount(tx, { ...account, email }, null))
    const token = await makeInvitation(tx, id, now)
    await audit(tx, {
      actor,
      act: 'account.invite',
      subject: { kind: 'account', id },
      facts: { role: account.role },
      at: now,
    })
    return ok(token)
  })
}

/** One link for an account, with the second factor that it will offer. An older link ends. */
export async function makeInvitation(tx: Tx, accountId: string, now: Instant): Promise<string> {
  const token = random(24).toString('base64url')
  await repository.insertInvitation(tx, {
    tokenHash: keyedHash('invitation', token),
    accountId,
    totpSecret: sealTotpSecret(accountId, newTotpSecret()),
    createdAt: now,
    expiresAt: plus(now, INVITATION_LIFE),
  })
  return token
}

/**
 * Sets password and second factor of an account through its invitation, which is spent by it. Nothing is set before a
 * right code shows that the app has the secret.
 *
 * @returns the recovery codes, which are shown once
 */
export async function acceptInvitation(
  token: string,
  { password, otp }: { readonly password: string; readonly otp: string },
  now: Instant,
): Promise<Result<readonly string[], PasswordFault | 'invitation_gone' | 'code_wrong'>> {
  const tokenHash = keyedHash('invitation', token)
  const account = await repository.invited(tokenHash, now)
  if (!account) return err('invitation_gone')
  const fault = passwordFault(password, [
    account.email.split('@')[0] ?? '',
    ...account.name.split(' '),
    'an tam',
  ])
  if (fault) return err(fault)
  const factor = await shownFactor({ ...account, totpStep: null }, otp, now)
  if (factor?.kind !== 'totp') return err('code_wrong')
  const passwordHash = await hashPassword(password)
  return transaction(async (tx) => {
    if (!(await repository.spendInvitation(tx, tokenHash, now))) return err('invitation_gone')
    const { id, totpSecret } = account
    await repository.setSignIn(tx, id, { passwordHash, totpSecret, totpStep: factor.step })
    await audit(tx, {
      actor: { kind: 'system' },
      act: 'account.activate',
      subject: { kind: 'account', id: account.id },
      at: now,
    })
    return ok(await makeRecoveryCodes(tx, account.id))
  })
}

/** Disables or enables an account. Disabling ends its sessions at once; nobody disables their own. */
export async function setAccountActive(
  actor: StaffActor,
  accountId: string,
  active: boolean,
  now: Instant,
): Promise<Result<null, 'forbidden' | 'own_account'>> {
  if (!may(actor.role, 'account:manage')) return err('forbidden')
  if (actor.id === accountId) return err('own_account')
  await transaction(async (tx) => {
    if (!(await repository.setActive(tx, accountId, active))) return
    if (!active) await repository.endSessionsOf(tx, accountId, now)
    await audit(tx, {
      actor,
      act: active ? 'account.enable' : 'account.disable',
      subject: { kind: 'account', id: accountId },
      at: now,
    })
  })
  return ok(null)
}
