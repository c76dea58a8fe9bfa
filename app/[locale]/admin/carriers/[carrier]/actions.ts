'use server'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { setDigits } from '#features/exchange/commands/digits.ts'
import { clearFlag } from '#features/exchange/commands/flags.ts'
import { askTest, resumePush, setDelivery } from '#features/exchange/delivery/acts.ts'
import { awaitTestOutcome } from '#features/exchange/delivery/data.ts'
import { askKey, askSecret, endSecret, revokeKey, takeKey, takeSecret } from '#features/exchange/keys/acts.ts'
import { imeiDigits } from '#features/exchange/rules/list-files.ts'
import { askSharedWords } from '#features/exchange/shared-words/acts.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction, staffForm } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

export const issueKeyAction = staffForm(askKey)
// The only time that the key can be read: it is in this answer and stored nowhere.
export const takeKeyAction = staffForm(takeKey, async (key) => ({
  done: `${(await getTranslations('exchange.carrier'))('issued')} ${key}`,
}))
export const revokeKeyAction = staffForm(revokeKey)

/** Leads to the second of two presses: what ends was read, and the page asks once more. */
export const considerKeyAction = staffAction(
  {
    schema: z.object({ carrierId: z.string().max(40), keyId: z.uuid('general.invalid') }),
    permission: 'carrier:attend',
  },
  async (_actor, { carrierId, keyId }, { locale }) => ({
    to: pathFor(locale, {
      pathname: '/admin/carriers/[carrier]/keys/[key]',
      params: { carrier: carrierId, key: keyId },
      query: { step: 'confirm' },
    }),
  }),
)

const toCarrier = (locale: Locale, carrier: string) => ({
  to: pathFor(locale, { pathname: '/admin/carriers/[carrier]', params: { carrier } }),
})

export const setDigitsAction = staffAction(
  {
    schema: z.object({
      carrierId: z.string().max(40),
      imeiDigits: z.enum(['14', '15'], 'general.invalid'),
      submitKey: requiredSubmitKey,
    }),
    permission: 'carrier:attend',
  },
  async (actor, { carrierId, imeiDigits: chosen, submitKey }, { now, locale }) => {
    const input = { carrierId, digits: imeiDigits(Number(chosen)), submitKey }
    const done = await setDigits(actor, input, now)
    if (!done.ok)
      return { faults: { form: done.error === 'forbidden' ? 'sign_in.not_allowed' : 'general.invalid' } }
    return toCarrier(locale, carrierId)
  },
)

const flagSchema = z.object({
  flagId: z.uuid('general.invalid'),
  note: z.string().max(500, 'carrier_flag.note_too_long').default(''),
  submitKey: requiredSubmitKey,
})

export const clearFlagAction = staffAction(
  { schema: flagSchema, permission: 'carrier:manage' },
  async (actor, input, { locale, now }) => {
    const done = await clearFlag(actor, input, now)
    if (done.ok) return toCarrier(locale, done.value)
    if (done.error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
    return { faults: { [done.error === 'note_missing' ? 'note' : 'form']: `carrier_flag.${done.error}` } }
  },
)

export const askSharedWordsAction = staffForm(askSharedWords)
export const setDeliveryAction = staffForm(setDelivery)
export const resumePushAction = staffForm(resumePush)
export const testPushAction = staffForm(
  askTest,
  async (_, { carrierId, submitKey }, actor, { locale, now }) => {
    const outcome = await awaitTestOutcome(actor, carrierId, submitKey, now)
    const page = { pathname: '/admin/carriers/[carrier]', params: { carrier: carrierId } } as const
    return { to: pathFor(locale, { ...page, query: { done: `test_${outcome}` } }) }
  },
)
export const makeSecretAction = staffForm(askSecret)
// The same of a secret, which is stored sealed.
export const takeSecretAction = staffForm(takeSecret, async (secret) => ({
  done: `${(await getTranslations('delivery'))('made')} ${secret}`,
}))
export const endSecretAction = staffForm(endSecret)
