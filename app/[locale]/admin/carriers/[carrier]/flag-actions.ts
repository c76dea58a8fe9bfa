'use server'
import { z } from 'zod'
import { clearFlag } from '#features/exchange/commands/flags.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

const schema = z.object({
  flagId: z.uuid('general.invalid'),
  note: z.string().max(500, 'carrier_flag.note_too_long').default(''),
  submitKey: requiredSubmitKey,
})

export const clearFlagAction = staffAction(
  { schema, permission: 'carrier:manage' },
  async (actor, input, { locale, now }) => {
    const done = await clearFlag(actor, input, now)
    if (done.ok) {
      const page = { pathname: '/admin/carriers/[carrier]', params: { carrier: done.value } } as const
      return { to: pathFor(locale, page) }
    }
    if (done.error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
    return { faults: { [done.error === 'note_missing' ? 'note' : 'form']: `carrier_flag.${done.error}` } }
  },
)
