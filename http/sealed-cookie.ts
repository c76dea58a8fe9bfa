import '#server-only'
import { cookies } from 'next/headers'
import { type Instant, MINUTE } from '#lib/time.ts'
import { sealFor, unsealFor } from '#platform/crypto.ts'
import { cookieName, cookieOptions } from './cookies.ts'

/** The lifetime of a code. */
const LIFETIME = 15 * MINUTE

/**
 * Keeps a sealed value in a cookie, by default for the lifetime of a code, as the next person may use the same browser. It is
 * not in an address, because addresses end up in histories and access logs.
 */
export async function keepSealed(
  name: string,
  kept: object,
  now: Instant,
  lifetime = LIFETIME,
): Promise<void> {
  const value = { ...kept, until: now.getTime() + lifetime }
  const sealed = Buffer.from(sealFor(name, Buffer.from(JSON.stringify(value)))).toString('base64url')
  ;(await cookies()).set(cookieName(name), sealed, { ...cookieOptions(), maxAge: lifetime / 1000 })
}

/** Returns the unexpired value of {@link keepSealed}, or null. */
export async function readSealed<T extends object>(name: string, now: Instant): Promise<T | null> {
  const sealed = (await cookies()).get(cookieName(name))?.value
  if (sealed === undefined) return null
  try {
    const opened = JSON.parse(unsealFor(name, Buffer.from(sealed, 'base64url')).toString())
    const { until, ...kept } = opened as T & { readonly until: number }
    return until > now.getTime() ? (kept as unknown as T) : null
  } catch {
    return null
  }
}

export async function forgetSealed(name: string): Promise<void> {
  ;(await cookies()).delete({ name: cookieName(name), ...cookieOptions() })
}
