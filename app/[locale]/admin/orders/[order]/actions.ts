'use server'
import { z } from 'zod'
import { retryOrder } from '#features/exchange/commands/retry.ts'
import { askExemption } from '#features/exchange/exemptions/acts.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

const act = { orderId: z.uuid('general.invalid'), submitKey: requiredSubmitKey }
const withReason = z.object({
  ...act,
  reason: z
    .string('order.reason_missing')
    .trim()
    .min(1, 'order.reason_missing')
    .max(500, 'order.reason_too_long'),
})

const toOrder = (locale: Locale, order: string) => ({
  to: pathFor(locale, { pathname: '/admin/orders/[order]', params: { order } }),
})

/** Returns the fault of a refusal: about the reason, beside its field; otherwise above the form. */
const refused = (error: string) => {
  if (error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
  return { faults: { [error === 'reason_missing' ? 'reason' : 'form']: `order.${error}` } }
}

export const retryAction = staffAction(
  { schema: z.object(act), permission: 'order:retry' },
  async (actor, input, { locale, now }) => {
    const done = await retryOrder(actor, input, now)
    return done.ok ? toOrder(locale, done.value) : refused(done.error)
  },
)

export const askExemptionAction = staffAction(
  { schema: withReason, permission: 'order:exempt', stepUp: true },
  async (actor, input, { locale, now }) => {
    const done = await askExemption(actor, input, now)
    return done.ok ? toOrder(locale, input.orderId) : refused(done.error)
  },
)
