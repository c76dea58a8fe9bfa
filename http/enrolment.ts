import '#server-only'
import { cookies } from 'next/headers'
import { randomBuffer } from '#platform/crypto.ts'
import { cookieName } from './cookies.ts'

export const ENROLMENT_COOKIE = 'antam-enrolment'

const ID = /^[\w-]{43}$/

/** Returns a browser's cookie as it is where it is one, and a new one otherwise. A page cannot set it: proxy.ts does. */
export const enrolmentCookie = (sent: string | undefined): string =>
  sent !== undefined && ID.test(sent) ? sent : randomBuffer(32).toString('base64url')

/**
 * Returns what this browser is known by while it opens an invitation: the second factor that is offered hangs on it, and
 * another browser with the same link is offered another. Empty where it has none.
 */
export async function enrollingBrowser(): Promise<string> {
  const sent = (await cookies()).get(cookieName(ENROLMENT_COOKIE))?.value ?? ''
  return ID.test(sent) ? sent : ''
}
