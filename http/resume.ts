import '#server-only'
import { cookies } from 'next/headers'
import type { Contact } from '#features/cases/rules/particulars.ts'
import { type Instant, MINUTE } from '#lib/time.ts'
import { sealFor, unsealFor } from '#platform/crypto.ts'
import { cookieName, cookieOptions } from './cookies.ts'

/** What a contact is on its way back to: each has a cookie of its own, as a code for one opens nothing of the other. */
type Sought = 'report' | 'objection'

/** A contact on its way back in this browser: sent a code, or with the right code entered. */
export interface Resuming {
  readonly contact: Contact
  readonly proven: boolean
}

const RESUMING = {
  report: 'antam-resuming',
  objection: 'antam-following',
} as const satisfies Record<Sought, string>
/** As long as a code is good for. */
const LIFETIME = 15 * MINUTE

/**
 * Keeps whose draft or objection this browser is about to open: sealed, as the browser may be somebody else's, and in no
 * address, as those are written to histories and access logs.
 */
export async function keepResuming(sought: Sought, resuming: Resuming, now: Instant): Promise<void> {
  const name = RESUMING[sought]
  const value = { ...resuming, until: now.getTime() + LIFETIME }
  const sealed = Buffer.from(sealFor(name, Buffer.from(JSON.stringify(value)))).toString('base64url')
  ;(await cookies()).set(cookieName(name), sealed, { ...cookieOptions(), maxAge: LIFETIME / 1000 })
}

/** Returns what {@link keepResuming} kept, within its time; null for nothing. */
export async function resuming(sought: Sought, now: Instant): Promise<Resuming | null> {
  const name = RESUMING[sought]
  const sealed = (await cookies()).get(cookieName(name))?.value
  if (sealed === undefined) return null
  try {
    const opened = JSON.parse(unsealFor(name, Buffer.from(sealed, 'base64url')).toString())
    const { contact, proven, until } = opened as Resuming & { readonly until: number }
    return until > now.getTime() ? { contact, proven } : null
  } catch {
    return null
  }
}

export async function forgetResuming(sought: Sought): Promise<void> {
  ;(await cookies()).delete({ name: cookieName(RESUMING[sought]), ...cookieOptions() })
}
