import { type Email, type EmailFault, parseEmail } from '#lib/person/email.ts'
import { type NameFault, parseName } from '#lib/person/name.ts'
import { parseMobile } from '#lib/person/phone-number.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { compactCode } from '#lib/text-normalization.ts'

export const CONTACT_FIELDS = ['contactName', 'contactEmail', 'contactPhone'] as const
type ContactField = (typeof CONTACT_FIELDS)[number]

export interface DutyContact {
  readonly name: string
  readonly email: Email
  /** A mobile number in E.164; the bare digits of a landline or hotline. */
  readonly phone: string
}

/** Enough for two shifts and their head: a longer list would not be kept up to date. */
export const MAX_CONTACTS = 5

export function readCarrierContact(
  typed: Readonly<Record<ContactField, string>>,
): Result<
  DutyContact,
  Partial<Record<ContactField, `name_${NameFault}` | `email_${EmailFault}` | 'phone_empty' | 'phone_format'>>
> {
  const name = parseName(typed.contactName)
  const email = parseEmail(typed.contactEmail)
  const phone = readPhone(typed.contactPhone)
  const faults = {
    ...(!name.ok && { contactName: `name_${name.error}` as const }),
    ...(!email.ok && { contactEmail: `email_${email.error}` as const }),
    ...(!phone.ok && { contactPhone: `phone_${phone.error}` as const }),
  }
  if (!name.ok || !email.ok || !phone.ok) return err(faults)
  return ok({ name: name.value, email: email.value, phone: phone.value })
}

function readPhone(typed: string): Result<string, 'empty' | 'format'> {
  const mobile = parseMobile(typed)
  if (mobile.ok) return mobile
  const written = compactCode(typed).replace(/[()]/g, '')
  if (written === '') return err('empty')
  return /^\+?[0-9]{3,15}$/.test(written) ? ok(written) : err('format')
}
