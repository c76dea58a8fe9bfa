import '#server-only'
import type { Instant } from '#lib/time.ts'
import { keyedHash } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { totpText, totpUri } from '#platform/totp.ts'
import { deriveOfferedSecret } from '../factors/data.ts'

export async function endInvitation(tx: Tx, accountId: string, now: Instant): Promise<boolean> {
  const unused = { accountId, usedAt: null }
  const open = await tx.invitation.deleteMany({ where: { ...unused, expiresAt: { gt: now } } })
  await tx.invitation.deleteMany({ where: unused })
  return open.count > 0
}

export async function findInvited(tokenHash: Uint8Array<ArrayBuffer>, now: Instant, tx: Tx = db) {
  const row = await tx.invitation.findFirst({
    where: { tokenHash, usedAt: null, expiresAt: { gt: now }, account: { active: true } },
    select: { account: { select: { id: true, email: true, name: true } } },
  })
  return row?.account ?? null
}

export interface Invitation {
  readonly email: string
  readonly name: string
  /** The `otpauth:` address in the QR code, and the same secret as text to type. */
  readonly totp: { readonly uri: string; readonly text: string }
}

export async function readInvitation(token: string, browser: string, now: Date): Promise<Invitation | null> {
  const account = await findInvited(keyedHash('invitation', token), now)
  if (!account) return null
  const { email, name } = account
  const secret = deriveOfferedSecret(token, browser)
  return { email, name, totp: { uri: totpUri(secret, email), text: totpText(secret) } }
}
