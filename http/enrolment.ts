import '#server-only'
import { cookies } from 'next/headers'
import { randomBuffer } from '#platform/crypto.ts'
import { cookieName } from './cookies.ts'

export const ENROLMENT_COOKIE = 'antam-enrolment'

const ID = /^[\w-]{43}$/

/** Returns the cookie that the browser sent if it is valid, otherwise a new one. Set by proxy.ts, as a page cannot set it. */
export const enrolmentCookie = (sent: string | undefined): string =>
  sent !== undefined && ID.test(sent) ? sent : randomBuffer(32).toString('base64url')

/**
 * Returns this browser's id while it opens an invitation; empty without a cookie. The offered second factor is bound to it, so
 * another browser with the same link gets a different one.
 */
export async function enrollingBrowser(): Promise<string> {
  const sent = (await cookies()).get(cookieName(ENROLMENT_COOKIE))?.value ?? ''
  return ID.test(sent) ? sent : ''
}
