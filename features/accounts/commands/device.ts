import '#server-only'
import { keyedHash, sameBytes } from '#platform/crypto.ts'

/** Returns a browser's proof that it once signed in to an account: a random id and its keyed hash with the address. */
export const deviceCookie = (email: string, id: string): string =>
  `${id}.${deviceProof(email, id).toString('base64url')}`

const deviceProof = (email: string, id: string): Buffer =>
  Buffer.from(keyedHash('sign-in-device', `${email}\0${id}`))

/**
 * Returns the id in a browser's cookie, where it is of this account. Compared as it is written: what may be written in many
 * ways would have a fresh count of tries in each.
 */
export function deviceOf(email: string, cookie: string | undefined): string | null {
  const id = cookie?.split('.')[0] ?? ''
  return sameBytes(Buffer.from(deviceCookie(email, id)), Buffer.from(cookie ?? '')) ? id : null
}
