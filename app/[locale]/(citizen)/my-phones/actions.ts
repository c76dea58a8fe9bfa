'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { parseContact } from '#features/cases/contacts/rules.ts'
import { parseCaseSecret, parseCode } from '#features/cases/unlock/rules.ts'
import { removeEvidence } from '#features/evidence/files/acts.ts'
import { makeCertificate } from '#features/phones/certificates/acts.ts'
import { readCertificateCode } from '#features/phones/certificates/data.ts'
import { handOver, refuseBuyer } from '#features/phones/handovers/acts.ts'
import {
  addSecondContact,
  askSecondContact,
  askToOpen,
  dropContact,
  forgetRegistrant,
  openPhones,
} from '#features/phones/registrants/acts.ts'
import {
  askCarrier,
  beginPhone,
  contestReport,
  keepPhone,
  registerPhone,
  removePhone,
  reportPhone,
} from '#features/phones/registrations/acts.ts'
import { phoneOfFile } from '#features/phones/registrations/data.ts'
import { PHONE_CONSENTS } from '#features/phones/registrations/rules.ts'
import { askTrusted, confirmTrusted, endTrusted, undoReport } from '#features/phones/trusted/acts.ts'
import { stopDevices } from '#features/push/acts.ts'
import { keptContactFault } from '#features/reporting/steps/contact-rules.ts'
import { type ActionContext, type ActionOutcome, citizenAction } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { markAsker, shownAsker } from '#http/asker.ts'
import { setDraftCookie } from '#http/draft.ts'
import { submitKey } from '#http/hidden-fields.ts'
import { chooseDevice, deviceFaults } from '#http/own-device.ts'
import { arePhonesRegistered, endPhonesVisit, enterPhones, openedPhones } from '#http/phones.ts'
import { forgetResuming, keepResuming, resuming } from '#http/resume.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { missingPath, pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

/** The raw form, one value per field; the domain validates it. */
const schema = z.record(
  z.string(),
  z.union([z.string(), z.array(z.string()).transform((values) => values.at(-1) ?? '')]),
)
type Form = Readonly<Record<string, string>>

const address = async (): Promise<string> => clientAddress(await headers())
const listAt = (locale: Locale, done?: string) =>
  pathFor(locale, done === undefined ? '/my-phones' : { pathname: '/my-phones', query: { done } })
const phoneAt = (locale: Locale, phone: string, done?: string) =>
  pathFor(locale, {
    pathname: '/my-phones/[phone]',
    params: { phone },
    ...(done !== undefined && { query: { done } }),
  })

const certificateAt = (locale: Locale, code: string) =>
  pathFor(locale, { pathname: '/certificate/[code]', params: { code } })

/** Sends a code to a contact; with the right code, opens the contact's list of phones. */
export const openPhonesAction = citizenAction({ schema }, async (form, { locale, now }) => {
  if (!arePhonesRegistered()) return { to: missingPath(locale) }
  const key = submitKey.parse(form.submitKey)
  // A person who came from a certificate to accept its phone continues there.
  const certificate = parseCaseSecret(form.certificate ?? '')
  const back = {
    to: pathFor(locale, {
      pathname: '/my-phones',
      ...(certificate.ok && { query: { for: certificate.value } }),
    }),
  }
  if (form.contactCode === undefined) {
    const contact = parseContact(form.contact ?? '')
    if (!contact.ok) return { faults: { contact: keptContactFault(contact.error) } }
    const asker = await markAsker()
    const ask = { contact: contact.value, address: await address(), asker, locale, submitKey: key, now }
    const asked = await askToOpen(ask)
    if (!asked.ok) return { faults: { contact: `report.resume.${asked.error}` } }
    await keepResuming('phones', { contact: contact.value, proven: false, caseId: asked.value }, now)
    return back
  }
  const code = parseCode(form.contactCode)
  if (!code.ok) return { faults: { contactCode: `report.code.${code.error}` } }
  const asked = await resuming('phones', now)
  if (!asked?.caseId) return back
  const { contact, caseId: made } = asked
  const asker = await shownAsker()
  const tried = { contact, made, code: code.value, address: await address(), asker, submitKey: key, now }
  const opened = await openPhones(tried)
  if (!opened.ok) return { faults: { contactCode: `report.resume.${opened.error}` } }
  await enterPhones(opened.value, contact, now)
  await forgetResuming('phones')
  return { to: certificate.ok ? certificateAt(locale, certificate.value) : listAt(locale) }
})

export const leavePhonesAction = citizenAction({ schema }, async (_, { locale }) => {
  await endPhonesVisit()
  return { to: listAt(locale) }
})

/** The acts of a browser that has opened a list of phones; otherwise its visit has ended. */
const IN_LIST = {
  schema,
  async open(form: Form, { locale, now }: ActionContext) {
    if (!arePhonesRegistered()) return { to: missingPath(locale) }
    const scope = await openedPhones(now)
    return scope === null ? { to: listAt(locale, 'ended') } : { scope, key: submitKey.parse(form.submitKey) }
  },
}

const fault = (code: string, field = 'form'): ActionOutcome => ({ faults: { [field]: `phones.${code}` } })

export const beginPhoneAction = citizenAction(IN_LIST, async (_, { locale, now }, { scope, key }) => {
  const begun = await beginPhone(scope, key, now)
  if (begun.ok) return { to: phoneAt(locale, begun.value) }
  return begun.error === 'not_found' ? { to: listAt(locale, 'ended') } : fault('many_phones')
})

export const registerPhoneAction = citizenAction(IN_LIST, async (form, { locale, now }, { scope, key }) => {
  const phoneId = form.phone ?? ''
  const consents = PHONE_CONSENTS.map(({ field }) => field).filter((field) => form[field] === 'on')
  const asked = { phoneId, submitKey: key, now }
  const done = await registerPhone(scope, { ...asked, typed: form, consents })
  if (!done.ok) return done.error === 'not_found' ? fault('not_found') : { faults: done.error }
  // The carrier is asked at once if the registrant has just agreed. If that fails, the phone's page says why.
  if (consents.includes('consentSimCheck'))
    await askCarrier(scope, { ...asked, consented: true, submitKey: crypto.randomUUID() })
  return { to: phoneAt(locale, phoneId, form.known === 'yes' ? 'changed' : 'registered') }
})

export const keepPhoneAction = citizenAction(IN_LIST, async (form, { locale, now }, { scope, key }) => {
  const kept = await keepPhone(scope, { phoneId: form.phone ?? '', submitKey: key, now })
  return kept.ok ? { to: listAt(locale, 'kept') } : fault(kept.error)
})

export const removePhoneAction = citizenAction(IN_LIST, async (form, { locale, now }, { scope }) => {
  await removePhone(scope, form.phone ?? '', now)
  return { to: listAt(locale, 'removed') }
})

export const askCarrierAction = citizenAction(IN_LIST, async (form, { locale, now }, { scope, key }) => {
  const phoneId = form.phone ?? ''
  const consented = form.consentSimCheck === 'on'
  const asked = await askCarrier(scope, { phoneId, consented, submitKey: key, now })
  if (asked.ok) return { to: phoneAt(locale, phoneId, 'asked') }
  return fault(asked.error, asked.error === 'no_consent' ? 'consentSimCheck' : 'form')
})

/** Creates a report's draft for a phone and opens its first page, which asks what happened. The next step is the last page. */
export const reportPhoneAction = citizenAction(IN_LIST, async (form, { locale, now }, { scope, key }) => {
  const phoneId = form.phone ?? ''
  const asked = { phoneId, submitKey: key, locale, address: await address(), now }
  const begun = await reportPhone(scope, asked)
  if (begun.ok) {
    await setDraftCookie(begun.value, false)
    return { to: pathFor(locale, { pathname: '/report', query: { from: 'review' } }) }
  }
  if (begun.error === 'not_found') return fault('not_found')
  if (begun.error === 'limit') return { faults: { form: 'report.limit' } }
  const { reported } = begun.error
  return { to: pathFor(locale, { pathname: '/track', query: { number: reported } }) }
})

export const contestReportAction = citizenAction(IN_LIST, async (form, { locale, now }, { scope, key }) => {
  const phoneId = form.phone ?? ''
  const said = await contestReport(scope, { phoneId, words: form.message ?? '', submitKey: key, now })
  if (said.ok) return { to: phoneAt(locale, phoneId, 'contested') }
  return said.error === 'too_long' ? fault('too_long', 'message') : fault(said.error)
})

export const certifyAction = citizenAction(IN_LIST, async (form, { locale, now }, { scope, key }) => {
  const made = await makeCertificate(scope, { phoneId: form.phone ?? '', submitKey: key, now })
  if (!made.ok) return fault(made.error)
  const code = await readCertificateCode(scope, made.value)
  return code === null ? fault('not_found') : { to: certificateAt(locale, code) }
})

export const handOverAction = citizenAction(IN_LIST, async (form, { locale, now }, { scope, key }) => {
  const phoneId = form.phone ?? ''
  const handed = await handOver(scope, { phoneId, submitKey: key, now })
  return handed.ok ? { to: phoneAt(locale, phoneId, 'handed') } : fault(handed.error)
})

export const refuseBuyerAction = citizenAction(IN_LIST, async (form, { locale, now }, { scope, key }) => {
  const phoneId = form.phone ?? ''
  const refused = await refuseBuyer(scope, { phoneId, submitKey: key, now })
  return refused.ok ? { to: phoneAt(locale, phoneId, 'refused') } : fault(refused.error)
})

/** Removes a paper of a phone. No error if it is already gone. */
export const removePaperAction = citizenAction(IN_LIST, async (form, { locale, now }, { scope }) => {
  const file = z.uuid().safeParse(form.evidenceId)
  const phone = file.success ? await phoneOfFile(scope, file.data) : null
  if (phone === null || !file.success) return { to: listAt(locale) }
  await removeEvidence(citizenScope(phone, 'full'), { kind: 'citizen' }, file.data, now)
  return { to: phoneAt(locale, phone) }
})

export const secondContactAction = citizenAction(IN_LIST, async (form, { locale, now }, { scope, key }) => {
  if (form.contactCode === undefined) {
    const ask = { locale, address: await address(), submitKey: key, now }
    const asked = await askSecondContact(scope, form.newContact ?? '', ask)
    if (!asked.ok) return { faults: { newContact: asked.error } }
    await keepResuming(
      'phones_contact',
      { contact: asked.value, proven: false, caseId: scope.registrantId },
      now,
    )
    return { to: `${listAt(locale)}#contacts` }
  }
  const asked = await resuming('phones_contact', now)
  if (asked === null || asked.caseId !== scope.registrantId) return { to: listAt(locale) }
  const added = await addSecondContact(scope, asked.contact, form.contactCode, now)
  if (!added.ok) {
    const { error } = added
    const own =
      error === 'not_found' || error === 'taken' || error === 'contact_same' || error === 'contact_full'
    return { faults: { contactCode: own ? `phones.${error}` : `report.code.${error}` } }
  }
  await forgetResuming('phones_contact')
  return { to: listAt(locale, 'added') }
})

export const dropContactAction = citizenAction(IN_LIST, async (form, { locale, now }, { scope }) => {
  await dropContact(scope, form.contact ?? '', now)
  return { to: listAt(locale, 'dropped') }
})

export const askTrustedAction = citizenAction(IN_LIST, async (form, { locale, now }, { scope, key }) => {
  const ask = { typed: form, locale, address: await address(), submitKey: key, now }
  const asked = await askTrusted(scope, ask)
  return asked.ok ? { to: listAt(locale, 'trusted_asked') } : { faults: asked.error }
})

export const confirmTrustedAction = citizenAction(IN_LIST, async (form, { locale, now }, { scope, key }) => {
  const consented = form.consentTrusted === 'on'
  const done = await confirmTrusted(scope, { id: form.trusted ?? '', consented, submitKey: key, now })
  if (done.ok) return { to: listAt(locale, 'trusted_confirmed') }
  return fault(done.error, done.error === 'trusted_consent' ? 'consentTrusted' : 'form')
})

export const endTrustedAction = citizenAction(IN_LIST, async (form, { locale, now }, { scope }) => {
  await endTrusted(scope, form.trusted ?? '', now)
  return { to: listAt(locale, 'trusted_ended') }
})

export const undoReportAction = citizenAction(IN_LIST, async (form, { locale, now }, { scope, key }) => {
  const phoneId = form.phone ?? ''
  const undone = await undoReport(scope, { phoneId, submitKey: key, now })
  return undone.ok ? { to: listAt(locale, 'undone') } : fault(undone.error)
})

export const forgetPhonesAction = citizenAction(IN_LIST, async (_, { locale, now }, { scope }) => {
  await forgetRegistrant(scope, now)
  await endPhonesVisit()
  return { to: listAt(locale, 'forgotten') }
})

export const chooseDeviceAction = citizenAction(
  IN_LIST,
  async ({ subscription = '', ownDevice }, { locale, now }, { scope, key }) => {
    const own = ownDevice === 'on'
    const device = { subscription, ownDevice: own, number: null, locale, submitKey: key }
    const chosen = await chooseDevice(scope, device, now)
    return chosen.ok ? { to: listAt(locale) } : { faults: deviceFaults(chosen.error) }
  },
)

export const stopDevicesAction = citizenAction(
  IN_LIST,
  async ({ device = '' }, { locale, now }, { scope }) => {
    await stopDevices(scope, device, now)
    return { to: listAt(locale) }
  },
)
