'use server'
import { z } from 'zod'
import { pathFor } from '#messages/paths.ts'
import { staffAction } from '#server/entry/staff-action.ts'
import { reverseExclusion } from '#server/survey/commands/exclusions.ts'

const schema = z.object({
  exclusionId: z.uuid('general.invalid'),
  submitKey: z.uuid('general.invalid'),
  reason: z
    .string({ error: 'survey.reversal.empty' })
    .trim()
    .min(10, 'survey.reversal.empty')
    .max(500, 'survey.reversal.too_long'),
})

export const reverseAction = staffAction(
  { schema, permission: 'survey:manage' },
  async (actor, input, { locale, now }) => {
    const reversed = await reverseExclusion(actor, input, now)
    if (reversed.ok) return { to: pathFor(locale, '/admin/survey/exclusions') }
    const fault = reversed.error === 'gone' ? 'survey.reversal.gone' : 'sign_in.not_allowed'
    return { faults: { form: fault } }
  },
)
