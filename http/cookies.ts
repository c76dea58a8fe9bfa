import '#server-only'
import { env } from '#platform/env.ts'

/** Tells whether people reach us over HTTPS, here or at a proxy before us. */
export const isHttps = (): boolean => env().PUBLIC_URL?.startsWith('https:') ?? false

/**
 * Returns a cookie's name as it is sent. Over HTTPS the `__Host-` prefix keeps other hosts of the domain from setting
 * it; plain HTTP knows no such names. No name may be the beginning of another.
 */
export const cookieName = (name: string): string => (isHttps() ? `__Host-${name}` : name)

export const STAFF_SESSION = 'antam-staff'

/** Returns what every cookie of ours has: no script reads it, no other site's form sends it. */
export const cookieOptions = () =>
  ({ httpOnly: true, sameSite: 'lax', path: '/', secure: isHttps() }) as const
