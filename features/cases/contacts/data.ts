import '#server-only'
import { blindIndexes } from '#platform/crypto.ts'
import type { Contact } from '../particulars/rules.ts'
import { writtenAlike } from './rules.ts'

/**
 * Returns the hashes that find cases by a contact, one for each key in use, in hexadecimal digits. A job may carry them, because
 * nobody can read the contact from them.
 */
export const makeContactIndexes = (contact: Contact): readonly string[] =>
  writtenAlike(contact)
    .flatMap((value) => blindIndexes('contact', value))
    .map((hash) => Buffer.from(hash).toString('hex'))
