import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { stepUpNeed } from '#domain/access/step-up.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import { keyedHash } from '#server/platform/crypto.ts'
import { type Tx, transaction } from '#server/platform/db.ts'
import { ownerOfSession, steppedUpAt, stepUpSession } from '../repository/second-factor.ts'
import { forgetTries } from '../repository/sign-in.ts'
import { makeRecoveryCodes, shownFactor, spendFactor } from './second-factor.ts'
import { tellOwner } from './tell-owner.ts'
import { beginTry, type Wait } from './tries.ts'

/**
 * Takes a fresh code within a session. Wrong ones are counted for the session alone: whoever found a desk unattended
 * guesses slowly, and locks nobody out. Where the same form was sent twice at once, the code that the first one spent
 * speaks for the second too, as it does for every act of the session from then on.
 */
export async function stepUp(
  token: string,
  typed: string,
  now: Instant,
): Promise<Result<null, Wait | { readonly code: 'wrong' }>> {
  const tries = keyedHash('step-up', token)
  const tokenHash = keyedHash('staff-session', token)
  const isFresh = async (tx?: Tx) => {
    const at = await steppedUpAt(tokenHash, now, tx)
    return at !== null && stepUpNeed(at, now) === 'none'
  }
  const wait = await beginTry(tries, now)
  if (wait) return (await isFresh()) ? ok(null) : err(wait)
  const owner = await ownerOfSession(tokenHash, now)
  const factor = owner && (await shownFactor(owner, typed, now))
  const done = await transaction(async (tx) => {
    const spent = owner && factor && (await spendFactor(tx, owner.id, factor, now))
    // A code that another request spent meanwhile is waited for there.
    if (!spent && (await isFresh(tx))) {
      await forgetTries(tx, tries)
      return true
    }
    if (spent) {
      await stepUpSession(tx, tokenHash, now)
      await forgetTries(tx, tries)
    }
    const id = owner?.id ?? 'unknown'
    await audit(tx, {
      actor: owner ? { kind: 'staff', id } : { kind: 'system' },
      act: spent ? 'session.step_up' : 'session.refuse_step_up',
      subject: { kind: 'session', id },
      at: now,
    })
    return spent
  })
  return done ? ok(null) : err({ code: 'wrong' })
}

/** New recovery codes for one's own account; the old ones end. */
export const renewRecoveryCodes = (actor: StaffActor, now: Instant): Promise<readonly string[]> =>
  transaction(async (tx) => {
    const codes = await makeRecoveryCodes(tx, actor.id)
    await audit(tx, {
      actor,
      act: 'account.renew_recovery_codes',
      subject: { kind: 'account', id: actor.id },
      at: now,
    })
    await tellOwner(tx, actor.id, 'recovery_renewed')
    return codes
  })
