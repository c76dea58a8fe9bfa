'use server'
import { z } from 'zod'
import { serveLetter } from '#features/cases/letters/acts.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { shownVersion } from '#lib/shown-version.ts'
import { pathFor } from '#messages/paths.ts'

const schema = z.object({
  number: z.string().max(40, 'general.invalid'),
  version: shownVersion,
  submitKey: requiredSubmitKey,
  decisionSeq: z.coerce.number('general.invalid').int('general.invalid').min(1, 'general.invalid'),
  outcome: z.enum(['signed', 'refused'], 'case.served_outcome'),
  reason: z.string().max(5_000, 'case.text_too_long').default(''),
})

export const serveLetterAction = staffAction(
  { schema, permission: 'case:decide' },
  async (actor, input, { locale, now }) => {
    const done = await serveLetter(actor, input, now)
    if (!done.ok)
      return { faults: { [done.error === 'text_missing' ? 'reason' : 'form']: `case.${done.error}` } }
    const params = { number: input.number, seq: String(input.decisionSeq) }
    return {
      to: pathFor(locale, {
        pathname: '/admin/cases/[number]/letters/[seq]',
        params,
        query: { done: 'served' },
      }),
    }
  },
)
