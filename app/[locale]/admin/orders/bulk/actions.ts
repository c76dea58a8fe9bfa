'use server'
import { refresh } from 'next/cache'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import {
  askExemptions,
  confirmExemptions,
  type RowOutcome,
  retryOrders,
} from '#features/exchange/orders/acts.ts'
import { MOST_ORDERS_AT_ONCE } from '#features/exchange/orders/rules.ts'
import { chosenOrders } from '#features/exchange/relay/data.ts'
import { wordsFor } from '#http/action.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { actFault, staffAction } from '#http/staff-action.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

/** Returns the schema of several hidden fields with one name; a single one arrives as a string. */
const several = <T extends z.ZodType>(one: T) =>
  z.preprocess(
    (sent) => (sent === undefined ? [] : [sent].flat()),
    z.array(one, 'general.invalid').min(1, 'order.none_chosen').max(MOST_ORDERS_AT_ONCE, 'general.invalid'),
  )
const order = several(z.uuid('general.invalid'))

/** An order, with the request and its digest as shown beside it. */
const seen = z.object({
  orderId: z.uuid('general.invalid'),
  approvalId: z.uuid('general.invalid'),
  digest: z.string('general.invalid').max(64, 'general.invalid'),
})
const readOne = (sent: string) => {
  const [orderId, approvalId, digest] = sent.split(' ')
  return { orderId, approvalId, digest }
}

async function told(
  actor: StaffActor,
  outcomes: readonly RowOutcome[],
  done: 'sent_again' | 'asked' | 'confirmed',
  locale: Locale,
) {
  const [t, orders, refusals] = await Promise.all([
    getTranslations('exchange.bulk'),
    chosenOrders(
      actor,
      outcomes.map(({ orderId }) => orderId),
    ),
    wordsFor(
      Object.fromEntries(
        outcomes.flatMap(({ orderId, error }) =>
          error === null ? [] : [[orderId, actFault('order', error)]],
        ),
      ),
    ),
  ])
  const known = new Map(orders.map((one) => [one.id, one]))
  const refused = outcomes.filter(({ error }) => error !== null).length
  // The page below shows each order's present state.
  refresh()
  return {
    result: { summary: t('done_count', { done: outcomes.length - refused, refused }) },
    rows: outcomes.map(({ orderId, error, newId }) => ({
      order: orderId,
      name: `${known.get(orderId)?.case.number ?? ''} · ${known.get(orderId)?.carrier.name ?? ''}`,
      said: refusals[orderId] ?? t(done),
      outcome: error ?? 'done',
      to:
        newId === null
          ? ''
          : pathFor(locale, { pathname: '/admin/orders/[order]', params: { order: newId } }),
    })),
  }
}

export const retryOrdersAction = staffAction(
  { schema: z.object({ order, submitKey: requiredSubmitKey }), permission: 'order:retry' },
  async (actor, { order: orderIds, submitKey }, { locale, now }) =>
    told(actor, await retryOrders(actor, { orderIds, submitKey }, now), 'sent_again', locale),
)

export const askExemptionsAction = staffAction(
  {
    schema: z.object({
      order,
      submitKey: requiredSubmitKey,
      reason: z
        .string('order.reason_missing')
        .trim()
        .min(1, 'order.reason_missing')
        .max(500, 'order.reason_too_long'),
    }),
    permission: 'order:exempt',
    stepUp: true,
  },
  async (actor, { order: orderIds, submitKey, reason }, { locale, now }) =>
    told(actor, await askExemptions(actor, { orderIds, submitKey, reason }, now), 'asked', locale),
)

export const confirmExemptionsAction = staffAction(
  {
    schema: z.object({
      read: several(z.string().transform(readOne).pipe(seen)),
      submitKey: requiredSubmitKey,
    }),
    permission: 'order:exempt',
    stepUp: true,
  },
  async (actor, { read: sent, submitKey }, { locale, now }) => {
    const read = new Map(sent.map(({ orderId, ...one }) => [orderId, one]))
    return told(actor, await confirmExemptions(actor, { read, submitKey }, now), 'confirmed', locale)
  },
)
