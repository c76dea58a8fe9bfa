import '#server-only'
import { hkdfSync, randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, randomBuffer, sealFor, sealVersion, unsealFor } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { actOnceWithSecret } from '#platform/idempotency/commands.ts'
import { keyWrapper } from '#platform/key-wrapper.ts'
import { newTotpSecret, totpStep } from '#platform/totp.ts'
import { readPasskey, type ShownPasskey, spendPasskey } from '../passkeys/acts.ts'
import { requiresPasskey } from '../passkeys/data.ts'
import { tellOwner } from '../preferences/acts.ts'
import { beginTry, type Wait } from '../sign-in/acts.ts'
import { forgetTries } from '../sign-in/data.ts'
import { type FactorOwner, findCodesGiven, findSessionOwner, isUnusedRecoveryCode } from './data.ts'
import {
  type FactorKind,
  FOR_FILES,
  newRecoveryCodes,
  parseOtp,
  type StepUpKind,
  speaksForForm,
  stepUpNeed,
} from './rules.ts'

export type Factor =
  | ShownPasskey
  | { readonly kind: 'totp' & FactorKind; readonly step: number }
  | { readonly kind: 'recovery' & FactorKind; readonly codeHash: Uint8Array<ArrayBuffer> }

const contextOf = (accountId: string): string => `totp:${accountId}`

export const sealTotpSecret = (accountId: string, secret: Uint8Array): Uint8Array<ArrayBuffer> =>
  sealFor(contextOf(accountId), secret)

const openTotpSecret = (accountId: string, sealed: Uint8Array) => unsealFor(contextOf(accountId), sealed)

/** Seals every TOTP secret again under the current wrapping key. Returns true when all were under it already. */
export function rotateTotpSecrets(): Promise<boolean> {
  return transaction(async (tx) => {
    const where = { totpSecret: { not: null } }
    const accounts = await tx.staffAccount.findMany({ where, select: { id: true, totpSecret: true } })
    let done = true
    for (const { id, totpSecret } of accounts) {
      if (totpSecret === null || sealVersion(totpSecret) === keyWrapper.version()) continue
      done = false
      const anew = sealTotpSecret(id, openTotpSecret(id, totpSecret))
      // Skipped when the secret was set or removed meanwhile.
      const { count } = await tx.staffAccount.updateMany({
        where: { id, totpSecret },
        data: { totpSecret: anew },
      })
      if (count === 0) continue
      const subject = { kind: 'account', id } as const
      const facts = { why: 'keys_rotated' }
      await audit(tx, {
        actor: { kind: 'system' },
        act: 'account.renew_record',
        subject,
        facts,
        at: new Date(),
      })
    }
    return done
  })
}

const NOBODY = '00000000-0000-0000-0000-000000000000'
let nobodys: Uint8Array | undefined

/** Returns the account's unused second factor, or null. Without an account it takes the same time. */
export async function readFactor(
  account: FactorOwner | null,
  typed: string,
  now: Instant,
): Promise<Factor | null> {
  const owner = account?.totpSecret ? account : null
  const id = owner?.id ?? NOBODY
  const otp = parseOtp(typed)
  if (otp?.kind === 'passkey') return passkeyIn(account, otp.response, now)
  if (otp?.kind === 'recovery') {
    const codeHash = recoveryHash(id, otp.code)
    return (await isUnusedRecoveryCode(codeHash)) ? { kind: 'recovery', codeHash } : null
  }
  nobodys ??= sealTotpSecret(NOBODY, newTotpSecret())
  const step = totpStep(openTotpSecret(id, owner?.totpSecret ?? nobodys), otp?.code ?? '', now)
  const counts = owner !== null && step !== null && step > (owner.totpStep ?? -1)
  return counts ? { kind: 'totp', step } : null
}

/** Returns the account's own passkey if it signed this session's challenge. Without a session there is no challenge. */
async function passkeyIn(account: FactorOwner | null, response: unknown, now: Instant) {
  if (!account?.sessionHash) return null
  const asked = { purpose: 'step_up', sessionHash: account.sessionHash } as const
  const signed = await readPasskey(response, asked, now)
  return signed?.accountId === account.id ? signed.shown : null
}

/** Marks a factor as used; false if it was used already. A recovery code's use is audited and mailed. */
export async function spendFactor(tx: Tx, accountId: string, factor: Factor, now: Instant): Promise<boolean> {
  if (factor.kind === 'totp') {
    // One statement checks that no later or equal step was used and stores this one.
    const earlier = [{ totpStep: null }, { totpStep: { lt: factor.step } }]
    const where = { id: accountId, active: true, OR: earlier }
    return (await tx.staffAccount.updateMany({ where, data: { totpStep: factor.step } })).count === 1
  }
  if (factor.kind === 'passkey') return spendPasskey(tx, factor, now)
  const unused = { codeHash: factor.codeHash, usedAt: null, account: { active: true } }
  const { count } = await tx.recoveryCode.updateMany({ where: unused, data: { usedAt: now } })
  if (count === 0) return false
  await audit(tx, {
    actor: { kind: 'staff', id: accountId },
    act: 'account.use_recovery_code',
    subject: { kind: 'account', id: accountId },
    at: now,
  })
  await tellOwner(tx, accountId, 'recovery_used')
  return true
}

export function deriveRecoveryCodes(secret: Buffer): readonly string[] {
  let drawn = 0
  return newRecoveryCodes((bytes) =>
    Buffer.from(hkdfSync('sha256', secret, '', `recovery-codes/${drawn++}`, bytes)),
  )
}

/** Replaces an account's recovery codes and returns them: only their keyed hashes are stored. */
export async function makeRecoveryCodes(
  tx: Tx,
  accountId: string,
  codes: readonly string[] = newRecoveryCodes(randomBuffer),
): Promise<readonly string[]> {
  await tx.recoveryCode.deleteMany({ where: { accountId } })
  await tx.recoveryCode.createMany({
    data: codes.map((code) => ({ codeHash: recoveryHash(accountId, code), accountId })),
  })
  return codes
}

const recoveryHash = (accountId: string, code: string) => keyedHash('recovery-code', `${accountId}\0${code}`)

export const getStepUpMinutes = (): number => env().STEP_UP_MINUTES

export interface StepUpFor {
  readonly kind: StepUpKind
  /** The key of the form that the code came with: if the form is sent again, it needs no second code. */
  readonly submitKey: string
}

/**
 * Takes a fresh code within a session, for acts of a kind. Wrong codes count for this session only: a stranger at an unattended
 * desk guesses slowly and does not lock out the owner. When the same form is sent twice at once, the code that the first request
 * spends counts for the second too. If the role requires a passkey and the person has one, only the passkey counts.
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
    const given = await findCodesGiven(tokenHash, now, tx)
    return (
      given !== null &&
      (speaksForForm(given, submitKey, now) || stepUpNeed(given, kind, getStepUpMinutes(), now) === 'none')
    )
  }
  const wait = await beginTry(tries, now)
  if (wait) return (await isFresh()) ? ok(null) : err(wait)
  const owner = await findSessionOwner(tokenHash, now)
  const shown = owner && (await readFactor(owner, typed, now))
  const useless = shown && shown.kind !== 'passkey' && owner.passkeys > 0 && requiresPasskey(owner.role)
  const factor = useless ? null : shown
  const done = await transaction(async (tx) => {
    const spent = owner && factor && (await spendFactor(tx, owner.id, factor, now))
    // If another request was spending the code, `spendFactor` has waited for its commit, which is visible here.
    if (!spent && (await isFresh(tx))) {
      await forgetTries(tx, tries)
      return true
    }
    if (spent) {
      const opens = kind === 'decision' || kind === 'work'
      const codeFor = kind === 'file' ? FOR_FILES : submitKey
      const data = { codeAt: now, codeFor, ...(opens && { steppedUpAt: now }) }
      await tx.staffSession.updateMany({ where: { tokenHash, endedAt: null }, data })
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
  // Only a person with a right code learns that a passkey is needed.
  return done ? ok(null) : err({ code: useless ? 'passkey' : 'wrong' })
}

/** Replaces one's own recovery codes. The same form returns the same codes, so that those on the screen are valid. */
export async function renewRecoveryCodes(actor: StaffActor, now: Instant, submitKey: string = randomUUID()) {
  const act = `account.renew_recovery_codes:${actor.id}`
  const made = await actOnceWithSecret<never>(submitKey, act, now, async (tx, secret) => {
    await makeRecoveryCodes(tx, actor.id, deriveRecoveryCodes(secret))
    await audit(tx, {
      actor,
      act: 'account.renew_recovery_codes',
      subject: { kind: 'account', id: actor.id },
      at: now,
    })
    await tellOwner(tx, actor.id, 'recovery_renewed')
    return ok(null)
  })
  return made.ok ? deriveRecoveryCodes(made.value) : made.error
}
