import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash } from '#platform/crypto.ts'
import { isGuessable } from '#platform/guessable.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { hashPassword, isPassword } from '#platform/password.ts'
import { tellOwner } from '../preferences/acts.ts'
import { beginTry, type Wait } from './acts.ts'
import { endSessions, findCredentials, forgetTries, lockCredentials } from './data.ts'
import { type PasswordFault, passwordFault } from './rules.ts'

export type NewPasswordFault = PasswordFault | 'too_common'

export async function newPasswordFault(
  password: string,
  owner: { readonly email: string; readonly name: string },
): Promise<NewPasswordFault | null> {
  const own = [owner.email.split('@')[0] ?? '', ...owner.name.split(' '), 'antam']
  return passwordFault(password, own) ?? ((await isGuessable(password)) ? 'too_common' : null)
}

type ChangeRefusal = { readonly code: NewPasswordFault | 'wrong_current' | 'unchanged' } | Wait

/**
 * Changes a person's own password, ends their other sessions and mails them. Wrong attempts at the old password count as at
 * sign-in, so that it cannot be guessed in a session left open at a counter.
 *
 * @param token the token of the session that continues
 * @param submitKey the form's key: the same form sent again succeeds, although its old password is no longer right
 */
export async function changePassword(
  actor: StaffActor & { readonly email: string },
  chosen: { readonly current: string; readonly password: string },
  token: string,
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<null, ChangeRefusal>> {
  const fault = await newPasswordFault(chosen.password, actor)
  if (fault) return err({ code: fault })
  const tries = keyedHash('password-change', actor.id)
  const wait = await beginTry(tries, now)
  if (wait) return err(wait)
  const account = await findCredentials(actor.email)
  const hashed = await hashInstead(account?.passwordHash ?? null, chosen)
  const act = `account.password:${actor.id}`
  const done = await actOnce<boolean, ChangeRefusal>(submitKey, act, now, async (tx) => {
    if (!hashed.ok) return hashed
    // The sign-in was reset, or changed in another window, meanwhile.
    if (!account || !(await lockCredentials(tx, account))) return err({ code: 'wrong_current' })
    const data = { passwordHash: hashed.value }
    await tx.staffAccount.update({ where: { id: actor.id }, data, select: { id: true } })
    await forgetTries(tx, tries)
    const ended = await endSessions(tx, actor.id, now, { but: keyedHash('staff-session', token) })
    await audit(tx, {
      actor,
      act: 'account.password',
      subject: { kind: 'account', id: actor.id },
      facts: { sessionsEnded: ended },
      at: now,
    })
    await noteErased(tx, 'sign_in', [actor.id], now)
    await tellOwner(tx, actor.id, 'password_changed')
    return ok(true)
  })
  return done.ok ? ok(null) : done
}

/** Hashes the new password, if the old one is right and the new one differs, before any lock in the database. */
async function hashInstead(
  before: string | null,
  { current, password }: { readonly current: string; readonly password: string },
): Promise<Result<string, ChangeRefusal>> {
  if (!(await isPassword(before, current))) return err({ code: 'wrong_current' })
  if (await isPassword(before, password)) return err({ code: 'unchanged' })
  return ok(await hashPassword(password))
}
