'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { parseContact } from '#features/cases/contacts/rules.ts'
import { parseCode } from '#features/cases/unlock/rules.ts'
import {
  chooseObjection,
  proveContact,
  requestObjectionCode,
  unlockObjection,
} from '#features/disputes/return/acts.ts'
import { complainOfLateness } from '#features/lateness/acts.ts'
import { keptContactFault } from '#features/reporting/steps/contact-rules.ts'
import { citizenAction } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { markAsker, shownAsker } from '#http/asker.ts'
import { requiredSubmitKey, submitKey } from '#http/hidden-fields.ts'
import { enterObjection, openObjection, setObjectionCookie } from '#http/objection.ts'
import { forgetResuming, keepResuming, resuming } from '#http/resume.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import { objectionPath } from '../object/step.ts'

const typed = z.string().max(200, 'general.invalid').catch('')

export const followAction = citizenAction(
  { schema: z.object({ caseNumber: typed, caseSecret: typed }) },
  async ({ caseNumber, caseSecret }, { locale, now }) => {
    const faults = {
      ...(caseNumber.trim() === '' && { caseNumber: 'objection.number_empty' }),
      ...(caseSecret.trim() === '' && { caseSecret: 'track.secret_empty' }),
    }
    if (Object.keys(faults).length > 0) return { faults }
    const address = clientAddress(await headers())
    const unlocked = await unlockObjection({ number: caseNumber, secret: caseSecret }, address, now)
    if (!unlocked.ok) {
      const fault = unlocked.error === 'too_many' ? 'too_many_tries' : unlocked.error
      return { faults: { caseSecret: `objection.${fault}` } }
    }
    await enterObjection(unlocked.value.id, 'full', now)
    return { to: pageOf(unlocked.value.number, locale) }
  },
)

const pageOf = (number: string, locale: Locale): string =>
  pathFor(locale, { pathname: '/blocked/follow/[number]', params: { number } })

/** Sends a code to the contact; with the code, lists the contact's objections. */
export const followContactAction = citizenAction(
  {
    schema: z.object({
      contact: typed,
      contactCode: z.string().max(200, 'general.invalid').optional(),
      submitKey,
    }),
  },
  async (form, { locale, now }) => {
    const address = clientAddress(await headers())
    const here = { to: pathFor(locale, '/blocked/follow/contact') }
    if (form.contactCode === undefined) {
      const contact = parseContact(form.contact)
      if (!contact.ok) return { faults: { contact: keptContactFault(contact.error) } }
      const request = { contact: contact.value, address, locale, submitKey: form.submitKey, now }
      const asked = await requestObjectionCode({ ...request, asker: await markAsker() })
      if (!asked.ok) return { faults: { contact: `report.resume.${asked.error}` } }
      await keepResuming('objection', { contact: contact.value, proven: false }, now)
      return here
    }
    const code = parseCode(form.contactCode)
    if (!code.ok) return { faults: { contactCode: `report.code.${code.error}` } }
    const asked = await resuming('objection', now)
    if (asked === null) return here
    const { contact } = asked
    const typed = { contact, code: code.value, asker: await shownAsker() }
    const proven = await proveContact({ ...typed, address, submitKey: form.submitKey, now })
    if (!proven.ok) {
      const fault = proven.error === 'limit' ? 'report.resume.limit' : 'objection.code_wrong'
      return { faults: { contactCode: fault } }
    }
    await keepResuming('objection', { contact, proven: true }, now)
    return here
  },
)

export const chooseObjectionAction = citizenAction(
  { schema: z.object({ objectionNumber: typed, submitKey }) },
  async ({ objectionNumber: number, submitKey: key }, { locale, now }) => {
    const here = { to: pathFor(locale, '/blocked/follow/contact') }
    const asked = await resuming('objection', now)
    if (asked === null || !asked.proven) return here
    const chosen = await chooseObjection({ contact: asked.contact, number, submitKey: key, now })
    if (!chosen.ok) return here
    await forgetResuming('objection')
    if (chosen.value.kind === 'draft') {
      await setObjectionCookie(chosen.value.cookie)
      return { to: objectionPath(locale, chosen.value.missing) }
    }
    await enterObjection(chosen.value.id, 'status', now)
    return { to: pageOf(chosen.value.number, locale) }
  },
)

/** Files a complaint that the answer to an objection is late. Needs its secret, or a code to its contact. */
export const complainLateAction = citizenAction(
  { schema: z.object({ caseNumber: typed, submitKey: requiredSubmitKey }) },
  async (form, { locale, now }) => {
    const visit = await openObjection(now)
    if (visit?.number !== form.caseNumber)
      return { to: pathFor(locale, { pathname: '/blocked/follow', query: { number: form.caseNumber } }) }
    const complaint = { subjectId: visit.id, submitKey: form.submitKey }
    const done = await complainOfLateness(visit.scope, complaint, now)
    return done.ok ? { to: pageOf(visit.number, locale) } : { faults: { form: 'lateness.not_late' } }
  },
)
