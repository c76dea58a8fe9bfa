import '#server-only'
import { cookies } from 'next/headers'
import type { Contact } from '#features/cases/rules/particulars.ts'
import { type Instant, MINUTE } from '#lib/time.ts'
import { sealFor, unsealFor } from '#platform/crypto.ts'
import { cookieName, cookieOptions } from './cookies.ts'

/** A contact on its way back to a draft in this browser: sent a code, or with the right code entered. */
export interface Resuming {
  readonly contact: Contact
  readonly proven: boolean
}

const RESUMING = 'antam-resuming'
/** As long as a code is good for. */
const LIFETIME = 15 * MINUTE

/**
 * Keeps whose draft this browser is about to open: sealed, as the browser may be somebody else's, and in no address, as
 * those are written to histories and access logs.
 */
export async function keepResuming(resuming: Resuming, now: Instant): Promise<void> {
  const value = { ...resuming, until: now.getTime() + LIFETIME }
  const sealed = Buffer.from(sealFor(RESUMING, Buffer.from(JSON.stringify(value)))).toString('base64url')
  ;(await cookies()).set(cookieName(RESUMING), sealed, { ...cookieOptions(), maxAge: LIFETIME / 1000 })
}

/** Returns what {@link keepResuming} kept, within its time; null for nothing. */
export async function resuming(now: Instant): Promise<Resuming | null> {
  const sealed = (await cookies()).get(cookieName(RESUMING))?.value
  if (sealed === undefined) return null
  try {
    const opened = JSON.parse(unsealFor(RESUMING, Buffer.from(sealed, 'base64url')).toString())
    const { contact, proven, until } = opened as Resuming & { readonly until: number }
    return until > now.getTime() ? { contact, proven } : null
  } catch {
    return null
  }
}

export async function forgetResuming(): Promise<void> {
  ;(await cookies()).delete({ name: cookieName(RESUMING), ...cookieOptions() })
}
