'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { parseCaseNumber } from '#features/cases/rules/number.ts'
import { parseCode } from '#features/cases/rules/secret.ts'
import { confirmContact, sendAnotherCode } from '#features/reporting/commands/confirm.ts'
import { requestResume, resumeDraft } from '#features/reporting/commands/resume.ts'
import { saveStep } from '#features/reporting/commands/save.ts'
import { sendReport } from '#features/reporting/commands/send.ts'
import { sentNumber } from '#features/reporting/queries.ts'
import type { Answers } from '#features/reporting/rules/answers.ts'
import { CONSENTS } from '#features/reporting/rules/consents.ts'
import { fieldsOf } from '#features/reporting/rules/fields.ts'
import { type AnswerStep, type Step, stepAfter, stepBefore } from '#features/reporting/rules/steps.ts'
import { type ActionContext, citizenAction, type Outcome } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { draftCookie, keepReceiptCookie, lastSentCookies, setDraftCookie } from '#http/draft.ts'
import { currentCitizen } from '#http/identity.ts'
import { currentStaff } from '#http/session.ts'
import { submitKey } from '#http/submit-key.ts'
import { pathFor } from '#messages/paths.ts'
import { stepPath } from './step.ts'

/** The form as it came, each field once: what it may hold is the domain's to say. */
const schema = z.record(
  z.string(),
  z.union([z.string(), z.array(z.string()).transform((values) => values.at(-1) ?? '')]),
)
type Form = Readonly<Record<string, string>>

export const incidentAction = citizenAction({ schema }, (form, context) => keep('incident', form, context))
export const phoneAction = citizenAction({ schema }, (form, context) => keep('phone', form, context))
export const personAction = citizenAction({ schema }, (form, context) => keep('person', form, context))

async function keep(step: AnswerStep, form: Form, { locale, now }: ActionContext): Promise<Outcome> {
  const typed: Answers = Object.fromEntries(fieldsOf(step).map((field) => [field, form[field] ?? '']))
  const address = clientAddress(await headers())
  const saved = await saveStep({ cookie: await draftCookie(), step, typed, locale, address, now })
  if (!saved.ok) return { to: stepPath(locale, 'incident') }
  const { cookie, faults, incomplete } = saved.value
  if (step === 'incident' && cookie !== null) await setDraftCookie(cookie, typed.ownDevice === 'on')
  if (form.step === 'back') return { to: stepPath(locale, stepBefore(step)) }
  if (Object.keys(faults).length > 0) return { faults }
  return { to: stepPath(locale, onwards(step, incomplete, form.from === 'review')) }
}

/** The code is skipped where the contact has answered one; a change on the last page leads back to it. */
function onwards(step: Step, incomplete: Step, changed: boolean): Step {
  const next = stepAfter(step)
  return changed || next === 'code' ? incomplete : next
}

export const codeAction = citizenAction({ schema }, async (form, { locale, now }) => {
  const cookie = await draftCookie()
  if (form.step === 'back') return { to: stepPath(locale, 'person') }
  if (form.step === 'another') {
    const address = clientAddress(await headers())
    const key = submitKey.parse(form.submitKey)
    const sent = await sendAnotherCode({ cookie, locale, address, submitKey: key, now })
    if (sent.ok) return { to: stepPath(locale, 'code') }
    return sent.error === 'gone' ? { to: stepPath(locale, 'incident') } : codeFault(sent.error)
  }
  const confirmed = await confirmContact(cookie, form.contactCode ?? '', now)
  if (confirmed.ok) return { to: stepPath(locale, 'review') }
  return confirmed.error === 'gone' ? { to: stepPath(locale, 'incident') } : codeFault(confirmed.error)
})

const codeFault = (fault: string): Outcome => ({ faults: { contactCode: `report.code.${fault}` } })

/** Sends the draft, or, when it is a case by now, finds the case that it has become. */
export const reviewAction = citizenAction({ schema }, async (form, { locale, now }) => {
  if (form.step === 'back') return { to: stepPath(locale, stepBefore('review')) }
  const consents = CONSENTS.map(({ field }) => field).filter((field) => form[field] === 'on')
  const counterclaim = form.step === 'counterclaim'
  const [officer, citizen] = await Promise.all([currentStaff(), currentCitizen()])
  const identity = citizen?.scope ?? null
  const receiptAt = (number: string) =>
    pathFor(locale, { pathname: '/report/receipt/[number]', params: { number } })
  const cookie = (await draftCookie())?.value
  if (cookie !== undefined) {
    const sent = await sendReport({ cookie, consents, counterclaim, officer, identity, locale, now })
    if (sent.ok) {
      await keepReceiptCookie(cookie, sent.value.ownDevice)
      return { to: receiptAt(sent.value.number) }
    }
    if (sent.error.kind === 'faults') return { faults: sent.error.faults }
    if (sent.error.kind === 'incomplete') return { to: stepPath(locale, sent.error.step) }
  }
  const number = await sentNumber(await lastSentCookies())
  return { to: number === null ? stepPath(locale, 'incident') : receiptAt(number) }
})

/** First the number, for which a code goes out; then number and code, which open the draft here. */
export const resumeAction = citizenAction({ schema }, async (form, { locale, now }) => {
  const address = clientAddress(await headers())
  const key = submitKey.parse(form.submitKey)
  const number = parseCaseNumber(form.caseNumber ?? '')
  if (!number.ok) return { faults: { caseNumber: `report.resume.${number.error}` } }
  if (form.contactCode === undefined) {
    const asked = await requestResume({ number: number.value, address, locale, submitKey: key, now })
    if (!asked.ok) return { faults: { caseNumber: 'report.resume.limit' } }
    return { to: pathFor(locale, { pathname: '/report/resume', query: { number: number.value } }) }
  }
  const code = parseCode(form.contactCode)
  if (!code.ok) return codeFault(code.error)
  const officerId = (await currentStaff())?.id ?? null
  const typed = { number: number.value, code: code.value }
  const resumed = await resumeDraft({ ...typed, officerId, address, submitKey: key, now })
  if (!resumed.ok) return { faults: { contactCode: `report.resume.${resumed.error}` } }
  await setDraftCookie(resumed.value.cookie, false)
  return { to: stepPath(locale, resumed.value.incomplete) }
})
