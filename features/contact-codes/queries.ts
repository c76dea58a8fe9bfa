import '#server-only'
import type { Contact } from '#features/cases/rules/particulars.ts'
import { keyedHash } from '#platform/crypto.ts'

/** Returns what stands for a contact where the contact itself must not: the same one has the same hash. */
export const contactHash = (contact: Contact): Uint8Array<ArrayBuffer> =>
  keyedHash('contact', `${contact.kind}:${contact.value.toLowerCase()}`)

/** Returns a contact as a job may carry it, by its hash in hexadecimal digits: nobody reads it off the queue. */
export const writtenHash = (contact: Contact): string => Buffer.from(contactHash(contact)).toString('hex')
