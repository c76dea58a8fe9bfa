'use server'
import { getTranslations } from 'next-intl/server'
import {
  askReceiverAddress,
  askReceiverKey,
  askReceiverSecret,
  askReceiverTest,
  endReceiverSecret,
  resumeReceiver,
  revokeReceiverKey,
  setReceiverActive,
  takeReceiverKey,
  takeReceiverSecret,
} from '#features/alerts/receivers/acts.ts'
import { awaitTest } from '#features/alerts/receivers/data.ts'
import { staffForm } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

export const setActiveAction = staffForm(setReceiverActive)
export const askKeyAction = staffForm(askReceiverKey)
export const askSecretAction = staffForm(askReceiverSecret)
export const askAddressAction = staffForm(askReceiverAddress)
export const revokeKeyAction = staffForm(revokeReceiverKey)
export const endSecretAction = staffForm(endReceiverSecret)
export const resumeAction = staffForm(resumeReceiver)
export const testAction = staffForm(askReceiverTest, async (_, { receiverId }, actor, { locale }) => {
  await awaitTest(actor, receiverId)
  const page = { pathname: '/admin/receivers/[receiver]', params: { receiver: receiverId } } as const
  return { to: pathFor(locale, { ...page, query: { done: 'tested' } }) }
})
// The only time that either can be read.
export const takeKeyAction = staffForm(takeReceiverKey, async (key) => ({
  done: `${(await getTranslations('exchange.carrier'))('issued')} ${key}`,
}))
export const takeSecretAction = staffForm(takeReceiverSecret, async (secret) => ({
  done: `${(await getTranslations('delivery'))('made')} ${secret}`,
}))
