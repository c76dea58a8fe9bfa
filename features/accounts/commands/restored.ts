import '#server-only'
import { audit } from '#features/audit/commands.ts'
import type { AuditAct } from '#features/audit/rules/acts.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { lockPost, updateAccount } from '../repository/accounts.ts'
import { takePasskey } from '../repository/passkeys.ts'
import { clearSignIn } from '../repository/second-factor.ts'
import { endSessions } from '../repository/sessions.ts'

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

/** Removes a passkey. */
export async function removePasskeyAgain(tx: Tx, id: string, now: Instant): Promise<boolean> {
  const accountId = await takePasskey(tx, id)
  if (accountId === null) return false
  await ended(tx, 'account.remove_passkey', accountId, now)
  return true
}

const ended = (tx: Tx, act: AuditAct, id: string, at: Instant): Promise<void> =>
  audit(tx, { actor: { kind: 'system' }, act, subject: { kind: 'account', id }, at })
