'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { parseContact } from '#features/cases/contacts/rules.ts'
import { parseCaseNumber } from '#features/cases/numbers/rules.ts'
import { parseCode } from '#features/cases/unlock/rules.ts'
import { confirmContact, sendAnotherCode } from '#features/reporting/drafts/confirm-acts.ts'
import { findSentNumber } from '#features/reporting/drafts/data.ts'
import {
  chooseDraft,
  type Resumed,
  requestResume,
  resumeDraft,
} from '#features/reporting/drafts/resume-acts.ts'
import { startAnother } from '#features/reporting/drafts/start-acts.ts'
import type { DraftFields } from '#features/reporting/fields/reader-rules.ts'
import { fieldsOfStep } from '#features/reporting/fields/rules.ts'
import { sendReport } from '#features/reporting/sending/acts.ts'
import { saveStep } from '#features/reporting/steps/acts.ts'
import { CONSENTS } from '#features/reporting/steps/consents-rules.ts'
import { keptContactFault } from '#features/reporting/steps/contact-rules.ts'
import {
  type AnswerStep,
  isReachable,
  type ReportStep,
  stepAfter,
  stepBefore,
} from '#features/reporting/steps/rules.ts'
import { type ActionContext, type ActionOutcome, citizenAction } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { markAsker, shownAsker } from '#http/asker.ts'
import {
  draftCookie,
  keepReceiptCookie,
  lastSentCookies,
  receiptCookies,
  setDraftCookie,
} from '#http/draft.ts'
import { submitKey } from '#http/hidden-fields.ts'
import { currentCitizen } from '#http/identity.ts'
import { forgetResuming, keepResuming, resuming } from '#http/resume.ts'
import { currentStaff } from '#http/session.ts'
import { pathFor } from '#messages/paths.ts'
import { NO_DRAFT, stepPath } from './step.ts'

/** The raw form, one value per field; the domain validates it. */
const schema = z.record(
  z.string(),
  z.union([z.string(), z.array(z.string()).transform((values) => values.at(-1) ?? '')]),
)
type Form = Readonly<Record<string, string>>

export const incidentAction = citizenAction({ schema }, (form, context) => keep('incident', form, context))
export const contactAction = citizenAction({ schema }, (form, context) =>
  keep('contact', form.contactEmailMeant === undefined ? form : withMeant(form), context),
)
export const phoneAction = citizenAction({ schema }, (form, context) => keep('phone', form, context))
export const personAction = citizenAction({ schema }, (form, context) => keep('person', form, context))

const noDraft = (locale: ActionContext['locale']) => ({ to: pathFor(locale, NO_DRAFT) })

/** Replaces the mistyped address by the suggestion that the person accepted. */
const withMeant = (form: Form): Form => ({ ...form, contactEmail: form.contactEmailMeant ?? '' })

async function keep(step: AnswerStep, form: Form, { locale, now }: ActionContext): Promise<ActionOutcome> {
  const typed: DraftFields = Object.fromEntries(
    fieldsOfStep(step).flatMap((field) => (form[field] === undefined ? [] : [[field, form[field]]])),
  )
  const address = clientAddress(await headers())
  const before = await draftCookie()
  const saved = await saveStep({ cookie: before, step, typed, locale, address, now })
  if (!saved.ok) return noDraft(locale)
  const { cookie, faults, incomplete, evidence } = saved.value
  // Until the person says whose device it is, the draft's cookie ends with the browser session.
  if (cookie !== null && (step === 'contact' || cookie !== before?.value))
    await setDraftCookie(cookie, step === 'contact' && typed.ownDevice === 'on')
  if (form.step === 'back') return { to: stepPath(locale, stepBefore(step)) }
  if (Object.keys(faults).length > 0) return { faults }
  const next = onwards(step, incomplete, form.from === 'review')
  return { to: stepPath(locale, next === 'evidence' && evidence > 0 ? 'review' : next) }
}

/**
 * Returns the next step. Skips the code if the contact has confirmed one, and the person if their data is known, as for another
 * phone. A change made from the last page leads back there.
 */
function onwards(step: ReportStep, incomplete: ReportStep, changed: boolean): ReportStep {
  const next = stepAfter(step)
  if (changed || !isReachable(next, incomplete)) return incomplete
  const isKnown = (next === 'code' && incomplete !== 'code') || (next === 'person' && incomplete === 'review')
  return isKnown ? stepAfter(next) : next
}

export const codeAction = citizenAction({ schema }, async (form, { locale, now }) => {
  const cookie = await draftCookie()
  if (form.step === 'back') return { to: stepPath(locale, 'contact') }
  if (form.step === 'another') {
    const address = clientAddress(await headers())
    const key = submitKey.parse(form.submitKey)
    const sent = await sendAnotherCode({ cookie, locale, address, submitKey: key, now })
    if (sent.ok) return { to: stepPath(locale, 'code') }
    return sent.error === 'not_found' ? noDraft(locale) : codeFault(sent.error)
  }
  const confirmed = await confirmContact(cookie, form.contactCode ?? '', now)
  if (confirmed.ok) return { to: stepPath(locale, confirmed.value) }
  return confirmed.error === 'not_found' ? noDraft(locale) : codeFault(confirmed.error)
})

const codeFault = (fault: string): ActionOutcome => ({ faults: { contactCode: `report.code.${fault}` } })

/** The form of the last page, where several banks may be ticked. */
const reviewSchema = z
  .object({
    share: z.union([z.string(), z.array(z.string())]).optional(),
    watchFirst: z.literal('on').optional().catch(undefined),
  })
  .loose()
  .transform(({ share, watchFirst, ...form }) => ({
    share: [share ?? []].flat(),
    watchFirst: watchFirst === 'on',
    form: schema.parse(form),
  }))
/** Sends the draft, or finds its case if it was sent already. */
export const reviewAction = citizenAction(
  { schema: reviewSchema },
  async ({ share, watchFirst, form }, { locale, now }) => {
    if (form.step === 'back') return { to: stepPath(locale, stepBefore('review')) }
    if (form.step === 'save') return { to: pathFor(locale, '/report/saved') }
    const consents = CONSENTS.map(({ field }) => field).filter((field) => form[field] === 'on')
    const [officer, citizen] = await Promise.all([currentStaff(), currentCitizen()])
    const identity = citizen?.scope ?? null
    const receiptAt = (number: string) =>
      pathFor(locale, { pathname: '/report/receipt/[number]', params: { number } })
    const cookie = (await draftCookie())?.value
    if (cookie !== undefined) {
      const sent = await sendReport({
        ...{ cookie, consents, officer, identity, locale, now },
        ...{ share, watchFirst },
        shareNumber: form.shareNumber ?? '',
      })
      if (sent.ok) {
        const made = sent.value
        if ('ledTo' in made)
          return { to: pathFor(locale, { pathname: '/track/[number]', params: { number: made.ledTo } }) }
        await keepReceiptCookie(cookie, made.ownDevice)
        return { to: receiptAt(made.number) }
      }
      if (sent.error.kind === 'faults') return { faults: sent.error.faults }
      if (sent.error.kind === 'incomplete') return { to: stepPath(locale, sent.error.step) }
    }
    const number = await findSentNumber(await lastSentCookies())
    return number === null ? noDraft(locale) : { to: receiptAt(number) }
  },
)

/**
 * Sends a contact everything that is kept under it. With a draft's code, opens the draft in this browser, or offers several to
 * choose from.
 */
export const resumeAction = citizenAction({ schema }, async (form, { locale, now }) => {
  const key = submitKey.parse(form.submitKey)
  const address = clientAddress(await headers())
  const here = { to: pathFor(locale, '/track/find') }
  if (form.contactCode === undefined) {
    const contact = parseContact(form.contact ?? '')
    if (!contact.ok) return { faults: { contact: keptContactFault(contact.error) } }
    const asker = await markAsker()
    const asked = await requestResume({ contact: contact.value, address, asker, locale, submitKey: key, now })
    if (!asked.ok) return { faults: { contact: `report.resume.${asked.error}` } }
    await keepResuming('report', { contact: contact.value, proven: false }, now)
    return here
  }
  const code = parseCode(form.contactCode)
  if (!code.ok) return codeFault(code.error)
  const asked = await resuming('report', now)
  if (asked === null) return here
  const officerId = (await currentStaff())?.id ?? null
  const typed = { contact: asked.contact, code: code.value, asker: await shownAsker() }
  const opened = await resumeDraft({ ...typed, officerId, address, submitKey: key, now })
  if (!opened.ok) return { faults: { contactCode: `report.resume.${opened.error}` } }
  if (opened.value !== 'several') return goOn(opened.value, locale)
  await keepResuming('report', { contact: asked.contact, proven: true }, now)
  return here
})

export const chooseDraftAction = citizenAction({ schema }, async (form, { locale, now }) => {
  const here = { to: pathFor(locale, '/track/find') }
  const proven = await resuming('report', now)
  if (proven === null || !proven.proven) return here
  const officerId = (await currentStaff())?.id ?? null
  const { contact } = proven
  const key = submitKey.parse(form.submitKey)
  const number = form.draftNumber ?? ''
  const opened = await chooseDraft({ contact, number, officerId, submitKey: key, now })
  return opened.ok ? goOn(opened.value, locale) : here
})

export const anotherPhoneAction = citizenAction({ schema }, async (form, { locale, now }) => {
  const number = parseCaseNumber(form.caseNumber ?? '')
  if (!number.ok) return noDraft(locale)
  const [cookies, officer, sent] = await Promise.all([receiptCookies(), currentStaff(), headers()])
  const key = submitKey.parse(form.submitKey)
  const asked = { number: number.value, cookies, officer, address: clientAddress(sent), submitKey: key, now }
  const begun = await startAnother(asked)
  if (!begun.ok) return begun.error === 'limit' ? { faults: { form: 'report.limit' } } : noDraft(locale)
  await setDraftCookie(begun.value, false)
  return { to: stepPath(locale, 'phone') }
})

async function goOn(
  { cookie, incomplete }: Resumed,
  locale: ActionContext['locale'],
): Promise<ActionOutcome> {
  await setDraftCookie(cookie, false)
  await forgetResuming('report')
  return { to: stepPath(locale, incomplete) }
}
