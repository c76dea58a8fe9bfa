import { type Email, maskEmail } from '#lib/person/email.ts'
import { formatMobile, type Msisdn, maskMobile } from '#lib/person/phone-number.ts'
import type { Contact } from './particulars.ts'

/** Returns a contact as its owner wrote it: an address, or a number as written at home. */
export const writeContact = ({ kind, value }: Contact): string =>
  kind === 'email' ? value : formatMobile(value as Msisdn)

/** Returns a contact that its owner recognises and nobody else can use. */
export const maskContact = ({ kind, value }: Contact): string =>
  kind === 'email' ? maskEmail(value as Email) : maskMobile(value as Msisdn)
