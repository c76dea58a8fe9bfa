import '#server-only'
import { blindIndexes } from '#platform/crypto.ts'
import type { Contact } from '../particulars/rules.ts'
import { writtenAlike } from './rules.ts'

/**
 * Returns the hashes by which cases are found by a contact, one for each key in use, in hexadecimal digits: a job may carry
 * them, as nobody reads the contact off them.
 */
export const makeContactIndexes = (contact: Contact): readonly string[] =>
  writtenAlike(contact)
    .flatMap((value) => blindIndexes('contact', value))
    .map((hash) => Buffer.from(hash).toString('hex'))
