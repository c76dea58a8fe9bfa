import '#server-only'
import { cookies } from 'next/headers'
import type { Contact } from '#features/cases/rules/particulars.ts'
import { type Instant, MINUTE } from '#lib/time.ts'
import { sealFor, unsealFor } from '#platform/crypto.ts'
import { cookieName, cookieOptions } from './cookies.ts'

/**
 * Tells what a contact was sent a code for. Each has its own cookie: a code for one opens nothing of the other. `contact`: it
 * is added to the case that this browser has open. `phones` opens a list of phones, `phones_contact` is added to one.
 */
type Sought = 'report' | 'objection' | 'contact' | 'phones' | 'phones_contact'

/** A contact that was sent a code from this browser, and whether the right code was entered. */
export interface Resuming {
  readonly contact: Contact
  readonly proven: boolean
  /** The case or list that the contact is added to, or the list that was made for it. */
  readonly caseId?: string
}

const RESUMING = {
  report: 'antam-resuming',
  objection: 'antam-following',
  contact: 'antam-adding',
  phones: 'antam-opening',
  phones_contact: 'antam-joining',
} as const satisfies Record<Sought, string>
/** As long as a code is good for. */
const LIFETIME = 15 * MINUTE

/**
 * Keeps the contact in a cookie, sealed, as the browser may be another person's. It stands in no address, as addresses
 * are written to histories and access logs.
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
    const { until, ...kept } = opened as Resuming & { readonly until: number }
    return until > now.getTime() ? kept : null
  } catch {
    return null
  }
}

export async function forgetResuming(sought: Sought): Promise<void> {
  ;(await cookies()).delete({ name: cookieName(RESUMING[sought]), ...cookieOptions() })
}
