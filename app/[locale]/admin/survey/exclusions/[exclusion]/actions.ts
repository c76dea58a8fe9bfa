'use server'
import { z } from 'zod'
import { pathFor } from '#messages/paths.ts'
import { faultsUnder } from '#server/entry/action.ts'
import { staffAction } from '#server/entry/staff-action.ts'
import { reverseExclusion } from '#server/survey/commands/exclusions.ts'

const schema = z.object({
  exclusionId: z.uuid('general.invalid'),
  submitKey: z.uuid('general.invalid'),
  reason: z.string().catch(''),
})

export const reverseAction = staffAction(
  { schema, permission: 'survey:manage' },
  async (actor, { exclusionId, submitKey, ...typed }, { locale, now }) => {
    const reversed = await reverseExclusion(actor, { exclusionId, typed, submitKey }, now)
    if (reversed.ok)
      return { to: pathFor(locale, { pathname: '/admin/survey/exclusions', query: { done: 'reversed' } }) }
    if (typeof reversed.error !== 'string') return { faults: faultsUnder('survey', reversed.error) }
    const fault = reversed.error === 'gone' ? 'survey.reversal.gone' : 'sign_in.not_allowed'
    return { faults: { form: fault } }
  },
)
