'use server'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { setDigits } from '#features/exchange/commands/digits.ts'
import { clearFlag } from '#features/exchange/commands/flags.ts'
import { askKey, revokeKey, takeKey } from '#features/exchange/commands/keys.ts'
import {
  askSharedWords,
  confirmSharedWords,
  type SharedWordsRefusal,
} from '#features/exchange/commands/shared-words.ts'
import { imeiDigits } from '#features/exchange/rules/list-files.ts'
import { SHARED_VERDICTS } from '#features/exchange/rules/shared-word.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import type { Result } from '#lib/result.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import { type Done, deliveryActs } from '../delivery-acts.ts'

const toCarrier = (locale: Locale, carrier: string, done?: Done) => ({
  to: pathFor(locale, { pathname: '/admin/carriers/[carrier]', params: { carrier }, query: { done } }),
})

const refused = (
  error: 'forbidden' | 'not_found' | 'last_key' | 'request_open' | 'no_auditor' | 'not_confirmed',
) => {
  if (error === 'last_key') return { faults: { carrierName: 'exchange.last_key' } }
  if (error === 'request_open' || error === 'no_auditor' || error === 'not_confirmed')
    return { faults: { form: `approval.${error}` } }
  return { faults: { form: error === 'forbidden' ? 'sign_in.not_allowed' : 'general.invalid' } }
}

export const issueKeyAction = staffAction(
  {
    schema: z.object({ carrierId: z.string().max(40), submitKey: requiredSubmitKey }),
    permission: 'carrier:attend',
    stepUp: 'always',
  },
  async (actor, input, { locale, now }) => {
    const asked = await askKey(actor, input, now)
    return asked.ok ? toCarrier(locale, input.carrierId, 'requested') : refused(asked.error)
  },
)

export const takeKeyAction = staffAction(
  {
    schema: z.object({ approvalId: z.uuid('general.invalid'), submitKey: requiredSubmitKey }),
    permission: 'carrier:attend',
    stepUp: 'always',
  },
  async (actor, input, { now }) => {
    const made = await takeKey(actor, input, now)
    if (!made.ok) return refused(made.error)
    // The only time that the key can be read: it is in this answer and stored nowhere.
    return { done: `${(await getTranslations('exchange.carrier'))('issued')} ${made.value}` }
  },
)

export const revokeKeyAction = staffAction(
  {
    schema: z.object({ keyId: z.uuid('general.invalid'), carrierName: z.string().max(100).default('') }),
    permission: 'carrier:attend',
    stepUp: 'always',
  },
  async (actor, { keyId, carrierName }, { locale, now }) => {
    const done = await revokeKey(actor, keyId, now, carrierName)
    if (!done.ok) return refused(done.error)
    return toCarrier(locale, done.value)
  },
)

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
    if (!done.ok) return refused(done.error)
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

const wordsSchema = z.object({
  carrierId: z.string().max(40),
  verdict: z.enum(SHARED_VERDICTS, 'shared_words.verdict_missing'),
  submitKey: requiredSubmitKey,
})
const afterWords = (done: Result<string, SharedWordsRefusal>, locale: Locale) => {
  if (done.ok)
    return { to: pathFor(locale, { pathname: '/admin/carriers/[carrier]', params: { carrier: done.value } }) }
  if (done.error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
  return { faults: { [done.error === 'note_missing' ? 'note' : 'form']: `shared_words.${done.error}` } }
}

export const askSharedWordsAction = staffAction(
  {
    schema: wordsSchema.extend({ note: z.string().max(500, 'carrier_flag.note_too_long').default('') }),
    permission: 'order:exempt',
  },
  async (actor, input, { locale, now }) => afterWords(await askSharedWords(actor, input, now), locale),
)

export const confirmSharedWordsAction = staffAction(
  { schema: wordsSchema, permission: 'order:exempt', stepUp: 'always' },
  async (actor, input, { locale, now }) => afterWords(await confirmSharedWords(actor, input, now), locale),
)

const acts = deliveryActs({
  permission: 'carrier:attend',
  page: (carrier, done) => ({
    pathname: '/admin/carriers/[carrier]',
    params: { carrier },
    query: { done },
  }),
})

export const setDeliveryAction = acts.set
export const testPushAction = acts.test
export const resumePushAction = acts.resume
export const makeSecretAction = acts.makeSecret
export const takeSecretAction = acts.takeSecret
export const endSecretAction = acts.endSecret
