import { type Email, type EmailFault, maskOwnEmail, parseEmail } from '#lib/person/email.ts'
import {
  formatMobile,
  type MobileFault,
  type Msisdn,
  maskMobile,
  parseMobile,
} from '#lib/person/phone-number.ts'
import { ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import type { AddedContact, Contact, Particulars } from '../particulars/rules.ts'

const KEPT = 7 * DAY

type Contacts = Pick<Particulars, 'contact' | 'secondContact' | 'contactsKeptAt'>

/** Returns the second contact while the first can still object to it. */
export const waitingContact = ({ secondContact }: Contacts, now: Instant): AddedContact | null =>
  secondContact && new Date(secondContact.inForceAt) > now ? secondContact : null

/** Returns the contacts that are told of a case now, the first one first. One that waits is told nothing. */
export const contactsInForce = (p: Contacts, now: Instant): readonly Contact[] => {
  const second = waitingContact(p, now) === null ? p.secondContact : undefined
  return [p.contact, second && { kind: second.kind, value: second.value }].filter((one) => one != null)
}

/** Tells whether the first contact has objected so lately that no contact can be added. */
export const areContactsKept = ({ contactsKeptAt }: Contacts, now: Instant): boolean =>
  contactsKeptAt !== undefined && addMilliseconds(new Date(contactsKeptAt), KEPT) > now

export interface CaseContacts {
  /** The contacts in force, masked, the first one first; empty without full access. */
  readonly inForce: readonly string[]
  /** The contact to which they can still object; it is named only with full access. */
  readonly waiting: { readonly contact: string | null; readonly inForceAt: Instant } | null
  /** The first contact has objected lately, so no contact can be added. */
  readonly kept: boolean
}

/** The acts of the case page on its contacts, by the names of their buttons (docs/interface.md, "Form fields"). */
export type ContactAct = 'add_contact' | 'keep_contacts' | 'drop_contact'
const CONTACT_ACTS: readonly string[] = [
  'add_contact',
  'keep_contacts',
  'drop_contact',
] satisfies ContactAct[]
export const isContactAct = (act: string | null): act is ContactAct =>
  act !== null && CONTACT_ACTS.includes(act)

/** The reasons why the contacts of a case are not changed; each has its words in `faults.track`. */
export type NewContactFault =
  | 'contact_same'
  | 'contact_full'
  | 'contact_waits'
  | 'contact_kept'
  | 'contact_lost_phone'
  | 'contact_in_force'
  | 'contact_last'
  | 'contact_first'

/** Returns why a case takes no further contact now, whichever it is; null if it takes one. */
export function closedToContacts(p: Contacts, now: Instant): NewContactFault | null {
  if (p.secondContact) return waitingContact(p, now) ? 'contact_waits' : 'contact_full'
  return areContactsKept(p, now) ? 'contact_kept' : null
}

/**
 * Returns why no contact can be added at the desk; null if one can. A first contact needs the secret: there is nobody who is told
 * of it and could object.
 */
export const closedAtDesk = (p: Contacts, now: Instant): NewContactFault | null =>
  contactsInForce(p, now).length === 0 ? 'contact_first' : closedToContacts(p, now)

/** Returns why a contact cannot be added to a case; null if it can. */
export function newContactFault(
  p: Contacts & Pick<Particulars, 'phoneNumbers'>,
  contact: Contact,
  { simReissued, now }: { readonly simReissued: boolean; readonly now: Instant },
): NewContactFault | null {
  const first = p.contact
  const isSame = (one: Contact) => one.value.toLowerCase() === contact.value.toLowerCase()
  if ((first && isSame(first)) || (p.secondContact && isSame(p.secondContact))) return 'contact_same'
  const closed = closedToContacts(p, now)
  if (closed) return closed
  // Anybody who has the lost phone would read messages to its number.
  return p.phoneNumbers.includes(contact.value) && !simReissued ? 'contact_lost_phone' : null
}

export const writeContact = ({ kind, value }: Contact): string =>
  kind === 'email' ? value : formatMobile(value as Msisdn)

/**
 * Returns the forms in which a contact is looked up: as it is stored, and in lower case, because people mistype the case of an
 * address.
 */
export const writtenAlike = ({ value }: Contact): readonly string[] => [
  ...new Set([value, value.toLowerCase()]),
]

/** Masks a contact so that its owner recognises it and no other person can use it. */
export const maskContact = ({ kind, value }: Contact): string =>
  kind === 'email' ? maskOwnEmail(value as Email) : maskMobile(value as Msisdn)

/** The fault of a contact, by the kind that it was read as: a text with an @ is an e-mail address. */
export type TypedContactFault =
  | { readonly kind: 'email'; readonly fault: EmailFault }
  | { readonly kind: 'phone'; readonly fault: MobileFault }

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

/** Returns the fault of a typed contact as a key of messages' `faults`. */
export const typedContactFault = ({ kind, fault }: TypedContactFault): string =>
  fault === 'empty'
    ? 'track.contact_empty'
    : `report.${kind === 'email' ? 'contactEmail' : 'mobile'}.${fault}`

const CODE_FAULTS = ['empty', 'format', 'wrong', 'expired', 'too_many_tries', 'too_many', 'too_many_here']

/** Returns why a contact was not added as a key of messages' `faults`; null for a refusal that is not about the contact. */
export function addingFault(refusal: string): string | null {
  if (refusal === 'no_sms') return 'report.resume.no_sms'
  if (refusal.startsWith('contact_')) return `track.${refusal}`
  return CODE_FAULTS.includes(refusal) ? `report.code.${refusal}` : null
}
