import '#server-only'
import { sealForCookie, unsealForCookie } from '#platform/crypto.ts'
import { sessionSecret } from './session.ts'

/**
 * The things that a page has sealed: a search that stands in an address, or a list's answers that a form carries on to
 * a file.
 */
type Sealed = 'case-search' | 'queue-results' | 'objection-search' | 'order-search' | 'imei-list'

/**
 * Seals a value so that it may leave the server and come back: names and numbers must not lie in histories and access
 * logs, and nobody else can make it. It is sealed for the session that made it. Null when nobody is signed in.
 */
export async function sealForSession(kind: Sealed, value: unknown): Promise<string | null> {
  const secret = await sessionSecret()
  return secret && Buffer.from(sealForCookie(secret, kind, value)).toString('base64url')
}

/** Opens what {@link sealForSession} sealed in this session; null when it cannot be opened. */
export async function openForSession<T>(kind: Sealed, sealed: string): Promise<T | null> {
  const secret = await sessionSecret()
  return secret === null ? null : unsealForCookie<T>(secret, kind, Buffer.from(sealed, 'base64url'))
}
