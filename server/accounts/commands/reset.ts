import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { may } from '#domain/access/roles.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import { transaction } from '#server/platform/db.ts'
import { addressOf, clearSignIn } from '../repository/second-factor.ts'
import { endSessions } from '../repository/sessions.ts'
import { makeInvitation } from './account.ts'
import { tellOwner } from './tell-owner.ts'

/**
 * For somebody who lost their device or forgot their password: both end at once, with every session, and one link sets
 * them anew. The account's owner is told by mail, whoever asked for it.
 *
 * @returns the secret part of the link, and the address of the account
 */
export async function resetSignIn(
  actor: StaffActor,
  accountId: string,
  now: Instant,
): Promise<
  Result<{ readonly token: string; readonly email: string }, 'forbidden' | 'reset_own' | 'reset_gone'>
> {
  if (!may(actor.role, 'account:manage')) return err('forbidden')
  if (actor.id === accountId) return err('reset_own')
  const email = await addressOf(accountId)
  return transaction(async (tx) => {
    if (email === null || !(await clearSignIn(tx, accountId))) return err('reset_gone')
    await endSessions(tx, accountId, now)
    await audit(tx, {
      actor,
      act: 'account.reset_sign_in',
      subject: { kind: 'account', id: accountId },
      at: now,
    })
    await tellOwner(tx, accountId, 'sign_in_reset')
    return ok({ token: await makeInvitation(tx, accountId, now), email })
  })
}
