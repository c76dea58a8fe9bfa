'use server'
import { z } from 'zod'
import { callHolder, noteLook, takeHandedIn } from '#features/recovery/acts.ts'
import { lookAtLead } from '#features/recovery/leads-acts.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction, staffForm } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'
import { casePath } from '../cases/[number]/place.ts'

const onCase = z.object({ number: z.string().max(40, 'general.invalid'), submitKey: requiredSubmitKey })
const OWN = ['unseen', 'not_seen', 'called', 'no_such_carrier'] as const
const faultOf = (refusal: string) =>
  OWN.some((one) => one === refusal) ? `recovery.${refusal}` : 'recovery.not_now'

export const callHolderAction = staffAction(
  { schema: onCase, permission: 'case:decide' },
  async (actor, input, { locale, now }) => {
    const done = await callHolder(actor, input, now)
    return done.ok
      ? { to: await casePath(locale, input.number, {}) }
      : { faults: { form: faultOf(done.error) } }
  },
)

export const noteLookAction = staffAction(
  { schema: onCase, permission: 'case:decide' },
  async (actor, input, { locale, now }) => {
    const done = await noteLook(actor, input, now)
    return done.ok
      ? { to: await casePath(locale, input.number, {}) }
      : { faults: { form: faultOf(done.error) } }
  },
)

export const lookAtLeadAction = staffForm(lookAtLead)

const text = z.string().max(300, 'found.too_long').default('')
const FIELDS: Readonly<Record<string, string>> = {
  imei_invalid: 'imei',
  other_phone: 'imei',
  kept: 'imei',
  custody_empty: 'custody',
  forbidden: 'form',
}
export const takeHandedInAction = staffAction(
  {
    schema: z.object({
      ...{ holderCode: text, imei: text, custody: text, holderName: text, holderFrom: text },
      submitKey: requiredSubmitKey,
    }),
    permission: 'found:manage',
  },
  async (actor, { holderCode, holderName, holderFrom, ...input }, { locale, now }) => {
    const given = { ...input, code: holderCode, name: holderName, from: holderFrom }
    const taken = await takeHandedIn(actor, given, now)
    if (!taken.ok)
      return {
        faults: {
          [FIELDS[taken.error] ?? 'holderCode']:
            taken.error === 'forbidden' ? 'sign_in.not_allowed' : `recovery.${taken.error}`,
        },
      }
    return { to: pathFor(locale, { pathname: '/admin/found/[phone]', params: { phone: taken.value } }) }
  },
)
