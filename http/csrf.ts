import '#server-only'
import { createHash } from 'node:crypto'
import { cookies } from 'next/headers'
import { randomBuffer, sameBytes } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import { cookieName } from './cookies.ts'

export const CSRF_COOKIE = 'antam-csrf'

/** Returns next-auth's own pair for a token (core/lib/csrf-token.js): `token|sha256(token + secret)`. */
const pairOf = (token: string): string =>
  `${token}|${createHash('sha256').update(`${token}${env().NEXTAUTH_SECRET}`).digest('hex')}`

const tokenIn = (cookie: string | undefined): string => cookie?.split('|')[0] ?? ''

/** Returns a browser's cookie as it is where it is valid, and a new one otherwise. A page cannot set it: proxy.ts does. */
export function csrfCookie(sent: string | undefined): string {
  const token = tokenIn(sent)
  if (token && sameBytes(Buffer.from(pairOf(token)), Buffer.from(sent ?? ''))) return pairOf(token)
  return pairOf(randomBuffer(32).toString('hex'))
}

export const csrfToken = async (): Promise<string> =>
  tokenIn((await cookies()).get(cookieName(CSRF_COOKIE))?.value)
