import '#server-only'
import type { Contact } from '#features/cases/rules/particulars.ts'
import { keyedHash } from '#platform/crypto.ts'

/** Returns what stands for a contact where the contact itself must not: the same one has the same hash. */
export const contactHash = (contact: Contact): Uint8Array<ArrayBuffer> =>
  keyedHash('contact', `${contact.kind}:${contact.value.toLowerCase()}`)
