'use server'
import { z } from 'zod'
import { askRepair } from '#features/exchange/commands/reconcile.ts'
import { REPAIRABLE } from '#features/exchange/rules/reconciliation.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

const schema = z.object({
  id: z.uuid('general.invalid'),
  kind: z.enum(REPAIRABLE, 'general.invalid'),
  submitKey: requiredSubmitKey,
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
