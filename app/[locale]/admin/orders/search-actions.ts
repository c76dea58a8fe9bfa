'use server'
import { z } from 'zod'
import { carrierNames } from '#features/exchange/carriers/data.ts'
import { sealForSession } from '#http/sealed.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

// A POST with the search sealed in the result's address, so that no IMEI is in a log or a browser's history.
export const findOrdersAction = staffAction(
  {
    permission: 'order:read',
    schema: z.object({
      q: z.string('order.search_empty').max(200, 'general.invalid'),
      carrier: z.string().max(40).default(''),
    }),
  },
  async (_actor, { q, carrier }, { locale }) => {
    const found =
      q.trim() === '' ? undefined : ((await sealForSession('order-search', q.trim())) ?? undefined)
    const known = (await carrierNames()).find(({ id }) => id === carrier)?.id
    return { to: pathFor(locale, { pathname: '/admin/orders', query: { found, carrier: known } }) }
  },
)
