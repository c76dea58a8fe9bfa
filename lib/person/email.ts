import { z } from 'zod'
import { err, ok, type Result } from '../result.ts'
import { stripInvisible } from '../text-normalization.ts'

export type Email = string & { readonly __brand: 'Email' }

export type EmailFault = 'empty' | 'too_long' | 'format'

/** The longest address that SMTP carries: a path of 256 octets with its angle brackets (RFC 5321 §4.5.3.1.3). */
const EMAIL_MAX = 254

const schema = z.email()

/**
 * Reads an e-mail address. The domain is lower-cased, the local part kept: only its host knows whether case
 * counts there. Line breaks are refused, not stripped, since they are how headers are smuggled into a mail.
 */
export function parseEmail(input: string): Result<Email, EmailFault> {
  const address = stripInvisible(input).replace(/^[ \t\u00a0]+|[ \t\u00a0]+$/g, '')
  if (address.trim() === '') return err('empty')
  if (address.length > EMAIL_MAX) return err('too_long')
  if (!schema.safeParse(address).success) return err('format')
  const at = address.lastIndexOf('@')
  return ok((address.slice(0, at) + address.slice(at).toLowerCase()) as Email)
}

/** Masks an address for a person who should know it: `lan.nguyen@example.vn` → `l•••@example.vn`. */
export function maskOwnEmail(email: Email): string {
  const at = email.lastIndexOf('@')
  return `${at > 1 ? email[0] : ''}•••${email.slice(at)}`
}
