'use server'
import { z } from 'zod'
import { parseCaseSecret } from '#features/cases/unlock/rules.ts'
import { codeIn } from '#features/phones/certificates/rules.ts'
import { acceptPhone } from '#features/phones/handovers/acts.ts'
import { citizenAction } from '#http/action.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { arePhonesRegistered, openedPhones } from '#http/phones.ts'
import { missingPath, pathFor } from '#messages/paths.ts'

const checkSchema = z.object({ certificate: z.string().catch('') })
/** Redirects from a typed or scanned code to its certificate. */
export const checkCertificateAction = citizenAction(
  { schema: checkSchema },
  async ({ certificate }, { locale }) => {
    if (!arePhonesRegistered()) return { to: missingPath(locale) }
    const code = parseCaseSecret(codeIn(certificate))
    if (!code.ok) return { faults: { certificate: `phones.certificate_${code.error}` } }
    return { to: pathFor(locale, { pathname: '/certificate/[code]', params: { code: code.value } }) }
  },
)

const acceptSchema = z.object({
  certificate: z.string().catch(''),
  consentRegistration: z.string().optional(),
  submitKey: requiredSubmitKey,
})
export const acceptPhoneAction = citizenAction(
  { schema: acceptSchema },
  async ({ certificate, consentRegistration, submitKey }, { locale, now }) => {
    if (!arePhonesRegistered()) return { to: missingPath(locale) }
    const scope = await openedPhones(now)
    if (scope === null)
      return { to: pathFor(locale, { pathname: '/my-phones', query: { for: certificate } }) }
    const form = { consented: consentRegistration === 'on', submitKey, now }
    const accepted = await acceptPhone(scope, certificate, form)
    if (accepted.ok) return { to: pathFor(locale, { pathname: '/my-phones', query: { done: 'accepted' } }) }
    const { error } = accepted
    if (error === 'consent') return { faults: { consentRegistration: 'phones.consent' } }
    return { faults: { form: error === 'taken' ? 'phones.bought' : `phones.${error}` } }
  },
)
