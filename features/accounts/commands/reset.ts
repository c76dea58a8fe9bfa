import '#server-only'
import { randomUUID } from 'node:crypto'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { beginChange } from './account.ts'
import { carryOutReset } from './carry-out.ts'
import { type Asked, ask, needsSecond } from './request.ts'

export type ResetRefusal = 'forbidden' | 'reset_own' | 'reset_gone' | 'request_open' | 'no_auditor'

/**
 * Ends password, second factor and sessions of a person who lost their device, forgot their password or lost
 * their link. A link that sets them anew goes to the account's address. Where the account can lead to a block,
 * a second person confirms it first.
 *
 * @param submitKey the form's: sent again, it resets nothing
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
    const { active, role, unitId, agencyId, carrierId } = before.value
    if (!active) return err('reset_gone')
    if (needsSecond({ role })) {
      const asked = await ask(tx, actor, { kind: 'reset', accountId, role, unitId, agencyId, carrierId }, now)
      return asked.ok ? ok('requested') : asked
    }
    return (await carryOutReset(tx, actor, { accountId, role }, now)) ? ok('done') : err('reset_gone')
  })
}

const REFUSED = { forbidden: 'forbidden', own_account: 'reset_own', not_found: 'reset_gone' } as const
