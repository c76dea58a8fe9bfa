import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { TOTP_SECRET_BYTES } from '#platform/totp.ts'

export interface FactorOwner {
  readonly id: string
  /** Sealed for the account; null before its invitation is accepted. */
  readonly totpSecret: Uint8Array | null
  readonly totpStep: number | null
  /** The session that the factor is asked in; none at sign-in. */
  readonly sessionHash?: Uint8Array<ArrayBuffer>
}

export const findSessionOwner = async (tokenHash: Uint8Array<ArrayBuffer>, now: Instant) => {
  const session = await db.staffSession.findFirst({
    where: { tokenHash, endedAt: null, expiresAt: { gt: now }, account: { active: true } },
    select: {
      account: {
        select: {
          id: true,
          totpSecret: true,
          totpStep: true,
          role: true,
          _count: { select: { passkeys: true } },
        },
      },
    },
  })
  if (!session) return null
  const { _count, ...account } = session.account
  return { ...account, sessionHash: tokenHash, passkeys: _count.passkeys }
}

export const findCodesGiven = (tokenHash: Uint8Array<ArrayBuffer>, now: Instant, tx: Tx | typeof db = db) =>
  tx.staffSession.findFirst({
    where: { tokenHash, endedAt: null, expiresAt: { gt: now }, account: { active: true } },
    select: { steppedUpAt: true, codeAt: true, codeFor: true },
  })

export const isUnusedRecoveryCode = async (codeHash: Uint8Array<ArrayBuffer>): Promise<boolean> =>
  (await db.recoveryCode.findFirst({ where: { codeHash, usedAt: null }, select: { accountId: true } })) !==
  null

export const countRecoveryCodes = ({ id }: StaffActor): Promise<number> =>
  db.recoveryCode.count({ where: { accountId: id, usedAt: null } })

export async function clearSignIn(tx: Tx, id: string): Promise<boolean> {
  const { count } = await tx.staffAccount.updateMany({
    where: { id, active: true },
    data: { passwordHash: null, totpSecret: null, totpStep: null },
  })
  if (count === 0) return false
  await tx.recoveryCode.deleteMany({ where: { accountId: id } })
  await tx.passkey.deleteMany({ where: { accountId: id } })
  return true
}

export async function findStaffAddress(id: string): Promise<string | null> {
  const row = await db.staffAccount.findUnique({ where: { id }, select: { email: true } })
  return row?.email ?? null
}

/** Derives the TOTP secret that an invitation offers in one browser: a stranger with the link gets another. */
export const deriveOfferedSecret = (token: string, browser: string): Buffer =>
  Buffer.from(keyedHash('invitation-totp', `${browser}\0${token}`).subarray(0, TOTP_SECRET_BYTES))
