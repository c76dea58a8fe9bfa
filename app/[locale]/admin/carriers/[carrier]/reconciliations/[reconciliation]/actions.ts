'use server'
import { z } from 'zod'
import { REPAIRABLE } from '#domain/exchange/reconciliation.ts'
import { pathFor } from '#messages/paths.ts'
import { staffAction } from '#server/entry/staff-action.ts'
import { askRepair } from '#server/exchange/commands/reconcile.ts'

const schema = z.object({
  id: z.uuid('general.invalid'),
  kind: z.enum(REPAIRABLE, 'general.invalid'),
  submitKey: z.uuid('general.invalid'),
})

export const askRepairAction = staffAction(
  { schema, permission: 'order:retry', stepUp: true },
  async (actor, input, { locale, now }) => {
    const asked = await askRepair(actor, input, now)
    if (asked.ok) {
      const page = {
        pathname: '/admin/carriers/[carrier]/reconciliations/[reconciliation]',
        params: { carrier: asked.value, reconciliation: input.id },
        query: { kind: input.kind },
      } as const
      return { to: pathFor(locale, page) }
    }
    const fault = asked.error === 'forbidden' ? 'sign_in.not_allowed' : `reconciliation.${asked.error}`
    return { faults: { form: fault } }
  },
)
