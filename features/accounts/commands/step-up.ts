import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/commands.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { actOnceWithSecret } from '#platform/idempotency/commands.ts'
import { codesGiven, ownerOfSession, stepUpSession } from '../repository/second-factor.ts'
import { forgetTries } from '../repository/sign-in.ts'
import { FOR_FILES, type StepUpKind, speaksForForm, stepUpNeed } from '../rules/step-up.ts'
import { mustUsePasskey } from './passkey.ts'
import { makeRecoveryCodes, recoveryCodesOf, shownFactor, spendFactor } from './second-factor.ts'
import { tellOwner } from './tell-owner.ts'
import { beginTry, type Wait } from './tries.ts'

/** Returns how long one code speaks for decisions on cases, in minutes. */
export const stepUpMinutes = (): number => env().STEP_UP_MINUTES

export interface StepUpFor {
  readonly kind: StepUpKind
  /** The key of the form that the code is given with: sent again, it needs no second one. */
  readonly submitKey: string
}

/**
 * Takes a fresh code within a session, for acts of a kind. Wrong codes are counted for the session alone: a stranger at
 * an unattended desk guesses slowly and locks nobody out. Where the same form is sent twice at once, the code that the
 * first one spends counts for the second too. Where the role has to use a passkey and the person has one, only the
 * passkey counts.
 */
export async function stepUp(
  token: string,
  typed: string,
  now: Instant,
  { kind, submitKey }: StepUpFor,
): Promise<Result<null, Wait | { readonly code: 'wrong' } | { readonly code: 'passkey' }>> {
  const tries = keyedHash('step-up', token)
  const tokenHash = keyedHash('staff-session', token)
  const isFresh = async (tx?: Tx) => {
    const given = await codesGiven(tokenHash, now, tx)
    return (
      given !== null &&
      (speaksForForm(given, submitKey, now) || stepUpNeed(given, kind, stepUpMinutes(), now) === 'none')
    )
  }
  const wait = await beginTry(tries, now)
  if (wait) return (await isFresh()) ? ok(null) : err(wait)
  const owner = await ownerOfSession(tokenHash, now)
  const shown = owner && (await shownFactor(owner, typed, now))
  const useless = shown && shown.kind !== 'passkey' && owner.passkeys > 0 && mustUsePasskey(owner.role)
  const factor = useless ? null : shown
  const done = await transaction(async (tx) => {
    const spent = owner && factor && (await spendFactor(tx, owner.id, factor, now))
    // A code that another request spent meanwhile is waited for there.
    if (!spent && (await isFresh(tx))) {
      await forgetTries(tx, tries)
      return true
    }
    if (spent) {
      const codeFor = kind === 'file' ? FOR_FILES : submitKey
      await stepUpSession(tx, tokenHash, now, { codeFor, opens: kind === 'decision' || kind === 'work' })
      await forgetTries(tx, tries)
    }
    const id = owner?.id ?? 'unknown'
    await audit(tx, {
      actor: owner ? { kind: 'staff', id } : { kind: 'system' },
      act: spent ? 'session.step_up' : 'session.refuse_step_up',
      subject: { kind: 'session', id },
      ...(spent && factor && { facts: { factor: factor.kind } }),
      at: now,
    })
    return spent
  })
  // Said only to a person whose code was right.
  return done ? ok(null) : err({ code: useless ? 'passkey' : 'wrong' })
}

/**
 * Makes new recovery codes for one's own account; the old ones end. The same form sent again shows the same
 * ones: of two sets the one that is on the screen could be the dead one.
 */
export async function renewRecoveryCodes(
  actor: StaffActor,
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<readonly string[]> {
  const act = `account.renew_recovery_codes:${actor.id}`
  const made = await actOnceWithSecret<never>(submitKey, act, now, async (tx, secret) => {
    await makeRecoveryCodes(tx, actor.id, recoveryCodesOf(secret))
    await audit(tx, {
      actor,
      act: 'account.renew_recovery_codes',
      subject: { kind: 'account', id: actor.id },
      at: now,
    })
    await tellOwner(tx, actor.id, 'recovery_renewed')
    return ok(null)
  })
  return made.ok ? recoveryCodesOf(made.value) : made.error
}
