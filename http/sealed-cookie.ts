import '#server-only'
import { cookies } from 'next/headers'
import { type Instant, MINUTE } from '#lib/time.ts'
import { sealFor, unsealFor } from '#platform/crypto.ts'
import { cookieName, cookieOptions } from './cookies.ts'

/** As long as a code is good for. */
const LIFETIME = 15 * MINUTE

/**
 * Keeps a value in a cookie, sealed, for the time of a code where no other is given, as the browser may be another person's. It stands in no address,
 * as addresses are written to histories and access logs.
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

/** Returns what {@link keepSealed} kept, within its time; null for nothing. */
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
