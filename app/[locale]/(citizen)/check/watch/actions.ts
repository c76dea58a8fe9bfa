'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { parseContact } from '#features/cases/contacts/rules.ts'
import { askWatch, confirmWatch, endWatch } from '#features/check/watches/acts.ts'
import { keptContactFault } from '#features/reporting/steps/contact-rules.ts'
import { citizenAction } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { keepWatching, watching } from '#http/watch.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

const typed = z.string().max(200, 'general.invalid').catch('')
const here = (locale: Locale) => ({ to: pathFor(locale, '/check/watch') })

const askSchema = z.object({ contact: typed, submitKey: requiredSubmitKey })
export const askWatchAction = citizenAction({ schema: askSchema }, async (form, { locale, now }) => {
  const imeis = (await watching(now))?.imeis ?? []
  const contact = parseContact(form.contact)
  if (!contact.ok) return { faults: { contact: keptContactFault(contact.error) } }
  const address = clientAddress(await headers())
  const request = { imeis, contact: contact.value, address, locale, submitKey: form.submitKey, now }
  const asked = await askWatch(request)
  if (!asked.ok) return { faults: { contact: `report.resume.${asked.error}` } }
  await keepWatching({ imeis, asked: { id: asked.value, contact: contact.value }, proven: false }, now)
  return here(locale)
})

const confirmSchema = z.object({
  contactCode: typed,
  step: z.string().optional(),
  submitKey: requiredSubmitKey,
})
/** Starts the watch if the code is right; `another` asks for another contact instead. */
export const confirmWatchAction = citizenAction({ schema: confirmSchema }, async (form, { locale, now }) => {
  const kept = await watching(now)
  if (!kept?.asked) return here(locale)
  if (form.step === 'another') {
    await keepWatching({ imeis: kept.imeis, proven: false }, now)
    return here(locale)
  }
  const { id } = kept.asked
  const confirmed = await confirmWatch({ id, typed: form.contactCode, submitKey: form.submitKey }, now)
  if (!confirmed.ok) {
    const { error } = confirmed
    const own = error === 'not_found' || error === 'full'
    return { faults: { contactCode: own ? `check.watch_${error}` : `report.code.${error}` } }
  }
  await keepWatching({ ...kept, proven: true }, now)
  return here(locale)
})

const endSchema = z.object({ watch: z.uuid(), submitKey: requiredSubmitKey })
export const endWatchAction = citizenAction({ schema: endSchema }, async (form, { locale, now }) => {
  const kept = await watching(now)
  if (!kept?.proven || !kept.asked) return here(locale)
  const { contact } = kept.asked
  await endWatch({ id: form.watch, contact, submitKey: form.submitKey }, now)
  await keepWatching(kept, now)
  return here(locale)
})
