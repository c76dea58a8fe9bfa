'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { parseContact } from '#features/cases/contacts/rules.ts'
import { parseCode } from '#features/cases/unlock/rules.ts'
import { acceptTrust, askToHelp, enterHelping, leaveTrust, reportFor } from '#features/phones/trusted/acts.ts'
import { keptContactFault } from '#features/reporting/steps/contact-rules.ts'
import { type ActionContext, citizenAction } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { markAsker, shownAsker } from '#http/asker.ts'
import { submitKey } from '#http/hidden-fields.ts'
import { arePersonsTrusted } from '#http/phones.ts'
import { forgetResuming, keepResuming, resuming } from '#http/resume.ts'
import { missingPath, pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

/** The raw form, one value per field; the domain validates it. */
const schema = z.record(
  z.string(),
  z.union([z.string(), z.array(z.string()).transform((values) => values.at(-1) ?? '')]),
)

const pageAt = (locale: Locale, done?: string) =>
  pathFor(locale, done === undefined ? '/report-for' : { pathname: '/report-for', query: { done } })
const address = async (): Promise<string> => clientAddress(await headers())

/** Sends a code to the trusted person's contact; with the right code, admits them for a quarter of an hour. */
export const enterHelpingAction = citizenAction({ schema }, async (form, { locale, now }) => {
  if (!arePersonsTrusted()) return { to: missingPath(locale) }
  const key = submitKey.parse(form.submitKey)
  const here = { to: pageAt(locale) }
  if (form.contactCode === undefined) {
    const contact = parseContact(form.contact ?? '')
    if (!contact.ok) return { faults: { contact: keptContactFault(contact.error) } }
    const asker = await markAsker()
    const ask = { contact: contact.value, address: await address(), asker, locale, submitKey: key, now }
    const asked = await askToHelp(ask)
    if (!asked.ok) return { faults: { contact: `report.resume.${asked.error}` } }
    await keepResuming('helping', { contact: contact.value, proven: false }, now)
    return here
  }
  const code = parseCode(form.contactCode)
  if (!code.ok) return { faults: { contactCode: `report.code.${code.error}` } }
  const asked = await resuming('helping', now)
  if (asked === null) return here
  const { contact } = asked
  const tried = {
    contact,
    code: code.value,
    address: await address(),
    asker: await shownAsker(),
    submitKey: key,
    now,
  }
  const entered = await enterHelping(tried)
  if (!entered.ok) return { faults: { contactCode: `report.resume.${entered.error}` } }
  await keepResuming('helping', { contact, proven: true }, now)
  return here
})

/** The acts of a browser where a contact's code was entered; otherwise its visit has ended. */
const HELPING = {
  schema,
  async open(_: unknown, { locale, now }: ActionContext) {
    if (!arePersonsTrusted()) return { to: missingPath(locale) }
    const shown = await resuming('helping', now)
    return shown?.proven ? shown.contact : { to: pageAt(locale) }
  },
}

export const acceptTrustAction = citizenAction(HELPING, async (form, { locale, now }, contact) => {
  const accepted = await acceptTrust(contact, form.trusted ?? '', now)
  return accepted ? { to: pageAt(locale, 'accepted') } : { faults: { form: 'phones.gone' } }
})

export const leaveTrustAction = citizenAction(HELPING, async (form, { locale, now }, contact) => {
  await leaveTrust(contact, form.trusted ?? '', now)
  return { to: pageAt(locale, 'left') }
})

export const reportForAction = citizenAction(HELPING, async (form, { locale, now }, contact) => {
  const sent = await reportFor(contact, {
    ...{ trustedId: form.trusted ?? '', phoneId: form.phone ?? '', typed: form },
    ...{ address: await address(), submitKey: submitKey.parse(form.submitKey), now },
  })
  return sent.ok ? { to: pageAt(locale, sent.value) } : { faults: sent.error }
})

export const leaveHelpingAction = citizenAction({ schema }, async (_, { locale }) => {
  await forgetResuming('helping')
  return { to: pageAt(locale) }
})
