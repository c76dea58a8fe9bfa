import '#server-only'
import { hkdfSync } from 'node:crypto'
import { audit } from '#features/audit/commands.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, randomBuffer, sealFor, sealVersion, unsealFor } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { keyWrapper } from '#platform/key-wrapper.ts'
import { newTotpSecret, TOTP_SECRET_BYTES, totpStep } from '#platform/totp.ts'
import * as repository from '../repository/second-factor.ts'
import { newRecoveryCodes, parseOtp } from '../rules/second-factor.ts'
import type { FactorKind } from '../rules/step-up.ts'
import { type ShownPasskey, shownPasskey, spendPasskey } from './passkey.ts'
import { tellOwner } from './tell-owner.ts'

/** A factor that a person showed: of one {@link FactorKind}, with what spends it. */
export type Factor =
  | ShownPasskey
  | { readonly kind: 'totp' & FactorKind; readonly step: number }
  | { readonly kind: 'recovery' & FactorKind; readonly codeHash: Uint8Array<ArrayBuffer> }

const contextOf = (accountId: string): string => `totp:${accountId}`

export const sealTotpSecret = (accountId: string, secret: Uint8Array): Uint8Array<ArrayBuffer> =>
  sealFor(contextOf(accountId), secret)

export const openTotpSecret = (accountId: string, sealed: Uint8Array): Buffer =>
  unsealFor(contextOf(accountId), sealed)

/**
 * Returns the second factor that an invitation offers in one browser. It is stored nowhere before it is accepted, and
 * a stranger who has seen the link is offered another: it says nothing of the one that its owner keeps.
 */
export const offeredSecret = (token: string, browser: string): Buffer =>
  Buffer.from(keyedHash('invitation-totp', `${browser}\0${token}`).subarray(0, TOTP_SECRET_BYTES))

/** Brings every second factor under the wrapping key of today; answers whether there was none to bring. */
export function rotateTotpSecrets(): Promise<boolean> {
  return transaction(async (tx) => {
    let done = true
    await repository.resealSecrets(tx, (accountId, sealed) => {
      if (sealVersion(sealed) === keyWrapper.version()) return null
      done = false
      return sealTotpSecret(accountId, openTotpSecret(accountId, sealed))
    })
    return done
  })
}

const NOBODY = '00000000-0000-0000-0000-000000000000'
let nobodys: Uint8Array | undefined

/**
 * Returns the second factor that a person typed, where it is the account's and has not counted yet; otherwise null.
 * Where there is no account it does the same work, so that the time of an answer tells nothing.
 */
export async function shownFactor(
  account: repository.FactorOwner | null,
  typed: string,
  now: Instant,
): Promise<Factor | null> {
  const owner = account?.totpSecret ? account : null
  const id = owner?.id ?? NOBODY
  const otp = parseOtp(typed)
  if (otp?.kind === 'passkey') return passkeyIn(account, otp.response, now)
  if (otp?.kind === 'recovery') {
    const codeHash = recoveryHash(id, otp.code)
    return (await repository.isUnusedRecoveryCode(codeHash)) ? { kind: 'recovery', codeHash } : null
  }
  nobodys ??= sealTotpSecret(NOBODY, newTotpSecret())
  const step = totpStep(openTotpSecret(id, owner?.totpSecret ?? nobodys), otp?.code ?? '', now)
  const counts = owner !== null && step !== null && step > (owner.totpStep ?? -1)
  return counts ? { kind: 'totp', step } : null
}

/** Returns the account's own passkey that signed what was asked in this session; without a session nothing is asked. */
async function passkeyIn(
  account: repository.FactorOwner | null,
  response: unknown,
  now: Instant,
): Promise<Factor | null> {
  if (!account?.sessionHash) return null
  const asked = { purpose: 'step_up', sessionHash: account.sessionHash } as const
  const signed = await shownPasskey(response, asked, now)
  return signed?.accountId === account.id ? signed.shown : null
}

/** Spends a factor: false when it counted a moment ago. A recovery code's use is audited and told to its owner. */
export async function spendFactor(tx: Tx, accountId: string, factor: Factor, now: Instant): Promise<boolean> {
  if (factor.kind === 'totp') return repository.spendStep(tx, accountId, factor.step)
  if (factor.kind === 'passkey') return spendPasskey(tx, factor, now)
  if (!(await repository.spendRecoveryCode(tx, factor.codeHash, now))) return false
  await audit(tx, {
    actor: { kind: 'staff', id: accountId },
    act: 'account.use_recovery_code',
    subject: { kind: 'account', id: accountId },
    at: now,
  })
  await tellOwner(tx, accountId, 'recovery_used')
  return true
}

/** Returns the recovery codes of a secret: the same each time. */
export function recoveryCodesOf(secret: Buffer): readonly string[] {
  let drawn = 0
  return newRecoveryCodes((bytes) =>
    Buffer.from(hkdfSync('sha256', secret, '', `recovery-codes/${drawn++}`, bytes)),
  )
}

/** Makes an account's recovery codes anew; answers them, for they are stored as keyed hashes alone. */
export async function makeRecoveryCodes(
  tx: Tx,
  accountId: string,
  codes: readonly string[] = newRecoveryCodes(randomBuffer),
): Promise<readonly string[]> {
  await repository.replaceRecoveryCodes(
    tx,
    accountId,
    codes.map((code) => recoveryHash(accountId, code)),
  )
  return codes
}

const recoveryHash = (accountId: string, code: string): Uint8Array<ArrayBuffer> =>
  keyedHash('recovery-code', `${accountId}\0${code}`)
