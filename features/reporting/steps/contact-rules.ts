import type { TypedContactFault } from '#features/cases/contacts/rules.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { parseEmail } from '#lib/person/email.ts'
import { suggestEmail } from '#lib/person/mail-domain.ts'
import { formatMobile, type Msisdn, parseMobile } from '#lib/person/phone-number.ts'
import { type DraftFields, FieldReader, type FieldReading, isBlank } from '../fields/reader-rules.ts'

export const keptContactFault = ({ kind, fault }: TypedContactFault): string => {
  if (fault === 'empty') return 'report.resume.empty'
  return kind === 'email' ? `report.contactEmail.${fault}` : `report.mobile.${fault}`
}

/**
 * Reads the phone number, the e-mail address or both, in form order. `lostNumbers` are the numbers of the lost phone: its
 * new holder would read messages sent there. Without `phones` this installation cannot reach phone numbers, and an e-mail
 * address is required. An address that looks mistyped is questioned once: sent again together with itself
 * (`contactEmailAsked`) it is accepted.
 */
function readContacts(
  typed: DraftFields,
  lostNumbers: readonly Msisdn[],
  phones: boolean,
): FieldReading<readonly [Contact, ...Contact[]]> {
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
  const isNone = isBlank(form.text('contactEmail')) && (!phones || isBlank(form.text('contactPhone')))
  if (isNone && phones) form.refuse('contactPhone', 'empty')
  else if (isNone) form.refuse('contactEmail', 'no_sms')
  const [first, ...others]: readonly Contact[] = [
    ...(phone !== null && phones ? [{ kind: 'phone', value: phone } as const] : []),
    ...(email !== null ? [{ kind: 'email', value: email } as const] : []),
  ]
  return form.done(() => (first === undefined ? null : [first, ...others]))
}

/** Reads one contact for codes and messages: the e-mail address if given, because it costs nothing. */
export function readContact(
  typed: DraftFields,
  lostNumbers: readonly Msisdn[],
  phones: boolean,
): FieldReading<{ readonly contact: Contact }> {
  const { value, ...read } = readContacts(typed, lostNumbers, phones)
  return { ...read, value: value && { contact: value.at(-1) ?? value[0] } }
}

/** The contacts of a report. Either may answer its code; both receive messages of the case once both have. */
export interface ReportedContact {
  /** Null at the desk, for a person without a contact who is served on paper. */
  readonly contact: Contact | null
  readonly other: Contact | null
}

/** Reads the contacts of a report; at the desk there may be none (`noContact`, which only desk drafts keep). */
export function readReportedContact(
  typed: DraftFields,
  lostNumbers: readonly Msisdn[],
  phones: boolean,
): FieldReading<ReportedContact> {
  const blank = isBlank(typed.contactEmail ?? '') && isBlank(typed.contactPhone ?? '')
  if (typed.noContact !== 'on' || !blank) {
    const { value, answers, faults } = readContacts(typed, lostNumbers, phones)
    return {
      value: value && { contact: value[0], other: value[1] ?? null },
      answers: { ...answers, noContact: '' },
      faults,
    }
  }
  const form = new FieldReader(typed)
  for (const field of ['contactEmail', 'contactPhone', 'contactEmailAsked'] as const) form.keep(field, '')
  for (const box of ['simReissued', 'ownDevice', 'noContact'] as const) form.box(box)
  return form.done(() => ({ contact: null, other: null }))
}
