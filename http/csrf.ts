import '#server-only'
import { createHash } from 'node:crypto'
import { cookies } from 'next/headers'
import { randomBuffer, sameBytes } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import { cookieName } from './cookies.ts'

export const CSRF_COOKIE = 'antam-csrf'

/** Returns a token in next-auth's format (core/lib/csrf-token.js): `token|sha256(token + secret)`. */
const pairOf = (token: string): string =>
  `${token}|${createHash('sha256').update(`${token}${env().NEXTAUTH_SECRET}`).digest('hex')}`

const tokenIn = (cookie: string | undefined): string => cookie?.split('|')[0] ?? ''

/** Returns the cookie that the browser sent if it is valid, otherwise a new one. Set by proxy.ts, as a page cannot set it. */
export function csrfCookie(sent: string | undefined): string {
  const token = tokenIn(sent)
  if (token && sameBytes(Buffer.from(pairOf(token)), Buffer.from(sent ?? ''))) return pairOf(token)
  return pairOf(randomBuffer(32).toString('hex'))
}

export const csrfToken = async (): Promise<string> =>
  tokenIn((await cookies()).get(cookieName(CSRF_COOKIE))?.value)
