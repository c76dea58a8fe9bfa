import '#server-only'
import { sealForCookie, unsealForCookie } from '#platform/crypto.ts'
import { sessionSecret } from './session.ts'

/** The kinds of sealed values in pages: a search in an address, or list results that a form passes on to a file. */
type Sealed = 'case-search' | 'queue-results' | 'objection-search' | 'order-search' | 'imei-list'

/**
 * Seals a value for this session, so that it can leave the server and come back: names and numbers must not be in histories and
 * access logs, and nobody else can forge it. Null if nobody is signed in.
 */
export async function sealForSession(kind: Sealed, value: unknown): Promise<string | null> {
  const secret = await sessionSecret()
  return secret && Buffer.from(sealForCookie(secret, kind, value)).toString('base64url')
}

/** Opens a value that {@link sealForSession} sealed in this session, otherwise null. */
export async function openForSession<T>(kind: Sealed, sealed: string): Promise<T | null> {
  const secret = await sessionSecret()
  return secret === null ? null : unsealForCookie<T>(secret, kind, Buffer.from(sealed, 'base64url'))
}
