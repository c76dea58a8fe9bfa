import '#server-only'
import { sealForCookie, unsealForCookie } from '#server/platform/crypto.ts'
import { sessionSecret } from './session.ts'

const CONTEXT = 'case-search'

/**
 * A search as it may stand in an address: names and phone numbers must not lie in histories and access logs, so it
 * is sealed for the session that made it. Null when nobody is signed in.
 */
export async function sealSearch(text: string): Promise<string | null> {
  const secret = await sessionSecret()
  return secret && Buffer.from(sealForCookie(secret, CONTEXT, text)).toString('base64url')
}

/** What {@link sealSearch} sealed in this session, or null. */
export async function openSearch(sealed: string): Promise<string | null> {
  const secret = await sessionSecret()
  return secret && unsealForCookie<string>(secret, CONTEXT, Buffer.from(sealed, 'base64url'))
}
