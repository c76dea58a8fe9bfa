import '#server-only'
import { createHash } from 'node:crypto'
import { random, sameBytes } from '#server/platform/crypto.ts'
import { env } from '#server/platform/env.ts'

/** The header in which the gate hands a page the token of its sign-in form. */
export const CSRF_HEADER = 'x-csrf-token'
export const CSRF_COOKIE = 'antam-csrf'

export interface CsrfToken {
  readonly token: string
  /** The cookie to set, when the browser has none that is valid. */
  readonly cookie: string | null
}

/** next-auth's own pair (core/lib/csrf-token.js): `token|sha256(token + secret)`. */
const pairOf = (token: string): string =>
  `${token}|${createHash('sha256').update(`${token}${env().NEXTAUTH_SECRET}`).digest('hex')}`

/** The token that goes with a browser's cookie, or a new one. A page cannot set cookies, so the gate calls this. */
export function csrfToken(cookie: string | undefined): CsrfToken {
  const sent = cookie?.split('|')[0]
  if (sent && sameBytes(Buffer.from(pairOf(sent)), Buffer.from(cookie ?? ''))) {
    return { token: sent, cookie: null }
  }
  const token = random(32).toString('hex')
  return { token, cookie: pairOf(token) }
}
