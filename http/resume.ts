import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { Instant } from '#lib/time.ts'
import { forgetSealed, keepSealed, readSealed } from './sealed-cookie.ts'

/**
 * The purpose of a code. Each purpose has its own cookie, so that a code for one opens nothing of another. `contact`: adds the
 * contact to the open case. `phones`: opens a list of phones. `phones_contact`: adds the contact to a list. `helping`: lets a
 * trusted person in.
 */
type Sought = 'report' | 'objection' | 'contact' | 'phones' | 'phones_contact' | 'helping'

/** A contact to which a code was sent from this browser, and whether the right code was entered. */
interface Resuming {
  readonly contact: Contact
  readonly proven: boolean
  /** The case or list to which the contact is added, or the list that was created for it. */
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

export const resuming = (sought: Sought, now: Instant): Promise<Resuming | null> =>
  readSealed(RESUMING[sought], now)

export const forgetResuming = (sought: Sought): Promise<void> => forgetSealed(RESUMING[sought])
