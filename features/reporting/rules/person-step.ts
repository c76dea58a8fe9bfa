import type { Contact } from '#features/cases/rules/particulars.ts'
import { parseEmail } from '#lib/person/email.ts'
import { ID_KINDS, type IdKind, parseNationalId } from '#lib/person/national-id.ts'
import { formatMobile, type Msisdn, parseMobile } from '#lib/person/phone-number.ts'
import type { Instant } from '#lib/time.ts'
import type { Answers, Reading } from './answers.ts'
import { FieldReader, isBlank } from './field-reader.ts'
import type { TextsOf } from './fields.ts'

export interface PersonAnswers extends TextsOf<'person'> {
  readonly idKind: IdKind
  readonly nationalId: string
  /** The contact to which codes and messages go: the e-mail address where there is one, as it costs nobody anything. */
  readonly contact: Contact
}

/**
 * Reads who reports. `lostNumbers` are those of the lost phone: the person who has it would read what is sent there.
 */
export function readPerson(
  typed: Answers,
  lostNumbers: readonly Msisdn[],
  now: Instant,
): Reading<PersonAnswers> {
  const form = new FieldReader(typed)
  const texts = form.texts('person')
  const idKind = form.choice('idKind', ID_KINDS)
  const nationalId = readNationalId(form, idKind, now)
  const contact = readContact(form, lostNumbers)
  return form.done(() => idKind && nationalId && contact && { ...texts, idKind, nationalId, contact })
}

function readNationalId(form: FieldReader, kind: IdKind | null, now: Instant): string | null {
  const parsed = parseNationalId(kind ?? 'passport', form.text('nationalId'), now)
  // Without a kind there is no saying what a number should look like, only whether there is one.
  if (kind === null && !(!parsed.ok && parsed.error === 'empty')) return null
  return form.parsed('nationalId', parsed, String, kind === 'passport' ? 'passport' : 'nationalId')
}

function readContact(form: FieldReader, lostNumbers: readonly Msisdn[]): Contact | null {
  const email = form.optional('contactEmail', parseEmail, String)
  const phone = form.optional('contactPhone', parseMobile, formatMobile, 'mobile')
  const reissued = form.box('simReissued')
  if (phone !== null && lostNumbers.includes(phone) && !reissued) form.refuse('contactPhone', 'lost_phone')
  if (email !== null) return { kind: 'email', value: email }
  if (phone !== null) return { kind: 'phone', value: phone }
  if (isBlank(form.text('contactEmail')) && isBlank(form.text('contactPhone')))
    form.refuse('contactEmail', 'empty')
  return null
}
