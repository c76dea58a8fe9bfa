import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { Instant } from '#lib/time.ts'
import { forgetSealed, keepSealed, readSealed } from './sealed-cookie.ts'

/**
 * Tells what a contact was sent a code for. Each has its own cookie: a code for one opens nothing of the other. `contact`: it
 * is added to the case that this browser has open. `phones` opens a list of phones, `phones_contact` is added to one; `helping` lets a
 * trusted person in.
 */
type Sought = 'report' | 'objection' | 'contact' | 'phones' | 'phones_contact' | 'helping'

/** A contact that was sent a code from this browser, and whether the right code was entered. */
interface Resuming {
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
  helping: 'antam-helping',
} as const satisfies Record<Sought, string>

export const keepResuming = (sought: Sought, kept: Resuming, now: Instant): Promise<void> =>
  keepSealed(RESUMING[sought], kept, now)

/** Returns what {@link keepResuming} kept, within its time; null for nothing. */
export const resuming = (sought: Sought, now: Instant): Promise<Resuming | null> =>
  readSealed(RESUMING[sought], now)

export const forgetResuming = (sought: Sought): Promise<void> => forgetSealed(RESUMING[sought])
