'use server'
import { getTranslations } from 'next-intl/server'
import {
  askReceiverAddress,
  askReceiverKey,
  askReceiverSecret,
  endReceiverSecret,
  resumeReceiver,
  revokeReceiverKey,
  setReceiverActive,
  takeReceiverKey,
  takeReceiverSecret,
} from '#features/alerts/receivers/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const setActiveAction = staffForm(setReceiverActive)
export const askKeyAction = staffForm(askReceiverKey)
export const askSecretAction = staffForm(askReceiverSecret)
export const askAddressAction = staffForm(askReceiverAddress)
export const revokeKeyAction = staffForm(revokeReceiverKey)
export const endSecretAction = staffForm(endReceiverSecret)
export const resumeAction = staffForm(resumeReceiver)
// The only time that either can be read.
export const takeKeyAction = staffForm(takeReceiverKey, async (key) => ({
  done: `${(await getTranslations('exchange.carrier'))('issued')} ${key}`,
}))
export const takeSecretAction = staffForm(takeReceiverSecret, async (secret) => ({
  done: `${(await getTranslations('delivery'))('made')} ${secret}`,
}))
