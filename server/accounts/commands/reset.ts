import '#server-only'
import { randomUUID } from 'node:crypto'
import type { StaffActor } from '#domain/access/actor.ts'
import { may } from '#domain/access/roles.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import { actOnceWithSecret } from '#server/submissions/commands.ts'
import { addressOf, clearSignIn } from '../repository/second-factor.ts'
import { endSessions } from '../repository/sessions.ts'
import { invitationOf, keepInvitation } from './account.ts'
import { tellOwner } from './tell-owner.ts'

type ResetRefusal = 'forbidden' | 'reset_own' | 'reset_gone'

/**
 * For somebody who lost their device or forgot their password: both end at once, with every session, and one link sets
 * them anew. The account's owner is told by mail, whoever asked for it.
 *
 * @param submitKey the form's: sent again, it resets nothing and shows the same link
 * @returns the secret part of the link, and the address of the account
 */
export async function resetSignIn(
  actor: StaffActor,
  accountId: string,
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<{ readonly token: string; readonly email: string }, ResetRefusal>> {
  if (!may(actor.role, 'account:manage')) return err('forbidden')
  if (actor.id === accountId) return err('reset_own')
  const email = await addressOf(accountId)
  if (email === null) return err('reset_gone')
  const act = `account.reset_sign_in:${actor.id}`
  const made = await actOnceWithSecret<ResetRefusal>(submitKey, act, now, async (tx, secret) => {
    if (!(await clearSignIn(tx, accountId))) return err('reset_gone')
    await endSessions(tx, accountId, now)
    await audit(tx, {
      actor,
      act: 'account.reset_sign_in',
      subject: { kind: 'account', id: accountId },
      at: now,
    })
    await tellOwner(tx, accountId, 'sign_in_reset')
    return ok(await keepInvitation(tx, { accountId, token: invitationOf(secret) }, now))
  })
  return made.ok ? ok({ token: invitationOf(made.value), email }) : made
}
