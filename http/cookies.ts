import '#server-only'
import { env } from '#platform/env.ts'

/** Tells whether people reach the site over HTTPS, directly or through a proxy. */
export const isHttps = (): boolean => env().PUBLIC_URL?.startsWith('https:') ?? false

/**
 * Returns the name under which a cookie is sent. Over HTTPS the `__Host-` prefix prevents other hosts of the domain from
 * setting it; plain HTTP does not support the prefix. No name may be a prefix of another.
 */
export const cookieName = (name: string): string => (isHttps() ? `__Host-${name}` : name)

export const STAFF_SESSION = 'antam-staff'

/** Returns the common options of our cookies: hidden from scripts, and not sent with forms of other sites. */
export const cookieOptions = () =>
  ({ httpOnly: true, sameSite: 'lax', path: '/', secure: isHttps() }) as const
