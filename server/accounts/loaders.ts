import '#server-only'
import { keyedHash } from '#server/platform/crypto.ts'
import { totpText, totpUri } from '#server/platform/totp.ts'
import { openTotpSecret } from './commands/second-factor.ts'
import { invited } from './repository.ts'

export { recoveryCodesLeft } from './repository/second-factor.ts'
export { type AccountRow, type Assignable, allAccounts, assignable, namesOf } from './repository.ts'

export interface Invitation {
  readonly email: string
  readonly name: string
  /** What an authenticator app reads from the QR code, and the same secret to be typed. */
  readonly totp: { readonly uri: string; readonly text: string }
}

/** Who sets password and second factor through an invitation link, or null when it is used, too old or made up. */
export async function invitedBy(token: string, now: Date): Promise<Invitation | null> {
  const account = await invited(keyedHash('invitation', token), now)
  if (!account) return null
  const { id, email, name } = account
  const secret = openTotpSecret(id, account.totpSecret)
  return { email, name, totp: { uri: totpUri(secret, email), text: totpText(secret) } }
}
