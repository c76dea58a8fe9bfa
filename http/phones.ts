import '#server-only'
import { findPhonesVisit } from '#features/case-sessions/data.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import { type PhonesScope, phonesScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { visitCookie } from './visit-cookie.ts'

export { arePhonesRegistered } from '#features/phones/registrants/data.ts'
export { arePersonsTrusted } from '#features/phones/trusted/data.ts'

const visit = visitCookie('antam-phones', 'registrant', findPhonesVisit)

export const endPhonesVisit = visit.end

/** Returns the list of phones that this browser has opened, or null. This is the only place that creates its scope. */
export async function openedPhones(now: Instant): Promise<PhonesScope | null> {
  const open = await visit.open(now)
  return open && phonesScope(open.caseId, open.openedBy)
}

/** Opens a list of phones in this browser, after a code to this contact was entered. Only where cookies can be set. */
export const enterPhones = (registrantId: string, contact: Contact, now: Instant): Promise<void> =>
  visit.enter(registrantId, 'full', now, null, contactHash(contact))
