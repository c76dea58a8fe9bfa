import { randomUUID } from 'node:crypto'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import { addEvidence } from '#features/evidence/files/acts.ts'
import { askToOpen, openPhones } from '#features/phones/registrants/acts.ts'
import { beginPhone, phoneForEvidence, registerPhone } from '#features/phones/registrations/acts.ts'
import { type PhonesScope, phonesScope } from '#lib/access/scope.ts'
import { received } from '#tests/factories/evidence.ts'
import { newestCode } from '#tests/factories/messages.ts'
import { jpeg } from '#tests/proof.ts'

/** Opens a contact's own list of phones, with the code sent to it. */
export async function openList(contact: Contact, now: Date): Promise<PhonesScope> {
  const by = { contact, address: randomUUID(), asker: null, now }
  const asked = await askToOpen({ ...by, submitKey: randomUUID(), locale: 'vi' })
  if (!asked.ok) throw new Error(asked.error)
  const code = await newestCode({ template: 'code_open_phones' })
  const opened = await openPhones({ ...by, made: asked.value, code, submitKey: randomUUID() })
  if (!opened.ok) throw new Error(opened.error)
  return phonesScope(opened.value, contactHash(contact))
}

/** Registers a phone in a list; returns its id. */
export async function register(
  scope: PhonesScope,
  typed: Readonly<Record<string, string>>,
  now: Date,
  consents: readonly string[] = ['consentRegistration'],
): Promise<string> {
  const begun = await beginPhone(scope, randomUUID(), now)
  if (!begun.ok) throw new Error(begun.error)
  const form = { phoneId: begun.value, submitKey: randomUUID(), now, typed, consents }
  const done = await registerPhone(scope, form)
  if (!done.ok) throw new Error(JSON.stringify(done.error))
  return begun.value
}

export async function addPhoto(scope: PhonesScope, phoneId: string, now: Date): Promise<void> {
  const phone = await phoneForEvidence(scope, phoneId)
  if (!phone) throw new Error('takes no files')
  const { key } = phone
  const files = [await received(key, await jpeg(40, 40), 'hộp.jpg')]
  await addEvidence({ key, actor: { kind: 'citizen' }, kind: 'box', files, submitKey: randomUUID() }, now)
}
