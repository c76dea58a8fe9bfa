import type { TypedContactFault } from '#features/cases/rules/contact.ts'
import type { Contact } from '#features/cases/rules/particulars.ts'
import { parseEmail } from '#lib/person/email.ts'
import { suggestEmail } from '#lib/person/mail-domain.ts'
import { formatMobile, type Msisdn, parseMobile } from '#lib/person/phone-number.ts'
import type { DraftFields, Reading } from './draft-fields.ts'
import { FieldReader, isBlank } from './field-reader.ts'

/** Returns the fault of a contact that was typed to find a draft or an objection, as a key of `faults`. */
export const keptContactFault = ({ kind, fault }: TypedContactFault): string => {
  if (fault === 'empty') return 'report.resume.empty'
  return kind === 'email' ? `report.contactEmail.${fault}` : `report.mobile.${fault}`
}

export interface ContactAnswers {
  /** The contact for codes and messages: the e-mail address where there is one, because it costs nothing. */
  readonly contact: Contact
}

/**
 * Reads where messages reach the person. `lostNumbers` are the numbers of the lost phone, whose new holder would read
 * messages sent there. `phones` tells whether this installation can reach phone numbers: if not, an e-mail address is
 * needed. An address that looks mistyped is questioned once: sent again together with itself (`contactEmailAsked`) it
 * is accepted.
 */
export function readContact(
  typed: DraftFields,
  lostNumbers: readonly Msisdn[],
  phones: boolean,
): Reading<ContactAnswers> {
  const form = new FieldReader(typed)
  const email = form.optional('contactEmail', parseEmail, String)
  const asked = form.text('contactEmailAsked')
  form.keep('contactEmailAsked', email !== null && email === asked ? asked : '')
  if (email !== null && email !== asked && suggestEmail(email) !== null)
    form.refuse('contactEmail', 'mistyped')
  const phone = form.optional('contactPhone', parseMobile, formatMobile, 'mobile')
  const reissued = form.box('simReissued')
  form.box('ownDevice')
  if (phone !== null && lostNumbers.includes(phone) && !reissued) form.refuse('contactPhone', 'lost_phone')
  if (isBlank(form.text('contactEmail')) && (!phones || isBlank(form.text('contactPhone'))))
    form.refuse('contactEmail', phones ? 'empty' : 'no_sms')
  const contact: Contact | null =
    email !== null
      ? { kind: 'email', value: email }
      : phone !== null && phones
        ? { kind: 'phone', value: phone }
        : null
  return form.done(() => contact && { contact })
}

/** The contact of a report: null at the desk, for a person whom nothing reaches and who is served on paper. */
export interface ReportedContact {
  readonly contact: Contact | null
}

/** Reads the contact of a report, which at the desk may be none at all (`noContact`, kept in no other draft). */
export function readReportedContact(
  typed: DraftFields,
  lostNumbers: readonly Msisdn[],
  phones: boolean,
): Reading<ReportedContact> {
  const blank = isBlank(typed.contactEmail ?? '') && isBlank(typed.contactPhone ?? '')
  if (typed.noContact !== 'on' || !blank) {
    const read = readContact(typed, lostNumbers, phones)
    return { ...read, answers: { ...read.answers, noContact: '' } }
  }
  const form = new FieldReader(typed)
  for (const field of ['contactEmail', 'contactPhone', 'contactEmailAsked'] as const) form.keep(field, '')
  for (const box of ['simReissued', 'ownDevice', 'noContact'] as const) form.box(box)
  return form.done(() => ({ contact: null }))
}
