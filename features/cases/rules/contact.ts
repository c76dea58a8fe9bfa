import { type Email, type EmailFault, maskEmail, parseEmail } from '#lib/person/email.ts'
import {
  formatMobile,
  type MobileFault,
  type Msisdn,
  maskMobile,
  parseMobile,
} from '#lib/person/phone-number.ts'
import { ok, type Result } from '#lib/result.ts'
import type { Contact } from './particulars.ts'

/** Returns a contact as its owner wrote it: an address, or a number as written at home. */
export const writeContact = ({ kind, value }: Contact): string =>
  kind === 'email' ? value : formatMobile(value as Msisdn)

/** Returns a masked contact, which its owner recognises and no other person can use. */
export const maskContact = ({ kind, value }: Contact): string =>
  kind === 'email' ? maskEmail(value as Email) : maskMobile(value as Msisdn)

/** The fault of a contact, by the kind that it was read as: a text with an @ is an e-mail address. */
export type TypedContactFault =
  | { readonly kind: 'email'; readonly fault: EmailFault }
  | { readonly kind: 'phone'; readonly fault: MobileFault }

/** Reads an e-mail address or a mobile number that was typed into one field. */
export function parseContact(typed: string): Result<Contact, TypedContactFault> {
  if (typed.includes('@')) {
    const email = parseEmail(typed)
    return email.ok
      ? ok({ kind: 'email', value: email.value })
      : { ok: false, error: { kind: 'email', fault: email.error } }
  }
  const phone = parseMobile(typed)
  return phone.ok
    ? ok({ kind: 'phone', value: phone.value })
    : { ok: false, error: { kind: 'phone', fault: phone.error } }
}
