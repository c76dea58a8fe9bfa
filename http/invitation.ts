import '#server-only'
import { cookies } from 'next/headers'
import { cookieName, cookieOptions } from './cookies.ts'

const INVITATION_COOKIE = 'antam-invitation'
/** Enough time to set a password and an authenticator; afterwards the link in the mail can be opened again. */
const SECONDS = 60 * 60

/** Keeps the secret of an invitation's link in a cookie, so that it stays out of addresses. */
export async function keepInvitationSecret(secret: string): Promise<void> {
  ;(await cookies()).set(cookieName(INVITATION_COOKIE), secret, { ...cookieOptions(), maxAge: SECONDS })
}

export async function invitationSecret(): Promise<string | null> {
  const secret = (await cookies()).get(cookieName(INVITATION_COOKIE))?.value ?? ''
  return /^[\w-]{1,100}$/.test(secret) ? secret : null
}
