import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import { type NewContactFault, parseContact } from '#features/cases/contacts/rules.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { Code } from '#features/cases/unlock/rules.ts'
import {
  type ContactFault,
  checkCodeSentTo,
  checkContact,
  confirmByCode,
  countAsk,
  sendContactCode,
} from '#features/contact-codes/acts.ts'
import { contactHash, writeContactHash } from '#features/contact-codes/data.ts'
import { removeEvidenceFiles } from '#features/evidence/files/acts.ts'
import { type NoticeParams, type NoticeTemplate, notify } from '#features/notices/acts.ts'
import type { PhonesScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { newCaseKey } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce, keyFor, RESEND_WINDOW } from '#platform/idempotency/commands.ts'
import { giveBack, withinLimit } from '#platform/rate-limits/commands.ts'
import { reachesPhones } from '#platform/sms.ts'
import {
  addOpener,
  findByContact,
  inPhones,
  insertRegistrant,
  lockRegistrant,
  type Registrant,
  saveRegistrant,
} from './data.ts'
import { isSameContact, MOST_CONTACTS } from './rules.ts'

interface Attempt {
  readonly contact: Contact
  /** The sender's network address, for rate limits. */
  readonly address: string
  /** The browser's mark (`hashAsker`): no other browser can enter the code. */
  readonly asker: string | null
  /** The form's key: a repeated form gets the same answer. */
  readonly submitKey: string
  readonly now: Instant
}

/**
 * Sends a code that opens the contact's own list. A new list is made each time, even if the contact already has one, so that
 * neither the answer nor the work reveals it. Returns the id of the new list; without a right code it is deleted after an hour.
 */
export async function askToOpen({
  contact,
  address,
  asker,
  locale,
  submitKey,
  now,
}: Attempt & { readonly locale: 'vi' | 'en' }): Promise<Result<string, 'limit' | 'no_sms'>> {
  if (contact.kind === 'phone' && !reachesPhones()) return err('no_sms')
  const purpose = 'open_phones'
  const key = keyFor(submitKey, writeContactHash(contact))
  return inPhones(() =>
    actOnce<string, 'limit'>(key, 'code.open_phones', now, async (tx) => {
      if (!(await withinLimit('code_address', address, now)).allowed) return err('limit')
      if (!(await countAsk(tx, { about: contact, purpose, address, ownId: null, now }))) return err('limit')
      const made = newCaseKey(randomUUID())
      const expiresAt = addMilliseconds(now, HOUR)
      await insertRegistrant(tx, { ...made, locale, contact, now, expiresAt })
      await sendContactCode(tx, { key: made.key, purpose, contact, asker, locale, number: '', now })
      return ok(made.key.caseId)
    }),
  )
}

/** Checks the code of a contact and returns the list that it opens: the contact's own, or the one made with the request. */
export async function openPhones({
  contact,
  made,
  code,
  address,
  asker,
  submitKey,
  now,
}: Attempt & { readonly made: string; readonly code: Code }): Promise<Result<string, 'wrong' | 'limit'>> {
  if (!(await withinLimit('resume_address', address, now)).allowed) return err('limit')
  const hash = contactHash(contact)
  const opening = async (tx: Tx): Promise<Result<string, 'wrong'>> => {
    const checked = await checkCodeSentTo(tx, { contact, purpose: 'open_phones', code, asker, now })
    if (!checked.ok) return err('wrong')
    const earlier = await findByContact(tx, hash)
    if (earlier !== null) return ok(earlier)
    if (!(await addOpener(tx, hash, made))) return ok((await findByContact(tx, hash)) ?? made)
    return (await confirmRegistrant(tx, made)) ? ok(made) : err('wrong')
  }
  const key = keyFor(submitKey, writeContactHash(contact), code)
  const opened = await inPhones(() => actOnce(key, 'registrant.open', now, opening, RESEND_WINDOW))
  if (opened.ok) await giveBack('resume_address', address, now)
  return opened
}

/** Makes a list permanent after its contact has answered its code; false if it is gone. */
const confirmRegistrant = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.registrant.updateMany({ where: { id, expiresAt: { not: null } }, data: { expiresAt: null } }))
    .count === 1

type AddFault = 'not_found' | Extract<NewContactFault, 'contact_same' | 'contact_full'>
const whyNotAdded = ({ contacts }: Registrant, contact: Contact): AddFault | null => {
  if (contacts.some((one) => isSameContact(one, contact))) return 'contact_same'
  return contacts.length >= MOST_CONTACTS ? 'contact_full' : null
}

/** Sends a code to a second contact that is to open the list; returns the parsed contact. */
export async function askSecondContact(
  scope: PhonesScope,
  typed: string,
  {
    locale,
    address,
    submitKey,
    now,
  }: Pick<Attempt, 'address' | 'submitKey' | 'now'> & { readonly locale: 'vi' | 'en' },
): Promise<Result<Contact, string>> {
  const read = parseContact(typed)
  if (!read.ok)
    return err(
      read.error.fault === 'empty'
        ? 'report.resume.empty'
        : `report.${read.error.kind === 'email' ? 'contactEmail' : 'mobile'}.${read.error.fault}`,
    )
  const contact = read.value
  if (contact.kind === 'phone' && !reachesPhones()) return err('report.resume.no_sms')
  const key = keyFor(submitKey, writeContactHash(contact))
  const asked = await inPhones(() =>
    actOnce<true, string>(key, 'code.second_phones_contact', now, async (tx) => {
      const registrant = await lockRegistrant(tx, scope)
      const fault = registrant === null ? 'not_found' : whyNotAdded(registrant, contact)
      if (registrant === null || fault !== null) return err(`phones.${fault}`)
      if (!(await withinLimit('code_address', address, now)).allowed) return err('report.resume.limit')
      const template = 'code_open_phones'
      const sent = await confirmByCode(tx, {
        ...{ key: registrant.key, contact, template, locale, number: '', address, now },
      })
      return sent.ok ? ok(true) : err('report.resume.limit')
    }),
  )
  return asked.ok ? ok(contact) : asked
}

/**
 * Adds a contact that has answered its code, and tells the earlier ones. `taken`: it already opens another list, which only a
 * person who can read that contact learns.
 */
export const addSecondContact = (
  scope: PhonesScope,
  contact: Contact,
  typed: string,
  now: Instant,
): Promise<Result<true, AddFault | 'taken' | ContactFault>> =>
  inPhones(() =>
    transaction(async (tx): Promise<Result<true, AddFault | 'taken' | ContactFault>> => {
      const registrant = await lockRegistrant(tx, scope)
      if (registrant === null) return err('not_found')
      // Sent twice: it was already added.
      if (registrant.contacts.some((one) => isSameContact(one, contact))) return ok(true)
      const fault = whyNotAdded(registrant, contact)
      if (fault !== null) return err(fault)
      const checked = await checkContact(tx, { caseId: registrant.id, contact, typed, now })
      if (!checked.ok) return checked
      if (!(await addOpener(tx, contactHash(contact), registrant.id))) return err('taken')
      const { contacts, person } = registrant
      await saveRegistrant(tx, registrant, { contacts: [...contacts, contact], person })
      await note(tx, registrant.id, 'registrant.add_contact', now)
      await tellContacts(tx, registrant, 'phones_contact_added', now)
      return ok(true)
    }),
  )

/** Removes a contact from a list, unless it is the last one. The remaining contacts and the removed one are told. */
export const dropContact = (scope: PhonesScope, value: string, now: Instant): Promise<boolean> =>
  inPhones(() =>
    transaction(async (tx) => {
      const registrant = await lockRegistrant(tx, scope)
      const gone = registrant?.contacts.find((contact) => contact.value === value)
      if (!registrant || !gone || registrant.contacts.length < 2) return false
      const { contacts, person } = registrant
      await saveRegistrant(tx, registrant, { contacts: contacts.filter((one) => one !== gone), person })
      await tx.registrantContact.deleteMany({ where: { hash: contactHash(gone) } })
      await tx.caseSession.deleteMany({ where: { caseId: registrant.id, openedBy: contactHash(gone) } })
      await note(tx, registrant.id, 'registrant.drop_contact', now)
      await tellContacts(tx, registrant, 'phones_contact_dropped', now)
      return true
    }),
  )

/** Deletes a list with all its phones and trusted persons, their papers and their keys. */
export async function forgetRegistrant(scope: PhonesScope, now: Instant): Promise<void> {
  const files = await inPhones(() => transaction((tx) => eraseRegistrant(tx, scope.registrantId, now)))
  await removeEvidenceFiles(files)
}

/** Deletes a list within a transaction; returns the files that the caller must remove afterwards. */
export async function eraseRegistrant(tx: Tx, id: string, now: Instant): Promise<string[]> {
  const phones = await tx.registeredPhone.findMany({ where: { registrantId: id }, select: { id: true } })
  const ids = phones.map((phone) => phone.id)
  const files = await tx.evidence.findMany({ where: { caseId: { in: ids } }, select: { id: true } })
  const trusted = await tx.trustedPerson.findMany({ where: { registrantId: id }, select: { id: true } })
  const keys = [...ids, ...trusted.map((person) => person.id), id]
  await tx.caseKey.deleteMany({ where: { caseId: { in: keys }, case: null } })
  await noteErased(tx, 'registrant', [id], now)
  await noteErased(tx, 'registration', ids, now)
  await note(tx, id, 'registrant.forget', now)
  return files.map((file) => file.id)
}

/** Tells every contact of a list. */
export async function tellContacts(
  tx: Tx,
  { key, locale, contacts }: Pick<Registrant, 'key' | 'locale' | 'contacts'>,
  template: Extract<NoticeTemplate, `phones_${string}`>,
  at: Instant,
  params: Partial<NoticeParams> = {},
): Promise<void> {
  for (const to of contacts)
    await notify(tx, { key, to, template, locale, params: { number: '', ...params }, at })
}

const note = (
  tx: Tx,
  id: string,
  act: `registrant.${'add_contact' | 'drop_contact' | 'forget'}`,
  at: Instant,
) => audit(tx, { actor: { kind: 'citizen' }, act, subject: { kind: 'registrant', id }, at })
