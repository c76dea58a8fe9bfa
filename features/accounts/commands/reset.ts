import '#server-only'
import { randomUUID } from 'node:crypto'
import type { AskRefusal } from '#features/approvals/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { postOf } from '../rules/post.ts'
import { beginChange } from './account.ts'
import { type Asked, askOfAccount } from './approvals.ts'

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
