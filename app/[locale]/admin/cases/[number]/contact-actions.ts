'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { addCaseContact, askNewContact } from '#features/cases/contacts/acts.ts'
import { addingFault, parseContact, typedContactFault } from '#features/cases/contacts/rules.ts'
import { findCaseIdToRead } from '#features/cases/file/page-data.ts'
import { clientAddress } from '#http/address.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { forgetResuming, keepResuming, resuming } from '#http/resume.ts'
import { staffAction } from '#http/staff-action.ts'
import { casePath } from './place.ts'

const typed = z.string().max(200, 'general.invalid').catch('')
const schema = z.object({
  number: z.string().max(40, 'general.invalid'),
  newContact: typed,
  simReissued: z.string().optional(),
  contactCode: typed,
  step: z.string().optional(),
  submitKey: requiredSubmitKey,
})
const spec = { schema, permission: 'case:decide' } as const

const NOT_FOUND = { faults: { form: 'case.not_found' } }
/** Returns the fault beside the field, or above the form if it is not about the contact. */
function fault(field: string, refusal: string) {
  const said = addingFault(refusal)
  return { faults: said === null ? { form: `case.${refusal}` } : { [field]: said } }
}

/** Sends a code to the contact of a person who came to police and shows their identity card. */
export const askContactAction = staffAction(spec, async (actor, form, { locale, now }) => {
  const contact = parseContact(form.newContact)
  if (!contact.ok) return { faults: { newContact: typedContactFault(contact.error) } }
  const caseId = await findCaseIdToRead(actor, form.number)
  if (caseId === null) return NOT_FOUND
  const asked = {
    ...{ caseId, contact: contact.value, simReissued: form.simReissued === 'on' },
    ...{ address: clientAddress(await headers()), submitKey: form.submitKey },
  }
  const done = await askNewContact(actor, asked, now)
  if (!done.ok) return fault('newContact', done.error)
  await keepResuming('contact', { contact: contact.value, proven: false, caseId }, now)
  return { to: await casePath(locale, form.number, {}) }
})

/** Adds the contact if its code is right; `another` asks for another contact instead. */
export const confirmContactAction = staffAction(spec, async (actor, form, { locale, now }) => {
  const caseId = await findCaseIdToRead(actor, form.number)
  if (caseId === null) return NOT_FOUND
  const kept = await resuming('contact', now)
  if (form.step !== 'another') {
    if (kept?.caseId !== caseId) return { faults: { contactCode: 'track.contact_asked_again' } }
    // The box, where required, was ticked before the code was sent.
    const added = { caseId, contact: kept.contact, simReissued: true, typed: form.contactCode }
    const done = await addCaseContact(actor, { ...added, submitKey: form.submitKey }, now)
    if (!done.ok) return fault('contactCode', done.error)
  }
  await forgetResuming('contact')
  return { to: await casePath(locale, form.number, form.step === 'another' ? {} : { done: 'add_contact' }) }
})
