'use server'
import { z } from 'zod'
import { sealForSession } from '#http/sealed.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

// A POST with the search sealed in the result's address, so that no IMEI is in a log or a browser's history.
export const findOwnOrdersAction = staffAction(
  {
    permission: 'carrier:attend',
    schema: z.object({
      q: z.string('order.search_empty').max(200, 'general.invalid'),
      carrier: z.string().max(40),
    }),
  },
  async (_actor, { q, carrier }, { locale }) => {
    const found =
      q.trim() === '' ? undefined : ((await sealForSession('order-search', q.trim())) ?? undefined)
    return {
      to: pathFor(locale, {
        pathname: '/admin/carriers/[carrier]/orders',
        params: { carrier },
        query: { found },
      }),
    }
  },
)
