'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { giveSharing, withdrawSharing } from '#features/alerts/consents/acts.ts'
import {
  addCaseContact,
  askNewContact,
  dropCaseContact,
  keepContacts,
} from '#features/cases/contacts/acts.ts'
import {
  addingFault,
  type ContactAct,
  parseContact,
  typedContactFault,
} from '#features/cases/contacts/rules.ts'
import { removeFromList } from '#features/citizens/acts.ts'
import { complainOfLateness } from '#features/lateness/acts.ts'
import { stopDevices } from '#features/push/acts.ts'
import { type ActionContext, citizenAction } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { type CitizenCase, citizenCase, setCaseFlash } from '#http/citizen.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { chooseDevice, deviceFaults } from '#http/own-device.ts'
import { forgetResuming, keepResuming, resuming } from '#http/resume.ts'
import type { ActFlash } from '#lib/flash.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

const typed = z.string().max(200, 'general.invalid').catch('')
const closed = (number: string, locale: Locale) => ({
  to: pathFor(locale, { pathname: '/track', query: { number, fault: 'session_ended' } }),
})
const pageOf = (number: string, locale: Locale) => ({
  to: pathFor(locale, { pathname: '/track/[number]', params: { number } }),
})

async function openCase(
  { caseNumber }: { readonly caseNumber: string },
  { locale, now }: ActionContext,
): Promise<CitizenCase | ReturnType<typeof closed>> {
  const visit = await citizenCase(now)
  return visit?.number === caseNumber ? visit : closed(caseNumber, locale)
}

const contactForm = {
  schema: z.object({
    caseNumber: typed,
    newContact: typed,
    simReissued: z.string().optional(),
    contactCode: typed,
    contact: typed,
    step: z.string().optional(),
    submitKey: requiredSubmitKey,
  }),
  open: openCase,
}

const said = (fault: string): string =>
  addingFault(fault) ?? (fault === 'changed' ? 'track.changed' : 'track.not_now')

export const newContactAction = citizenAction(contactForm, async (form, { locale, now }, visit) => {
  const contact = parseContact(form.newContact)
  if (!contact.ok) return { faults: { newContact: typedContactFault(contact.error) } }
  const asked = await askNewContact(
    visit.scope,
    {
      caseId: visit.caseId,
      contact: contact.value,
      simReissued: form.simReissued === 'on',
      address: clientAddress(await headers()),
      locale,
      submitKey: form.submitKey,
    },
    now,
  )
  if (!asked.ok) return { faults: { newContact: said(asked.error) } }
  await keepResuming('contact', { contact: contact.value, proven: false, caseId: visit.caseId }, now)
  return pageOf(visit.number, locale)
})

/** Adds a contact if its code is right; `another` asks for another contact instead. */
export const confirmContactAction = citizenAction(contactForm, async (form, { locale, now }, visit) => {
  if (form.step === 'another') {
    await forgetResuming('contact')
    return pageOf(visit.number, locale)
  }
  const kept = await resuming('contact', now)
  if (kept?.caseId !== visit.caseId) return { faults: { contactCode: 'track.contact_asked_again' } }
  const { scope, caseId, number } = visit
  // The box, where required, was ticked before the code was sent.
  const added = { caseId, contact: kept.contact, simReissued: true, typed: form.contactCode }
  const done = await addCaseContact(scope, { ...added, submitKey: form.submitKey }, now)
  if (!done.ok) return { faults: { contactCode: said(done.error) } }
  await forgetResuming('contact')
  await setCaseFlash({ act: 'add_contact', done: true } satisfies ActFlash<ContactAct>)
  return pageOf(number, locale)
})

/** Cancels a contact that is not active yet. Needs the secret, or a code to the active contact. */
export const keepContactsAction = citizenAction(contactForm, async (form, { locale, now }, visit) => {
  const { scope, caseId, number } = visit
  const done = await keepContacts(scope, { caseId, submitKey: form.submitKey }, now)
  if (!done.ok) return { faults: { form: said(done.error) } }
  await setCaseFlash({ act: 'keep_contacts', done: true } satisfies ActFlash<ContactAct>)
  return pageOf(number, locale)
})

export const dropContactAction = citizenAction(contactForm, async (form, { locale, now }, visit) => {
  const { scope, caseId, number } = visit
  const which = form.contact === 'second' ? 'second' : 'first'
  const done = await dropCaseContact(scope, { caseId, which, submitKey: form.submitKey }, now)
  if (!done.ok) return { faults: { form: said(done.error) } }
  await setCaseFlash({ act: 'drop_contact', done: true } satisfies ActFlash<ContactAct>)
  return pageOf(number, locale)
})

const complainForm = { schema: z.object({ caseNumber: typed, submitKey: requiredSubmitKey }), open: openCase }
/** Files a complaint that police are late. Needs the secret, or a code to the contact. */
export const complainLateAction = citizenAction(complainForm, async (form, { locale, now }, visit) => {
  const complaint = { subjectId: visit.caseId, submitKey: form.submitKey }
  const done = await complainOfLateness(visit.scope, complaint, now)
  return done.ok ? pageOf(visit.number, locale) : { faults: { form: 'lateness.not_late' } }
})

const shareForm = {
  schema: z.object({
    caseNumber: typed,
    share: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .transform((value) => [value ?? []].flat()),
    shareNumber: typed,
    submitKey: requiredSubmitKey,
  }),
  open: openCase,
}
/** Consents to informing banks and wallets of the case. Needs the secret. */
export const giveSharingAction = citizenAction(shareForm, async (form, { locale, now }, visit) => {
  const { share, shareNumber, submitKey } = form
  const done = await giveSharing(visit.scope, { caseId: visit.caseId, share, shareNumber, submitKey }, now)
  return done.ok ? pageOf(visit.number, locale) : { faults: definedFaults(done.error) }
})

const definedFaults = (faults: Readonly<Partial<Record<string, string>>>) =>
  Object.fromEntries(
    Object.entries(faults).flatMap(([field, key]) => (key === undefined ? [] : [[field, key]])),
  )

const unshareForm = {
  schema: z.object({ caseNumber: typed, receiverId: typed, submitKey: requiredSubmitKey }),
  open: openCase,
}
export const withdrawSharingAction = citizenAction(unshareForm, async (form, { locale, now }, visit) => {
  const { receiverId, submitKey } = form
  const done = await withdrawSharing(visit.scope, { caseId: visit.caseId, receiverId, submitKey }, now)
  return done.ok ? pageOf(visit.number, locale) : { faults: { form: 'track.not_now' } }
})

const takeOffForm = { schema: z.object({ caseNumber: z.string().catch('') }), open: openCase }
export const takeOffAction = citizenAction(takeOffForm, async (_, { locale, now }, visit) => {
  if (visit.access !== 'full') return closed(visit.number, locale)
  await removeFromList(visit.scope, visit.caseId, now)
  return pageOf(visit.number, locale)
})

const deviceForm = {
  schema: z.object({
    caseNumber: typed,
    ownDevice: z.string().optional(),
    subscription: z.string().max(5_000).catch(''),
    submitKey: requiredSubmitKey,
  }),
  open: openCase,
}
/** Registers this browser for notifications about the case. Needs the secret. */
export const chooseDeviceAction = citizenAction(deviceForm, async (form, { locale, now }, visit) => {
  const { subscription, submitKey } = form
  const device = {
    subscription,
    ownDevice: form.ownDevice === 'on',
    number: visit.number,
    locale,
    submitKey,
  }
  const chosen = await chooseDevice(visit.scope, device, now)
  return chosen.ok ? pageOf(visit.number, locale) : { faults: deviceFaults(chosen.error) }
})

const stopForm = { schema: z.object({ caseNumber: typed, device: typed }), open: openCase }
export const stopDevicesAction = citizenAction(stopForm, async (form, { locale, now }, visit) => {
  const done = await stopDevices(visit.scope, form.device, now)
  return done ? pageOf(visit.number, locale) : { faults: { form: 'track.not_now' } }
})
