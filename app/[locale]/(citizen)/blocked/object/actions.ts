'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { parseCode } from '#features/cases/unlock/rules.ts'
import {
  beginObjection,
  confirmHolder,
  renewWord,
  saveHolder,
  sendHolderCode,
  sendObjection,
} from '#features/disputes/drafts/acts.ts'
import { findObjectionForEvidence, readObjectionDraft } from '#features/disputes/drafts/data.ts'
import { HOLDER_CONSENTS, HOLDER_FIELDS } from '#features/disputes/drafts/rules.ts'
import { objectionNumbers } from '#features/disputes/objections/rules.ts'
import { requestObjectionResume, resumeObjection } from '#features/disputes/return/acts.ts'
import { removeEvidence } from '#features/evidence/files/acts.ts'
import { type ActionOutcome, citizenAction } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { markAsker, shownAsker } from '#http/asker.ts'
import { submitKey } from '#http/hidden-fields.ts'
import { enterObjection, objectionCookie, setObjectionCookie } from '#http/objection.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { parseImei } from '#lib/imei/imei.ts'
import { pathFor } from '#messages/paths.ts'
import { objectionPath } from './step.ts'

/** The raw form, one value per field; the domain validates it. */
const schema = z.record(
  z.string(),
  z.union([z.string(), z.array(z.string()).transform((values) => values.at(-1) ?? '')]),
)

/** Begins an objection. A draft of the same phone in this browser is continued. */
export const phoneAction = citizenAction({ schema }, async (form, { locale, now }) => {
  const imei = form.imei1 ?? ''
  const draft = await readObjectionDraft(await objectionCookie(), now)
  const typed = parseImei(imei)
  if (draft && typed.ok && typed.value.imei === draft.imei) return { to: objectionPath(locale, 'proof') }
  const begun = await beginObjection({ imei, locale, address: clientAddress(await headers()), now })
  if (!begun.ok) {
    const { error } = begun
    if ('imei1' in error) return { faults: error }
    return { faults: { form: { fault: error.form, values: { seconds: error.seconds ?? 0 } } } }
  }
  await setObjectionCookie(begun.value)
  return { to: objectionPath(locale, 'proof') }
})

/** Draws another word if the photo was not taken in time. */
export const newWordAction = citizenAction({ schema }, async (_, { locale, now }) => {
  const drawn = await renewWord(await objectionCookie(), now)
  return { to: objectionPath(locale, drawn ? 'proof' : 'phone') }
})

/** Removes a file from this browser's draft. No error if it is already gone. */
export const removeProofAction = citizenAction(
  { schema: z.object({ evidenceId: z.uuid('general.invalid') }) },
  async ({ evidenceId }, { locale, now }) => {
    const draft = await findObjectionForEvidence(await objectionCookie(), now)
    if (draft === null) return { to: objectionPath(locale, 'phone') }
    await removeEvidence(citizenScope(draft.id, 'full'), { kind: 'citizen' }, evidenceId, now)
    return { to: objectionPath(locale, 'proof') }
  },
)

export const holderAction = citizenAction({ schema }, async (form, { locale, now }) => {
  const typed = Object.fromEntries(HOLDER_FIELDS.map((field) => [field, form[field] ?? '']))
  const address = clientAddress(await headers())
  const saved = await saveHolder({ cookie: await objectionCookie(), typed, locale, address, now })
  if (!saved.ok) return { to: objectionPath(locale, 'phone') }
  if (form.step === 'back') return { to: objectionPath(locale, 'proof') }
  return Object.keys(saved.value).length > 0 ? { faults: saved.value } : { to: objectionPath(locale, 'code') }
})

export const holderCodeAction = citizenAction({ schema }, async (form, { locale, now }) => {
  const cookie = await objectionCookie()
  if (form.step === 'back') return { to: objectionPath(locale, 'person') }
  if (form.step === 'another') {
    const address = clientAddress(await headers())
    const key = submitKey.parse(form.submitKey)
    const sent = await sendHolderCode({ cookie, locale, address, submitKey: key, now })
    if (sent.ok) return { to: objectionPath(locale, 'code') }
    return sent.error === 'not_found' ? { to: objectionPath(locale, 'phone') } : codeFault(sent.error)
  }
  const confirmed = await confirmHolder(cookie, form.contactCode ?? '', now)
  if (confirmed.ok) return { to: objectionPath(locale, 'review') }
  return confirmed.error === 'not_found' ? { to: objectionPath(locale, 'phone') } : codeFault(confirmed.error)
})

const codeFault = (fault: string): ActionOutcome => ({ faults: { contactCode: `report.code.${fault}` } })

/** Sends the draft of this browser's key, or opens the objection if it was sent already. */
export const sendAction = citizenAction({ schema }, async (form, { locale, now }) => {
  if (form.step === 'back') return { to: objectionPath(locale, 'person') }
  const cookie = await objectionCookie()
  if (cookie === null) return { to: objectionPath(locale, 'phone') }
  const consents = HOLDER_CONSENTS.map(({ field }) => field).filter((field) => form[field] === 'on')
  const sent = await sendObjection({ cookie, consents, locale, now })
  if (sent.ok) {
    await enterObjection(sent.value.id, 'full', now)
    const page = { pathname: '/blocked/follow/[number]', params: { number: sent.value.number } } as const
    return { to: pathFor(locale, page) }
  }
  switch (sent.error.kind) {
    case 'faults':
      return { faults: sent.error.faults }
    case 'incomplete':
      return { to: objectionPath(locale, sent.error.step) }
    case 'changed':
      return { faults: { form: 'objection.again' } }
    case 'not_found':
      return { to: objectionPath(locale, 'phone') }
  }
})

/** Sends a code for the typed number; with the code, opens the draft in this browser. */
export const resumeObjectionAction = citizenAction({ schema }, async (form, { locale, now }) => {
  const address = clientAddress(await headers())
  const key = submitKey.parse(form.submitKey)
  const number = objectionNumbers.parse(form.caseNumber ?? '')
  if (!number.ok) return { faults: { caseNumber: `objection.resume.${number.error}` } }
  if (form.contactCode === undefined) {
    const asker = await markAsker()
    const asked = await requestObjectionResume({
      number: number.value,
      address,
      asker,
      locale,
      submitKey: key,
      now,
    })
    if (!asked.ok) return { faults: { caseNumber: 'objection.resume.limit' } }
    return { to: pathFor(locale, { pathname: '/blocked/object/resume', query: { number: number.value } }) }
  }
  const code = parseCode(form.contactCode)
  if (!code.ok) return codeFault(code.error)
  const typed = { number: number.value, code: code.value, asker: await shownAsker() }
  const resumed = await resumeObjection({ ...typed, address, submitKey: key, now })
  if (!resumed.ok) return { faults: { contactCode: `objection.resume.${resumed.error}` } }
  await setObjectionCookie(resumed.value.cookie)
  return { to: objectionPath(locale, resumed.value.missing) }
})
