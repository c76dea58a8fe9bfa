import '#server-only'
import { randomUUID } from 'node:crypto'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import { keyedHash, sameBytes } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { addressOf } from '../repository/second-factor.ts'
import { deviceCookie } from './device.ts'

const LINK_LIFE = 30 * MINUTE

const proofOf = (accountId: string, expires: number): Buffer =>
  Buffer.from(keyedHash('sign-in-link', `${accountId}\0${expires}`))

/** Returns the path of a link that makes a browser known to an account until `expires` (milliseconds since 1970). */
export const browserLinkPath = (accountId: string, expires: number): string =>
  `/k/browser/${accountId}.${expires}.${proofOf(accountId, expires).toString('base64url')}`

/** Mails an account's owner a link that makes the browser in which it is opened a known one. It signs nobody in. */
export const mailBrowserLink = (tx: Tx, accountId: string, now: Instant): Promise<void> =>
  enqueue(tx, 'account-notice', {
    id: randomUUID(),
    accountId,
    notice: 'new_browser',
    linkExpires: addMilliseconds(now, LINK_LIFE).getTime(),
  })

/**
 * Returns the cookie of a known browser for the token of a mailed link, or null where the link is made up or too old. Opened
 * again it is the same cookie: a mail scanner that follows the link takes nothing away and gets one count of tries.
 */
export async function cookieOfLink(token: string, now: Instant): Promise<string | null> {
  const [accountId = '', expiry = '', proof = ''] = token.split('.', 3)
  const expires = Number(expiry)
  if (!Number.isSafeInteger(expires) || expires <= now.getTime()) return null
  const right = proofOf(accountId, expires)
  if (!sameBytes(right, Buffer.from(proof, 'base64url'))) return null
  const email = await addressOf(accountId)
  const id = Buffer.from(keyedHash('sign-in-link-browser', token)).subarray(0, 16).toString('base64url')
  return email === null ? null : deviceCookie(email, id)
}
