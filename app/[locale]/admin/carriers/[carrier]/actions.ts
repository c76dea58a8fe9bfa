'use server'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { setDigits } from '#features/exchange/carriers/acts.ts'
import { askTest, resumePush, setDelivery } from '#features/exchange/delivery/acts.ts'
import { awaitTestOutcome } from '#features/exchange/delivery/data.ts'
import { clearFlag } from '#features/exchange/flags/acts.ts'
import { askKey, askSecret, endSecret, revokeKey, takeKey, takeSecret } from '#features/exchange/keys/acts.ts'
import { askSharedWords } from '#features/exchange/shared-words/acts.ts'
import { staffAction, staffForm } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

export const issueKeyAction = staffForm(askKey)
// The only time that the key can be read: it is in this answer and stored nowhere.
export const takeKeyAction = staffForm(takeKey, async (key) => ({
  done: `${(await getTranslations('exchange.carrier'))('issued')} ${key}`,
}))
export const revokeKeyAction = staffForm(revokeKey)

/** Opens the second of two steps: the person has read what will end, and the page asks for confirmation. */
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

export const setDigitsAction = staffForm(setDigits)
export const clearFlagAction = staffForm(clearFlag)
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
// Likewise for a secret, which is stored sealed.
export const takeSecretAction = staffForm(takeSecret, async (secret) => ({
  done: `${(await getTranslations('delivery'))('made')} ${secret}`,
}))
export const endSecretAction = staffForm(endSecret)
