'use server'
import { z } from 'zod'
import { callHolder, noteLook, takeHandedIn } from '#features/recovery/acts.ts'
import { lookAtLead } from '#features/recovery/leads-acts.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction, staffForm } from '#http/staff-action.ts'
import { casePath } from '../cases/[number]/place.ts'

const onCase = z.object({ number: z.string().max(40, 'general.invalid'), submitKey: requiredSubmitKey })
const OWN = ['unseen', 'not_seen', 'done', 'no_such_carrier'] as const
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

export const takeHandedInAction = staffForm(takeHandedIn)
