import '#server-only'
import type { Contact } from '#features/cases/rules/particulars.ts'
import { contactHash } from '#features/contact-codes/queries.ts'
import type { Instant } from '#lib/time.ts'
import { findByContact, type KeptObjection } from '../repository/by-contact.ts'
import { draftTransaction } from '../repository/drafts.ts'

export type { KeptObjection }

/** Returns what a contact that has answered its code may choose from, the newest first. */
export const objectionsOf = (contact: Contact, now: Instant): Promise<readonly KeptObjection[]> =>
  draftTransaction((tx) => findByContact(tx, contactHash(contact), now))
