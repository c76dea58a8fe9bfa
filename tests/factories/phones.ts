import { randomUUID } from 'node:crypto'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import { addEvidence } from '#features/evidence/files/acts.ts'
import { askToOpen, openPhones } from '#features/phones/registrants/acts.ts'
import { beginPhone, phoneForEvidence, registerPhone } from '#features/phones/registrations/acts.ts'
import { type PhonesScope, phonesScope } from '#lib/access/scope.ts'
import { received } from '#tests/factories/evidence.ts'
import { newestCode } from '#tests/factories/messages.ts'
import { must } from '#tests/must.ts'
import { jpeg } from '#tests/proof.ts'

/** Opens a contact's own list of phones, with the code sent to it. */
export async function openList(contact: Contact, now: Date): Promise<PhonesScope> {
  const by = { contact, address: randomUUID(), asker: null, now }
  const made = must(await askToOpen({ ...by, submitKey: randomUUID(), locale: 'vi' }))
  const code = await newestCode({ template: 'code_open_phones' })
  const id = must(await openPhones({ ...by, made, code, submitKey: randomUUID() }))
  return phonesScope(id, contactHash(contact))
}

/** Registers a phone in a list; returns its id. */
export async function register(
  scope: PhonesScope,
  typed: Readonly<Record<string, string>>,
  now: Date,
  consents: readonly string[] = ['consentRegistration'],
): Promise<string> {
  const phoneId = must(await beginPhone(scope, randomUUID(), now))
  must(await registerPhone(scope, { phoneId, submitKey: randomUUID(), now, typed, consents }))
  return phoneId
}

export async function addPhoto(scope: PhonesScope, phoneId: string, now: Date): Promise<void> {
  const phone = await phoneForEvidence(scope, phoneId)
  if (!phone) throw new Error('takes no files')
  const { key } = phone
  const files = [await received(key, await jpeg(40, 40), 'hộp.jpg')]
  await addEvidence({ key, actor: { kind: 'citizen' }, kind: 'box', files, submitKey: randomUUID() }, now)
}
