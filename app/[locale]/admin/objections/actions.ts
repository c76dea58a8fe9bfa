'use server'
import { z } from 'zod'
import type { FormState } from '#domain/form-state.ts'
import { pathFor } from '#messages/paths.ts'
import { staffAction } from '#server/entry/staff-action.ts'
import { inspectPhone } from '#server/objections/commands/inspect.ts'

const inspect = staffAction(
  {
    permission: 'case:decide',
    schema: z.object({
      submitKey: z.uuid('general.invalid'),
      objectionNumber: z.string().max(40, 'objection.not_found_anywhere'),
      imei: z.string().max(60, 'report.imei.length'),
      reason: z.string().max(5_000, 'case.text_too_long').default(''),
    }),
  },
  async (actor, { objectionNumber: number, ...input }, { locale, now }) => {
    const seen = await inspectPhone(actor, { ...input, number }, now)
    if (seen.ok)
      return { to: pathFor(locale, { pathname: '/admin/objections', query: { inspected: seen.value } }) }
    const { error } = seen
    if (typeof error === 'object') return { faults: { imei: `report.imei.${error.imei}` } }
    if (error === 'not_found') return { faults: { objectionNumber: 'objection.not_found_anywhere' } }
    return { faults: { [error === 'text_missing' ? 'reason' : 'form']: `objection.${error}` } }
  },
)

export async function inspectAction(previous: FormState, form: FormData): Promise<FormState> {
  return inspect(previous, form)
}
